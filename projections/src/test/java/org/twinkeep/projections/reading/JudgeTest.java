package org.twinkeep.projections.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.longs;
import static org.twinkeep.projections.reading.Hospital.DOCTOR;
import static org.twinkeep.projections.reading.Hospital.PATIENT;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.Denial;
import org.twinkeep.consent.Purpose;
import org.twinkeep.consent.Verdict.Reason;
import org.twinkeep.consent.decision.Obligation;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.projections.care.CareView;
import org.twinkeep.projections.reading.Answer.Shown;
import org.twinkeep.projections.timeline.Row;
import org.twinkeep.projections.timeline.Timeline;

/** What is said without being shown: for AuthZEN and the command line. */
class JudgeTest {

    private static final Set<Obligation> ALL = EnumSet.allOf(Obligation.class);

    @TempDir
    Path folder;

    Hospital hospital;
    TwinId twin;
    Judge judge;

    @BeforeEach
    void open() throws Exception {
        hospital = new Hospital(folder);
        twin = hospital.aTwin(
                Resources.patient(),
                Resources.visit("v1", "2020-03-04T10:00:00Z"),
                Resources.bronchitis("c1", "v1"),
                Resources.abuse("c2", "v1"),
                Resources.laboratory("l1", "v1", "6.10"),
                Resources.note("n1", "v1", "Acute bronchitis. Victim of intimate partner abuse (finding)."),
                Resources.note("n2", "", "Alcohol dependence is better."),
                Resources.bill("b1", "v1", "c2", "Counselling"),
                Resources.allergy("a1"));
        judge = hospital.judge();
    }

    @AfterEach
    void close() {
        hospital.close();
    }

    @Test
    void for_any_consents_a_search_names_what_evaluation_permits_and_the_page_shows_and_nothing_else() {
        qt().withExamples(60).forAll(longs().all()).checkAssert(seed -> {
            var random = new Random(seed);
            var given = new ArrayList<ConsentHandle>();
            for (int grants = random.nextInt(3); grants > 0; grants--) {
                var terms = Hospital.terms(some(random, 12), null, random.nextBoolean());
                given.add(hospital.consents.grant(twin, terms, hospital.seed).handle());
            }
            for (int denials = random.nextInt(3); denials > 0; denials--) {
                given.add(hospital.consents
                        .deny(twin, denial(random), hospital.seed)
                        .handle());
            }
            var carriedOut = random.nextBoolean() ? ALL : Set.of(Obligation.MASK);
            var reach = judge.reach(DOCTOR, Purpose.TREATMENT, twin, carriedOut);
            var named = new HashSet<>(reach.entries());
            for (var row : everything()) {
                var thing = new Thing.OfEntry(row.entry());
                assertThat(reach.on(thing).permitted()).isEqualTo(named.contains(thing));
            }
            var chapters = new HashSet<>(reach.chapters());
            for (var chapter : Chapter.values()) {
                var thing = new Thing.OfChapter(chapter);
                assertThat(reach.on(thing).permitted()).isEqualTo(chapters.contains(thing));
            }
            if (carriedOut.equals(ALL)) {
                assertThat(named).isEqualTo(shown());
            }
            given.forEach(handle -> hospital.consents.revoke(twin, handle, hospital.seed));
        });
    }

    @Test
    void what_owes_something_that_is_not_carried_out_is_denied_and_not_named() {
        hospital.grant(twin, Chapter.values());
        var owing = 0;
        var all = judge.reach(DOCTOR, Purpose.TREATMENT, twin, ALL);
        for (var thing : all.entries()) {
            var owed = all.on(thing).obligations();
            for (var one : owed) {
                owing++;
                var but = EnumSet.complementOf(EnumSet.of(one));
                var without = judge.reach(DOCTOR, Purpose.TREATMENT, twin, but);
                assertThat(without.on(thing).refused()).isEqualTo(Reason.OBLIGATION);
                assertThat(without.entries()).doesNotContain(thing);
            }
        }
        assertThat(owing).as("entries that owe something").isPositive();
    }

    private Set<Thing> shown() {
        return hospital.door.care(DOCTOR, Purpose.TREATMENT, twin) instanceof Shown<CareView>(var view, var _)
                ? new HashSet<>(view.timeline().rows().stream()
                        .map(row -> (Thing) new Thing.OfEntry(row.entry()))
                        .toList())
                : Set.of();
    }

    private List<Row> everything() {
        return ((Shown<Timeline>) hospital.door.timeline(PATIENT, twin)).what().rows();
    }

    private static Denial denial(Random random) {
        return new Denial(
                random.nextBoolean() ? DOCTOR.id() : null,
                "",
                random.nextBoolean() ? Purpose.TREATMENT : null,
                random.nextInt(6) == 0 ? Set.of() : some(random, 4));
    }

    private static Set<Chapter> some(Random random, int most) {
        var chapters = EnumSet.noneOf(Chapter.class);
        var all = Arrays.asList(Chapter.values());
        for (int i = 1 + random.nextInt(most); i > 0; i--) {
            chapters.add(all.get(random.nextInt(all.size())));
        }
        return chapters;
    }
}
