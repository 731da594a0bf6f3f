package org.twinkeep.consent.research;

/** What a request is asked; a rationale names the one whose answer decided. */
public enum Question {
    AIMS("what the data is wanted for"),
    DISEASES("which diseases are studied"),
    RESEARCH_TYPES("which types of research are done"),
    GENETIC("whether genotypes are studied"),
    NOT_FOR_PROFIT_ORGANISATION("whether the organisation is not for profit"),
    NON_COMMERCIAL_USE("whether the use is not commercial"),
    PUBLISHES("whether results are made available to the scientific community"),
    PUBLISHES_FROM("when results are published at the earliest"),
    COLLABORATES("whether the primary investigators take part"),
    ETHICS_APPROVAL("whether the ethics approval is documented"),
    REGIONS("where the data is used"),
    MONTHS("for how many months the data is used"),
    USERS("who uses the data"),
    PROJECTS("in which project"),
    INSTITUTIONS("at which institution"),
    RETURNS("whether derived data is returned"),
    COMMITTEE("what a data access committee found"),

    /** Not asked of the request: what the patient's side says decided. */
    DATA_USE("what the patient's side allows");

    private final String plain;

    Question(String plain) {
        this.plain = plain;
    }

    /** In plain words. */
    public String plain() {
        return plain;
    }
}
