package org.twinkeep.twin.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.twinkeep.twin.TestTwins.HOSPITAL;
import static org.twinkeep.twin.TestTwins.NOON;
import static org.twinkeep.twin.TestTwins.PATIENT;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.serialization.SimpleSerializedType;
import org.axonframework.serialization.upcasting.event.IntermediateEventRepresentation;
import org.axonframework.serialization.upcasting.event.SingleEventUpcaster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.keys.TestKeys;
import org.twinkeep.twin.Actor;
import org.twinkeep.twin.TestTwins;
import org.twinkeep.twin.TwinCommand;
import org.twinkeep.twin.TwinEvent;
import org.twinkeep.twin.TwinHistory;
import org.twinkeep.twin.TwinHistory.Opened;
import org.twinkeep.twin.json.EventForm;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What lies in the store, and what comes out of it. */
class StoredEventsTest {

    @TempDir
    Path folder;

    @Test
    void nothing_of_an_entry_lies_on_the_disk_and_no_class_name() throws Exception {
        try (var twins = TestTwins.in(folder)) {
            var twin = twins.aTwin();
            twins.record(twin, Chapter.MENTAL_HEALTH, twins.incoming(twin, 1, "{\"display\":\"Panic disorder\"}"));
        }
        try (var files = Files.list(folder)) {
            for (var file : files.toList()) {
                assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                        .doesNotContain(
                                "Panic", "display", "hospital", "mental", "org.twinkeep", "Observation", "SOURCE");
            }
        }
    }

    @Test
    void a_body_of_twenty_megabytes_comes_back_whole() {
        try (var twins = TestTwins.in(folder)) {
            var twin = twins.aTwin();
            var large = "0123456789abcdef".repeat(20 << 16);
            twins.record(twin, Chapter.DOCUMENTS, twins.incoming(twin, 1, large), twins.incoming(twin, 2, "small"));
            assertThat(twins.says(twin, Chapter.DOCUMENTS, 0)).isEqualTo(large);
            assertThat(twins.record(twin, Chapter.DOCUMENTS, twins.incoming(twin, 1, large))
                            .unchanged())
                    .isEqualTo(1);
            var read = new ArrayList<Opened>();
            twins.history.replay(twins.keys.receipt(twin), twin, Chapter.DOCUMENTS, read::add);
            assertThat(read).hasSize(2);
        }
    }

    @Test
    void upcasters_see_skeletons_wherever_events_are_read() {
        var keys = TestKeys.seed(7);
        TwinId twin;
        try (var twins = TestTwins.in(folder, keys)) {
            twin = twins.aTwin();
            twins.record(twin, Chapter.LABS, twins.incoming(twin, 1, "a"));
        }
        try (var twins =
                TestTwins.in(folder, keys, new AsIf(json -> ((ObjectNode) json.required("by")).put("id", "renamed")))) {
            var read = new ArrayList<Opened>();
            twins.history.replay(keys.receipt(twin), twin, Chapter.LABS, read::add);
            assertThat(read.getFirst().event().by()).isEqualTo(new Actor(Actor.Kind.SOURCE, "renamed"));
            assertThat(twins.record(twin, Chapter.LABS, twins.incoming(twin, 1, "b"))
                            .revised())
                    .hasSize(1);
        }
    }

    @Test
    void a_replay_gives_all_that_stands_before_an_event_that_cannot_be_read() {
        var keys = TestKeys.seed(7);
        TwinId twin;
        String unreadable;
        try (var twins = TestTwins.in(folder, keys)) {
            twin = twins.aTwin();
            twins.twins.record(new TwinCommand.RecordEntries(
                    twin, Chapter.LABS, twins.incoming(twin, 0, 250, "x"), NOON, HOSPITAL));
            unreadable =
                    twins.history.entries(twin, Chapter.LABS).get(120).entry().value();
        }
        var wasRead = new CountDownLatch(1);
        var change = new AsIf(json -> {
            if (json.required("entry").stringValue().equals(unreadable)) {
                json.remove("at");
                wasRead.countDown();
            }
        });
        try (var twins = TestTwins.in(folder, keys, change)) {
            var read = new ArrayList<Opened>();
            assertThatThrownBy(() -> twins.history.replay(keys.receipt(twin), twin, Chapter.LABS, opened -> {
                        read.add(opened);
                        if (read.size() == 90) {
                            await(wasRead);
                        }
                    }))
                    .hasMessage("a stored event lacks its member at");
            assertThat(read).hasSize(120);
        }
    }

    @Test
    void the_events_of_an_erased_twin_are_passed_over_by_those_who_follow_all_events() {
        try (var twins = TestTwins.in(folder)) {
            var gone = twins.aTwin();
            twins.twins.record(new TwinCommand.RecordEntries(
                    gone, Chapter.LABS, twins.incoming(gone, 0, 250, "x"), NOON, HOSPITAL));
            var living = twins.aTwin();
            twins.keys.ring().destroy(gone);
            try (Stream<? extends TrackedEventMessage<?>> all = twins.engine.readEvents(null, false)) {
                assertThat(all.map(TrackedEventMessage::getPayload).toList())
                        .extracting("event")
                        .containsExactly(new TwinEvent.TwinCreated(living, NOON, PATIENT));
            }
        }
    }

    @Test
    void a_chapter_read_again_opens_only_what_was_written_since() {
        try (var twins = TestTwins.in(folder)) {
            var twin = twins.aTwin();
            twins.record(twin, Chapter.LABS, twins.incoming(twin, 1, "a"), twins.incoming(twin, 2, "b"));
            assertThat(twins.history.entries(twin, Chapter.LABS)).hasSize(2);
            twins.record(twin, Chapter.LABS, twins.incoming(twin, 2, "c"), twins.incoming(twin, 3, "d"));
            long opened = twins.engine.skeletonsOpened();
            assertThat(twins.history.entries(twin, Chapter.LABS))
                    .extracting(TwinHistory.EntryState::versions)
                    .containsExactly(List.of(0L), List.of(1L, 2L), List.of(3L));
            assertThat(twins.engine.skeletonsOpened() - opened).isEqualTo(2);
            twins.history.twinErased(twin);
            assertThat(twins.history.entries(twin, Chapter.LABS)).hasSize(3);
            assertThat(twins.engine.skeletonsOpened() - opened).isEqualTo(2 + 4);
        }
    }

    @Test
    void asking_for_a_chapter_that_the_twin_does_not_use_opens_no_keys() {
        try (var twins = TestTwins.in(folder)) {
            var twin = twins.aTwin();
            var before = twins.keys.ring().version(twin);
            assertThat(twins.history.entries(twin, Chapter.SAFETY)).isEmpty();
            assertThat(twins.history.chapters(twin)).isEmpty();
            twins.history.replay(twins.keys.receipt(twin), twin, Chapter.SAFETY, _ -> {});
            assertThat(twins.keys.ring().version(twin)).isEqualTo(before);
        }
    }

    @Test
    void everything_is_there_after_a_restart() {
        var keys = TestKeys.seed(7);
        var ids = new ArrayList<TwinId>();
        try (var twins = TestTwins.in(folder, keys)) {
            ids.addAll(List.of(twins.aTwin(), twins.aTwin()));
            twins.record(ids.getFirst(), Chapter.LABS, twins.incoming(ids.getFirst(), 1, "a"));
        }
        try (var twins = TestTwins.in(folder, keys)) {
            assertThat(twins.history.twins()).containsExactlyInAnyOrderElementsOf(ids);
            assertThat(twins.history.chapters(ids.getFirst())).containsExactly(Chapter.LABS);
            assertThat(twins.says(ids.getFirst(), Chapter.LABS, 0)).isEqualTo("a");
            assertThat(twins.history.exists(new TwinId(new UUID(9, 9)))).isFalse();
        }
    }

    private static void await(CountDownLatch happened) {
        try {
            assertThat(happened.await(1, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As if entries had been recorded otherwise. */
    private static final class AsIf extends SingleEventUpcaster {
        private final Consumer<ObjectNode> change;

        AsIf(Consumer<ObjectNode> change) {
            this.change = change;
        }

        @Override
        protected boolean canUpcast(IntermediateEventRepresentation event) {
            return event.getType().getName().equals(EventForm.ENTRY_RECORDED);
        }

        @Override
        protected IntermediateEventRepresentation doUpcast(IntermediateEventRepresentation event) {
            var type = new SimpleSerializedType(EventForm.ENTRY_RECORDED, "2");
            return event.upcastPayload(type, JsonNode.class, json -> {
                change.accept((ObjectNode) json);
                return json;
            });
        }
    }
}
