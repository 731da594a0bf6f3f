package org.twinkeep.twin;

/**
 * Who did it, as the skeleton of an event keeps it: a kind and an opaque id (an account's, a source's pseudonym), never a
 * name.
 */
public record Actor(Kind kind, String id) {
    public enum Kind {
        PATIENT,
        CLINICIAN,
        SOURCE,
        OPERATOR,
        SYSTEM
    }
}
