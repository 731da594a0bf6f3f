package org.twinkeep.projections.timeline;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.twinkeep.projections.clinic.Csv;
import org.twinkeep.projections.clinic.Tree;
import tools.jackson.databind.JsonNode;

/**
 * What looks implausible in an entry: marked, never dropped or repaired. Possible values and units stand in {@code
 * plausible.csv}.
 */
final class Implausible {

    /** A source's clock may be ahead of ours. */
    private static final Duration CLOCKS_DIFFER = Duration.ofHours(24);

    private static final Set<String> MAY_BE_AHEAD = Set.of(
            "Appointment",
            "ServiceRequest",
            "CarePlan",
            "Goal",
            "Coverage",
            "ImmunizationRecommendation",
            "MedicationRequest",
            "SupplyRequest",
            "DeviceRequest",
            "NutritionOrder");

    private static final Set<String> MAY_FOLLOW_DEATH = Set.of(
            "Claim",
            "ClaimResponse",
            "ExplanationOfBenefit",
            "Coverage",
            "Provenance",
            "DocumentReference",
            "Composition",
            "DiagnosticReport",
            "Patient");

    private record Bounds(BigDecimal lowest, BigDecimal highest) {}

    private static final Map<String, Map<String, Bounds>> POSSIBLE = possible();

    private Implausible() {}

    static List<String> marks(JsonNode resource, When when, @Nullable JsonNode patient, Instant now) {
        var marks = new ArrayList<String>();
        if (when.isUnreadable()) {
            marks.add("its date cannot be read");
        }
        if (patient != null && !Tree.type(resource).equals("Patient")) {
            life(resource, when, patient, marks);
        }
        var from = when.from();
        if (from != null && from.isAfter(now.plus(CLOCKS_DIFFER)) && !MAY_BE_AHEAD.contains(Tree.type(resource))) {
            marks.add("in the future");
        }
        if (Tree.type(resource).equals("Observation")) {
            possible(resource, marks);
            Tree.list(resource, "component").forEach(c -> possible(c, marks));
        }
        return marks.stream().distinct().toList();
    }

    private static void life(JsonNode resource, When when, JsonNode patient, List<String> marks) {
        var born = When.of(Tree.string(patient, "birthDate")).from();
        var to = when.to();
        if (born != null && to != null && !to.isAfter(born)) {
            marks.add("before birth");
        }
        var died = When.of(Tree.string(patient, "deceasedDateTime")).to();
        var from = when.from();
        if (died != null && from != null && !from.isBefore(died) && !MAY_FOLLOW_DEATH.contains(Tree.type(resource))) {
            marks.add("after death");
        }
    }

    private static void possible(JsonNode holder, List<String> marks) {
        var quantity = holder.path("valueQuantity");
        if (!quantity.path("value").isNumber()) {
            return;
        }
        var units = Tree.list(holder.path("code"), "coding").stream()
                .filter(c -> Tree.string(c, "system").equals("http://loinc.org"))
                .map(c -> POSSIBLE.get(Tree.string(c, "code")))
                .filter(Objects::nonNull)
                .findFirst();
        if (units.isEmpty()) {
            return;
        }
        var code = Tree.string(quantity, "code");
        var unit = code.isEmpty() ? Tree.string(quantity, "unit") : code;
        var bounds = units.get().get(unit);
        if (bounds == null) {
            if (!unit.isEmpty()) {
                marks.add("a unit that does not fit");
            }
            return;
        }
        var value = quantity.path("value").decimalValue();
        if (value.compareTo(bounds.lowest()) < 0 || value.compareTo(bounds.highest()) > 0) {
            marks.add("an impossible value");
        }
    }

    private static Map<String, Map<String, Bounds>> possible() {
        var possible = new HashMap<String, Map<String, Bounds>>();
        for (var row : Csv.table(Implausible.class, "plausible.csv")) {
            possible.computeIfAbsent(row.getOrDefault("code", ""), _ -> new HashMap<>())
                    .put(
                            row.getOrDefault("unit", ""),
                            new Bounds(
                                    new BigDecimal(row.getOrDefault("lowest", "")),
                                    new BigDecimal(row.getOrDefault("highest", ""))));
        }
        return Map.copyOf(possible);
    }
}
