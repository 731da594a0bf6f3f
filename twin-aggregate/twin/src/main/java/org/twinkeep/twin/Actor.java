package org.twinkeep.twin;

/**
 * Who did it, as the skeleton of an event keeps it: a kind and an opaque id (an account's, a source's pseudonym), never a
 * name.
 */
public record Actor(Kind kind, String id) {

    /** Whether it is the patient, or somebody in the patient's name. */
    public boolean speaksForThePatient() {
        return kind == Kind.PATIENT || kind == Kind.DELEGATE;
    }

    public enum Kind {
        PATIENT,
        /** Somebody who acts for the patient; the id is the delegate's own account. */
        DELEGATE,
        CLINICIAN,
        SOURCE,
        OPERATOR,
        SYSTEM
    }
}
