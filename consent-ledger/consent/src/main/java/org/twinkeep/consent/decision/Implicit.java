package org.twinkeep.consent.decision;

import java.util.Set;
import org.twinkeep.consent.decision.Labels.OfItem;

/** What holds where no consent says anything: the four implicit policies of IHE PCF (docs/formats/consent-decision.md, 10). */
public enum Implicit {
    DENY("deny"),
    BASIC_NORMAL("basic-normal"),
    ALL_NORMAL("all-normal"),
    BREAK_GLASS_ONLY("break-glass-only");

    private static final String PRACTITIONER = "http://terminology.hl7.org/CodeSystem/practitioner-role";
    private static final Set<Code> CLINICIANS = Set.of(
            new Code("https://twinkeep.org/fhir/CodeSystem/role", "clinician"),
            new Code(PRACTITIONER, "doctor"),
            new Code(PRACTITIONER, "nurse"));

    private final String code;

    Implicit(String code) {
        this.code = code;
    }

    public String code() {
        return code;
    }

    boolean permits(Ask ask, Purposes.Asked purpose, OfItem labels) {
        return Ask.ACCESS.equals(ask.action())
                && switch (this) {
                    case DENY -> false;
                    case BASIC_NORMAL -> labels.isNormal() && purpose.isTreatment() && isClinician(ask);
                    case ALL_NORMAL -> labels.isNormal() && !purpose.isEmergency();
                    case BREAK_GLASS_ONLY -> purpose.isBreakingTheGlass() && isClinician(ask);
                };
    }

    private static boolean isClinician(Ask ask) {
        return ask.roles().stream().anyMatch(CLINICIANS::contains);
    }
}
