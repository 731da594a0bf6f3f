package org.twinkeep.consent.trail;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** The right edge of a tree: the tiles that are not full yet. Full ones are given away and read back when needed. */
final class TileTree {

    private final List<List<byte[]>> edge = new ArrayList<>();
    private long size;

    long size() {
        return size;
    }

    /** @param filled takes each tile that fills up with this leaf */
    void append(byte[] leafHash, BiConsumer<Tile, byte[]> filled) {
        size++;
        append(0, leafHash, filled);
    }

    private void append(int level, byte[] hash, BiConsumer<Tile, byte[]> filled) {
        if (level == edge.size()) {
            edge.add(new ArrayList<>(Tile.FULL));
        }
        var hashes = edge.get(level);
        hashes.add(hash);
        if (hashes.size() == Tile.FULL) {
            filled.accept(Tile.full(level, filledTiles(level) - 1), Tile.bytes(hashes));
            append(level + 1, Merkle.perfectRoot(hashes), filled);
            hashes.clear();
        }
    }

    /** How many tiles of the level are full at this size. */
    private long filledTiles(int level) {
        return size >> (Tile.HEIGHT * (level + 1));
    }

    /** The tiles that are partial at this size, with their hashes. */
    List<Edge> partials() {
        var partials = new ArrayList<Edge>();
        for (int level = 0; level < edge.size(); level++) {
            var hashes = edge.get(level);
            if (!hashes.isEmpty()) {
                partials.add(new Edge(Tile.full(level, filledTiles(level)).partial(hashes.size()), Tile.bytes(hashes)));
            }
        }
        return partials;
    }

    record Edge(Tile tile, byte[] hashes) {}

    /** @param full gives back a tile that filled up */
    Merkle.Nodes nodes(Function<Tile, byte[]> full) {
        return (height, index) -> {
            int level = height / Tile.HEIGHT;
            int within = height % Tile.HEIGHT;
            long first = index << within;
            int offset = (int) (first % Tile.FULL);
            long number = first / Tile.FULL;
            var tile =
                    number < filledTiles(level) ? Tile.hashes(full.apply(Tile.full(level, number))) : edge.get(level);
            return Merkle.perfectRoot(tile.subList(offset, offset + (1 << within)));
        };
    }
}
