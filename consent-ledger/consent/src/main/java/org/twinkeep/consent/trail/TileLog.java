package org.twinkeep.consent.trail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.twinkeep.consent.durable.AppendFile;
import org.twinkeep.consent.durable.DurableFiles;
import org.twinkeep.consent.durable.Sha256;
import org.twinkeep.crypto.sign.SigningKey;

/**
 * The files of a C2SP tiled log: entries in, numbers and proofs out (docs/formats/trail.md). It knows nothing of what an
 * entry says.
 *
 * <p>Promise: what {@link #append} returned from is on the disk (fsync); a crash at any point leaves it so. One thread at
 * a time appends, signs and closes; anybody reads.
 */
final class TileLog {

    private static final Logger LOG = LoggerFactory.getLogger(TileLog.class);
    private static final int BUNDLES_IN_MEMORY = 16;

    private final Path folder;
    private final String origin;
    private final SigningKey key;
    private final Map<Long, byte[]> bundlesInMemory = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, byte[]> eldest) {
            return size() > BUNDLES_IN_MEMORY;
        }
    };

    // Changed by the appending thread alone, and under this log's monitor.
    private final TileTree tree;
    private final Map<Tile, byte[]> filled;
    private final List<byte[]> openBundle;
    private long bundles;
    private AppendFile journal;
    private Checkpoint checkpoint;
    private String note;
    private boolean closed;

    private TileLog(
            Path folder,
            String origin,
            SigningKey key,
            TrailScan scan,
            AppendFile journal,
            Checkpoint checkpoint,
            String note) {
        this.folder = folder;
        this.origin = origin;
        this.key = key;
        this.tree = scan.tree();
        this.filled = new LinkedHashMap<>(scan.filledInJournal());
        this.openBundle = new ArrayList<>(scan.openBundle());
        this.bundles = scan.bundles();
        this.journal = journal;
        this.checkpoint = checkpoint;
        this.note = note;
    }

    /** Goes on where a scan that found no problem ended; begins a log in an empty folder. */
    static TileLog after(TrailScan scan, Path folder, String origin, SigningKey key) throws IOException {
        var checkpoint = scan.checkpoint();
        var note = scan.checkpointNote();
        if (checkpoint == null) {
            checkpoint = new Checkpoint(origin, 0, Sha256.of());
            note = checkpoint.signed(key);
            DurableFiles.replace(folder.resolve(Checkpoint.FILE), utf8(note));
        }
        Files.deleteIfExists(folder.resolve(Journal.path(scan.bundles() - 1)));
        var journal = new AppendFile(folder.resolve(Journal.path(scan.bundles())), scan.journalLength());
        return new TileLog(folder, origin, key, scan, journal, checkpoint, note);
    }

    synchronized long size() {
        return tree.size();
    }

    /** The newest checkpoint, signed. */
    synchronized String note() {
        return note;
    }

    /** How many entries may be appended at once now: at least one. */
    int room() throws IOException {
        putAwayFullBundle();
        return Tile.FULL - openBundle.size();
    }

    /** Appends entries, for which there is room, all or none. @return the number of the first */
    long append(List<byte[]> entries) throws IOException {
        if (closed) {
            throw new IOException("the trail is closed");
        }
        if (entries.stream().anyMatch(entry -> entry.length > Bundle.LONGEST_ENTRY)) {
            throw new IllegalStateException("a leaf is longer than the log can hold");
        }
        journal.append(Journal.records(entries));
        synchronized (this) {
            long first = tree.size();
            for (var entry : entries) {
                openBundle.add(entry);
                tree.append(Merkle.leafHash(entry), filled::put);
            }
            return first;
        }
    }

    /** Tiles first, then the checkpoint: whoever sees it finds what it speaks of. */
    void sign() throws IOException {
        putAwayFullBundle();
        long size = tree.size();
        if (closed || size == checkpoint.size()) {
            return;
        }
        for (var edge : tree.partials()) {
            var file = folder.resolve(edge.tile().path());
            if (!Files.exists(file)) {
                DurableFiles.replace(file, edge.hashes());
            }
        }
        var entries = Tile.full(Tile.ENTRIES, bundles);
        if (!openBundle.isEmpty()) {
            DurableFiles.replace(
                    folder.resolve(entries.partial(openBundle.size()).path()), Bundle.bytes(openBundle));
        }
        var newest = new Checkpoint(origin, size, Merkle.root(tree.nodes(this::tile), size));
        var signed = newest.signed(key);
        DurableFiles.replace(folder.resolve(Checkpoint.FILE), utf8(signed));
        synchronized (this) {
            checkpoint = newest;
            note = signed;
        }
        deletePartials(entries, openBundle.size());
    }

    /** The bundle goes last: where it stands, its tiles stand. Done again after a crash, it writes the same. */
    private void putAwayFullBundle() throws IOException {
        if (openBundle.size() < Tile.FULL) {
            return;
        }
        for (var tile : filled.entrySet()) {
            DurableFiles.replace(folder.resolve(tile.getKey().path()), tile.getValue());
        }
        var bundle = Tile.full(Tile.ENTRIES, bundles);
        DurableFiles.replace(folder.resolve(bundle.path()), Bundle.bytes(openBundle));
        var next = new AppendFile(folder.resolve(Journal.path(bundles + 1)), 0);
        journal.close();
        Files.deleteIfExists(folder.resolve(Journal.path(bundles)));
        var tiles = List.copyOf(filled.keySet());
        synchronized (this) {
            journal = next;
            bundles++;
            openBundle.clear();
            filled.clear();
        }
        deletePartials(bundle, 0);
        for (var tile : tiles) {
            deletePartials(tile, 0);
        }
    }

    /** Partial tiles that nobody needs any more: of a full tile all, of the open bundle the older ones. */
    private void deletePartials(Tile tile, int except) throws IOException {
        var partials = folder.resolve(tile.partials());
        if (!Files.isDirectory(partials)) {
            return;
        }
        try (var files = Files.list(partials)) {
            for (var file : files.toList()) {
                if (!file.endsWith(String.valueOf(except))) {
                    Files.delete(file);
                }
            }
        }
        if (except == 0) {
            Files.delete(partials);
        }
    }

    synchronized String proof(long number) {
        var entry = entry(number);
        if (number >= checkpoint.size()) {
            throw new IllegalArgumentException("the leaf is not in a checkpoint yet");
        }
        var path = Merkle.inclusion(tree.nodes(this::tile), number, checkpoint.size());
        return TlogProof.text(number, entry, path, note);
    }

    byte[] entry(long number) {
        long bundle = number / Tile.FULL;
        int place = (int) (number % Tile.FULL);
        synchronized (this) {
            if (number < 0 || number >= tree.size()) {
                throw new IllegalArgumentException("there is no such leaf");
            }
            if (bundle == bundles) {
                return openBundle.get(place);
            }
        }
        var file = folder.resolve(Tile.full(Tile.ENTRIES, bundle).path());
        try {
            return Bundle.entry(bundle(bundle, file), place);
        } catch (IOException | Altered e) {
            throw new TrailUnwritable(file + " cannot be read any more: run verify.", e);
        }
    }

    private byte[] bundle(long number, Path file) throws IOException {
        synchronized (bundlesInMemory) {
            var known = bundlesInMemory.get(number);
            if (known != null) {
                return known;
            }
        }
        var bytes = Files.readAllBytes(file);
        synchronized (bundlesInMemory) {
            bundlesInMemory.put(number, bytes);
        }
        return bytes;
    }

    /** A tile that filled up: put away, or about to be. */
    private byte[] tile(Tile tile) {
        var known = filled.get(tile);
        if (known != null) {
            return known;
        }
        try {
            return Files.readAllBytes(folder.resolve(tile.path()));
        } catch (IOException e) {
            throw new TrailUnwritable(folder.resolve(tile.path()) + " cannot be read any more: run verify.", e);
        }
    }

    TrailUnwritable unwritable(IOException cause) {
        return new TrailUnwritable(folder + " cannot be written: is the disk full?", cause);
    }

    void close() {
        closed = true;
        try {
            journal.close();
        } catch (IOException e) {
            LOG.warn("{} could not be closed: {}", folder, e.getMessage());
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
