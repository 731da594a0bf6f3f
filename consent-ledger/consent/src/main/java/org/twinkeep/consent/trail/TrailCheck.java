package org.twinkeep.consent.trail;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.twinkeep.consent.ledger.ConsentLedger.Position;
import org.twinkeep.consent.trail.StreamHeads.Head;
import org.twinkeep.crypto.sign.VerifyingKey;

/**
 * Checks a trail offline, from its folder (or a copy of it) and the public key alone, and changes nothing: every leaf is
 * hashed again, every tile compared, the checkpoint's signature and root verified, and what leaves say is held together:
 * the counter of each twin has no gap, time and ledger do not go back.
 *
 * @param leaves how many there are; those behind the checkpoint's size are not signed yet
 * @param checkpointSize 0 when no checkpoint can be believed
 * @param ledger the furthest ledger position that the trail remembers
 * @param position of the event store, up to which the heads tell
 * @param heads the newest known head of each stream
 * @param tornTail the journal ends in the beginning of a leaf that was never acknowledged; that is no problem
 */
public record TrailCheck(
        long leaves,
        long checkpointSize,
        Position ledger,
        long position,
        Map<String, Head> heads,
        boolean tornTail,
        List<Problem> problems) {

    /** @param file as named in the trail's folder */
    public record Problem(String file, String what) {}

    public static TrailCheck of(Path folder, String origin, VerifyingKey key) {
        return check(folder, origin, key, _ -> List.of());
    }

    /** The same, and whether the trail only grew since a checkpoint that somebody kept. */
    public static TrailCheck since(String olderCheckpoint, Path folder, String origin, VerifyingKey key) {
        return since(List.of(olderCheckpoint), folder, origin, key);
    }

    /** The same, and whether the trail only grew since each of these checkpoints. */
    public static TrailCheck since(List<String> olderCheckpoints, Path folder, String origin, VerifyingKey key) {
        return check(
                folder,
                origin,
                key,
                scan -> olderCheckpoints.stream()
                        .flatMap(note -> Checkpoint.open(note, origin, key)
                                .map(older -> growth(older, scan))
                                .orElse(List.of(new Problem("older checkpoint", "is not signed by the trail's key")))
                                .stream())
                        .toList());
    }

    private static TrailCheck check(
            Path folder, String origin, VerifyingKey key, Function<TrailScan, List<Problem>> furthermore) {
        try {
            var scan = TrailScan.of(folder, origin, key, true);
            var problems = new ArrayList<>(scan.problems());
            problems.addAll(furthermore.apply(scan));
            return of(scan, List.copyOf(problems));
        } catch (IOException e) {
            var unreadable = new Problem(".", "cannot be read: " + e.getClass().getSimpleName());
            return new TrailCheck(0, 0, Position.NONE, 0, Map.of(), false, List.of(unreadable));
        }
    }

    /** By a consistency proof (RFC 6962, 2.1.2), as a monitor without the leaves would check it. */
    private static List<Problem> growth(Checkpoint older, TrailScan scan) {
        var newest = scan.checkpoint();
        boolean grew = newest != null
                && older.size() <= newest.size()
                && newest.size() <= scan.tree().size()
                && Merkle.consistent(
                        older.size(),
                        older.root(),
                        newest.size(),
                        newest.root(),
                        Merkle.consistency(scan.nodes(), older.size(), newest.size()));
        return grew
                ? List.of()
                : List.of(new Problem(
                        Checkpoint.FILE, "does not continue the checkpoint over " + older.size() + " leaves"));
    }

    private static TrailCheck of(TrailScan scan, List<Problem> problems) {
        var checkpoint = scan.checkpoint();
        var memory = scan.memory();
        return new TrailCheck(
                scan.tree().size(),
                checkpoint == null ? 0 : checkpoint.size(),
                memory.ledger(),
                memory.position(),
                Map.copyOf(memory.heads()),
                scan.torn(),
                problems);
    }
}
