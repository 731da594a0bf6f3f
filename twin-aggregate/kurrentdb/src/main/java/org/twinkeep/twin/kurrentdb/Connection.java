package org.twinkeep.twin.kurrentdb;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.kurrent.dbclient.KurrentDBClient;
import io.kurrent.dbclient.KurrentDBClientSettings;
import io.kurrent.dbclient.NotLeaderException;
import io.kurrent.dbclient.ReadMessage;
import io.kurrent.dbclient.RecordedEvent;
import io.kurrent.dbclient.StreamDeletedException;
import io.kurrent.dbclient.StreamNotFoundException;
import io.kurrent.dbclient.StreamTombstonedException;
import io.kurrent.dbclient.WrongExpectedVersionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.twinkeep.twin.StoreUnavailable;

/**
 * The official client, asked again where an answer did not come. A question has a deadline, because the client of 1.1.0
 * never ends a read whose call was cancelled, and stays dead where an election cut it off (kurrent-io/KurrentDB-Client-Java
 * issues 297, 375, 396): then it is replaced by a new one. Whatever is asked must be safe to ask twice.
 */
final class Connection implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    private static final long FIRST_PAUSE_MILLIS = 50;
    private static final long LONGEST_PAUSE_MILLIS = 2_000;
    private static final int REDIRECTIONS = 2;

    /** Answers of a server that understood the question: asking again changes nothing. */
    private static final Set<Status.Code> FINAL = Set.of(
            Status.Code.PERMISSION_DENIED,
            Status.Code.UNAUTHENTICATED,
            Status.Code.UNIMPLEMENTED,
            Status.Code.OUT_OF_RANGE);

    private static final Metadata.Key<String> EXCEPTION =
            Metadata.Key.of("exception", Metadata.ASCII_STRING_MARSHALLER);

    interface Question<T> {
        CompletableFuture<T> ask(KurrentDBClient client);
    }

    interface Reading {
        Publisher<ReadMessage> of(KurrentDBClient client);
    }

    private final KurrentDBClientSettings settings;
    private final Patience patience;
    private KurrentDBClient current;
    private boolean closed;

    Connection(KurrentDBClientSettings settings, Patience patience) {
        this.settings = settings;
        this.patience = patience;
        this.current = KurrentDBClient.create(settings);
    }

    /** How long the server gets for one answer, in milliseconds. */
    long answerMillis() {
        return patience.answer().toMillis();
    }

    /**
     * @throws WrongExpectedVersionException when the stream is at another revision
     * @throws StreamNotFoundException when there is none
     * @throws StreamGone when it was deleted
     * @throws StoreUnavailable when there was no answer in time: what was asked may have been done
     */
    <T> T ask(Question<T> question) {
        long until = System.nanoTime() + patience.whole().toNanos();
        for (int attempt = 1; ; attempt++) {
            var client = client();
            Throwable trouble;
            try {
                return answer(question.ask(client));
            } catch (ExecutionException e) {
                trouble = cause(e);
            } catch (TimeoutException e) {
                trouble = e;
            }
            refuse(trouble);
            if (System.nanoTime() > until) {
                throw unavailable(trouble);
            }
            LOG.warn("No answer from the store ({}); asking again.", name(trouble));
            if (!(trouble instanceof NotLeaderException) || attempt > REDIRECTIONS) {
                replace(client);
            }
            pause(attempt);
        }
    }

    /**
     * Reads until the server has no more or enough is there.
     *
     * @param enough asked after each event
     */
    List<RecordedEvent> read(Reading reading, Predicate<RecordedEvent> enough) {
        return ask(client -> {
            var collected = new Collected(enough);
            reading.of(client).subscribe(collected);
            return collected.done;
        });
    }

    private <T> T answer(CompletableFuture<T> future) throws ExecutionException, TimeoutException {
        try {
            return future.get(patience.answer().toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailable("Waiting for the store was interrupted; repeating it is safe.", e);
        } finally {
            future.cancel(false);
        }
    }

    private static Throwable cause(Throwable e) {
        var cause = e.getCause();
        if (cause != null && (e instanceof ExecutionException || e instanceof CompletionException)) {
            return cause(cause);
        }
        return e;
    }

    /** Where an append is told that a stream is deleted, a read is left with the bare status. */
    private static boolean saysDeleted(StatusRuntimeException e) {
        var trailers = e.getTrailers();
        return trailers != null && "stream-deleted".equals(trailers.get(EXCEPTION));
    }

    private static void refuse(Throwable trouble) {
        switch (trouble) {
            case WrongExpectedVersionException e -> throw e;
            case StreamNotFoundException e -> throw e;
            case StreamDeletedException e -> throw new StreamGone(e);
            case StreamTombstonedException e -> throw new StreamGone(e);
            case StatusRuntimeException e when saysDeleted(e) -> throw new StreamGone(e);
            case UnsupportedOperationException e ->
                throw new StoreUnavailable(
                        "The store is too old for an append to several streams at once: KurrentDB 25.1 is needed.", e);
            case StatusRuntimeException e
            when e.getStatus().getCode() == Status.Code.INVALID_ARGUMENT ->
                throw new StoreUnavailable(
                        "The store refuses what it was asked (INVALID_ARGUMENT): is it older than KurrentDB 25, where"
                                + " one append may hold 1 MiB?",
                        e);
            case StatusRuntimeException e
            when FINAL.contains(e.getStatus().getCode()) ->
                throw new StoreUnavailable(
                        "The store refuses (" + e.getStatus().getCode() + "): are its address, user and rights right?",
                        e);
            case Error e -> throw e;
            default -> {}
        }
    }

    private static StoreUnavailable unavailable(Throwable trouble) {
        return new StoreUnavailable(
                "The store does not answer. Whether this was kept is unknown; repeating it is safe.", trouble);
    }

    private static String name(Throwable trouble) {
        return trouble instanceof StatusRuntimeException e
                ? e.getStatus().getCode().name()
                : trouble.getClass().getSimpleName();
    }

    private static void pause(int attempt) {
        long millis = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(attempt - 1, 10));
        LockSupport.parkNanos(Duration.ofMillis(millis).toNanos());
    }

    private synchronized KurrentDBClient client() {
        if (closed) {
            throw new StoreUnavailable("The store was closed.");
        }
        if (current.isShutdown()) {
            current = KurrentDBClient.create(settings);
        }
        return current;
    }

    /** The first that found the client wanting replaces it; what others still ask of it fails and is asked again. */
    private synchronized void replace(KurrentDBClient wanting) {
        if (current == wanting && !closed) {
            current = KurrentDBClient.create(settings);
            wanting.shutdown();
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        current.shutdown();
    }

    /** Flow control is the client's own; a question is bounded by the number of events that it asks for. */
    private static final class Collected implements Subscriber<ReadMessage> {
        private final Predicate<RecordedEvent> enough;
        private final List<RecordedEvent> events = new ArrayList<>();
        private final CompletableFuture<List<RecordedEvent>> done = new CompletableFuture<>();
        private volatile @Nullable Subscription subscription;

        Collected(Predicate<RecordedEvent> enough) {
            this.enough = enough;
            done.whenComplete((_, trouble) -> {
                if (trouble != null) {
                    cancel();
                }
            });
        }

        private void cancel() {
            var running = subscription;
            if (running != null) {
                running.cancel();
            }
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            this.subscription = subscription;
        }

        @Override
        public void onNext(ReadMessage message) {
            if (done.isDone() || !message.hasEvent()) {
                return;
            }
            var event = message.getEvent().getOriginalEvent();
            events.add(event);
            if (enough.test(event)) {
                done.complete(events);
                cancel();
            }
        }

        @Override
        public void onError(Throwable trouble) {
            done.completeExceptionally(trouble);
        }

        @Override
        public void onComplete() {
            done.complete(events);
        }
    }
}
