package org.twinkeep.crypto.keys;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.twinkeep.crypto.Tampered;
import org.twinkeep.crypto.bytes.ByteWriter;

/**
 * The file of a vault: header, intent, cells ({@code docs/formats/vault.md}). It knows no key.
 *
 * <p>Promise: {@link #replace} and {@link #erase} return once the new cell is durable and the old one is overwritten on the
 * file. A crash leaves the old or the new slot; opening the file again finishes what was begun. For one thread at a time.
 */
final class CellFile implements AutoCloseable {

    /** How many cells the file grows by: 4 KiB. */
    private static final int GROWTH = 16;

    /** Not a channel: that closes itself when the thread that uses it is interrupted. */
    private final RandomAccessFile file;

    private final SecureRandom random;
    private final VaultHeader header;
    /** Whoever only asks where a slot lies need not wait for a write. */
    private final Map<SlotId, Place> places = new ConcurrentHashMap<>();

    private final Queue<Integer> free = new PriorityQueue<>();
    private int cells;
    private Intent intent;

    private CellFile(RandomAccessFile file, VaultHeader header, Intent intent, SecureRandom random) {
        this.file = file;
        this.header = header;
        this.intent = intent;
        this.random = random;
    }

    /** The bytes of a new file that holds one slot. */
    static List<byte[]> fresh(VaultHeader header, Cell.Live first, SecureRandom random) {
        return List.of(header.encode(), Intent.both(header.vault(), 1, 1), Cell.live(header.vault(), 0, first, random));
    }

    /** @throws VaultUnavailable when it is damaged */
    static CellFile open(Path path, SecureRandom random) throws IOException {
        return open(new RandomAccessFile(path.toFile(), "rw"), random);
    }

    static CellFile open(RandomAccessFile file, SecureRandom random) throws IOException {
        try {
            var survey = Survey.of(file);
            if (!survey.damage().isEmpty()) {
                throw new VaultUnavailable(
                        "The vault's file is damaged: " + survey.damage().getFirst()
                                + " Restore the vault and the key rows together, from one key backup.");
            }
            var cells = new CellFile(file, survey.readHeader(), survey.intent(), random);
            cells.settle(survey);
            return cells;
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** What is wrong with a vault's file, in words; needs no key and changes nothing. An interrupted write is told too. */
    static List<String> problems(Path path) throws IOException {
        try (var file = new RandomAccessFile(path.toFile(), "r")) {
            var survey = Survey.of(file);
            var problems = new ArrayList<>(survey.damage());
            problems.addAll(survey.interrupted());
            return List.copyOf(problems);
        }
    }

    VaultHeader header() {
        return header;
    }

    @Nullable
    Place place(SlotId slot) {
        return places.get(slot);
    }

    Set<SlotId> slots() {
        return new HashSet<>(places.keySet());
    }

    Cell read(Place place) throws IOException {
        return Cell.read(header.vault(), place.cell, readAt(file, position(place.cell), Cell.BYTES));
    }

    /** @throws NoRoom when the disk is full: nothing has changed then */
    void replace(Cell.Live live) throws IOException {
        var old = places.get(live.slot());
        // A new slot leaves one cell free: what there is can be replaced on a full disk too.
        if (free.size() < (old == null ? 2 : 1)) {
            grow();
        }
        int target = announced();
        write(position(target), Cell.live(header.vault(), target, live, random));
        free.remove(target);
        if (old == null) {
            sync();
            announce(Intent.NONE, free.element(), places.size() + 1);
        } else {
            announce(target, old.cell, places.size());
            overwrite(old.cell);
        }
        places.put(live.slot(), new Place(target, live.version()));
    }

    /** The free cell that may be written without another word: a crash that tears it tears nothing. */
    private int announced() throws IOException {
        if (intent.erased() == Intent.NONE) {
            announce(Intent.NONE, free.element(), places.size());
        }
        return intent.erased();
    }

    /** Adds free cells. Until an intent counts them they are not part of the file, and opening cuts them off. */
    private void grow() throws IOException {
        var more = new ByteWriter();
        for (int number = cells; number < cells + GROWTH; number++) {
            more.raw(Cell.free(header.vault(), number, random));
        }
        try {
            file.seek(position(cells));
            file.write(more.toBytes());
        } catch (IOException e) {
            file.setLength(position(cells));
            throw new NoRoom(e);
        }
        sync();
        for (int left = GROWTH; left > 0; left--) {
            free.add(cells++);
        }
    }

    /** The bytes of a file with this header, its slots wrapped anew, each when it is asked for. */
    Iterable<byte[]> under(VaultHeader other, UnaryOperator<Cell.Live> rewrapped) {
        var slots = places.values().stream()
                .sorted(Comparator.comparingInt(Place::cell))
                .toList();
        var start = Stream.of(other.encode(), Intent.both(other.vault(), slots.size(), slots.size()));
        var cells = IntStream.range(0, slots.size()).mapToObj(number -> {
            try {
                return Cell.live(other.vault(), number, rewrapped.apply(live(slots.get(number))), random);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return () -> Stream.concat(start, cells).iterator();
    }

    /** Writes a file of these slots alone, their boxes as they are. */
    void copyTo(OutputStream out, Predicate<SlotId> which) throws IOException {
        var chosen = places.entrySet().stream()
                .filter(place -> which.test(place.getKey()))
                .map(Map.Entry::getValue)
                .sorted(Comparator.comparingInt(Place::cell))
                .toList();
        out.write(header.encode());
        out.write(Intent.both(header.vault(), chosen.size(), chosen.size()));
        for (int number = 0; number < chosen.size(); number++) {
            out.write(Cell.live(header.vault(), number, live(chosen.get(number)), random));
        }
    }

    private Cell.Live live(Place place) throws IOException {
        if (read(place) instanceof Cell.Live live) {
            return live;
        }
        throw new IOException("A slot is not where it was.");
    }

    void erase(SlotId slot) throws IOException {
        var old = places.get(slot);
        if (old != null) {
            announce(Intent.NONE, old.cell, places.size() - 1);
            overwrite(old.cell);
            places.remove(slot);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    /** Takes over what the file holds and finishes what a crash interrupted. */
    private void settle(Survey survey) throws IOException {
        cells = survey.cells().size();
        file.setLength(position(cells));
        var older = new ArrayList<Integer>();
        for (int number = 0; number < cells; number++) {
            switch (survey.cells().get(number)) {
                case Cell.Free _ -> free.add(number);
                case Cell.Broken _ -> overwrite(number);
                case Cell.Live live -> {
                    var other = places.get(live.slot());
                    if (other == null || other.version < live.version()) {
                        places.put(live.slot(), new Place(number, live.version()));
                        if (other != null) {
                            older.add(other.cell);
                        }
                    } else {
                        older.add(number);
                    }
                }
            }
        }
        for (int number : older) {
            announce(Intent.NONE, number, places.size());
            overwrite(number);
        }
        int next = free.isEmpty() ? Intent.NONE : free.element();
        boolean announced = free.contains(intent.erased()) || intent.erased() == next;
        if (!survey.interrupted().isEmpty() || !announced || intent.order() == 0) {
            announce(Intent.NONE, next, places.size());
            announce(Intent.NONE, next, places.size());
        }
    }

    private void overwrite(int cell) throws IOException {
        write(position(cell), Cell.free(header.vault(), cell, random));
        sync();
        free.add(cell);
    }

    /** Returns once it is synced, with all that was written before it. */
    private void announce(int written, int erased, int slots) throws IOException {
        long before = written == Intent.NONE ? 0 : sum(file, erased);
        intent = intent.next(written, erased, cells, slots, before);
        write(VaultHeader.BYTES + intent.offset(), intent.encode(header.vault()));
        sync();
    }

    private void write(long position, byte[] bytes) throws IOException {
        file.seek(position);
        file.write(bytes);
    }

    private void sync() throws IOException {
        file.getFD().sync();
    }

    /** The beginning of the sum that a cell carries. */
    private static long sum(RandomAccessFile file, int cell) throws IOException {
        file.seek(position(cell) + Cell.SUMMED_BYTES);
        return file.readLong();
    }

    private static byte[] readAt(RandomAccessFile file, long position, int length) throws IOException {
        var bytes = new byte[length];
        file.seek(position);
        file.readFully(bytes);
        return bytes;
    }

    private static long position(int cell) {
        return VaultHeader.BYTES + Intent.BYTES + (long) cell * Cell.BYTES;
    }

    /** The disk is full; the file is as it was. */
    static final class NoRoom extends IOException {
        private static final long serialVersionUID = 1;

        NoRoom(IOException cause) {
            super(cause);
        }
    }

    /** Where a slot lies. */
    record Place(int cell, long version) {}

    /**
     * All that a file holds.
     *
     * @param header or null where it cannot be read
     * @param intent in force
     * @param damage what no crash explains
     * @param interrupted what a crash explains, and opening mends
     */
    private record Survey(
            @Nullable VaultHeader header,
            Intent intent,
            List<Cell> cells,
            List<String> damage,
            List<String> interrupted) {

        VaultHeader readHeader() {
            return Objects.requireNonNull(header);
        }

        static Survey of(RandomAccessFile file) throws IOException {
            long length = file.length();
            if (length < position(0)) {
                return new Survey(
                        null, Intent.nothing(0, 0), List.of(), List.of("It is cut off in its header."), List.of());
            }
            VaultHeader header;
            try {
                header = VaultHeader.decode(readAt(file, 0, VaultHeader.BYTES));
            } catch (Tampered e) {
                return new Survey(null, Intent.nothing(0, 0), List.of(), List.of(e.getMessage()), List.of());
            }
            int whole = (int) ((length - position(0)) / Cell.BYTES);
            var cells = new ArrayList<Cell>();
            for (int number = 0; number < whole; number++) {
                cells.add(Cell.read(header.vault(), number, readAt(file, position(number), Cell.BYTES)));
            }
            var intents = Intent.read(header.vault(), readAt(file, VaultHeader.BYTES, Intent.BYTES));
            var intent = intents.inForce().orElseGet(() -> Intent.nothing(cells.size(), 0));
            var survey = judged(header, cells, intent, isUntouched(file, cells, intent));
            if (!intents.whole()) {
                survey = survey.withInterrupted("A write was interrupted before it began.");
            }
            return length == position(survey.cells().size()) ? survey : survey.withInterrupted("It was growing.");
        }

        /** Whether the cell that goes still holds what it held when the intent was written. */
        private static boolean isUntouched(RandomAccessFile file, List<Cell> cells, Intent intent) throws IOException {
            int erased = intent.erased();
            if (erased >= cells.size()) {
                return erased == Intent.NONE;
            }
            return cells.get(erased) instanceof Cell.Live
                    && (intent.order() == 0 || sum(file, erased) == intent.before());
        }

        /** Tells what the announced write may have torn from what is damaged. */
        private static Survey judged(VaultHeader header, List<Cell> all, Intent intent, boolean untouched) {
            if (all.size() < intent.cells()) {
                var cut = "It is cut off after " + all.size() + " of " + intent.cells() + " cells.";
                return new Survey(header, intent, all, List.of(cut), List.of());
            }
            var cells = all.subList(0, intent.cells());
            var damage = new ArrayList<String>();
            var interrupted = new ArrayList<String>();
            for (int number = 0; number < cells.size(); number++) {
                if (cells.get(number) instanceof Cell.Broken) {
                    // What goes is touched only once what comes is durable.
                    boolean torn = number == intent.erased() || number == intent.written() && untouched;
                    (torn ? interrupted : damage)
                            .add("Cell " + number + (torn ? " was being written." : " is damaged."));
                }
            }
            long slots = cells.stream()
                    .flatMap(cell -> cell instanceof Cell.Live live ? Stream.of(live.slot()) : Stream.empty())
                    .distinct()
                    .count();
            if (slots < intent.slots() && damage.isEmpty()) {
                damage.add("It holds " + slots + " of " + intent.slots() + " slots.");
            }
            return new Survey(header, intent, cells, damage, interrupted);
        }

        private Survey withInterrupted(String what) {
            var all = new ArrayList<>(interrupted);
            all.add(what);
            return new Survey(header, intent, cells, damage, all);
        }
    }
}
