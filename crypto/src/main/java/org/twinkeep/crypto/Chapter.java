package org.twinkeep.crypto;

import java.util.Arrays;
import java.util.Optional;

/** One category of a twin: a stream of events and a set of keys. The numbers are final. */
public enum Chapter implements KeyScope {
    PROFILE(1, "profile"),
    CONDITIONS(2, "conditions"),
    MEDICATIONS(3, "medications"),
    ALLERGIES(4, "allergies"),
    IMMUNIZATIONS(5, "immunizations"),
    LABS(6, "labs"),
    VITALS(7, "vitals"),
    PROCEDURES(8, "procedures"),
    ENCOUNTERS(9, "encounters"),
    DOCUMENTS(10, "documents"),
    IMAGING(11, "imaging"),
    GENOMICS(12, "genomics"),
    MENTAL_HEALTH(13, "mental-health"),
    SEXUAL_HEALTH(14, "sexual-health"),
    SUBSTANCE_USE(15, "substance-use"),
    SAFETY(16, "safety"),
    WEARABLES(17, "wearables"),
    LIFESTYLE(18, "lifestyle"),
    SOCIAL(19, "social"),
    COVERAGE(20, "coverage"),
    INSIGHTS(21, "insights");

    private final int number;
    private final String code;

    Chapter(int number, String code) {
        this.number = number;
        this.code = code;
    }

    @Override
    public int number() {
        return number;
    }

    @Override
    public String code() {
        return code;
    }

    /** The chapter of this code, or nothing: an unknown chapter is never guessed. */
    public static Optional<Chapter> ofCode(String code) {
        return Arrays.stream(values()).filter(c -> c.code.equals(code)).findFirst();
    }
}
