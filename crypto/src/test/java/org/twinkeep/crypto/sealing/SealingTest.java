package org.twinkeep.crypto.sealing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.KeyScope;
import org.twinkeep.crypto.Tampered;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.access.ReceiptRefused;
import org.twinkeep.crypto.keys.ScopeForgotten;
import org.twinkeep.crypto.keys.TestKeys;
import org.twinkeep.crypto.keys.TwinForgotten;

class SealingTest {

    private static final byte[] FIRST = new byte[32];
    private static final byte[] SKELETON = bytes("{\"entry\":1}");
    private static final Body BODY =
            new Body(1, bytes("{\"source\":\"a\"}"), bytes("{\"resourceType\":\"Observation\"}"));

    private final TestKeys keys = TestKeys.seed(1);
    private final Sealing sealing = keys.sealing();
    private final TwinId twin = keys.twin();
    private final EventContext context = context(twin, Chapter.LABS, 0);

    @Test
    void what_is_sealed_opens_again() {
        var event = sealing.seal(context, SKELETON, BODY, FIRST);
        assertThat(skeletonOf(sealing, context, event)).isEqualTo(SKELETON);
        assertThat(body(sealing.openBody(keys.receipt(twin, Chapter.LABS), context, event)))
                .isEqualTo(contents(BODY));
    }

    @Test
    void a_body_with_a_byte_too_many_is_refused() {
        var encoded = Sealing.encode(BODY);
        assertThat(contents(Sealing.decode(encoded))).isEqualTo(contents(BODY));
        assertThatThrownBy(() -> Sealing.decode(Arrays.copyOf(encoded, encoded.length + 1)))
                .isInstanceOf(Tampered.class);
    }

    @Test
    void an_event_without_health_content_has_no_body() {
        var event = sealing.seal(context, SKELETON, null, FIRST);
        assertThat(event.body()).isNull();
        assertThat(sealing.openBody(keys.receipt(twin), context, event)).isInstanceOf(OpenedBody.None.class);
    }

    @Test
    void nothing_of_the_plain_text_stands_in_the_sealed_bytes() {
        var event = sealing.seal(context, SKELETON, BODY, FIRST);
        assertThat(latin(event.skeleton())).doesNotContain("entry");
        assertThat(latin(event.body())).doesNotContain("resourceType").doesNotContain("source");
    }

    @Test
    void a_large_body_is_sealed_in_chunks_and_no_record_exceeds_one_mebibyte() {
        int whole = Sealing.CHUNK_BYTES - Sealing.encode(new Body(1, BODY.about(), new byte[0])).length;
        for (int size :
                List.of(whole, whole + 1, Sealing.CHUNK_BYTES, Sealing.CHUNK_BYTES + 1, 3 * Sealing.CHUNK_BYTES + 17)) {
            var large = new Body(1, BODY.about(), new byte[size]);
            var event = sealing.seal(context, SKELETON, large, FIRST);
            assertThat(event.chunks()).hasSize((size + 4 + 4 + 4 + BODY.about().length - 1) / Sealing.CHUNK_BYTES);
            assertThat(event.chunks()).allMatch(chunk -> chunk.length < 1 << 20);
            assertThat(body(sealing.openBody(keys.receipt(twin), context, event)))
                    .isEqualTo(contents(large));
        }
    }

    @Test
    void a_chunk_that_is_missing_doubled_moved_or_swapped_is_noticed() {
        var event =
                sealing.seal(context, SKELETON, new Body(1, BODY.about(), new byte[3 * Sealing.CHUNK_BYTES]), FIRST);
        var chunks = event.chunks();
        assertThat(chunks).hasSize(3);
        for (var wrong : List.of(
                chunks.subList(0, 2),
                List.of(chunks.get(0), chunks.get(1), chunks.get(2), chunks.get(2)),
                List.of(chunks.get(1), chunks.get(0), chunks.get(2)),
                List.<byte[]>of())) {
            assertTampered(context, new SealedEvent(event.skeleton(), event.body(), wrong, FIRST, event.hash()));
        }
        var other =
                sealing.seal(context, SKELETON, new Body(1, BODY.about(), new byte[3 * Sealing.CHUNK_BYTES]), FIRST);
        var mixed = List.of(other.chunks().get(0), chunks.get(1), chunks.get(2));
        assertTampered(context, new SealedEvent(event.skeleton(), event.body(), mixed, FIRST, event.hash()));
    }

    @Test
    void an_event_opens_nowhere_else() {
        var event = sealing.seal(context, SKELETON, BODY, FIRST);
        var other = keys.twin();
        var moved = List.of(
                new EventContext(keys.ring().streamOf(twin, Chapter.VITALS), 0, "e0", "t", "1", twin, Chapter.LABS),
                new EventContext(context.stream(), 1, "e0", "t", "1", twin, Chapter.LABS),
                new EventContext(context.stream(), 0, "e1", "t", "1", twin, Chapter.LABS),
                new EventContext(context.stream(), 0, "e0", "u", "1", twin, Chapter.LABS),
                new EventContext(context.stream(), 0, "e0", "t", "2", twin, Chapter.LABS),
                new EventContext(context.stream(), 0, "e0", "t", "1", twin, Chapter.VITALS),
                new EventContext(keys.ring().streamOf(other, Chapter.LABS), 0, "e0", "t", "1", other, Chapter.LABS));
        for (var place : moved) {
            assertTampered(place, event);
            assertThatThrownBy(() -> skeletonOf(sealing, place, event)).isInstanceOf(Tampered.class);
        }
        var otherHouse = new Sealing("another house", keys.ring(), keys.random);
        assertThatThrownBy(() -> skeletonOf(otherHouse, context, event)).isInstanceOf(Tampered.class);
        var otherHistory = new byte[32];
        otherHistory[3] = 1;
        assertTampered(
                context, new SealedEvent(event.skeleton(), event.body(), event.chunks(), otherHistory, event.hash()));
    }

    @Test
    void any_flipped_bit_and_any_cut_is_noticed() {
        var event = sealing.seal(context, SKELETON, BODY, FIRST);
        var body = event.body();
        for (int i = 0; i < body.length; i++) {
            var flipped = body.clone();
            flipped[i] ^= 1 << i % 8;
            // A flipped index can name a leaf that exists: its commitment differs, so that is noticed too.
            assertTampered(context, new SealedEvent(event.skeleton(), flipped, List.of(), FIRST, event.hash()));
            assertTampered(
                    context, new SealedEvent(event.skeleton(), Arrays.copyOf(body, i), List.of(), FIRST, event.hash()));
        }
        for (int i = 0; i < event.skeleton().length; i++) {
            var flipped = event.skeleton().clone();
            flipped[i] ^= 1 << i % 8;
            var wrong = new SealedEvent(flipped, body, List.of(), FIRST, event.hash());
            assertThatThrownBy(() -> skeletonOf(sealing, context, wrong)).isInstanceOf(Tampered.class);
        }
    }

    @Test
    void a_body_opens_only_against_a_receipt_that_covers_it() {
        var event = sealing.seal(context, SKELETON, BODY, FIRST);
        var stranger = TestKeys.seed(2).receipts.issue(twin, Set.of(Chapter.LABS), 7, "ab".repeat(32), Instant.EPOCH);
        for (var receipt : List.of(keys.receipt(twin, Chapter.VITALS), keys.receipt(keys.twin()), stranger)) {
            assertThatThrownBy(() -> sealing.openBody(receipt, context, event)).isInstanceOf(ReceiptRefused.class);
        }
    }

    @Test
    void a_punctured_body_is_erased_and_its_skeleton_still_opens() {
        var event = sealing.seal(context, SKELETON, BODY, FIRST);
        var beside = sealing.seal(context, SKELETON, BODY, FIRST);
        keys.ring().puncture(twin, Chapter.LABS, List.of(Sealing.addressOf(event.body())));
        assertThat(sealing.openBody(keys.receipt(twin), context, event)).isInstanceOf(OpenedBody.Erased.class);
        assertThat(sealing.compare(context, event.body(), BODY.content())).isEqualTo(Sameness.ERASED);
        assertThat(skeletonOf(sealing, context, event)).isEqualTo(SKELETON);
        assertThat(sealing.openBody(keys.receipt(twin), context, beside)).isInstanceOf(OpenedBody.Present.class);
    }

    @Test
    void the_same_content_is_recognised_without_opening_it() {
        var event = sealing.seal(context, SKELETON, BODY, FIRST);
        assertThat(sealing.compare(context, event.body(), BODY.content())).isEqualTo(Sameness.SAME);
        assertThat(sealing.compare(context, event.body(), BODY.about())).isEqualTo(Sameness.DIFFERENT);
    }

    @Test
    void sealing_the_same_twice_shares_neither_key_nor_bytes() {
        var one = sealing.seal(context, SKELETON, BODY, FIRST);
        var two = sealing.seal(context, SKELETON, BODY, FIRST);
        assertThat(Sealing.addressOf(one.body())).isNotEqualTo(Sealing.addressOf(two.body()));
        assertThat(one.body()).isNotEqualTo(two.body());
        assertThat(one.skeleton()).isNotEqualTo(two.skeleton());
    }

    @Test
    void the_chain_moves_with_every_byte_that_is_stored() {
        var event = sealing.seal(context, SKELETON, new Body(1, BODY.about(), new byte[Sealing.CHUNK_BYTES]), FIRST);
        assertThat(hash(context, event)).isEqualTo(event.hash());
        var hashes = new ArrayList<List<Byte>>();
        hashes.add(list(event.hash()));
        var flipped = event.skeleton().clone();
        flipped[40] ^= 1;
        hashes.add(list(hash(context, new SealedEvent(flipped, event.body(), event.chunks(), FIRST, FIRST))));
        hashes.add(list(hash(context, new SealedEvent(event.skeleton(), null, event.chunks(), FIRST, FIRST))));
        hashes.add(list(hash(context, new SealedEvent(event.skeleton(), event.body(), List.of(), FIRST, FIRST))));
        hashes.add(list(
                hash(context, new SealedEvent(event.skeleton(), event.body(), event.chunks(), event.hash(), FIRST))));
        hashes.add(list(hash(context(twin, Chapter.LABS, 1), event)));
        assertThat(hashes).doesNotHaveDuplicates();
    }

    @Test
    void what_stands_aside_opens_as_its_own_kind_only() {
        var sealed = sealing.sealAside(context, "snapshot", SKELETON);
        assertThat(sealing.openAside(context, "snapshot", sealed)).isEqualTo(SKELETON);
        assertThatThrownBy(() -> sealing.openAside(context, "dead-letter", sealed))
                .isInstanceOf(Tampered.class);
        assertThatThrownBy(() -> sealing.openAside(context(twin, Chapter.LABS, 1), "snapshot", sealed))
                .isInstanceOf(Tampered.class);
        var asSkeleton = new SealedEvent(sealed, null, List.of(), FIRST, FIRST);
        assertThatThrownBy(() -> skeletonOf(sealing, context, asSkeleton)).isInstanceOf(Tampered.class);
    }

    @Test
    void a_dropped_chapter_opens_neither_bodies_nor_skeletons_and_can_begin_again() {
        var event = sealing.seal(context, SKELETON, BODY, FIRST);
        keys.ring().drop(twin, Chapter.LABS);
        assertThat(sealing.openBody(keys.receipt(twin), context, event)).isInstanceOf(OpenedBody.Erased.class);
        assertThatThrownBy(() -> skeletonOf(sealing, context, event)).isInstanceOf(ScopeForgotten.class);
        var later = sealing.seal(context, SKELETON, BODY, event.hash());
        assertThat(sealing.openBody(keys.receipt(twin), context, later)).isInstanceOf(OpenedBody.Present.class);
        assertThat(sealing.openBody(keys.receipt(twin), context, event)).isInstanceOf(OpenedBody.Erased.class);
    }

    @Test
    void skeletons_of_several_epochs_open_one_after_the_other() {
        var first = sealing.seal(context, SKELETON, BODY, FIRST);
        keys.ring().advance(twin, Chapter.LABS);
        var next = context(twin, Chapter.LABS, 1);
        var second = sealing.seal(next, SKELETON, BODY, first.hash());
        try (var skeletons = sealing.skeletons(twin, Chapter.LABS)) {
            assertThat(skeletons.open(context, first)).isEqualTo(SKELETON);
            assertThat(skeletons.open(next, second)).isEqualTo(SKELETON);
            assertThat(skeletons.open(next, second)).isEqualTo(SKELETON);
            assertThat(skeletons.open(context, first)).isEqualTo(SKELETON);
        }
    }

    @Test
    void a_body_that_is_punctured_between_two_stays_closed() {
        var first = sealing.seal(context, SKELETON, BODY, FIRST);
        var next = context(twin, Chapter.LABS, 1);
        var second = sealing.seal(next, SKELETON, BODY, first.hash());
        try (var bodies = sealing.bodies(keys.receipt(twin), twin, Chapter.LABS)) {
            assertThat(bodies.open(context, first)).isInstanceOf(OpenedBody.Present.class);
            keys.ring().puncture(twin, Chapter.LABS, List.of(Sealing.addressOf(second.body())));
            assertThat(bodies.open(next, second)).isInstanceOf(OpenedBody.Erased.class);
            assertThat(bodies.open(context, first)).isInstanceOf(OpenedBody.Present.class);
        }
    }

    @Test
    void what_opens_one_scope_refuses_an_event_of_another() {
        var elsewhere = context(twin, Chapter.VITALS, 0);
        var event = sealing.seal(elsewhere, SKELETON, BODY, FIRST);
        try (var bodies = sealing.bodies(keys.receipt(twin), twin, Chapter.LABS);
                var skeletons = sealing.skeletons(twin, Chapter.LABS)) {
            assertThatThrownBy(() -> bodies.open(elsewhere, event)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> skeletons.open(elsewhere, event)).isInstanceOf(IllegalArgumentException.class);
        }
        var other = new TwinId(new UUID(4, 4));
        assertThatThrownBy(() -> sealing.bodies(keys.receipt(twin), other, Chapter.LABS))
                .isInstanceOf(ReceiptRefused.class);
    }

    @Test
    void a_destroyed_twin_opens_nothing() {
        var event = sealing.seal(context, SKELETON, BODY, FIRST);
        var receipt = keys.receipt(twin);
        keys.ring().destroy(twin);
        assertThatThrownBy(() -> sealing.openBody(receipt, context, event)).isInstanceOf(TwinForgotten.class);
        assertThatThrownBy(() -> skeletonOf(sealing, context, event)).isInstanceOf(TwinForgotten.class);
    }

    private void assertTampered(EventContext place, SealedEvent event) {
        assertThatThrownBy(() -> sealing.openBody(keys.receipt(place.twin()), place, event))
                .isInstanceOf(Tampered.class);
    }

    private EventContext context(TwinId of, KeyScope scope, long sequence) {
        return new EventContext(keys.ring().streamOf(of, scope), sequence, "e" + sequence, "t", "1", of, scope);
    }

    private static byte[] hash(EventContext context, SealedEvent event) {
        return Sealing.hash(context, event.skeleton(), event.body(), event.chunks(), event.previousHash());
    }

    private static List<Object> body(OpenedBody opened) {
        assertThat(opened).isInstanceOf(OpenedBody.Present.class);
        return contents(((OpenedBody.Present) opened).body());
    }

    private static List<Object> contents(Body body) {
        return List.of(body.revision(), list(body.about()), list(body.content()));
    }

    private static List<Byte> list(byte[] bytes) {
        var list = new ArrayList<Byte>(bytes.length);
        for (byte b : bytes) {
            list.add(b);
        }
        return list;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String latin(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static byte[] skeletonOf(Sealing sealing, EventContext context, SealedEvent event) {
        try (var skeletons = sealing.skeletons(context.twin(), context.scope())) {
            return skeletons.open(context, event);
        }
    }
}
