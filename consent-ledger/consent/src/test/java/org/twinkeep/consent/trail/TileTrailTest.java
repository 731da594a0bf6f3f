package org.twinkeep.consent.trail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.twinkeep.consent.trail.ATrail.ADA;
import static org.twinkeep.consent.trail.ATrail.BLOCK_ONE;
import static org.twinkeep.consent.trail.ATrail.look;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.twinkeep.consent.ledger.ConsentLedger.Position;
import org.twinkeep.consent.ledger.LedgerUnavailable;
import org.twinkeep.consent.trail.Trail.PublicLeaf;
import org.twinkeep.crypto.Chapter;

class TileTrailTest {

    private ATrail a;

    @BeforeEach
    void prepare(@TempDir Path folder) {
        a = new ATrail(folder.resolve("trail"));
    }

    @Test
    void a_permitted_look_yields_a_receipt_for_just_what_was_permitted() {
        try (var trail = a.open()) {
            var twin = a.keys.twin();
            var receipt = look(trail, twin);
            a.keys.receipts.check(receipt, twin, Chapter.LABS);
            assertThatThrownBy(() -> a.keys.receipts.check(receipt, twin, Chapter.VITALS))
                    .isInstanceOf(RuntimeException.class);
            assertThat(receipt.leafHash())
                    .isEqualTo(trail.leaves(0, 1).getFirst().hash());
        }
    }

    @Test
    void the_patient_reads_who_looked_and_who_was_refused_newest_first() {
        try (var trail = a.open()) {
            var twin = a.keys.twin();
            var receipt = look(trail, twin);
            a.clock.pass(Duration.ofSeconds(1));
            var disclosed = trail.disclosed(receipt, ADA, "TREAT", 12, new byte[32]);
            var denied = trail.denied(twin, ADA, "HRESCH", "the consent is for another purpose", BLOCK_ONE);
            var looks = trail.looks(twin);
            assertThat(looks).extracting(Look::counter).containsExactly(3L, 2L, 1L);
            assertThat(looks).extracting(Look::leafHash).containsExactly(denied, disclosed, receipt.leafHash());
            assertThat(looks.get(0).permitted()).isFalse();
            assertThat(looks.get(0).why()).isEqualTo("the consent is for another purpose");
            assertThat(looks.get(1).entries()).isEqualTo(12);
            assertThat(looks.get(1).verdictLeaf()).isEqualTo(receipt.leafIndex());
            assertThat(looks.get(2).who()).isEqualTo(ADA);
            assertThat(looks.get(2).scopes()).containsExactly(Chapter.LABS);
            assertThat(looks.get(2).consents()).containsExactly("ab".repeat(32));
            assertThat(looks.get(2).at()).isEqualTo(looks.get(1).at().minusSeconds(1));
        }
    }

    @Test
    void nobody_reads_the_looks_at_another_twin() {
        try (var trail = a.open()) {
            look(trail, a.keys.twin());
            assertThat(trail.looks(a.keys.twin())).isEmpty();
        }
    }

    @Test
    void everything_is_there_after_a_restart() {
        var twin = a.keys.twin();
        List<Look> before;
        try (var trail = a.open()) {
            look(trail, twin);
            trail.ledgerAdvanced(new Position(4, "44".repeat(32)));
            look(trail, a.keys.twin());
            look(trail, twin);
            before = trail.looks(twin);
        }
        try (var trail = a.open()) {
            assertThat(trail.looks(twin)).isEqualTo(before);
            assertThat(trail.size()).isEqualTo(4);
            assertThat(trail.remembersLedger()).isEqualTo(new Position(4, "44".repeat(32)));
            look(trail, twin);
            assertThat(trail.looks(twin).getFirst().counter()).isEqualTo(3);
        }
        assertThat(a.check().problems()).isEmpty();
    }

    @Test
    void an_erased_twins_leaves_still_verify_and_say_nothing() {
        try (var trail = a.open()) {
            var twin = a.keys.twin();
            look(trail, twin);
            assertThat(trail.leaves(0, 1).getFirst().opened()).isEqualTo(ADA);
            a.keys.ring().destroy(twin);
            assertThat(trail.looks(twin)).isEmpty();
            assertThat(trail.leaves(0, 1))
                    .singleElement()
                    .extracting(PublicLeaf::opened, PublicLeaf::purpose, PublicLeaf::why)
                    .containsOnlyNulls();
            trail.checkpoint();
        }
        assertThat(a.check().problems()).isEmpty();
        assertThat(a.check().leaves()).isEqualTo(1);
    }

    @Test
    void the_auditor_reads_who_and_why_but_no_chapter_and_no_count() throws IOException {
        try (var trail = a.open()) {
            var twin = a.keys.twin();
            trail.disclosed(look(trail, twin), ADA, "TREAT", 1234, new byte[32]);
            var leaf = trail.leaves(0, 1).getFirst();
            assertThat(leaf.purpose()).isEqualTo("TREAT");
            assertThat(leaf.kind()).isEqualTo("disclosure");
            assertThat(leaf.decision()).isEqualTo("permit");
            assertThat(leaf.ledgerBlock()).isEqualTo(1);
        }
        var journal = Files.readString(a.folder.resolve("journal/0"), StandardCharsets.ISO_8859_1);
        assertThat(journal).doesNotContain("Ada", "TREAT", "labs", "1234", "ab".repeat(8));
    }

    @Test
    void a_denial_for_a_twin_that_is_not_there_looks_like_any_other() {
        try (var trail = a.open()) {
            trail.denied(a.keys.twin(), ADA, "TREAT", "no live consent for this person", BLOCK_ONE);
            trail.deniedUnknown(ADA, "TREAT", BLOCK_ONE);
            var lengths = entries().stream().map(entry -> entry.length).distinct();
            assertThat(lengths).hasSize(1);
            var shapes = trail.leaves(0, 2).stream()
                    .map(leaf -> leaf.kind()
                            + leaf.decision()
                            + leaf.counter()
                            + leaf.twin().length());
            assertThat(shapes.distinct()).hasSize(1);
        }
    }

    @Test
    void many_consents_or_few_look_alike() {
        try (var trail = a.open()) {
            var twin = a.keys.twin();
            trail.permitted(twin, ADA, "TREAT", null, List.of(), Set.of(Chapter.LABS), BLOCK_ONE);
            trail.permitted(twin, ADA, "TREAT", null, List.of(), Set.of(Chapter.values()), BLOCK_ONE);
            assertThat(entries().stream().map(entry -> entry.length).distinct()).hasSize(1);
        }
    }

    @Test
    void a_reason_that_no_leaf_can_hold_is_refused_and_leaves_no_mark() {
        try (var trail = a.open()) {
            var twin = a.keys.twin();
            assertThatThrownBy(() -> trail.denied(twin, ADA, "TREAT", "x".repeat(40_000), BLOCK_ONE))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageNotContaining("xxx");
            assertThat(trail.size()).isZero();
            trail.denied(twin, ADA, "TREAT", "x".repeat(30_000), BLOCK_ONE);
            assertThat(trail.looks(twin).getFirst().why()).hasSize(30_000);
        }
    }

    @Test
    void a_look_at_a_forgotten_twin_writes_nothing() {
        try (var trail = a.open()) {
            var twin = a.keys.twin();
            a.keys.ring().destroy(twin);
            assertThatThrownBy(() -> look(trail, twin)).isInstanceOf(RuntimeException.class);
            assertThat(trail.size()).isZero();
        }
    }

    @Test
    void a_checkpoint_holds_the_heads_that_moved_and_then_nothing_new_means_nothing() {
        try (var trail = a.open()) {
            var empty = trail.checkpointNote();
            trail.checkpoint();
            assertThat(trail.checkpointNote()).isEqualTo(empty);
            a.moves("hdt-1", 5);
            a.moves("hdt-2", 9);
            trail.checkpoint();
            var first = trail.checkpointNote();
            assertThat(first).isNotEqualTo(empty);
            trail.checkpoint();
            assertThat(trail.checkpointNote()).isEqualTo(first);
            a.moves("hdt-1", 6);
            trail.checkpoint();
            assertThat(trail.leaves(0, 9)).extracting(PublicLeaf::kind).containsExactly("heads", "heads");
        }
        var check = a.check();
        assertThat(check.problems()).isEmpty();
        assertThat(check.position()).isEqualTo(3);
        assertThat(check.heads().get("hdt-1").sequence()).isEqualTo(6);
        assertThat(check.heads().get("hdt-2").sequence()).isEqualTo(9);
    }

    @Test
    void a_thousand_heads_take_several_leaves() {
        try (var trail = a.open()) {
            IntStream.range(0, 1000).forEach(i -> a.moves("hdt-" + String.format("%040x", i), 1L << 40));
            trail.checkpoint();
            assertThat(trail.size()).isEqualTo(3);
        }
        assertThat(a.check().heads()).hasSize(1000);
        try (var trail = a.open()) {
            trail.checkpoint();
            assertThat(trail.size()).isEqualTo(3);
        }
    }

    @Test
    void the_ledger_is_remembered_by_verdicts_too_and_never_another_one() {
        try (var trail = a.open()) {
            assertThat(trail.remembersLedger()).isEqualTo(Position.NONE);
            var twin = a.keys.twin();
            look(trail, twin);
            assertThat(trail.remembersLedger()).isEqualTo(BLOCK_ONE);
            trail.ledgerAdvanced(BLOCK_ONE);
            trail.ledgerAdvanced(new Position(0, "00".repeat(32)));
            assertThat(trail.size()).isEqualTo(1);
            assertThatThrownBy(() -> trail.ledgerAdvanced(new Position(1, "22".repeat(32))))
                    .isInstanceOf(LedgerUnavailable.class);
            var other = new Position(1, "22".repeat(32));
            assertThatThrownBy(() -> trail.denied(twin, ADA, "TREAT", "why", other))
                    .isInstanceOf(LedgerUnavailable.class);
            assertThat(trail.size()).isEqualTo(1);
        }
    }

    @Test
    void a_proof_verifies_offline_and_only_as_it_is() {
        try (var trail = a.open()) {
            var twin = a.keys.twin();
            var hashes = new ArrayList<String>();
            for (int i = 0; i < 300; i++) {
                hashes.add(look(trail, twin).leafHash());
            }
            assertThatThrownBy(() -> trail.proof(3)).isInstanceOf(IllegalArgumentException.class);
            trail.checkpoint();
            for (long index : new long[] {0, 1, 255, 256, 299}) {
                var proof = trail.proof(index);
                var verified = TlogProof.verified(proof, ATrail.ORIGIN, trail.verifyingKey());
                assertThat(verified.index()).isEqualTo(index);
                assertThat(Leaf.hashOf(verified.leaf())).isEqualTo(hashes.get((int) index));
                assertThatThrownBy(() -> TlogProof.verified(
                                proof.replace("index " + index, "index " + (index + 1)),
                                ATrail.ORIGIN,
                                trail.verifyingKey()))
                        .isInstanceOf(IllegalArgumentException.class);
            }
            assertThatThrownBy(() -> trail.proof(300)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> TlogProof.verified(trail.proof(0), "another.example/trail", trail.verifyingKey()))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void a_proof_of_a_log_of_one_leaf_verifies() {
        try (var trail = a.open()) {
            look(trail, a.keys.twin());
            trail.checkpoint();
            var verified = TlogProof.verified(trail.proof(0), ATrail.ORIGIN, trail.verifyingKey());
            assertThat(verified.size()).isEqualTo(1);
        }
    }

    @Test
    void many_threads_leave_no_gap_and_every_leaf_that_was_acknowledged() throws Exception {
        var twins = IntStream.range(0, 5).mapToObj(_ -> a.keys.twin()).toList();
        try (var trail = a.open();
                var threads = Executors.newFixedThreadPool(16)) {
            var work = new ArrayList<Callable<String>>();
            for (int i = 0; i < 1200; i++) {
                var twin = twins.get(i % twins.size());
                work.add(() -> look(trail, twin).leafHash());
                if (i % 100 == 0) {
                    work.add(() -> {
                        trail.checkpoint();
                        return "";
                    });
                }
            }
            for (var done : threads.invokeAll(work)) {
                done.get();
            }
            assertThat(trail.size()).isEqualTo(1200);
        }
        assertThat(a.check().problems()).isEmpty();
        try (var trail = a.open()) {
            for (var twin : twins) {
                assertThat(trail.looks(twin))
                        .extracting(Look::counter)
                        .containsExactlyElementsOf(LongStream.rangeClosed(1, 240)
                                .mapToObj(i -> 241 - i)
                                .toList());
            }
        }
    }

    @Test
    void a_clock_that_goes_back_takes_no_leaf_with_it() {
        try (var trail = a.open()) {
            var twin = a.keys.twin();
            look(trail, twin);
            a.clock.pass(Duration.ofHours(-1));
            look(trail, twin);
            var looks = trail.looks(twin);
            assertThat(looks.get(0).at()).isEqualTo(looks.get(1).at());
        }
        assertThat(a.check().problems()).isEmpty();
    }

    @Test
    void a_closed_trail_writes_nothing() {
        var trail = a.open();
        var twin = a.keys.twin();
        trail.close();
        assertThatThrownBy(() -> look(trail, twin)).isInstanceOf(TrailUnwritable.class);
    }

    @Test
    void a_folder_that_cannot_be_written_shows_nothing() throws IOException {
        Files.writeString(a.folder, "a file stands where the folder ought to be");
        assertThatThrownBy(() -> a.open()).isInstanceOf(TrailUnwritable.class);
    }

    private List<byte[]> entries() {
        try {
            return Journal.read(a.folder.resolve(Journal.path(0))).entries();
        } catch (IOException | Altered e) {
            throw new IllegalStateException(e);
        }
    }
}
