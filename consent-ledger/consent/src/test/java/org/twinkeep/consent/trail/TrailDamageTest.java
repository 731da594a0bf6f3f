package org.twinkeep.consent.trail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.twinkeep.consent.trail.ATrail.look;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.twinkeep.consent.durable.Bytes;
import org.twinkeep.consent.embedded.TestOrganisations;
import org.twinkeep.consent.ledger.ConsentLedger.Position;
import org.twinkeep.consent.trail.TrailCheck.Problem;

class TrailDamageTest {

    private ATrail a;

    @BeforeEach
    void prepare(@TempDir Path folder) {
        a = new ATrail(folder.resolve("trail"));
    }

    /** Two full bundles, and 33 leaves more, of which the checkpoint knows all but the last. */
    private TreeMap<String, byte[]> aTrailWithEveryKindOfFile() {
        try (var trail = a.open()) {
            var twins = Stream.generate(() -> a.keys.twin()).limit(3).toList();
            for (int i = 0; i < 542; i++) {
                look(trail, twins.get(i % 3));
            }
            a.moves("hdt-1", 3);
            trail.ledgerAdvanced(new Position(2, "22".repeat(32)));
            trail.checkpoint();
            look(trail, twins.getFirst());
        }
        var files = Bytes.of(a.folder);
        assertThat(files.keySet())
                .containsExactly(
                        "checkpoint",
                        "journal/2",
                        "tile/0/000",
                        "tile/0/001",
                        "tile/0/002.p/32",
                        "tile/1/000.p/2",
                        "tile/entries/000",
                        "tile/entries/001",
                        "tile/entries/002.p/32");
        assertThat(a.check().problems()).isEmpty();
        return files;
    }

    @Test
    void any_flipped_byte_is_found_and_its_file_is_named() {
        var files = aTrailWithEveryKindOfFile();
        var random = new Random(9);
        for (var file : files.entrySet()) {
            for (int n = 0; n < 15; n++) {
                int at = random.nextInt(file.getValue().length);
                Bytes.write(a.folder.resolve(file.getKey()), Bytes.flipped(file.getValue(), at, random.nextInt(8)));
                assertThat(a.check().problems())
                        .as("%s at byte %d", file.getKey(), at)
                        .extracting(Problem::file)
                        .contains(file.getKey())
                        .hasSizeLessThanOrEqualTo(3);
            }
            Bytes.write(a.folder.resolve(file.getKey()), file.getValue());
        }
        assertThat(a.check().problems()).isEmpty();
    }

    @Test
    void each_byte_of_the_checkpoint_and_of_the_last_leaf_counts() {
        var files = aTrailWithEveryKindOfFile();
        var note = files.get("checkpoint");
        for (int at = 0; at < note.length; at += 3) {
            Bytes.write(a.folder.resolve("checkpoint"), Bytes.flipped(note, at, at % 8));
            assertThat(a.check().problems()).extracting(Problem::file).contains("checkpoint");
        }
        Bytes.write(a.folder.resolve("checkpoint"), note);
        var journal = files.get("journal/2");
        for (int at = journal.length - journal.length / 33; at < journal.length; at += 17) {
            Bytes.write(a.folder.resolve("journal/2"), Bytes.flipped(journal, at, at % 8));
            assertThat(a.check().problems()).extracting(Problem::file).contains("journal/2");
        }
    }

    @Test
    void a_file_that_is_missing_is_named() throws IOException {
        var files = aTrailWithEveryKindOfFile();
        for (var name : files.keySet()) {
            Files.delete(a.folder.resolve(name));
            assertThat(a.check().problems()).as(name).extracting(Problem::file).contains(name);
            assertThatThrownBy(() -> a.open()).isInstanceOf(TrailUnwritable.class);
            Bytes.restore(a.folder, files);
        }
    }

    @Test
    void a_file_that_does_not_belong_is_named() {
        aTrailWithEveryKindOfFile();
        Bytes.write(a.folder.resolve("tile/0/003"), new byte[8192]);
        assertThat(a.check().problems()).extracting(Problem::file).contains("tile/0/003");
    }

    @Test
    void an_altered_trail_is_not_continued() {
        var files = aTrailWithEveryKindOfFile();
        for (var name : new String[] {"checkpoint", "tile/0/000", "tile/entries/001", "journal/2"}) {
            Bytes.write(a.folder.resolve(name), Bytes.flipped(files.get(name), 60, 1));
            assertThatThrownBy(() -> a.open())
                    .isInstanceOf(TrailUnwritable.class)
                    .hasMessageContaining(name);
            Bytes.restore(a.folder, files);
        }
        a.open().close();
    }

    @Test
    void leaves_cut_off_below_the_checkpoint_are_missed() {
        var files = aTrailWithEveryKindOfFile();
        var journal = files.get("journal/2");
        int record = journal.length / 33;
        Bytes.write(a.folder.resolve("journal/2"), Arrays.copyOf(journal, journal.length - 2 * record));
        assertThat(a.check().problems()).extracting(Problem::file).contains("journal/2");
    }

    @Test
    void a_leaf_left_out_in_the_middle_shows_by_the_counter_of_its_twin() throws IOException, Altered {
        try (var trail = a.open()) {
            var twin = a.keys.twin();
            look(trail, twin);
            look(trail, twin);
            look(trail, twin);
        }
        var entries = Journal.read(a.folder.resolve("journal/0")).entries();
        entries.remove(1);
        Bytes.write(a.folder.resolve("journal/0"), Journal.records(entries));
        assertThat(a.check().problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.what()).contains("gap"));
    }

    @Test
    void a_rewritten_trail_does_not_continue_an_older_checkpoint() {
        String kept;
        try (var trail = a.open()) {
            look(trail, a.keys.twin());
            trail.checkpoint();
            kept = trail.checkpointNote();
            look(trail, a.keys.twin());
            trail.checkpoint();
        }
        assertThat(TrailCheck.since(kept, a.folder, ATrail.ORIGIN, ATrail.KEY.verifyingKey())
                        .problems())
                .isEmpty();
        Bytes.restore(a.folder, new TreeMap<>());
        try (var trail = a.open()) {
            look(trail, a.keys.twin());
            look(trail, a.keys.twin());
            trail.checkpoint();
        }
        assertThat(a.check().problems()).isEmpty();
        assertThat(TrailCheck.since(kept, a.folder, ATrail.ORIGIN, ATrail.KEY.verifyingKey())
                        .problems())
                .extracting(Problem::file)
                .containsExactly("checkpoint");
        assertThat(TrailCheck.since("nonsense", a.folder, ATrail.ORIGIN, ATrail.KEY.verifyingKey())
                        .problems())
                .hasSize(1);
    }

    @Test
    void an_older_copy_of_the_whole_folder_does_not_continue_the_newest_checkpoint() {
        TreeMap<String, byte[]> older;
        try (var trail = a.open()) {
            look(trail, a.keys.twin());
            trail.checkpoint();
            older = Bytes.of(a.folder);
            look(trail, a.keys.twin());
            trail.checkpoint();
            var kept = trail.checkpointNote();
            Bytes.restore(a.folder, older);
            assertThat(TrailCheck.since(kept, a.folder, ATrail.ORIGIN, ATrail.KEY.verifyingKey())
                            .problems())
                    .hasSize(1);
        }
    }

    @Test
    void another_key_believes_nothing() {
        aTrailWithEveryKindOfFile();
        var stranger = TestOrganisations.key(78).verifyingKey();
        assertThat(TrailCheck.of(a.folder, ATrail.ORIGIN, stranger).problems())
                .extracting(Problem::file)
                .contains("checkpoint");
    }

    @Test
    void a_folder_that_is_not_there_is_a_problem_and_not_an_exception() {
        assertThat(a.check().problems()).hasSize(1);
    }
}
