package org.twinkeep.consent.delegation;

/** Whose hand does something about a delegation: an account, and as what it acts. */
public record Hand(String account, As as) {

    public enum As {
        /** The patient, signed in to the own account. */
        PATIENT,
        /** Somebody else with a patient's account: a delegate, for what concerns the own delegation. */
        DELEGATE,
        /** A clinician (on the ledger the Provider). */
        CLINICIAN,
        /** Who runs the service (on the ledger the Custodian). */
        CUSTODIAN,
        /** The auditor (on the ledger Oversight). */
        OVERSIGHT
    }

    @Override
    public String toString() {
        return "Hand " + as;
    }
}
