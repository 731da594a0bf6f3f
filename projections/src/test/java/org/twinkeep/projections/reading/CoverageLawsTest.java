package org.twinkeep.projections.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.longs;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.twinkeep.consent.Consent;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.ConsentPolicy;
import org.twinkeep.consent.Period;
import org.twinkeep.consent.decision.Ruling;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.projections.clinic.Labels;
import org.twinkeep.projections.timeline.Profile;
import org.twinkeep.projections.timeline.Row;
import org.twinkeep.projections.timeline.When;
import org.twinkeep.twin.EntryId;

/** What a care view shows is what the rule says, written out slowly and on its own. */
class CoverageLawsTest {

    private static final TwinId TWIN = new TwinId(new UUID(1, 1));

    @Test
    void care_shows_exactly_what_the_rule_says() {
        qt().withExamples(500).forAll(longs().all()).checkAssert(seed -> {
            var random = new Random(seed);
            var rows = rows(random);
            var consents = consents(random);
            var shown = Coverage.of(new Whole(Profile.unknown(), rows), ruling(consents)).entries().stream()
                    .map(k -> k.row().entry())
                    .toList();
            var expected = rows.stream()
                    .map(Kept::row)
                    .filter(row -> slowly(row, consents))
                    .map(Row::entry)
                    .toList();
            assertThat(shown).isEqualTo(expected);
        });
    }

    @Test
    void no_row_that_is_shown_names_a_visit_that_is_not() {
        qt().withExamples(200).forAll(longs().all()).checkAssert(seed -> {
            var random = new Random(seed);
            var shown = Coverage.of(new Whole(Profile.unknown(), rows(random)), ruling(consents(random)))
                    .rows();
            var ids = shown.stream().map(Row::entry).toList();
            assertThat(shown).allMatch(row -> row.visit() == null || ids.contains(row.visit()));
        });
    }

    @Test
    void the_counts_are_of_what_is_shown_and_of_nothing_else() {
        qt().withExamples(200).forAll(longs().all()).checkAssert(seed -> {
            var random = new Random(seed);
            var timeline = Coverage.of(new Whole(Profile.unknown(), rows(random)), ruling(consents(random)))
                    .timeline();
            assertThat(timeline.counts().values().stream().mapToInt(n -> n).sum())
                    .isEqualTo(timeline.rows().size());
        });
    }

    /** The rule of DESIGN section 2 and of clinical.md sections 4 and 8, word for word. */
    private static boolean slowly(Row row, List<Consent> consents) {
        if (row.withdrawn()) {
            return false;
        }
        for (var consent : consents) {
            var terms = consent.terms();
            var everyChapter = new ArrayList<>(row.touches());
            everyChapter.add(row.chapter());
            var chapters = everyChapter.stream().allMatch(terms.chapters()::contains);
            var later = terms.includesLater() || !row.recordedAt().isAfter(consent.grantedAt());
            if (chapters && later && inPeriod(row.when(), terms.dataPeriod())) {
                return true;
            }
        }
        return false;
    }

    private static boolean inPeriod(When when, @Nullable Period period) {
        if (period == null) {
            return true;
        }
        if (when.from() == null || when.to() == null) {
            return false;
        }
        var start = period.from() == null
                ? Instant.MIN
                : period.from().atStartOfDay(period.zone()).toInstant();
        var end = period.to() == null
                ? Instant.MAX
                : period.to().plusDays(1).atStartOfDay(period.zone()).toInstant();
        return when.from().isBefore(end) && when.to().isAfter(start);
    }

    private static List<Kept> rows(Random random) {
        var rows = new ArrayList<Kept>();
        for (var i = 0; i < 12; i++) {
            var row = new Row(
                    new EntryId("%032x".formatted(i)),
                    chapter(random),
                    random.nextBoolean() ? Set.of() : Set.of(chapter(random)),
                    when(random),
                    Hospital.NOON.plusSeconds(random.nextInt(-2, 3)),
                    "Kind",
                    "Title",
                    null,
                    List.of(),
                    List.of(),
                    "source",
                    random.nextBoolean() ? null : new EntryId("%032x".formatted(random.nextInt(12))),
                    false,
                    random.nextInt(8) == 0,
                    1,
                    "");
            rows.add(new Kept(
                    row, "Observation", Labels.NONE, Set.of(), List.of(), List.of(), Set.of(), new int[0], new int[0]));
        }
        return rows;
    }

    private static When when(Random random) {
        if (random.nextInt(5) == 0) {
            return When.undated();
        }
        var day = LocalDate.of(2019, 12, 29).plusDays(random.nextInt(8));
        return random.nextBoolean() ? When.of(day.toString()) : When.between(day.toString(), null);
    }

    private static List<Consent> consents(Random random) {
        var consents = new ArrayList<Consent>();
        for (var i = 0; i < 1 + random.nextInt(3); i++) {
            var chapters = EnumSet.noneOf(Chapter.class);
            for (var chapter : Chapter.values()) {
                if (random.nextInt(3) > 0) {
                    chapters.add(chapter);
                }
            }
            var from = LocalDate.of(2019, 12, 30).plusDays(random.nextInt(3));
            var period =
                    random.nextBoolean() ? null : new Period(from, from.plusDays(random.nextInt(3)), Hospital.ZONE);
            consents.add(new Consent(
                    new ConsentHandle("%064x".formatted(i)),
                    TWIN,
                    1,
                    Hospital.terms(chapters, period, random.nextBoolean()),
                    Consent.Status.ACTIVE,
                    Hospital.NOON,
                    null));
        }
        return consents;
    }

    private static Ruling ruling(List<Consent> consents) {
        var first = ConsentPolicy.ruling(consents.getFirst());
        var rules = first.consents().rules();
        for (var other : consents.subList(1, consents.size())) {
            rules = rules.with(other.rules());
        }
        return Ruling.of(rules, first.ask());
    }

    private static Chapter chapter(Random random) {
        return Chapter.values()[random.nextInt(Chapter.values().length)];
    }
}
