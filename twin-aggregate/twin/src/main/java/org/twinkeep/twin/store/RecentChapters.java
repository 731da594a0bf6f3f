package org.twinkeep.twin.store;

import java.lang.ref.SoftReference;
import java.util.LinkedHashMap;
import java.util.Map;
import org.twinkeep.crypto.keys.StreamName;
import org.twinkeep.twin.ChapterState;

/** The states of the chapters that were read last. Bounded in number, and given up when memory is short. */
final class RecentChapters {

    private static final int MOST = 128;

    private final Map<StreamName, SoftReference<ChapterState>> recent = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<StreamName, SoftReference<ChapterState>> eldest) {
            return size() > MOST;
        }
    };

    /** The empty state where none is remembered. */
    synchronized ChapterState of(StreamName stream) {
        var reference = recent.get(stream);
        var known = reference == null ? null : reference.get();
        return known == null ? ChapterState.empty() : known;
    }

    synchronized void keep(StreamName stream, ChapterState state) {
        if (state.events() >= of(stream).events()) {
            recent.put(stream, new SoftReference<>(state));
        }
    }

    synchronized void forgetAll() {
        recent.clear();
    }
}
