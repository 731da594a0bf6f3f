package org.twinkeep.consent;

import java.util.Arrays;
import java.util.Optional;

/** Why somebody looks: codes of HL7 v3 PurposeOfUse (v3-ActReason). An unknown purpose is denied. */
public enum Purpose {
    TREATMENT("TREAT", "Treatment"),
    EMERGENCY_TREATMENT("ETREAT", "Emergency treatment"),
    BREAK_THE_GLASS("BTG", "Break the glass"),
    PAYMENT("HPAYMT", "Payment of care"),
    OPERATIONS("HOPERAT", "Running of the service"),
    RESEARCH("HRESCH", "Research"),
    PATIENT_REQUEST("PATRQT", "The patient's own request");

    private final String code;
    private final String plain;

    Purpose(String code, String plain) {
        this.code = code;
        this.plain = plain;
    }

    public String code() {
        return code;
    }

    /** In plain words. */
    public String plain() {
        return plain;
    }

    public static Optional<Purpose> ofCode(String code) {
        return Arrays.stream(values()).filter(p -> p.code.equals(code)).findFirst();
    }
}
