package org.twinkeep.projections.reading;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.access.Receipt;
import org.twinkeep.crypto.sealing.Body;
import org.twinkeep.crypto.sealing.OpenedBody;
import org.twinkeep.projections.clinic.Tree;
import org.twinkeep.projections.timeline.Entry;
import org.twinkeep.projections.timeline.EntryPage;
import org.twinkeep.projections.timeline.Row;
import org.twinkeep.twin.Actor;
import org.twinkeep.twin.TwinHistory;
import tools.jackson.databind.JsonNode;

/** Makes the page of one entry from its bodies, opened against the receipt of this look. */
final class Pages {

    /** What names one thing: the same one recorded twice, or named in a bill from another visit, is the same thing. */
    private static final Set<String> NAME_ONE_THING = Set.of(
            "Condition",
            "AllergyIntolerance",
            "MedicationRequest",
            "MedicationStatement",
            "MedicationAdministration",
            "MedicationDispense",
            "FamilyMemberHistory");

    /** Of these, another entry with the same code says the same again. */
    private static final Set<String> SAME_CODE_SAYS_THE_SAME =
            Set.of("Condition", "AllergyIntolerance", "FamilyMemberHistory");

    /** Their own words are those of many others ("Encounter for problem"). */
    private static final Set<String> ONLY_BY_REFERENCE = Set.of(
            "Patient",
            "Encounter",
            "Claim",
            "ExplanationOfBenefit",
            "Provenance",
            "DocumentReference",
            "CareTeam",
            "Coverage");

    private final TwinHistory history;

    Pages(TwinHistory history) {
        this.history = history;
    }

    Optional<EntryPage> forPatient(Receipt receipt, TwinId twin, Kept kept, Whole whole) {
        return page(receipt, twin, kept, tree -> tree, repeating(kept, whole), true);
    }

    /** For others: without references to what they may not see, numbers of state, or anything that is not safe to read. */
    Optional<EntryPage> forOthers(Receipt receipt, TwinId twin, Kept kept) {
        return page(receipt, twin, kept, Shared::of, List.of(), false);
    }

    private Optional<EntryPage> page(
            Receipt receipt,
            TwinId twin,
            Kept kept,
            UnaryOperator<JsonNode> shape,
            List<Row> repeatedBy,
            boolean isPatient) {
        var row = kept.row();
        var versions = new ArrayList<EntryPage.Version>();
        @Nullable JsonNode latest = null;
        var written = "{}";
        for (var moment : kept.versions()) {
            if (history.open(receipt, twin, row.chapter(), moment.sequence())
                    instanceof OpenedBody.Present(Body body)) {
                latest = shape.apply(Tree.of(body.content()));
                written = isPatient ? new String(body.content(), StandardCharsets.UTF_8) : Tree.text(latest);
                versions.add(new EntryPage.Version(
                        versions.size() + 1, moment.at(), by(moment.by(), row), Entry.value(latest)));
            }
        }
        if (latest == null) {
            return Optional.empty();
        }
        var readable = isPatient || Entry.isSafe(latest);
        return Optional.of(new EntryPage(
                row,
                Entry.facts(latest),
                Entry.text(latest).orElse(null),
                List.copyOf(versions),
                statements(receipt, twin, kept),
                repeatedBy,
                readable ? written : "{}"));
    }

    private List<EntryPage.Statement> statements(Receipt receipt, TwinId twin, Kept kept) {
        var statements = new ArrayList<EntryPage.Statement>();
        for (var moment : kept.statements()) {
            var opened = history.open(receipt, twin, kept.row().chapter(), moment.sequence());
            if (opened instanceof OpenedBody.Present(Body body)) {
                statements.add(statement(moment, body));
            }
        }
        return List.copyOf(statements);
    }

    private static EntryPage.Statement statement(Moment moment, Body body) {
        var said = Tree.of(body.content());
        var value = Tree.orNull(said, "value");
        var says = Tree.string(said, "says");
        return new EntryPage.Statement(
                moment.at(),
                moment.by() == Actor.Kind.DELEGATE ? "a delegate, for the patient" : "the patient",
                value == null
                        ? says
                        : (says.isBlank() ? "It should read: " + value : says + " (it should read: " + value + ")"),
                Tree.orNull(said, "reason"));
    }

    private static String by(Actor.Kind kind, Row row) {
        return switch (kind) {
            case PATIENT -> "the patient";
            case DELEGATE -> "a delegate, for the patient";
            case CLINICIAN -> "a clinician";
            case SOURCE -> row.source();
            case OPERATOR -> "the operator, from " + row.source();
            case SYSTEM -> "this house";
        };
    }

    // --- what repeats it

    private static List<Row> repeating(Kept kept, Whole whole) {
        var own = IntStream.of(kept.ownKeys()).boxed().collect(Collectors.toSet());
        return whole.entries().stream()
                .filter(other -> !other.row().entry().equals(kept.row().entry()))
                .filter(other -> repeats(other, kept, own))
                .map(Kept::row)
                .toList();
    }

    private static boolean repeats(Kept other, Kept kept, Set<Integer> own) {
        if (other.refersTo().contains(kept.row().entry())) {
            return true;
        }
        if (ONLY_BY_REFERENCE.contains(kept.type())) {
            return false;
        }
        var sameVisit = kept.row().visit() != null
                && kept.row().visit().equals(other.row().visit());
        if (!sameVisit && !NAME_ONE_THING.contains(kept.type())) {
            return false;
        }
        var restates = IntStream.of(other.keys()).anyMatch(own::contains);
        var says = other.type().equals(kept.type())
                && SAME_CODE_SAYS_THE_SAME.contains(kept.type())
                && IntStream.of(other.ownKeys()).anyMatch(own::contains);
        return restates || says;
    }
}
