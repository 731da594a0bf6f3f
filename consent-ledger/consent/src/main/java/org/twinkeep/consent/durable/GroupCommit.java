package org.twinkeep.consent.durable;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets threads that arrive together share one sync: the first commits for all that wait.
 *
 * <p>Promise: {@link #submit} returns after the commit that took the item; items are committed in the order they came, in
 * one commit at a time.
 */
public final class GroupCommit<T, R> {

    /** Makes all items durable together. Answers one supplier an item, in order: it yields the result or throws the refusal. */
    @FunctionalInterface
    public interface Commit<T, R> {
        List<Supplier<R>> all(List<T> items);
    }

    private static final int MOST_AT_ONCE = 512;

    private final Queue<Ticket<T, R>> waiting = new ConcurrentLinkedQueue<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Commit<T, R> commit;

    public GroupCommit(Commit<T, R> commit) {
        this.commit = commit;
    }

    public R submit(T item) {
        var mine = new Ticket<T, R>(item);
        waiting.add(mine);
        lock.lock();
        try {
            while (mine.outcome == null) {
                commitNext();
            }
        } finally {
            lock.unlock();
        }
        return mine.outcome.get();
    }

    /** Runs alone: no commit is under way meanwhile. */
    public <A> A alone(Supplier<A> what) {
        lock.lock();
        try {
            return what.get();
        } finally {
            lock.unlock();
        }
    }

    private void commitNext() {
        var batch = new ArrayList<Ticket<T, R>>();
        for (var next = waiting.poll(); next != null; next = batch.size() < MOST_AT_ONCE ? waiting.poll() : null) {
            batch.add(next);
        }
        try {
            var outcomes = commit.all(batch.stream().map(t -> t.item).toList());
            for (int i = 0; i < batch.size(); i++) {
                batch.get(i).outcome = outcomes.get(i);
            }
        } catch (RuntimeException | Error failure) {
            batch.forEach(t -> t.outcome = () -> {
                throw failure;
            });
        }
    }

    private static final class Ticket<T, R> {
        final T item;

        @Nullable
        volatile Supplier<R> outcome;

        Ticket(T item) {
            this.item = item;
        }
    }
}
