package org.twinkeep.consent.trail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.twinkeep.consent.trail.ATrail.look;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.twinkeep.consent.durable.Bytes;
import org.twinkeep.consent.durable.DurableFiles;
import org.twinkeep.crypto.TwinId;

/** What a crash between any two steps leaves behind is taken up again. */
class TrailCrashTest {

    private ATrail a;
    private TwinId twin;

    @BeforeEach
    void prepare(@TempDir Path folder) {
        a = new ATrail(folder.resolve("trail"));
        twin = a.keys.twin();
    }

    @Test
    void a_torn_last_leaf_is_cut_off_wherever_it_was_torn() throws IOException {
        looks(3);
        var whole = Files.readAllBytes(a.folder.resolve("journal/0"));
        int record = whole.length / 3;
        for (int length = 2 * record; length < whole.length; length += length < 2 * record + 6 ? 1 : 97) {
            Bytes.write(a.folder.resolve("journal/0"), Arrays.copyOf(whole, length));
            assertThat(a.check().problems()).isEmpty();
            assertThat(a.check().tornTail()).isEqualTo(length > 2 * record);
            try (var trail = a.open()) {
                assertThat(trail.size()).isEqualTo(2);
            }
            assertThat(Files.size(a.folder.resolve("journal/0"))).isEqualTo(2L * record);
        }
    }

    @Test
    void room_that_was_never_written_is_cut_off() throws IOException {
        looks(2);
        var whole = Files.readAllBytes(a.folder.resolve("journal/0"));
        Bytes.write(a.folder.resolve("journal/0"), Arrays.copyOf(whole, whole.length + 4096));
        goesOnWith(2);
    }

    @Test
    void a_full_journal_whose_bundle_was_not_written_yet_is_put_away() {
        looks(256);
        assertThat(Bytes.names(a.folder)).containsExactly("checkpoint", "journal/0");
        goesOnWith(256);
        assertThat(Bytes.names(a.folder)).contains("journal/1", "tile/0/000", "tile/entries/000");
    }

    @Test
    void a_tile_that_was_written_before_its_bundle_is_written_again() {
        looks(256);
        var before = Bytes.of(a.folder);
        looks(1);
        before.put("tile/0/000", Bytes.of(a.folder).get("tile/0/000"));
        Bytes.restore(a.folder, before);
        goesOnWith(256);
    }

    @Test
    void a_journal_that_outlived_its_bundle_is_deleted() {
        looks(256);
        var journal = Bytes.of(a.folder).get("journal/0");
        looks(1);
        Bytes.write(a.folder.resolve("journal/0"), journal);
        goesOnWith(257);
        assertThat(Bytes.names(a.folder)).doesNotContain("journal/0");
        var without = Bytes.of(a.folder);
        without.remove("journal/1");
        without.put("journal/0", journal);
        Bytes.restore(a.folder, without);
        goesOnWith(256);
    }

    @Test
    void tiles_of_a_checkpoint_that_was_not_signed_any_more_do_no_harm() {
        looks(5);
        var before = Bytes.of(a.folder);
        checkpoint();
        var after = Bytes.of(a.folder);
        after.put("checkpoint", before.get("checkpoint"));
        Bytes.restore(a.folder, after);
        goesOnWith(5);
        checkpoint();
        assertThat(a.check().checkpointSize()).isEqualTo(6);
    }

    @Test
    void an_unfinished_write_means_nothing() {
        looks(5);
        Bytes.write(a.folder.resolve("checkpoint" + DurableFiles.UNFINISHED), new byte[] {1, 2, 3});
        goesOnWith(5);
    }

    @Test
    void a_trail_in_which_nothing_was_written_yet_opens() {
        a.open().close();
        goesOnWith(0);
    }

    @Test
    void older_partial_tiles_stay_until_the_full_one_is_there_and_older_partial_bundles_do_not() {
        looks(5);
        checkpoint();
        looks(5);
        checkpoint();
        assertThat(Bytes.names(a.folder))
                .containsAll(List.of("tile/0/000.p/5", "tile/0/000.p/10", "tile/entries/000.p/10"))
                .doesNotContain("tile/entries/000.p/5");
        looks(250);
        assertThat(Bytes.names(a.folder)).noneMatch(name -> name.contains("000.p"));
        assertThat(a.check().checkpointSize()).isEqualTo(10);
        goesOnWith(260);
    }

    @Test
    void a_checkpoint_at_the_end_of_a_bundle_needs_no_partial_bundle() {
        looks(256);
        checkpoint();
        assertThat(Bytes.names(a.folder))
                .containsExactly("checkpoint", "journal/1", "tile/0/000", "tile/1/000.p/1", "tile/entries/000");
        goesOnWith(256);
    }

    private void looks(int count) {
        try (var trail = a.open()) {
            for (int i = 0; i < count; i++) {
                look(trail, twin);
            }
        }
    }

    private void checkpoint() {
        try (var trail = a.open()) {
            trail.checkpoint();
        }
    }

    private void goesOnWith(int leaves) {
        assertThat(a.check().problems()).isEmpty();
        assertThat(a.check().leaves()).isEqualTo(leaves);
        looks(1);
        assertThat(a.check().problems()).isEmpty();
        assertThat(a.check().leaves()).isEqualTo(leaves + 1);
        try (var trail = a.open()) {
            assertThat(trail.looks(twin)).hasSize(leaves + 1);
        }
    }
}
