package org.twinkeep.twin.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.twinkeep.crypto.KeyScope;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.keys.StreamName;
import org.twinkeep.crypto.sealing.Sealing;

/** Follows the chain of one stream, event by event, and says where it does not hold. */
public final class Chain {

    /** The chain's hash binds neither: whoever has no key does not know them. */
    private static final Place UNKNOWN =
            new Place("", new StreamName(""), new TwinId(new UUID(0, 0)), KeyScope.Own.LIFE);

    private final StreamName stream;
    private final Map<Long, String> remembered;
    private final List<String> problems = new ArrayList<>();
    private long expected;
    private byte[] previous = new byte[32];

    /** @param remembered hashes by sequence that somebody else kept */
    public Chain(StreamName stream, Map<Long, String> remembered) {
        this.stream = stream;
        this.remembered = remembered;
    }

    public void next(EventRow row) {
        var sealed = row.sealed();
        if (row.sequence() > expected) {
            say(expected, row.sequence() - expected == 1 ? "is missing" : "and those up to the next are missing");
        } else if (!Arrays.equals(sealed.previousHash(), previous)) {
            say(row.sequence(), "does not follow the event before it");
        }
        if (sealed.chunks().size() != row.chunks()) {
            say(row.sequence(), "lacks chunks: " + sealed.chunks().size() + " of " + row.chunks());
        }
        var hash = Sealing.hash(
                row.context(UNKNOWN), sealed.skeleton(), sealed.body(), sealed.chunks(), sealed.previousHash());
        if (!Arrays.equals(hash, sealed.hash())) {
            say(row.sequence(), "was changed or moved");
        }
        var known = remembered.get(row.sequence());
        if (known != null && !known.equals(HexFormat.of().formatHex(sealed.hash()))) {
            say(row.sequence(), "is not the one that the trail remembers");
        }
        expected = row.sequence() + 1;
        previous = sealed.hash();
    }

    /** What does not hold, once the stream was read to its end. */
    public List<String> end() {
        remembered.keySet().stream()
                .filter(sequence -> sequence >= expected)
                .max(Long::compare)
                .ifPresent(last -> say(expected, "and those up to " + last + " were cut off"));
        return problems;
    }

    private void say(long sequence, String what) {
        problems.add("event " + sequence + " of stream " + stream + " " + what);
    }
}
