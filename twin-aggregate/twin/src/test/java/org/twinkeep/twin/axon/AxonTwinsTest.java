package org.twinkeep.twin.axon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.twinkeep.twin.TestTwins.CLINICIAN;
import static org.twinkeep.twin.TestTwins.HOSPITAL;
import static org.twinkeep.twin.TestTwins.NOON;
import static org.twinkeep.twin.TestTwins.PATIENT;
import static org.twinkeep.twin.TestTwins.body;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.KeyScope;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.twin.TestTwins;
import org.twinkeep.twin.TwinCommand;
import org.twinkeep.twin.TwinEvent;
import org.twinkeep.twin.TwinHistory;
import org.twinkeep.twin.TwinHistory.Opened;
import org.twinkeep.twin.TwinRefused;

class AxonTwinsTest {

    @TempDir
    Path folder;

    private TestTwins twins;

    @BeforeEach
    void open() {
        twins = TestTwins.in(folder);
    }

    @AfterEach
    void close() {
        twins.close();
    }

    @Test
    void what_is_recorded_is_read_again_as_it_came() {
        var twin = twins.aTwin();
        var entries = twins.incoming(twin, 0, 3, "{\"value\":6.10}");
        var outcome = twins.record(twin, Chapter.LABS, entries.toArray(TwinCommand.Incoming[]::new));
        assertThat(outcome.recorded())
                .containsExactlyElementsOf(
                        entries.stream().map(TwinCommand.Incoming::entry).toList());
        var read = new ArrayList<Opened>();
        twins.history.replay(twins.keys.receipt(twin), twin, Chapter.LABS, read::add);
        assertThat(read).extracting(Opened::sequence).containsExactly(0L, 1L, 2L);
        assertThat(read.get(1).event())
                .isEqualTo(new TwinEvent.EntryRecorded(entries.get(1).entry(), NOON, HOSPITAL));
        assertThat(twins.says(twin, Chapter.LABS, 1)).isEqualTo("{\"value\":6.10}1");
    }

    @Test
    void the_same_content_again_is_unchanged_and_new_content_a_new_version() {
        var twin = twins.aTwin();
        twins.record(twin, Chapter.LABS, twins.incoming(twin, 1, "a"), twins.incoming(twin, 2, "b"));
        var again = twins.record(twin, Chapter.LABS, twins.incoming(twin, 1, "a"), twins.incoming(twin, 2, "c"));
        assertThat(again.unchanged()).isEqualTo(1);
        assertThat(again.revised()).hasSize(1);
        assertThat(again.recorded()).isEmpty();
        var entries = twins.history.entries(twin, Chapter.LABS);
        assertThat(entries.get(1).versions()).containsExactly(1L, 2L);
        assertThat(twins.says(twin, Chapter.LABS, 2)).isEqualTo("c");
    }

    @Test
    void entries_that_are_asked_for_are_told_as_all_are_and_those_of_elsewhere_are_not_there() {
        var twin = twins.aTwin();
        var first = twins.incoming(twin, 1, "a");
        var second = twins.incoming(twin, 2, "b");
        var elsewhere = twins.incoming(twin, 3, "c");
        twins.record(twin, Chapter.LABS, first, second);
        twins.record(twin, Chapter.VITALS, elsewhere);
        var asked = List.of(second.entry(), elsewhere.entry());
        var told =
                Map.of(second.entry(), twins.history.entries(twin, Chapter.LABS).get(1));
        assertThat(twins.history.entries(twin, Chapter.LABS, asked)).isEqualTo(new TwinHistory.SomeEntries(told, 2));
        assertThat(twins.history.entries(new TwinId(new UUID(1, 2)), Chapter.LABS, asked))
                .isEqualTo(new TwinHistory.SomeEntries(Map.of(), 0));
    }

    @Test
    void a_chapter_of_five_thousand_entries_is_loaded_and_commanded_without_opening_a_body() {
        var twin = twins.aTwin();
        for (int from = 0; from < 5000; from += 250) {
            var entries = twins.incoming(twin, from, from + 250, "x");
            twins.twins.record(new TwinCommand.RecordEntries(twin, Chapter.LABS, entries, NOON, HOSPITAL));
        }
        twins.close();
        twins = TestTwins.in(folder, twins.keys);
        var again = twins.record(
                twin, Chapter.LABS, twins.incoming(twin, 0, 5000, "x").toArray(TwinCommand.Incoming[]::new));
        assertThat(again.unchanged()).isEqualTo(5000);
        assertThat(twins.engine.skeletonsOpened()).isGreaterThanOrEqualTo(5000);
        assertThat(twins.history.bodiesOpened()).isZero();
    }

    @Test
    void only_the_patient_states_that_an_entry_is_wrong() {
        var twin = twins.aTwin();
        var lab = twins.incoming(twin, 1, "a");
        twins.record(twin, Chapter.LABS, lab);
        var statement = body("{\"says\":\"not mine\"}");
        twins.twins.correct(new TwinCommand.CorrectEntry(twin, Chapter.LABS, lab.entry(), statement, NOON, PATIENT));
        assertThat(twins.history.entries(twin, Chapter.LABS).getFirst().statements())
                .containsExactly(1L);
        assertThatThrownBy(() -> twins.twins.correct(
                        new TwinCommand.CorrectEntry(twin, Chapter.LABS, lab.entry(), statement, NOON, CLINICIAN)))
                .isInstanceOf(TwinRefused.class);
    }

    @Test
    void a_twin_that_never_was_and_one_that_is_being_erased_refuse_in_the_same_words() {
        var stranger = new TwinId(new UUID(1, 2));
        assertThatThrownBy(() -> twins.twins.entryId(stranger, "h", "t", "i"))
                .isInstanceOf(TwinRefused.class)
                .hasMessage("There is no such twin.");
        var twin = twins.aTwin();
        var entry = twins.incoming(twin, 1, "a");
        twins.twins.requestErasure(new TwinCommand.RequestTwinErasure(twin, NOON, PATIENT));
        assertThatThrownBy(() -> twins.record(twin, Chapter.LABS, entry))
                .isInstanceOf(TwinRefused.class)
                .hasMessage("There is no such twin.");
        assertThat(twins.history.exists(twin)).isFalse();
        assertThat(twins.history.twins()).doesNotContain(twin);
        assertThat(twins.history.heads(twin)).isEmpty();
    }

    @Test
    void an_opening_of_a_consent_is_kept_once() {
        var twin = twins.aTwin();
        var keep = new TwinCommand.KeepConsentOpening(twin, "handle", 1, body("{}"), NOON, PATIENT);
        twins.twins.keep(keep);
        twins.twins.keep(keep);
        assertThat(twins.history.heads(twin)).containsEntry(KeyScope.Own.LIFE, 2L);
    }

    @Test
    void creating_a_twin_again_with_the_same_command_changes_nothing_and_with_another_is_refused() {
        var twin = twins.aTwin();
        twins.twins.create(new TwinCommand.CreateTwin(twin, NOON, PATIENT));
        assertThat(twins.history.heads(twin)).containsEntry(KeyScope.Own.LIFE, 1L);
        assertThatThrownBy(() -> twins.twins.create(new TwinCommand.CreateTwin(twin, NOON.plusSeconds(1), PATIENT)))
                .isInstanceOf(TwinRefused.class);
    }

    @Test
    void a_refused_correction_does_not_spoil_the_chapter() {
        var twin = twins.aTwin();
        twins.record(twin, Chapter.LABS, twins.incoming(twin, 1, "a"));
        assertThatThrownBy(() -> twins.twins.erase(new TwinCommand.EraseEntries(
                        twin, Chapter.LABS, List.of(twins.incoming(twin, 9, "").entry()), NOON, PATIENT)))
                .isInstanceOf(TwinRefused.class);
        assertThat(twins.record(twin, Chapter.LABS, twins.incoming(twin, 2, "b"))
                        .recorded())
                .hasSize(1);
    }
}
