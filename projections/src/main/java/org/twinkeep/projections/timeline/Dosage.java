package org.twinkeep.projections.timeline;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.twinkeep.projections.clinic.Tree;
import tools.jackson.databind.JsonNode;

/**
 * How a medicine is to be taken, in words: FHIR R4's Dosage and Timing (https://hl7.org/fhir/R4/dosage.html). What it does
 * not put into words it says is there: half a dosage must not read like a whole one.
 */
final class Dosage {

    private static final String MORE = "more in the source";
    private static final Set<String> SAID = Set.of(
            "id",
            "sequence",
            "doseAndRate",
            "doseQuantity",
            "dose",
            "timing",
            "asNeededBoolean",
            "asNeededCodeableConcept");
    private static final Set<String> SAID_OF_DOSE =
            Set.of("id", "type", "doseQuantity", "doseRange", "dose", "doseString");
    private static final Set<String> SAID_OF_REPEAT =
            Set.of("id", "frequency", "frequencyMax", "period", "periodMax", "periodUnit");

    private Dosage() {}

    /** Every dosage of a prescription, dispense or administration; nothing where there is none. */
    static Optional<String> of(JsonNode resource) {
        var instructions = Tree.list(resource, "dosageInstruction");
        var dosages = instructions.isEmpty() ? Tree.list(resource, "dosage") : instructions;
        var words =
                dosages.stream().map(Dosage::words).filter(w -> !w.isBlank()).collect(Collectors.joining("; "));
        return words.isEmpty() ? Optional.empty() : Optional.of(words);
    }

    private static String words(JsonNode dosage) {
        var text = Tree.string(dosage, "text");
        if (!text.isBlank()) {
            return text;
        }
        return Stream.of(amount(dosage), often(dosage.path("timing")), needed(dosage), more(dosage))
                .flatMap(Optional::stream)
                .collect(Collectors.joining(", "));
    }

    private static Optional<String> amount(JsonNode dosage) {
        var doses = Tree.list(dosage, "doseAndRate");
        return (doses.isEmpty() ? Stream.of(dosage) : doses.stream())
                .flatMap(dose -> Values.quantity(dose.path("doseQuantity"))
                        .or(() -> Values.quantity(dose.path("dose")))
                        .or(() -> Values.range(dose.path("doseRange")))
                        .stream())
                .findFirst()
                .map(amount ->
                        amount.chars().allMatch(c -> Character.isDigit(c) || c == '.') ? "dose " + amount : amount);
    }

    private static Optional<String> often(JsonNode timing) {
        var repeat = timing.path("repeat");
        if (!repeat.path("frequency").isNumber() || !repeat.path("period").isNumber()) {
            return Concepts.words(timing.path("code"));
        }
        var times = upTo(repeat, "frequency");
        var period = upTo(repeat, "period");
        var unit = Tree.string(repeat, "periodUnit");
        var each = period.equals("1") ? one(unit) : period + " " + many(unit);
        if (times.equals("1")) {
            return Optional.of((period.equals("1") ? "once " : "once every ") + each);
        }
        var said = times.equals("2") ? "twice" : times + " times";
        return Optional.of(said + (period.equals("1") ? " " : " in ") + each);
    }

    private static String upTo(JsonNode repeat, String name) {
        var most = repeat.path(name + "Max");
        return count(repeat.path(name)) + (most.isNumber() ? " to " + count(most) : "");
    }

    /** How many times or units of time: 1.0 is one. */
    private static String count(JsonNode number) {
        return Values.number(number.decimalValue().stripTrailingZeros());
    }

    private static Optional<String> needed(JsonNode dosage) {
        var reason = Concepts.words(dosage.path("asNeededCodeableConcept")).map(w -> "as needed: " + w);
        return reason.isPresent() || !dosage.path("asNeededBoolean").asBoolean(false)
                ? reason
                : Optional.of("as needed");
    }

    private static Optional<String> more(JsonNode dosage) {
        var doses = Tree.list(dosage, "doseAndRate");
        var timing = dosage.path("timing");
        boolean unsaid = holdsMore(dosage, SAID)
                || doses.size() > 1
                || doses.stream().anyMatch(dose -> holdsMore(dose, SAID_OF_DOSE))
                || holdsMore(timing.path("repeat"), SAID_OF_REPEAT)
                || timing.has("event")
                || timing.has("repeat") && timing.has("code");
        return unsaid ? Optional.of(MORE) : Optional.empty();
    }

    private static boolean holdsMore(JsonNode node, Set<String> said) {
        return node.propertyStream().anyMatch(property -> !said.contains(property.getKey()));
    }

    private static String one(String unit) {
        return switch (unit) {
            case "s" -> "a second";
            case "min" -> "a minute";
            case "h" -> "an hour";
            case "d" -> "a day";
            case "wk" -> "a week";
            case "mo" -> "a month";
            case "a" -> "a year";
            default -> "per " + unit;
        };
    }

    private static String many(String unit) {
        return switch (unit) {
            case "s" -> "seconds";
            case "min" -> "minutes";
            case "h" -> "hours";
            case "d" -> "days";
            case "wk" -> "weeks";
            case "mo" -> "months";
            case "a" -> "years";
            default -> unit;
        };
    }
}
