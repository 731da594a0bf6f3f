package org.twinkeep.consent.decision;

/** How a consent is written. Both versions of FHIR call it {@code Consent}, so whoever hands one over says which. */
public enum Dialect {

    /** FHIR 4.0.1: each nested provision says its type. */
    R4,

    /** FHIR 5.0.0 and the ballots of R6: types alternate below {@code decision}. */
    R5,

    /** The one shape that patients grant here (docs/formats/consent.md): R4 under our own policy. */
    OURS
}
