package org.twinkeep.twin.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.twinkeep.twin.TestTwins.HOSPITAL;
import static org.twinkeep.twin.TestTwins.NOON;
import static org.twinkeep.twin.TestTwins.PATIENT;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.twin.EntryId;
import org.twinkeep.twin.TwinEvent;

class EventFormTest {

    private static final EntryId ENTRY = new EntryId("0123456789abcdef0123456789abcdef");

    static List<TwinEvent> events() {
        return List.of(
                new TwinEvent.TwinCreated(new TwinId(new UUID(1, 2)), NOON, PATIENT),
                new TwinEvent.ConsentOpeningKept("h1", 2, NOON, PATIENT),
                new TwinEvent.TwinErasureRequested(NOON, PATIENT),
                new TwinEvent.EntryRecorded(ENTRY, NOON, HOSPITAL),
                new TwinEvent.EntryRevised(ENTRY, 2, NOON, HOSPITAL),
                new TwinEvent.EntryDisputed(ENTRY, 1, NOON, PATIENT),
                new TwinEvent.EntryErased(ENTRY, "r1", NOON, PATIENT));
    }

    @ParameterizedTest
    @MethodSource("events")
    void an_event_is_written_as_its_frozen_file(TwinEvent event) throws IOException {
        assertThat(new String(EventForm.write(event), StandardCharsets.UTF_8)).isEqualTo(frozen(event));
    }

    @ParameterizedTest
    @MethodSource("events")
    void a_frozen_file_is_read_as_its_event(TwinEvent event) throws IOException {
        var name = EventForm.nameOf(event);
        assertThat(EventForm.isName(name)).isTrue();
        assertThat(EventForm.read(name, frozen(event).getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(event);
    }

    @Test
    void every_event_has_a_frozen_file() {
        var all = Stream.of(TwinEvent.OfLife.class, TwinEvent.OfChapter.class)
                .flatMap(kind -> Arrays.stream(kind.getPermittedSubclasses()))
                .collect(Collectors.toSet());
        assertThat(events()).extracting(Object::getClass).hasSameElementsAs(all);
    }

    @Test
    void an_erasure_without_a_receipt_is_read_as_one_without() {
        var event = new TwinEvent.EntryErased(ENTRY, null, NOON, PATIENT);
        assertThat(EventForm.read(EventForm.ENTRY_ERASED, EventForm.write(event)))
                .isEqualTo(event);
    }

    @Test
    void an_unknown_name_or_a_missing_member_is_refused_without_quoting_a_value() {
        var skeleton = "{\"entry\":\"0123456789abcdef0123456789abcdef\"}".getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> EventForm.read(EventForm.ENTRY_RECORDED, skeleton))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageNotContaining("0123");
        var whole = EventForm.write(events().getFirst());
        assertThatThrownBy(() -> EventForm.read("entry.misspelt", whole)).isInstanceOf(IllegalStateException.class);
    }

    private static String frozen(TwinEvent event) throws IOException {
        var file = EventForm.nameOf(event) + "." + EventForm.REVISION + ".json";
        try (var stream = EventFormTest.class.getResourceAsStream(file)) {
            assertThat(stream).as(file).isNotNull();
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
