package org.twinkeep.twin.store;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.BooleanSupplier;

/** Work that is done beside the caller's own; nothing of it goes on once this is closed. */
final class Ahead<T> implements AutoCloseable {

    private final FutureTask<T> task;
    private final Thread thread;
    private volatile boolean isAwaited;

    Ahead(Work<T> work) {
        this.task = new FutureTask<>(() -> work.doUntil(() -> isAwaited));
        this.thread = Thread.ofVirtual().name("reader").start(task);
    }

    interface Work<T> {
        /** @param awaited whether the caller waits for it: then no more is done than what is needed */
        T doUntil(BooleanSupplier awaited) throws Exception;
    }

    /** What it came to. @throws RuntimeException what the work threw */
    T get() {
        isAwaited = true;
        try {
            return task.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException why) {
                throw why;
            }
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Reading was interrupted.", e);
        }
    }

    /** Waits for its end, whatever comes of it. */
    @Override
    public void close() {
        isAwaited = true;
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
