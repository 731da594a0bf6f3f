package org.twinkeep.twin.sqlite;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Lets threads that want to write at the same time share one commit. Who finds nobody writing leads: takes all that
 * waits and commits it; the others sleep until their work is settled or it is their turn to lead. A thread alone pays
 * for no hand-over.
 */
final class GroupCommit<W> {

    /** Commits a group. Settles each ticket, whatever happens, and throws nothing. */
    interface Sink<W> {
        void commit(List<Ticket<W>> group);
    }

    /** One piece of work and, once settled, how it ended. */
    static final class Ticket<W> {
        private final W work;
        private final Thread owner = Thread.currentThread();
        private volatile boolean settled;
        private @Nullable RuntimeException refusal;

        private Ticket(W work) {
            this.work = work;
        }

        W work() {
            return work;
        }

        void accept() {
            settle(null);
        }

        void refuse(RuntimeException why) {
            settle(why);
        }

        private void settle(@Nullable RuntimeException why) {
            refusal = why;
            settled = true;
            LockSupport.unpark(owner);
        }
    }

    private final Sink<W> sink;
    private final int most;
    private final ConcurrentLinkedQueue<Ticket<W>> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean leading = new AtomicBoolean();

    /** @param most how many pieces of work one commit may hold */
    GroupCommit(int most, Sink<W> sink) {
        this.most = most;
        this.sink = sink;
    }

    /** Returns once the work is committed. @throws RuntimeException what it was refused with */
    void commit(W work) {
        var ticket = new Ticket<>(work);
        waiting.add(ticket);
        boolean interrupted = false;
        while (!ticket.settled) {
            if (leading.compareAndSet(false, true)) {
                lead();
            } else {
                LockSupport.park(this);
                interrupted |= Thread.interrupted();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (ticket.refusal != null) {
            throw ticket.refusal;
        }
    }

    private void lead() {
        try {
            var group = new ArrayList<Ticket<W>>();
            for (var next = waiting.poll(); next != null; next = waiting.poll()) {
                group.add(next);
                if (group.size() == most) {
                    break;
                }
            }
            if (!group.isEmpty()) {
                sink.commit(group);
            }
        } finally {
            leading.set(false);
            var next = waiting.peek();
            if (next != null) {
                LockSupport.unpark(next.owner);
            }
        }
    }
}
