package org.twinkeep.portal.accounts;

import java.time.Clock;
import java.time.Duration;
import org.twinkeep.portal.tables.Tables;

/**
 * Slows down guessing. An attempt is counted before the password is looked at, and given back when it was right; past the
 * free ones each further attempt must wait twice as long as the one before (NIST SP 800-63B-4, 3.2.2). It survives a
 * restart, and counts names that do not exist like names that do.
 */
final class Throttle {
    private static final Duration REMEMBERED = Duration.ofDays(1);

    private final Tables file;
    private final Clock clock;

    Throttle(Tables file, Clock clock) {
        this.file = file;
        this.clock = clock;
    }

    /**
     * What is counted: a name may fail 5 times and then waits up to 5 minutes, an address 30 times and then up to 15, and
     * whoever looks for somebody in an emergency may mistype 5 times and then waits up to 15 minutes.
     */
    enum What {
        NAME(5, Duration.ofMinutes(5)),
        ADDRESS(30, Duration.ofMinutes(15)),
        FINDER(5, Duration.ofMinutes(15));

        private final int free;
        private final Duration longest;

        What(int free, Duration longest) {
            this.free = free;
            this.longest = longest;
        }

        private long waitMillis(int failures) {
            int doublings = failures - free;
            return doublings < 0 ? 0 : Math.min(longest.toMillis(), 1000L << Math.min(doublings, 20));
        }
    }

    private record Count(int failures, long last) {}

    /** Counts an attempt. @return whether it may go on; one that comes too early does not lengthen the wait */
    boolean enter(What what, byte[] key) {
        return file.together(() -> {
            long now = clock.millis();
            file.change("DELETE FROM attempt WHERE last < ?", now - REMEMBERED.toMillis());
            var count = file.one(
                            row -> new Count(row.getInt(1), row.getLong(2)),
                            "SELECT failures, last FROM attempt WHERE key = ?",
                            key)
                    .orElse(new Count(0, 0));
            long wait = what.waitMillis(count.failures());
            if (wait > 0 && now < count.last() + wait) {
                return false;
            }
            file.change(
                    "INSERT INTO attempt VALUES (?, 1, ?) ON CONFLICT(key) DO UPDATE SET "
                            + "failures = attempt.failures + 1, last = excluded.last",
                    key,
                    now);
            return true;
        });
    }

    /** The password of this name was right: its count starts anew. */
    void forgive(byte[] key) {
        file.change("DELETE FROM attempt WHERE key = ?", key);
    }

    /** The attempt from this address was right: it alone is given back, so that an own account frees no guesses. */
    void giveBack(byte[] key) {
        file.change("UPDATE attempt SET failures = failures - 1 WHERE key = ? AND failures > 0", key);
    }
}
