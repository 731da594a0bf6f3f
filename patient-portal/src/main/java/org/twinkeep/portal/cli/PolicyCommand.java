package org.twinkeep.portal.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.Consents;
import org.twinkeep.consent.decision.Implicit;
import org.twinkeep.portal.wiring.House;
import org.twinkeep.projections.clinic.LabelRules;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code policy}: what all decisions follow, as the ledger registers it. */
@Command(
        name = "policy",
        description =
                "Show or register what all decisions follow. Registering needs the keys of Custodian and Oversight.")
final class PolicyCommand {

    @ParentCommand
    private @Nullable Cli cli;

    @Command(name = "show", description = "Say what is in force.")
    int show() {
        var line = Objects.requireNonNull(cli);
        try (var house = line.open("policy show")) {
            return told(line, house);
        }
    }

    @Command(
            name = "implicit",
            description = "Register what holds where a patient said nothing: deny, basic-normal, all-normal or"
                    + " break-glass-only (IHE PCF). Every patient reads it on top of what they share.")
    int implicit(@Parameters(paramLabel = "POLICY", description = "Its code.") String code) {
        var line = Objects.requireNonNull(cli);
        var policy = Implicit.ofCode(code)
                .orElseThrow(() -> new WrongUse("There are four: deny, basic-normal, all-normal, break-glass-only."));
        try (var house = line.open("policy implicit")) {
            house.register(Consents.IMPLICIT_POLICY, policy.code(), policy.commitment());
            return told(line, house);
        }
    }

    @Command(
            name = "labels",
            description = "Register the label rules of this version. From then on a house with other rules denies.")
    int labels() {
        var line = Objects.requireNonNull(cli);
        try (var house = line.open("policy labels")) {
            house.register(LabelRules.SUBJECT, String.valueOf(LabelRules.VERSION), LabelRules.sha256());
            return told(line, house);
        }
    }

    private static int told(Cli line, House house) {
        var document = new LinkedHashMap<String, Object>();
        document.put("implicit", house.consents().implicitPolicy().code());
        document.put(
                "labelRules",
                house.consents()
                        .registered(LabelRules.SUBJECT)
                        .<Object>map(record -> Map.of(
                                "version", record.policyVersion(),
                                "sha256", record.commitment(),
                                "areOurs", record.commitment().equals(LabelRules.sha256())))
                        .orElse("not registered"));
        line.answer(
                document,
                d -> d,
                d -> "Where a patient said nothing: %s%nLabel rules: %s"
                        .formatted(d.get("implicit"), d.get("labelRules")));
        return Exit.DONE;
    }
}
