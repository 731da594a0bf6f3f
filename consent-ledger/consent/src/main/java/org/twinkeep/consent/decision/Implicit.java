package org.twinkeep.consent.decision;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.twinkeep.consent.decision.Labels.OfItem;
import org.twinkeep.consent.durable.Hex;
import org.twinkeep.consent.durable.Sha256;

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

    public static Optional<Implicit> ofCode(String code) {
        return Arrays.stream(values()).filter(each -> each.code.equals(code)).findFirst();
    }

    /** As the ledger registers it: SHA-256 of its text, which is the line of its name and a line feed. */
    public String commitment() {
        return Hex.of(Sha256.of(("twinkeep implicit policy 1 " + code + "\n").getBytes(UTF_8)));
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
