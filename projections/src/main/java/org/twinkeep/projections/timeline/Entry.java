package org.twinkeep.projections.timeline;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.projections.clinic.SearchTerms;
import org.twinkeep.projections.clinic.Tree;
import org.twinkeep.twin.EntryId;
import tools.jackson.databind.JsonNode;

/** Turns a resource into the row and the facts that people read. */
public final class Entry {

    public static final String DISPUTED = "disputed by the patient";
    static final String KEPT_CLOSER = "kept closer by the patient";

    /** Newest first, undated last; the same for the same entries, whatever order they came in. */
    public static final Comparator<Row> NEWEST_FIRST = Comparator.comparing(
                    (Row r) -> r.when().from(), Comparator.nullsLast(Comparator.reverseOrder()))
            .thenComparing(Row::recordedAt, Comparator.reverseOrder())
            .thenComparing(r -> r.entry().value());

    private static final Set<String> REPEATABLE =
            Set.of("Condition", "Observation", "MedicationRequest", "Immunization", "Procedure", "AllergyIntolerance");

    private Entry() {}

    /**
     * What is known of an entry besides its resource.
     *
     * @param recordedAt when its first version was
     * @param source who sent it
     * @param patient the person's own resource, for what is implausible in a life; null where there is none
     */
    public record Known(
            EntryId entry,
            Chapter chapter,
            Set<Chapter> touches,
            Instant recordedAt,
            String source,
            @Nullable EntryId visit,
            int versions,
            @Nullable JsonNode patient,
            Instant now) {}

    public static Row row(JsonNode resource, Known known) {
        var plain = PlainWords.of(resource);
        var when = Speaking.of(resource);
        var remarks = new ArrayList<>(plain.remarks());
        if (plain.safe() && stillActiveAtDeath(resource, known.patient())) {
            remarks.add("active as of death");
        }
        return new Row(
                known.entry(),
                known.chapter(),
                Set.copyOf(known.touches()),
                when,
                known.recordedAt(),
                plain.kind(),
                plain.title(),
                plain.value(),
                List.copyOf(remarks),
                Implausible.marks(resource, when, known.patient(), known.now()),
                Speaker.of(resource, known.source()),
                known.visit(),
                false,
                plain.withdrawn(),
                known.versions(),
                plain.safe() ? SearchTerms.of(resource) : "");
    }

    /** The facts of its page, in reading order. */
    public static List<EntryPage.Fact> facts(JsonNode resource) {
        return PlainWords.of(resource).facts();
    }

    /** False when an unknown modifier may turn its meaning around. */
    public static boolean isSafe(JsonNode resource) {
        return PlainWords.of(resource).safe();
    }

    /** A note's decoded text. */
    public static Optional<String> text(JsonNode resource) {
        return Optional.ofNullable(PlainWords.of(resource).text());
    }

    /** The value in words, for the list of versions. */
    public static @Nullable String value(JsonNode resource) {
        return PlainWords.of(resource).value();
    }

    /** What two entries share when one probably doubles the other; nothing for types where that says nothing. */
    public static Optional<String> likeness(JsonNode resource, Row row) {
        var when = row.when().written();
        if (!REPEATABLE.contains(Tree.type(resource))
                || when == null
                || row.terms().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                String.join("\n", Tree.type(resource), row.terms(), when, row.value() == null ? "" : row.value()));
    }

    private static boolean stillActiveAtDeath(JsonNode resource, @Nullable JsonNode patient) {
        var isMedicine = Tree.type(resource).equals("MedicationRequest")
                || Tree.type(resource).equals("MedicationStatement");
        return isMedicine
                && Tree.string(resource, "status").equals("active")
                && !List.of("plan", "proposal").contains(Tree.string(resource, "intent"))
                && !resource.path("doNotPerform").asBoolean(false)
                && patient != null
                && Persons.deceased(patient).isPresent();
    }
}
