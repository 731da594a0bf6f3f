package org.twinkeep.consent.decision;

/** A code of a code system. */
public record Code(String system, String code) {

    static final String V3 = "http://terminology.hl7.org/CodeSystem/v3-";
    static final String CHAPTERS = "https://twinkeep.org/fhir/CodeSystem/chapter";

    @Override
    public String toString() {
        return "Code";
    }
}
