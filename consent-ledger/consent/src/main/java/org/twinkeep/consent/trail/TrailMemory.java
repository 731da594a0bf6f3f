package org.twinkeep.consent.trail;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.twinkeep.consent.ledger.ConsentLedger.Position;
import org.twinkeep.consent.trail.StreamHeads.Head;

/** What the leaves so far say together: whose leaf is which, how far ledger and store had come. It refuses what contradicts. */
final class TrailMemory {

    private final Map<String, Numbers> ofTwin = new HashMap<>();
    private final boolean keepsHeads;
    private final Map<String, Head> heads = new LinkedHashMap<>();
    private Position ledger = Position.NONE;
    private long position;
    private long at;
    private long size;

    /** @param keepsHeads whether the newest head of every stream is wanted: a checker wants it, the trail does not */
    TrailMemory(boolean keepsHeads) {
        this.keepsHeads = keepsHeads;
    }

    /** @throws Altered when it cannot be the next leaf */
    void take(Leaf leaf) throws Altered {
        if (leaf.at() < at) {
            throw new Altered("is older than the leaf before it");
        }
        switch (leaf) {
            case Leaf.About about -> take(about);
            case Leaf.Heads moved -> take(moved);
            case Leaf.LedgerAt reached -> {
                if (reached.position().block() <= ledger.block()) {
                    throw new Altered("says that the ledger went back");
                }
                ledger = reached.position();
            }
        }
        at = leaf.at();
        size++;
    }

    private void take(Leaf.About about) throws Altered {
        if (about.counter() != nextCounter(about.twin())) {
            throw new Altered("leaves a gap: leaf " + about.counter() + " of a twin, where " + nextCounter(about.twin())
                    + " comes next");
        }
        if (about.ledger().block() == ledger.block() && !about.ledger().equals(ledger)) {
            throw new Altered("relies on another ledger");
        }
        if (about.ledger().block() > ledger.block()) {
            ledger = about.ledger();
        }
        ofTwin.computeIfAbsent(about.twin(), _ -> new Numbers()).add(size);
    }

    private void take(Leaf.Heads moved) {
        if (keepsHeads) {
            moved.heads().forEach(head -> heads.put(head.stream(), head));
        }
        if (!moved.more()) {
            position = moved.position();
        }
    }

    long nextCounter(String twin) {
        var numbers = ofTwin.get(twin);
        return numbers == null ? 1 : numbers.size + 1L;
    }

    /** The numbers of the twin's leaves, oldest first. */
    long[] of(String twin) {
        var numbers = ofTwin.get(twin);
        return numbers == null ? new long[0] : Arrays.copyOf(numbers.values, numbers.size);
    }

    long size() {
        return size;
    }

    /** When the last leaf was written. */
    long at() {
        return at;
    }

    Position ledger() {
        return ledger;
    }

    /** Up to where the heads of streams are in the trail. */
    long position() {
        return position;
    }

    Map<String, Head> heads() {
        return heads;
    }

    private static final class Numbers {
        private long[] values = new long[4];
        private int size;

        void add(long value) {
            if (size == values.length) {
                values = Arrays.copyOf(values, 2 * size);
            }
            values[size++] = value;
        }
    }
}
