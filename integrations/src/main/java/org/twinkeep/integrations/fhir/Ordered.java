package org.twinkeep.integrations.fhir;

import java.util.ArrayDeque;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/** Work on many threads whose results come out on the caller's thread, in the order sent in, with bounded memory. */
final class Ordered<T> {
    private static final int PIECES = 256;
    private static final long BYTES = 24L * 1024 * 1024;

    private record Sent<T>(Future<T> result, long weight) {}

    private final ExecutorService pool;
    private final Consumer<T> out;
    private final ArrayDeque<Sent<T>> under = new ArrayDeque<>();
    private long weight;

    Ordered(ExecutorService pool, Consumer<T> out) {
        this.pool = pool;
        this.out = out;
    }

    /** Waits for the oldest results while too much is under way. */
    void send(long bytes, Callable<T> work) {
        while (!under.isEmpty() && (under.size() >= PIECES || weight + bytes > BYTES)) {
            take();
        }
        under.add(new Sent<>(pool.submit(work), bytes));
        weight += bytes;
        while (!under.isEmpty() && under.getFirst().result().isDone()) {
            take();
        }
    }

    void finish() {
        while (!under.isEmpty()) {
            take();
        }
    }

    private void take() {
        var oldest = under.removeFirst();
        weight -= oldest.weight();
        try {
            out.accept(oldest.result().get());
        } catch (ExecutionException e) {
            throw new IllegalStateException("reading a resource failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the import was interrupted", e);
        }
    }
}
