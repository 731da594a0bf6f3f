package org.twinkeep.consent.decision;

/** What has to be done with an item that is shown: whoever cannot do it does not see it. */
public enum Obligation {
    /** Leave out what is marked. */
    REDACT,
    /** Show that something is there, not what. */
    MASK,
    /** Hand over the words that go with it (42 CFR 2.32). */
    NOTICE
}
