package org.twinkeep.twin.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.twinkeep.twin.TestTwins.HOSPITAL;
import static org.twinkeep.twin.TestTwins.NOON;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.messaging.deadletter.Decisions;
import org.axonframework.messaging.deadletter.GenericDeadLetter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.keys.TestKeys;
import org.twinkeep.twin.EntryId;
import org.twinkeep.twin.Happened;
import org.twinkeep.twin.TestTwins;
import org.twinkeep.twin.TwinEvent.EntryRecorded;
import org.twinkeep.twin.axon.TwinSerializer;
import org.twinkeep.twin.store.TwinPlaces;

class SqliteDeadLettersTest {

    private static final EntryId ONE = new EntryId("1".repeat(32));
    private static final EntryId TWO = new EntryId("2".repeat(32));

    @TempDir
    Path folder;

    private final TestKeys keys = TestKeys.seed(3);
    private final Secret house = Secret.copyOf(new byte[32]);
    private SqliteDeadLetters letters;

    @BeforeEach
    void open() {
        letters = SqliteDeadLetters.open(
                folder.resolve("letters.db"),
                "views",
                new TwinPlaces(keys.ring()),
                keys.sealing(),
                house.copy(),
                new TwinSerializer());
    }

    @AfterEach
    void close() {
        letters.close();
    }

    @Test
    void neither_what_happened_nor_why_it_could_not_be_handled_lies_on_the_disk() throws Exception {
        keep(keys.twin(), ONE);
        assertThat(onDisk()).doesNotContain("glucose", "sensor", ONE.value(), "SOURCE", "IllegalState");
    }

    @Test
    void a_letter_is_there_after_a_restart_with_its_cause_and_without_a_body() {
        keep(keys.twin(), ONE);
        letters.close();
        open();
        var letter = letters.deadLetterSequence("sequence").iterator().next();
        assertThat(letter.cause().orElseThrow().message()).isEqualTo("glucose of 19 is not read");
        assertThat(letter.message().getPayload()).isEqualTo(Happened.of(new EntryRecorded(ONE, NOON, HOSPITAL)));
        assertThat(letter).hasToString("Letter");
    }

    @Test
    void the_letters_of_an_erased_twin_are_swept_and_leave_the_file() throws Exception {
        var gone = keys.twin();
        var stream = keys.ring().streamOf(gone, Chapter.LABS).value();
        keep(gone, ONE);
        keep(keys.twin(), TWO);
        keys.ring().destroy(gone);
        letters.twinErased(gone);
        letters.twinErased(gone);
        assertThat(letters.size()).isEqualTo(1);
        assertThat(onDisk()).doesNotContain(stream);
    }

    @Test
    void the_letters_about_an_erased_entry_are_swept_and_the_others_stay() {
        var twin = keys.twin();
        keep(twin, ONE);
        keep(twin, TWO);
        letters.entriesErased(twin, Map.of(Chapter.LABS, List.of(ONE)));
        var left = letters.deadLetterSequence("sequence").iterator();
        assertThat(((Happened) left.next().message().getPayload()).event())
                .isEqualTo(new EntryRecorded(TWO, NOON, HOSPITAL));
        assertThat(left).isExhausted();
    }

    @Test
    void an_event_whose_twin_is_gone_is_neither_kept_nor_handed_out() {
        var twin = keys.twin();
        var letter = letter(twin, ONE);
        letters.enqueue("sequence", letter);
        keys.ring().destroy(twin);
        letters.enqueue("sequence", letter);
        assertThat(letters.size()).isEqualTo(1);
        assertThat(letters.deadLetterSequence("sequence")).isEmpty();
        assertThat(letters.process(_ -> Decisions.evict())).isFalse();
    }

    private void keep(TwinId twin, EntryId entry) {
        letters.enqueue("sequence", letter(twin, entry));
    }

    private GenericDeadLetter<EventMessage<?>> letter(TwinId twin, EntryId entry) {
        var stream = keys.ring().streamOf(twin, Chapter.LABS).value();
        var happened = new Happened(new EntryRecorded(entry, NOON, HOSPITAL), TestTwins.body("glucose 19"));
        return new GenericDeadLetter<>(
                "sequence",
                new GenericDomainEventMessage<>("chapter", stream, 0, happened),
                new IllegalStateException("glucose of 19 is not read"));
    }

    private String onDisk() throws Exception {
        var all = new StringBuilder();
        try (var files = Files.list(folder)) {
            for (var file : files.toList()) {
                all.append(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
        }
        return all.toString();
    }
}
