package org.twinkeep.projections.timeline;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.twinkeep.projections.clinic.Tree;
import tools.jackson.databind.JsonNode;

/** What was measured or said, in the source's own number and unit. */
final class Values {

    /** HL7 data-absent-reason in words. */
    private static final Map<String, String> ABSENT = Map.ofEntries(
            Map.entry("unknown", "not known"),
            Map.entry("asked-unknown", "asked, not known"),
            Map.entry("temp-unknown", "not known yet"),
            Map.entry("not-asked", "not asked"),
            Map.entry("asked-declined", "asked, no answer wished"),
            Map.entry("masked", "kept back by the source"),
            Map.entry("not-applicable", "does not apply"),
            Map.entry("unsupported", "the source cannot give it"),
            Map.entry("as-text", "given as text only"),
            Map.entry("error", "measuring failed"),
            Map.entry("not-a-number", "not a number"),
            Map.entry("negative-infinity", "below what can be measured"),
            Map.entry("positive-infinity", "above what can be measured"),
            Map.entry("not-performed", "not done"),
            Map.entry("not-permitted", "not permitted to be given"));

    /** HL7 v3 ObservationInterpretation in words: high or low is said only where the source says it. */
    private static final Map<String, String> INTERPRETATION = Map.ofEntries(
            Map.entry("H", "high"),
            Map.entry("HH", "critically high"),
            Map.entry("HU", "significantly high"),
            Map.entry("H>", "significantly high"),
            Map.entry("L", "low"),
            Map.entry("LL", "critically low"),
            Map.entry("LU", "significantly low"),
            Map.entry("L<", "significantly low"),
            Map.entry("A", "abnormal"),
            Map.entry("AA", "critically abnormal"),
            Map.entry("N", "normal"),
            Map.entry("POS", "positive"),
            Map.entry("NEG", "negative"),
            Map.entry("DET", "detected"),
            Map.entry("ND", "not detected"),
            Map.entry("IND", "indeterminate"),
            Map.entry("R", "resistant"),
            Map.entry("S", "susceptible"),
            Map.entry("I", "intermediate"));

    /** A UCUM annotation, such as {score}: text for people, no unit (UCUM, 12); {#} only says that it is a count. */
    private static final Pattern ANNOTATION = Pattern.compile("^\\{([^{}]*)}$");

    private Values() {}

    /** Every value[x] that is there, joined; nothing where there is none. */
    static Optional<String> of(JsonNode holder) {
        var values = new ArrayList<String>();
        for (var property : holder.properties()) {
            var name = property.getKey();
            if (name.startsWith("value") && name.length() > 5 && Character.isUpperCase(name.charAt(5))) {
                words(name.substring(5), property.getValue()).ifPresent(values::add);
            }
        }
        return values.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", values));
    }

    static long howMany(JsonNode holder) {
        return holder.properties().stream()
                .filter(p -> p.getKey().matches("value[A-Z].*"))
                .count();
    }

    private static Optional<String> words(String kind, JsonNode value) {
        return switch (kind) {
            case "Quantity", "Age", "Duration", "Count", "Distance", "Money" -> quantity(value);
            case "CodeableConcept", "Coding" -> Concepts.words(value);
            case "Boolean" -> value.isBoolean() ? Optional.of(value.booleanValue() ? "yes" : "no") : Optional.empty();
            case "Range" -> range(value);
            case "Ratio" ->
                quantity(value.path("numerator"))
                        .flatMap(n -> quantity(value.path("denominator")).map(d -> n + " : " + d));
            case "Period" -> Optional.of(Tree.string(value, "start") + " to " + Tree.string(value, "end"));
            case "SampledData" -> Optional.of("a series of samples");
            case "Attachment" -> Optional.of("an attachment");
            case "Reference" -> Optional.ofNullable(Tree.orNull(value, "display"));
            default ->
                value.isNumber()
                        ? Optional.of(number(value))
                        : Optional.of(Tree.string(value)).filter(s -> !s.isBlank());
        };
    }

    /** Comparator, number and unit as written. */
    static Optional<String> quantity(JsonNode quantity) {
        var value = quantity.path("value");
        if (!value.isNumber() && !value.isString()) {
            return Optional.empty();
        }
        var comparator = Tree.string(quantity, "comparator");
        var number = value.isString() ? value.stringValue() : number(value);
        var currency = Tree.string(quantity, "currency");
        var unit = unit(quantity);
        var said = comparator + (comparator.isEmpty() ? "" : " ") + number;
        return Optional.of((said + " " + (unit.isEmpty() ? currency : unit)).strip());
    }

    static String unit(JsonNode quantity) {
        var unit = Tree.string(quantity, "unit");
        var chosen = unit.isBlank() ? Tree.string(quantity, "code") : unit;
        var said = ANNOTATION.matcher(chosen).replaceFirst("$1");
        return said.equals("#") ? "" : said;
    }

    static Optional<String> range(JsonNode range) {
        var low = quantity(range.path("low"));
        var high = quantity(range.path("high"));
        if (low.isPresent() && high.isPresent()) {
            return Optional.of(low.get() + " to " + high.get());
        }
        return low.map(l -> "at least " + l).or(() -> high.map(h -> "at most " + h));
    }

    /** The number with the digits that the source wrote. */
    static String number(JsonNode value) {
        return number(value.decimalValue());
    }

    /** One of very many zeros keeps its exponent: written out it would fill the memory. */
    static String number(BigDecimal decimal) {
        return Math.abs((long) decimal.scale()) > 40 ? decimal.toString() : decimal.toPlainString();
    }

    /** Why there is no value, in words. */
    static Optional<String> absent(JsonNode holder) {
        var reason = holder.path("dataAbsentReason");
        if (!reason.isObject()) {
            return Optional.empty();
        }
        var known = ABSENT.get(Concepts.code(reason));
        return Optional.of(
                "no value: " + (known != null ? known : Concepts.words(reason).orElse("no reason given")));
    }

    /** What the source itself says of the value: by interpretation, else by its own reference range. */
    static List<String> judgement(JsonNode holder) {
        var said = Tree.list(holder, "interpretation").stream()
                .flatMap(i -> Optional.ofNullable(INTERPRETATION.get(Concepts.code(i)))
                        .or(() -> Concepts.words(i).map(w -> w.toLowerCase(java.util.Locale.ROOT)))
                        .stream())
                .toList();
        if (!said.isEmpty()) {
            return said;
        }
        var ranges = Tree.list(holder, "referenceRange");
        var quantity = holder.path("valueQuantity");
        if (ranges.size() != 1 || !quantity.path("value").isNumber() || quantity.has("comparator")) {
            return List.of();
        }
        var value = quantity.path("value").decimalValue();
        var low = bound(ranges.getFirst().path("low"), quantity);
        var high = bound(ranges.getFirst().path("high"), quantity);
        if (low != null && value.compareTo(low) < 0) {
            return List.of("below the source's range");
        }
        if (high != null && value.compareTo(high) > 0) {
            return List.of("above the source's range");
        }
        return List.of();
    }

    /** A bound in the same unit as the value, or null: units are never converted. */
    private static @Nullable BigDecimal bound(JsonNode bound, JsonNode quantity) {
        var sameUnit = unit(bound).isEmpty() || unit(bound).equals(unit(quantity));
        return sameUnit && bound.path("value").isNumber() ? bound.path("value").decimalValue() : null;
    }
}
