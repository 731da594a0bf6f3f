package org.twinkeep.twin.sqlite;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.twinkeep.crypto.keys.StreamName;
import org.twinkeep.twin.store.Head;

/** The ends of the streams that were used last, so that an append asks the file nothing. */
final class Tails {

    private static final int REMEMBERED = 10_000;

    /** @param stream its number in the file */
    record Tail(long stream, Head head) {}

    /** Emptied when it is full: to keep an order of use would cost every append more than reading some of them again. */
    private final Map<StreamName, Tail> remembered = new ConcurrentHashMap<>();

    @Nullable
    Tail of(StreamName stream) {
        return remembered.get(stream);
    }

    void forgetAll() {
        remembered.clear();
    }

    /** What a transaction does to them; nobody else sees it before {@link #committed}. */
    final class Change {
        private final Map<StreamName, Optional<Tail>> changed = new HashMap<>();

        /** The tail of a stream as this transaction sees it; nothing for a stream without events. */
        Optional<Tail> of(Session session, StreamName stream) throws SQLException {
            var here = changed.get(stream);
            if (here != null) {
                return here;
            }
            var known = Tails.this.of(stream);
            return known != null ? Optional.of(known) : EventTables.tail(session, stream);
        }

        void moved(StreamName stream, Tail tail) {
            changed.put(stream, Optional.of(tail));
        }

        void gone(StreamName stream) {
            changed.put(stream, Optional.empty());
        }

        void committed() {
            if (remembered.size() + changed.size() > REMEMBERED) {
                remembered.clear();
            }
            changed.forEach((stream, tail) ->
                    tail.ifPresentOrElse(t -> remembered.put(stream, t), () -> remembered.remove(stream)));
        }
    }
}
