package org.twinkeep.portal.wiring;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.LongConsumer;
import org.twinkeep.twin.StoreUnavailable;
import org.twinkeep.twin.store.ChainCheck;
import org.twinkeep.twin.store.EventLog;
import org.twinkeep.twin.store.EventRow;
import org.twinkeep.twin.store.Moved;

/**
 * Moves the events of a house to another store, byte for byte. {@code house.json} names the new store only once every
 * chain there holds and ends as it did in the old one; broken off before, it goes on where it was. Events copied out of the
 * folder are then deleted from it. Snapshots are not moved: they are made again.
 *
 * @param streams how many there are
 * @param events how many there are
 * @param copied how many of them this run copied
 */
public record Migration(EventStore from, EventStore to, long streams, long events, long copied) {

    private static final int PAGE = 256;

    /** Of one append, so that an older server takes it too. */
    private static final long BYTES_AT_ONCE = 512L << 10;

    /** @throws HouseRefused when the folder is in use, or what was copied does not hold together */
    public static Migration run(DataFolder folder, EventStore to, Clock clock, LongConsumer progress) {
        try (var _ = FolderLock.take(folder, "twinkeep migrate", clock)) {
            var paper = HouseFile.read(folder);
            paper.refuseShared("migrate");
            if (paper.unfinished()) {
                throw new HouseRefused(
                        "Making this house was broken off: run a command that writes, then move its events.");
            }
            var moved = paper.events() == to
                    ? new Migration(to, to, 0, 0, 0)
                    : move(folder, paper, paper.events(), to, progress);
            if (to != EventStore.EMBEDDED) {
                removeFile(folder);
            }
            return moved;
        } catch (IOException e) {
            throw new HouseRefused(
                    folder.path() + " cannot be written: check its owner, permissions and free space.", e);
        }
    }

    private static Migration move(
            DataFolder folder, HouseFile paper, EventStore from, EventStore to, LongConsumer progress)
            throws IOException {
        to.claim(paper);
        try (var source = from.open(folder, paper);
                var target = to.open(folder, paper)) {
            long copied = copy(source, target, progress);
            var heads = source.movedSince(0).heads();
            target.delete(target.streams().stream()
                    .filter(stream ->
                            heads.stream().noneMatch(head -> head.stream().equals(stream)))
                    .toList());
            var check = checked(target, heads);
            PrivateFile.writeWhole(folder.eventsMoved(), new byte[0]);
            paper.with(to).write(folder);
            return new Migration(from, to, check.streams(), check.events(), copied);
        }
    }

    /** In the order of all events, in runs of one stream. */
    private static long copy(EventLog source, EventLog target, LongConsumer progress) {
        long copied = 0;
        long after = 0;
        for (var page = source.skeletonsAfter(after, PAGE);
                !page.isEmpty();
                page = source.skeletonsAfter(after, PAGE)) {
            var run = new ArrayList<EventRow>();
            for (var row : page) {
                if (!run.isEmpty() && !run.getLast().stream().equals(row.stream())) {
                    copied += copyRun(run, source, target);
                    run.clear();
                }
                run.add(row);
            }
            copied += copyRun(run, source, target);
            after = page.getLast().position();
            progress.accept(copied);
        }
        return copied;
    }

    private static long copyRun(List<EventRow> run, EventLog source, EventLog target) {
        var stream = run.getFirst().stream();
        long last = run.getLast().sequence();
        long next = Math.max(
                run.getFirst().sequence(),
                target.believedHead(stream).map(head -> head.sequence() + 1).orElse(0L));
        long copied = 0;
        while (next <= last) {
            var rows = source.events(stream, next, (int) (last - next + 1), BYTES_AT_ONCE);
            if (rows.isEmpty()) {
                break;
            }
            target.append(rows);
            copied += rows.size();
            next = rows.getLast().sequence() + 1;
        }
        return copied;
    }

    private static ChainCheck checked(EventLog target, List<Moved.StreamHead> heads) {
        var known = heads.stream()
                .map(head -> new ChainCheck.KnownHead(
                        head.stream().value(), head.sequence(), HexFormat.of().formatHex(head.hash())))
                .toList();
        var check = new ChainCheck(List.of());
        check.check(target, known);
        long expected = heads.stream().mapToLong(head -> head.sequence() + 1).sum();
        if (!check.problems().isEmpty() || check.events() != expected) {
            throw new StoreUnavailable("What was copied is not what was there, and nothing was switched: "
                    + String.join("; ", check.problems()) + ". Run verify, then this again.");
        }
        return check;
    }

    private static void removeFile(DataFolder folder) throws IOException {
        for (var end : List.of("", "-wal", "-shm")) {
            Files.deleteIfExists(folder.events().resolveSibling(folder.events().getFileName() + end));
        }
    }
}
