package org.twinkeep.crypto.sealing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.lists;

import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.Hpke;
import org.twinkeep.crypto.KeyScope;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.Tampered;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.access.ReceiptRefused;
import org.twinkeep.crypto.keys.GrantedKeys;
import org.twinkeep.crypto.keys.LeafAddress;
import org.twinkeep.crypto.keys.StreamName;
import org.twinkeep.crypto.keys.TestKeys;

class GrantTest {

    private static final Secret HOLDER = Secret.copyOf(new byte[32]);
    private static final byte[] PUBLIC = Hpke.X_WING.publicKeyOf(HOLDER);

    private final TestKeys keys = TestKeys.seed(23);
    private final TwinId twin = keys.twin();
    private final Sealing sealing = keys.sealing();

    @Test
    void a_grant_opens_exactly_what_was_handed_out() {
        qt().withExamples(60)
                .forAll(
                        lists().of(integers().between(0, 5)).ofSizeBetween(1, 25),
                        lists().of(integers().between(0, 40)).ofSizeBetween(0, 12),
                        lists().of(integers().between(0, 6)).ofSizeBetween(0, 3))
                .checkAssert((steps, covered, whole) -> {
                    var world = new World();
                    steps.forEach(world::live);
                    var epochs = whole.stream()
                            .filter(epoch -> epoch <= world.epoch())
                            .toList();
                    var addresses = covered.stream()
                            .filter(number -> number < world.entries.size())
                            .map(number -> world.entries.get(number).address())
                            .toList();
                    try (var grant = world.grant(epochs, addresses)) {
                        for (var entry : world.entries) {
                            int epoch = entry.address().epoch();
                            boolean wholly = epochs.contains(epoch)
                                    && epoch < world.epoch()
                                    && !world.puncturedEpochs.contains(epoch);
                            boolean alone =
                                    addresses.contains(entry.address()) && !world.punctured.contains(entry.address());
                            assertThat(grant.body(entry.context(), entry.event())
                                            .map(body -> new String(body.content(), StandardCharsets.UTF_8)))
                                    .isEqualTo(wholly || alone ? Optional.of(entry.content()) : Optional.empty());
                        }
                        assertThat(grant.epochs()).doesNotContain(world.epoch());
                        assertThat(grant.leaves())
                                .noneMatch(leaf -> grant.epochs().contains(leaf.epoch()));
                    }
                });
    }

    @Test
    void a_whole_epoch_opens_what_was_sealed_in_it_and_nothing_sealed_later() {
        var world = new World();
        world.live(0);
        world.live(4);
        world.live(0);
        try (var grant = world.grant(List.of(0, 1), List.of())) {
            assertThat(grant.epochs()).containsExactly(0);
            assertThat(grant.leaves()).isEmpty();
            assertThat(grant.body(
                            world.entries.getFirst().context(),
                            world.entries.getFirst().event()))
                    .isPresent();
            assertThat(grant.body(
                            world.entries.getLast().context(),
                            world.entries.getLast().event()))
                    .isEmpty();
        }
    }

    @Test
    void a_body_of_an_epoch_that_is_handed_out_whole_is_not_listed_again() {
        var world = new World();
        world.live(0);
        world.live(4);
        world.live(0);
        var all = world.entries.stream().map(Entry::address).toList();
        try (var grant = world.grant(List.of(0), all)) {
            assertThat(grant.epochs()).containsExactly(0);
            assertThat(grant.leaves()).containsExactly(all.getLast());
        }
    }

    @Test
    void neither_another_twin_nor_another_chapter_nor_a_moved_event_opens() {
        var world = new World();
        world.live(0);
        world.live(0);
        var one = world.entries.getFirst();
        try (var grant = world.grant(List.of(), List.of(one.address()))) {
            var there = one.context();
            assertThat(grant.body(context(new TwinId(new UUID(4, 4)), Chapter.LABS, there.sequence()), one.event()))
                    .isEmpty();
            assertThat(grant.body(context(world.whose, Chapter.VITALS, there.sequence()), one.event()))
                    .isEmpty();
            assertThatThrownBy(() -> grant.body(context(world.whose, Chapter.LABS, 9), one.event()))
                    .isInstanceOf(Tampered.class);
            assertThat(grant.body(there, sealing.seal(there, new byte[0], null, new byte[32])))
                    .isEmpty();
        }
    }

    @Test
    void a_body_in_chunks_opens() {
        var context = context(twin, Chapter.LABS, 0);
        var large = new Body(1, new byte[2], new byte[2 * Sealing.CHUNK_BYTES]);
        var event = sealing.seal(context, new byte[0], large, new byte[32]);
        var address = Sealing.addressOf(event.body());
        try (var grant = granted(keys.ring()
                .handOut(keys.receipt(twin, Chapter.LABS), twin, Chapter.LABS, List.of(), List.of(address)))) {
            assertThat(grant.body(context, event).orElseThrow().content()).isEqualTo(large.content());
        }
    }

    @Test
    void a_grant_that_is_closed_opens_nothing_more() {
        var world = new World();
        world.live(0);
        world.live(4);
        world.live(0);
        for (var entry : world.entries) {
            var grant = world.grant(List.of(0), List.of(entry.address()));
            assertThat(grant.body(entry.context(), entry.event())).isPresent();
            grant.close();
            assertThatThrownBy(() -> grant.body(entry.context(), entry.event()))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void no_keys_are_handed_out_without_a_receipt_that_covers_them() {
        assertThatThrownBy(() -> keys.ring()
                        .handOut(keys.receipt(twin, Chapter.VITALS), twin, Chapter.LABS, List.of(), List.of()))
                .isInstanceOf(ReceiptRefused.class);
    }

    @Test
    void a_grant_is_its_holders_alone_and_shows_nothing() {
        var world = new World();
        world.live(0);
        var handed = keys.ring()
                .handOut(
                        keys.receipt(world.whose),
                        world.whose,
                        Chapter.LABS,
                        List.of(),
                        List.of(world.entries.getFirst().address()));
        var sealed = Grant.seal(TestKeys.TENANT, handed, PUBLIC);
        assertThatThrownBy(() -> Grant.open(
                        Secret.copyOf(new byte[] {
                            9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9,
                            9
                        }),
                        sealed))
                .isInstanceOf(Tampered.class);
        for (int at : new int[] {0, 8, 9, 1200, sealed.length - 1}) {
            var flipped = sealed.clone();
            flipped[at] ^= 1;
            assertThatThrownBy(() -> Grant.open(HOLDER, flipped)).isInstanceOf(Tampered.class);
        }
        assertThat(handed).hasToString("GrantedKeys");
        assertThat(Grant.open(HOLDER, sealed)).hasToString("Grant");
        assertThat(new String(sealed, StandardCharsets.ISO_8859_1)).doesNotContain(TestKeys.TENANT);
    }

    @Test
    void anything_but_the_one_encoding_is_tampered() {
        var start = "01" + "00".repeat(16) + "06";
        var root = "00".repeat(32);
        var leaf = "00".repeat(64);
        for (var malformed : List.of(
                "",
                "02" + "00".repeat(16) + "06" + "00000000" + "00000000",
                "01" + "00".repeat(16) + "63" + "00000000" + "00000000", // no such scope
                start + "00000000",
                start + "00000000" + "00000000" + "00",
                start + "7fffffff" + "00000000",
                start + "00000002" + "00000001" + root + "00000001" + root + "00000000", // an epoch twice
                start + "00000000" + "00000002" + "00000000" + "000005" + leaf + "00000000" + "000005" + leaf,
                start + "00000000" + "00000002" + "00000000" + "000005" + leaf + "00000000" + "000004" + leaf,
                start + "00000001" + "00000001" + root + "00000001" + "00000001" + "000000" + leaf)) { // in it already
            assertThatThrownBy(() ->
                            GrantedKeys.decode(Secret.taking(HexFormat.of().parseHex(malformed))))
                    .as(malformed)
                    .isInstanceOf(Tampered.class);
        }
    }

    @Test
    void the_golden_grant_opens_its_entry_and_not_the_other() throws IOException {
        var golden = new Properties();
        try (var in = GrantTest.class.getResourceAsStream("grant.properties")) {
            golden.load(new InputStreamReader(in, StandardCharsets.UTF_8));
        }
        var hex = HexFormat.of();
        var holder = Secret.taking(hex.parseHex(golden.getProperty("holder")));
        try (var grant = Grant.open(holder, hex.parseHex(golden.getProperty("grant")))) {
            assertThat(grant.twin()).isEqualTo(TwinId.of(golden.getProperty("twin")));
            assertThat(grant.scope()).isEqualTo(Chapter.LABS);
            assertThat(grant.epochs()).containsExactly(0);
            assertThat(grant.leaves()).containsExactly(new LeafAddress(1, 0));
            for (var name : List.of("first", "second", "third")) {
                var context =
                        context(grant.twin(), Chapter.LABS, Long.parseLong(golden.getProperty(name + ".sequence")));
                var event = new SealedEvent(
                        new byte[0],
                        hex.parseHex(golden.getProperty(name + ".body")),
                        List.of(),
                        new byte[32],
                        new byte[0]);
                assertThat(grant.body(context, event)
                                .map(body -> new String(body.content(), StandardCharsets.UTF_8))
                                .orElse("closed"))
                        .isEqualTo(golden.getProperty(name + ".content"));
            }
        }
    }

    private static Grant granted(GrantedKeys handed) {
        try (handed) {
            return Grant.open(HOLDER, Grant.seal(TestKeys.TENANT, handed, PUBLIC));
        }
    }

    private static EventContext context(TwinId twin, KeyScope scope, long sequence) {
        return new EventContext(
                new StreamName("hdt-" + "0".repeat(40)),
                sequence,
                "event-" + sequence,
                "EntryRecorded",
                "1",
                twin,
                scope);
    }

    private record Entry(EventContext context, SealedEvent event, LeafAddress address, String content) {}

    /** A chapter with a past. */
    private final class World {
        private final List<Entry> entries = new ArrayList<>();
        private final Set<LeafAddress> punctured = new HashSet<>();
        private final Set<Integer> puncturedEpochs = new HashSet<>();
        private final TwinId whose = keys.twin();

        void live(int step) {
            switch (step) {
                case 4 -> keys.ring().advance(whose, Chapter.LABS);
                case 5 -> {
                    if (!entries.isEmpty()) {
                        var address = entries.get(entries.size() / 2).address();
                        keys.ring().puncture(whose, Chapter.LABS, List.of(address));
                        punctured.add(address);
                        puncturedEpochs.add(address.epoch());
                    }
                }
                default -> {
                    var context = context(whose, Chapter.LABS, entries.size());
                    var content = "{\"entry\":" + entries.size() + "}";
                    var body = new Body(1, new byte[2], content.getBytes(StandardCharsets.UTF_8));
                    var event = sealing.seal(context, new byte[3], body, new byte[32]);
                    entries.add(new Entry(context, event, Sealing.addressOf(event.body()), content));
                }
            }
        }

        int epoch() {
            return keys.ring().epochOf(whose, Chapter.LABS);
        }

        Grant grant(List<Integer> whole, List<LeafAddress> leaves) {
            return granted(keys.ring().handOut(keys.receipt(whose), whose, Chapter.LABS, whole, leaves));
        }
    }
}
