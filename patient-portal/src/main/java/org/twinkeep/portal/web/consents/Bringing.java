package org.twinkeep.portal.web.consents;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Component;
import org.twinkeep.consent.FhirConsent;
import org.twinkeep.consent.decision.Code;
import org.twinkeep.consent.decision.Dialect;
import org.twinkeep.consent.decision.Intake;
import org.twinkeep.consent.decision.Statement;
import org.twinkeep.consent.decision.Statement.Rule;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.portal.accounts.Account;
import org.twinkeep.portal.accounts.Accounts;
import org.twinkeep.projections.clinic.LabelRules;

/**
 * Whether this house carries out every word of a consent that somebody else wrote (decision 0327). What it would not is
 * refused before it is kept, with the place and without the value.
 */
@Component
class Bringing {
    private static final Set<String> TYPES =
            Set.of("http://hl7.org/fhir/resource-types", "http://hl7.org/fhir/fhir-types");
    private static final String SENSITIVITY = "http://terminology.hl7.org/CodeSystem/v3-ActCode";

    private final Accounts accounts;

    Bringing(Accounts accounts) {
        this.accounts = accounts;
    }

    sealed interface Checked {
        record Fits(Statement statement) implements Checked {}

        /** @param why the key of the reason @param path where */
        record Refused(String why, String path) implements Checked {}
    }

    Checked check(Dialect dialect, byte[] json, Instant now) {
        return switch (Intake.of(dialect, json, now)) {
            case Intake.Refused(Intake.Why why, String path) -> new Checked.Refused(reason(why, path), path);
            case Intake.Understood(Statement statement) ->
                refused(statement.rules()).<Checked>map(each -> each).orElseGet(() -> new Checked.Fits(statement));
        };
    }

    private static String reason(Intake.Why why, String path) {
        if (why != Intake.Why.NOT_UNDERSTOOD) {
            return "bring.refused." + why.name();
        }
        var last = path.substring(path.lastIndexOf('.') + 1).replaceAll("\\[.*", "");
        return switch (last) {
            case "modifierExtension", "implicitRules" -> "bring.refused.modifier";
            case "purpose" -> "bring.refused.purpose";
            case "actor", "role", "reference" -> "bring.refused.actor";
            case "period", "dataPeriod", "start", "end" -> "bring.refused.period";
            case "provision", "type", "decision", "policyRule" -> "bring.refused.rules";
            case "status", "scope", "category" -> "bring.refused.subject";
            case "coding", "action", "class", "documentType", "resourceType", "securityLabel", "code" ->
                "bring.refused.code";
            default -> "bring.refused.element";
        };
    }

    private Optional<Checked.Refused> refused(List<Rule> rules) {
        return rules.stream().flatMap(rule -> refused(rule).stream()).findFirst();
    }

    private Optional<Checked.Refused> refused(Rule rule) {
        for (var actor : rule.actors()) {
            var reference = actor.reference();
            if (reference != null && !isHere(reference)) {
                return Optional.of(new Checked.Refused("bring.refused.nobody", actor.path()));
            }
            if (!actor.roles().stream().allMatch(Told::isRoleHere)) {
                return Optional.of(new Checked.Refused("bring.refused.role", actor.path()));
            }
        }
        if (!rule.codes().isEmpty()) {
            return notCarriedOut(rule, "code");
        }
        if (rule.data() > 0) {
            return notCarriedOut(rule, "data");
        }
        if (!rule.kinds().stream().allMatch(Bringing::isKindHere)) {
            return notCarriedOut(rule, "class");
        }
        if (!rule.labels().stream().allMatch(Bringing::isLabelHere)) {
            return notCarriedOut(rule, "securityLabel");
        }
        return refused(rule.rules());
    }

    private static Optional<Checked.Refused> notCarriedOut(Rule rule, String name) {
        return Optional.of(new Checked.Refused("bring.refused.not-here", rule.path() + "." + name));
    }

    private boolean isHere(String reference) {
        return Told.account(reference)
                .flatMap(accounts::find)
                .filter(account -> account.state() == Account.State.OPEN)
                .isPresent();
    }

    private static boolean isKindHere(Code code) {
        return TYPES.contains(code.system())
                || (code.system().equals(FhirConsent.CHAPTER_SYSTEM)
                        && Chapter.ofCode(code.code()).isPresent());
    }

    private static boolean isLabelHere(Code code) {
        return !code.system().equals(SENSITIVITY) || LabelRules.gives(code.code());
    }
}
