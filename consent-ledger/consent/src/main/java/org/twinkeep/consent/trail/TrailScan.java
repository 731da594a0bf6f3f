package org.twinkeep.consent.trail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.durable.DurableFiles;
import org.twinkeep.consent.trail.TrailCheck.Problem;
import org.twinkeep.crypto.sign.VerifyingKey;

/**
 * Reads a trail from its first leaf to its last, recomputes the tree and compares every file with it. Opening a trail and
 * checking one are this. The leaves are judged by the signed checkpoint, the tiles by the leaves.
 */
final class TrailScan {

    private final Path folder;
    private final TrailMemory memory;
    private final TileTree tree = new TileTree();
    private final List<Problem> problems = new ArrayList<>();
    private final TreeSet<String> unexplained = new TreeSet<>();
    private final Map<Tile, byte[]> filledInJournal = new LinkedHashMap<>();
    private final Map<Tile, byte[]> recomputed = new HashMap<>();
    private final List<Tile> differing = new ArrayList<>();
    private List<byte[]> openBundle = List.of();
    private long bundles;
    private long journalLength;
    private boolean torn;
    private boolean inJournal;
    private @Nullable Checkpoint checkpoint;
    private String checkpointNote = "";

    private TrailScan(Path folder, boolean keepsHeads) {
        this.folder = folder;
        this.memory = new TrailMemory(keepsHeads);
    }

    static TrailScan of(Path folder, String origin, VerifyingKey key, boolean keepsHeads) throws IOException {
        var scan = new TrailScan(folder, keepsHeads);
        scan.listFiles();
        if (scan.readsBundles() && scan.readsJournal()) {
            scan.readCheckpoint(origin, key);
            scan.judgeTiles();
            scan.comparePartials();
            scan.unexplained.forEach(name -> scan.problem(name, "does not belong to the trail"));
        }
        return scan;
    }

    private void listFiles() throws IOException {
        try (var files = Files.walk(folder)) {
            files.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .filter(name -> !name.endsWith(DurableFiles.UNFINISHED))
                    .forEach(unexplained::add);
        }
    }

    /** False when a bundle cannot be read: nothing behind it can be judged. */
    private boolean readsBundles() throws IOException {
        for (; unexplained.remove(Tile.full(Tile.ENTRIES, bundles).path()); bundles++) {
            var name = Tile.full(Tile.ENTRIES, bundles).path();
            try {
                var entries = Bundle.entries(Files.readAllBytes(folder.resolve(name)));
                if (entries.size() != Tile.FULL) {
                    throw new Altered("holds " + entries.size() + " leaves instead of 256");
                }
                takeAll(name, entries);
            } catch (Altered e) {
                problem(name, e.what());
                return false;
            }
        }
        return true;
    }

    /** The bundle that is not full, and one that was full when a crash came before its journal was deleted. */
    private boolean readsJournal() throws IOException {
        inJournal = true;
        var name = Journal.path(bundles - 1);
        try {
            if (unexplained.remove(name) && !isLastBundle(Journal.read(folder.resolve(name)))) {
                throw new Altered("differs from the bundle that was made of it");
            }
            name = Journal.path(bundles);
            if (!unexplained.remove(name) && goesOnBehindTheJournal()) {
                name = Tile.full(Tile.ENTRIES, bundles).path();
                throw new Altered("is missing");
            }
            var journal = Journal.read(folder.resolve(name));
            if (journal.entries().size() > Tile.FULL) {
                throw new Altered("holds more than 256 leaves");
            }
            openBundle = journal.entries();
            journalLength = journal.length();
            torn = journal.torn();
            takeAll(name, openBundle);
            return true;
        } catch (Altered e) {
            problem(name, e.what());
            return false;
        }
    }

    private boolean goesOnBehindTheJournal() {
        return unexplained.stream()
                .anyMatch(name -> name.startsWith("journal/") || name.matches("tile/entries/.*[0-9]{3}"));
    }

    private boolean isLastBundle(Journal journal) {
        return Arrays.equals(
                Bundle.bytes(journal.entries()),
                read(Tile.full(Tile.ENTRIES, bundles - 1).path()));
    }

    /** What follows a leaf that contradicts would seem to contradict too: only the first is named. */
    private void takeAll(String file, List<byte[]> entries) {
        for (var entry : entries) {
            tree.append(Merkle.leafHash(entry), this::compare);
            if (problems.isEmpty()) {
                try {
                    memory.take(Leaf.readPublic(entry));
                } catch (Altered e) {
                    problem(file, "leaf " + (tree.size() - 1) + " " + e.what());
                }
            }
        }
    }

    /** A tile that filled up stands in its file; only the last one's may not be written yet. */
    private void compare(Tile tile, byte[] hashes) {
        var name = tile.path();
        boolean there = unexplained.remove(name);
        if (inJournal) {
            filledInJournal.put(tile, hashes);
        }
        if (there && Arrays.equals(read(name), hashes)) {
            return;
        }
        recomputed.put(tile, hashes);
        if (there) {
            differing.add(tile);
        } else if (!inJournal) {
            problem(name, "is missing");
        }
    }

    private void readCheckpoint(String origin, VerifyingKey key) {
        if (!unexplained.remove(Checkpoint.FILE)) {
            if (tree.size() > 0 || !unexplained.isEmpty()) {
                problem(Checkpoint.FILE, "is missing");
            }
            return;
        }
        checkpointNote = new String(read(Checkpoint.FILE), StandardCharsets.UTF_8);
        checkpoint = Checkpoint.open(checkpointNote, origin, key).orElse(null);
        if (checkpoint == null) {
            problem(Checkpoint.FILE, "is not signed by the trail's key");
        } else if (checkpoint.size() > tree.size()) {
            problem(
                    Journal.path(bundles),
                    "ends at " + tree.size() + " leaves, but the checkpoint counts " + checkpoint.size());
        }
    }

    private void judgeTiles() {
        boolean leavesAreSigned = false;
        if (checkpoint != null && checkpoint.size() <= tree.size()) {
            leavesAreSigned = Arrays.equals(Merkle.root(nodes(), checkpoint.size()), checkpoint.root());
            if (!leavesAreSigned && differing.isEmpty()) {
                problem(Checkpoint.FILE, "signs another tree than these leaves make");
            }
        }
        for (var tile : differing) {
            long end = (tile.number() + 1) << (Tile.HEIGHT * (tile.level() + 1));
            boolean covered = checkpoint != null && end <= checkpoint.size();
            if (tile.level() == 0 && !(leavesAreSigned && covered)) {
                problem(Tile.full(Tile.ENTRIES, tile.number()).path(), "does not hash to its tile");
            }
            if (leavesAreSigned || !covered) {
                problem(tile.path(), "differs from the hashes of the leaves");
            }
        }
    }

    /**
     * Those of the checkpoint must be there unless the full tile is; older ones may be there; each is the beginning of what
     * came to stand there.
     */
    private void comparePartials() {
        var required = checkpoint == null ? List.<Tile>of() : partialsOf(checkpoint.size());
        for (var tile : required) {
            if (!unexplained.contains(tile.path()) && !isPutAway(tile)) {
                problem(tile.path(), "is missing");
            }
        }
        for (var name : List.copyOf(unexplained)) {
            var tile = partialNamed(name);
            if (tile != null) {
                unexplained.remove(name);
                if (!Arrays.equals(read(name), tile.level() == Tile.ENTRIES ? entriesOf(tile) : hashesOf(tile))) {
                    problem(name, "differs from the leaves");
                }
            }
        }
    }

    private boolean isPutAway(Tile partial) {
        int level = Math.max(partial.level(), 0);
        return (partial.number() + 1) << (Tile.HEIGHT * (level + 1)) <= bundles << Tile.HEIGHT;
    }

    /** The partial tiles, and the partial bundle, of a tree of this size. */
    static List<Tile> partialsOf(long size) {
        var partials = new ArrayList<Tile>();
        for (int level = 0; size >> (Tile.HEIGHT * level) > 0; level++) {
            int width = (int) ((size >> (Tile.HEIGHT * level)) % Tile.FULL);
            if (width > 0) {
                partials.add(
                        Tile.full(level, size >> (Tile.HEIGHT * (level + 1))).partial(width));
            }
        }
        int entries = (int) (size % Tile.FULL);
        if (entries > 0) {
            partials.add(Tile.full(Tile.ENTRIES, size / Tile.FULL).partial(entries));
        }
        return partials;
    }

    private static @Nullable Tile partialNamed(String name) {
        if (!name.matches("tile/(entries|[0-7])/(x[0-9]{3}/){0,4}[0-9]{3}\\.p/[1-9][0-9]{0,2}")) {
            return null;
        }
        int mark = name.lastIndexOf(".p/");
        var parts = name.substring(0, mark).split("/", -1);
        int level = parts[1].equals("entries") ? Tile.ENTRIES : Integer.parseInt(parts[1]);
        long number = Long.parseLong(
                String.join("", List.of(parts).subList(2, parts.length)).replace("x", ""));
        int width = Integer.parseInt(name.substring(mark + ".p/".length()));
        var tile = Tile.full(level, number).partial(width);
        return width < Tile.FULL && tile.path().equals(name) ? tile : null;
    }

    private byte[] entriesOf(Tile partial) {
        var entries = entriesOf(partial.number());
        return Bundle.bytes(entries.subList(0, Math.min(partial.width(), entries.size())));
    }

    private List<byte[]> entriesOf(long bundle) {
        try {
            return bundle < bundles
                    ? Bundle.entries(read(Tile.full(Tile.ENTRIES, bundle).path()))
                    : bundle == bundles ? openBundle : List.of();
        } catch (Altered e) {
            return List.of();
        }
    }

    private byte[] hashesOf(Tile partial) {
        long first = partial.number() * Tile.FULL;
        int height = Tile.HEIGHT * partial.level();
        if (first + partial.width() > tree.size() >> height) {
            return new byte[0];
        }
        var nodes = nodes();
        var hashes = new ArrayList<byte[]>();
        for (int i = 0; i < partial.width(); i++) {
            hashes.add(nodes.hash(height, first + i));
        }
        return Tile.bytes(hashes);
    }

    /** Never what was altered on the disk. */
    private byte[] tileOfLeaves(Tile tile) {
        var hashes = recomputed.get(tile);
        return hashes != null ? hashes : read(tile.path());
    }

    private byte[] read(String name) {
        try {
            return Files.readAllBytes(folder.resolve(name));
        } catch (IOException e) {
            return new byte[0];
        }
    }

    private void problem(String file, String what) {
        problems.add(new Problem(file, what));
    }

    List<Problem> problems() {
        return List.copyOf(problems);
    }

    TrailMemory memory() {
        return memory;
    }

    TileTree tree() {
        return tree;
    }

    Merkle.Nodes nodes() {
        return tree.nodes(this::tileOfLeaves);
    }

    List<byte[]> openBundle() {
        return openBundle;
    }

    /** Tiles that the open bundle filled: it is full itself and not put away yet. */
    Map<Tile, byte[]> filledInJournal() {
        return filledInJournal;
    }

    /** How many bundles are full and written. */
    long bundles() {
        return bundles;
    }

    long journalLength() {
        return journalLength;
    }

    boolean torn() {
        return torn;
    }

    /** The newest checkpoint, when it is signed; null also in a folder without a trail. */
    @Nullable
    Checkpoint checkpoint() {
        return checkpoint;
    }

    String checkpointNote() {
        return checkpointNote;
    }
}
