package org.twinkeep.twin.sqlite;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Lets threads that want to write at the same time share one commit. A thread alone commits by itself and pays for no
 * hand-over. Where more work waits when it is done, a thread of its own goes on, group by group, until nothing waits: the
 * others prepare what comes next meanwhile.
 *
 * <p>That thread is a virtual one: while it commits it holds one of the carriers, so that who prepares has the other cores
 * and does not take its own from it. A platform thread beside as many busy carriers as there are cores waits for its turn
 * in the middle of a group.
 */
final class GroupCommit<W> implements AutoCloseable {

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
            if (owner != Thread.currentThread()) {
                LockSupport.unpark(owner);
            }
        }
    }

    private final Sink<W> sink;
    private final int most;
    private final ConcurrentLinkedQueue<Ticket<W>> waiting = new ConcurrentLinkedQueue<>();

    /** Whether somebody leads; whoever makes it true leads, or hands over to {@link #relief}. */
    private final AtomicBoolean leading = new AtomicBoolean();

    private final Thread relief;
    private volatile boolean handedOver;
    private volatile boolean closed;

    /** @param most how many pieces of work one commit may hold */
    GroupCommit(String name, int most, Sink<W> sink) {
        this.sink = sink;
        this.most = most;
        this.relief = Thread.ofVirtual().name(name).start(this::relieve);
    }

    /** Returns once the work is committed. @throws RuntimeException what it was refused with */
    void commit(W work) {
        var ticket = new Ticket<>(work);
        waiting.add(ticket);
        if (leading.compareAndSet(false, true)) {
            commitWaiting();
            if (!retire()) {
                handedOver = true;
                LockSupport.unpark(relief);
            }
        }
        boolean interrupted = false;
        while (!ticket.settled) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (ticket.refusal != null) {
            throw ticket.refusal;
        }
    }

    private void relieve() {
        while (!closed || handedOver) {
            if (!handedOver) {
                LockSupport.park(this);
                continue;
            }
            handedOver = false;
            do {
                commitWaiting();
            } while (!retire());
        }
    }

    /** Ends the lead where nothing waits. */
    private boolean retire() {
        if (!waiting.isEmpty()) {
            return false;
        }
        leading.set(false);
        // Who came just now saw somebody leading, and sleeps.
        return waiting.isEmpty() || !leading.compareAndSet(false, true);
    }

    private void commitWaiting() {
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
    }

    /** Ends the thread once it has settled what was handed over to it. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(relief);
    }
}
