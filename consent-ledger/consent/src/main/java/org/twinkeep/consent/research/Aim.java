package org.twinkeep.consent.research;

/** What a request wants the data for. It may have several aims; what it does not name it does not do. */
public enum Aim {
    /** Health, medical or biomedical research. */
    BIOMEDICAL,
    /** The study of population origins or ancestry. */
    ANCESTRY,
    /** Development of methods, software or algorithms. */
    METHODS,
    /** Research of any other kind. */
    OTHER_RESEARCH,
    /** Clinical use and care. */
    CLINICAL_CARE,
    /** Anything that is neither research nor care. */
    NO_RESEARCH
}
