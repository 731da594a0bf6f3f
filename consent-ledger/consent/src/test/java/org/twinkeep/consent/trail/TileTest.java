package org.twinkeep.consent.trail;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The examples of c2sp.org/tlog-tiles. */
class TileTest {

    @Test
    void a_tile_is_named_in_groups_of_three_digits() {
        assertThat(Tile.full(0, 1_234_067).path()).isEqualTo("tile/0/x001/x234/067");
        assertThat(Tile.full(Tile.ENTRIES, 0).path()).isEqualTo("tile/entries/000");
        assertThat(Tile.full(1, 1_000).partial(17).path()).isEqualTo("tile/1/x001/000.p/17");
    }

    @Test
    void a_tree_of_seventy_thousand_has_these_partial_tiles() {
        assertThat(TrailScan.partialsOf(70_000))
                .containsExactly(
                        Tile.full(0, 273).partial(112),
                        Tile.full(1, 1).partial(17),
                        Tile.full(2, 0).partial(1),
                        Tile.full(Tile.ENTRIES, 273).partial(112));
    }

    @Test
    void a_tree_of_one_full_tile_has_one_hash_above() {
        assertThat(TrailScan.partialsOf(256)).containsExactly(Tile.full(1, 0).partial(1));
    }
}
