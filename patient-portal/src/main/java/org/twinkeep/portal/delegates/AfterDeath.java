package org.twinkeep.portal.delegates;

/** What a recorded death means for what was shared before; the house says which, and patients read it. */
public enum AfterDeath {
    /** Everything shared ends with the second signature. */
    END,
    /** What was shared for a purpose goes on for that purpose until its last day. */
    GO_ON
}
