package org.twinkeep.twin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.lists;
import static org.twinkeep.twin.TestTwins.CLINICIAN;
import static org.twinkeep.twin.TestTwins.HOSPITAL;
import static org.twinkeep.twin.TestTwins.NOON;
import static org.twinkeep.twin.TestTwins.PATIENT;
import static org.twinkeep.twin.TestTwins.body;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.sealing.Body;
import org.twinkeep.crypto.sealing.Sameness;
import org.twinkeep.twin.ChapterState.Recording;
import org.twinkeep.twin.TwinCommand.CorrectEntry;
import org.twinkeep.twin.TwinCommand.EraseEntries;
import org.twinkeep.twin.TwinCommand.Incoming;
import org.twinkeep.twin.TwinCommand.RecordEntries;
import org.twinkeep.twin.TwinEvent.EntryDisputed;
import org.twinkeep.twin.TwinEvent.EntryErased;
import org.twinkeep.twin.TwinEvent.EntryRecorded;
import org.twinkeep.twin.TwinEvent.EntryRevised;

class ChapterStateTest {

    private static final TwinId TWIN = new TwinId(new UUID(1, 2));
    private static final Instant LATER = NOON.plusSeconds(60);
    private static final Body STATEMENT = body("not mine");
    private static final EntryId A = entry(1);
    private static final EntryId B = entry(2);

    @Test
    void a_new_entry_is_recorded() {
        var recording = record(given(), Sameness.DIFFERENT, A);
        assertThat(recording.events())
                .extracting(Happened::event)
                .containsExactly(new EntryRecorded(A, LATER, HOSPITAL));
        assertThat(recording.events().getFirst().body()).isNotNull();
        assertThat(recording.outcome().recorded()).containsExactly(A);
    }

    @Test
    void an_entry_that_is_there_with_the_same_content_is_unchanged() {
        var recording = record(given(recorded(A)), Sameness.SAME, A);
        assertThat(recording.events()).isEmpty();
        assertThat(recording.outcome().unchanged()).isEqualTo(1);
    }

    @Test
    void new_content_of_an_entry_is_a_new_version() {
        var recording = record(given(recorded(A), new EntryRevised(A, 2, NOON, HOSPITAL)), Sameness.DIFFERENT, A);
        assertThat(recording.events())
                .extracting(Happened::event)
                .containsExactly(new EntryRevised(A, 3, LATER, HOSPITAL));
        assertThat(recording.outcome().revised()).containsExactly(A);
    }

    @Test
    void an_erased_entry_is_left_out_and_said_so_once() {
        var recording = record(given(recorded(A), erased(A)), Sameness.DIFFERENT, A, B, A);
        assertThat(recording.outcome().leftOut()).containsExactly(A);
        assertThat(recording.outcome().recorded()).containsExactly(B);
    }

    @Test
    void an_entry_whose_key_is_gone_already_is_left_out() {
        assertThat(record(given(recorded(A)), Sameness.ERASED, A).outcome().leftOut())
                .containsExactly(A);
    }

    @Test
    void an_entry_twice_in_one_command_is_one_when_it_says_the_same() {
        var recording = record(given(), Sameness.DIFFERENT, A, A);
        assertThat(recording.events()).hasSize(1);
        assertThat(recording.outcome().unchanged()).isEqualTo(1);
    }

    @Test
    void an_entry_twice_in_one_command_is_two_versions_when_it_says_something_else() {
        var command = new RecordEntries(
                TWIN,
                Chapter.LABS,
                List.of(new Incoming(A, body("one")), new Incoming(A, body("two")), new Incoming(A, body("one"))),
                LATER,
                HOSPITAL);
        var recording = given().decide(command, Collections.nCopies(3, Sameness.DIFFERENT));
        assertThat(recording.events())
                .extracting(Happened::event)
                .containsExactly(
                        new EntryRecorded(A, LATER, HOSPITAL),
                        new EntryRevised(A, 2, LATER, HOSPITAL),
                        new EntryRevised(A, 3, LATER, HOSPITAL));
    }

    @Test
    void a_source_never_replaces_what_the_patient_wrote() {
        var own = given(new EntryRecorded(A, NOON, PATIENT), new EntryRevised(A, 2, NOON, PATIENT));
        assertThat(record(own, Sameness.DIFFERENT, A).outcome().unchanged()).isEqualTo(1);
    }

    @Test
    void a_source_may_send_a_new_version_of_its_own_entry_that_the_patient_disputes() {
        var disputed = given(recorded(A), new EntryDisputed(A, 1, NOON, PATIENT));
        assertThat(record(disputed, Sameness.DIFFERENT, A).outcome().revised()).containsExactly(A);
    }

    @Test
    void the_patients_word_about_somebody_elses_entry_stands_beside_it() {
        assertThat(given(recorded(A)).decide(correct(A, PATIENT)))
                .containsExactly(new Happened(new EntryDisputed(A, 1, LATER, PATIENT), STATEMENT));
    }

    @Test
    void the_patients_own_entry_gets_a_new_version() {
        assertThat(given(new EntryRecorded(A, NOON, PATIENT)).decide(correct(A, PATIENT)))
                .extracting(Happened::event)
                .containsExactly(new EntryRevised(A, 2, LATER, PATIENT));
    }

    @Test
    void the_same_correction_again_changes_nothing() {
        var corrected = given(recorded(A), new EntryDisputed(A, 1, LATER, PATIENT));
        assertThat(corrected.decide(correct(A, PATIENT))).isEmpty();
    }

    @Test
    void nobody_else_corrects_an_entry() {
        assertThatThrownBy(() -> given(recorded(A)).decide(correct(A, CLINICIAN)))
                .isInstanceOf(TwinRefused.class);
    }

    @Test
    void an_unknown_and_an_erased_entry_refuse_a_correction_in_the_same_words() {
        for (var chapter : List.of(given(), given(recorded(A), erased(A)))) {
            assertThatThrownBy(() -> chapter.decide(correct(A, PATIENT)))
                    .isInstanceOf(TwinRefused.class)
                    .hasMessage("There is no such entry.");
        }
    }

    @Test
    void entries_are_erased_and_erasing_them_again_is_done() {
        assertThat(given(recorded(A), recorded(B), erased(B)).decide(erase(A, B, A)))
                .extracting(Happened::event)
                .containsExactly(new EntryErased(A, "r1", LATER, PATIENT));
    }

    @Test
    void erasing_an_unknown_entry_is_refused_and_erases_none() {
        assertThatThrownBy(() -> given(recorded(A)).decide(erase(A, B))).isInstanceOf(TwinRefused.class);
    }

    @Test
    void a_chapter_knows_which_events_are_an_entrys() {
        var chapter = given(
                recorded(A),
                recorded(B),
                new EntryRevised(A, 2, NOON, HOSPITAL),
                new EntryDisputed(A, 1, NOON, PATIENT),
                erased(A));
        var entry = chapter.entries().get(A);
        assertThat(entry.versions()).containsExactly(0L, 2L);
        assertThat(entry.statements()).containsExactly(3L);
        assertThat(entry.erased()).isTrue();
        assertThat(chapter.events()).isEqualTo(5);
    }

    @Test
    void an_erased_entry_is_never_recorded_again_whatever_comes() {
        qt().forAll(lists().of(integers().between(0, 11)).ofSizeBetween(1, 12)).checkAssert(script -> {
            var chapter = given(recorded(A), erased(A));
            for (int step : script) {
                for (var happened : decide(chapter, step)) {
                    var event = (TwinEvent.OfChapter) happened.event();
                    assertThat(event.entry()).isNotEqualTo(A);
                    chapter = chapter.evolve(event);
                }
            }
            assertThat(chapter.entries().get(A).erased()).isTrue();
            assertThat(chapter.entries().get(A).versions()).containsExactly(0L);
        });
    }

    /** One of many things that may be asked, about entries A and B. */
    private static List<Happened> decide(ChapterState chapter, int step) {
        var id = step % 2 == 0 ? A : B;
        try {
            return switch (step / 2) {
                case 0 -> record(chapter, Sameness.SAME, id).events();
                case 1 -> record(chapter, Sameness.DIFFERENT, id, id).events();
                case 2 -> record(chapter, Sameness.ERASED, id).events();
                case 3 -> chapter.decide(correct(id, PATIENT));
                case 4 -> chapter.decide(correct(id, HOSPITAL));
                default -> chapter.decide(erase(id));
            };
        } catch (TwinRefused e) {
            return List.of();
        }
    }

    private static Recording record(ChapterState chapter, Sameness found, EntryId... ids) {
        var entries =
                Stream.of(ids).map(id -> new Incoming(id, body("content"))).toList();
        return chapter.decide(
                new RecordEntries(TWIN, Chapter.LABS, entries, LATER, HOSPITAL),
                Collections.nCopies(entries.size(), found));
    }

    private static CorrectEntry correct(EntryId id, Actor by) {
        return new CorrectEntry(TWIN, Chapter.LABS, id, STATEMENT, LATER, by);
    }

    private static EraseEntries erase(EntryId... ids) {
        return new EraseEntries(TWIN, Chapter.LABS, List.of(ids), "r1", LATER, PATIENT);
    }

    private static EntryRecorded recorded(EntryId id) {
        return new EntryRecorded(id, NOON, HOSPITAL);
    }

    private static EntryErased erased(EntryId id) {
        return new EntryErased(id, null, NOON, PATIENT);
    }

    private static EntryId entry(int number) {
        return new EntryId("%032x".formatted(number));
    }

    private static ChapterState given(TwinEvent.OfChapter... history) {
        var chapter = ChapterState.empty();
        for (var event : history) {
            chapter = chapter.evolve(event);
        }
        return chapter;
    }
}
