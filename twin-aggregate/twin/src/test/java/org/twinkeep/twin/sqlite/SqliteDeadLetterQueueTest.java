package org.twinkeep.twin.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.messaging.MetaData;
import org.axonframework.messaging.deadletter.DeadLetter;
import org.axonframework.messaging.deadletter.GenericDeadLetter;
import org.axonframework.messaging.deadletter.SequencedDeadLetterQueue;
import org.axonframework.messaging.deadletter.SequencedDeadLetterQueueTest;
import org.axonframework.serialization.jackson3.Jackson3Serializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.keys.TestKeys;
import org.twinkeep.twin.store.SuitePlaces;

/** Axon's published suite of dead letter queues, unchanged, over sealed letters. */
class SqliteDeadLetterQueueTest extends SequencedDeadLetterQueueTest<EventMessage<?>> {

    @TempDir
    Path folder;

    private SqliteDeadLetters letters;

    @Override
    protected SequencedDeadLetterQueue<EventMessage<?>> buildTestSubject() {
        var keys = TestKeys.seed(1);
        letters = SqliteDeadLetters.open(
                folder.resolve("letters.db"),
                "group",
                new SuitePlaces(keys.ring()),
                keys.sealing(),
                Secret.random(keys.random),
                Jackson3Serializer.builder().build());
        return letters;
    }

    @AfterEach
    void close() {
        letters.close();
    }

    @Override
    protected long maxSequences() {
        return 1024;
    }

    @Override
    protected long maxSequenceSize() {
        return 1024;
    }

    @Override
    protected DeadLetter<EventMessage<?>> generateInitialLetter() {
        return new GenericDeadLetter<>("sequence", event(), generateThrowable());
    }

    @Override
    protected DeadLetter<EventMessage<?>> generateFollowUpLetter() {
        return new GenericDeadLetter<>("sequence", event());
    }

    private static EventMessage<?> event() {
        var event = generateEvent();
        return new GenericDomainEventMessage<>(
                "type",
                "aggregate",
                5,
                event.getPayload(),
                MetaData.with("k", "v"),
                event.getIdentifier(),
                event.getTimestamp());
    }

    @Override
    protected void setClock(Clock clock) {
        GenericDeadLetter.clock = clock;
    }

    /** Messages are not equal to each other: their parts are. */
    @Override
    protected void assertLetter(
            DeadLetter<? extends EventMessage<?>> expected, DeadLetter<? extends EventMessage<?>> actual) {
        var one = (DomainEventMessage<?>) expected.message();
        var other = (DomainEventMessage<?>) actual.message();
        assertThat(other.getIdentifier()).isEqualTo(one.getIdentifier());
        assertThat(other.getPayload()).isEqualTo(one.getPayload());
        assertThat(other.getPayloadType()).isEqualTo(one.getPayloadType());
        assertThat(other.getMetaData()).isEqualTo(one.getMetaData());
        assertThat(other.getTimestamp()).isEqualTo(one.getTimestamp());
        assertThat(other.getType()).isEqualTo(one.getType());
        assertThat(other.getAggregateIdentifier()).isEqualTo(one.getAggregateIdentifier());
        assertThat(other.getSequenceNumber()).isEqualTo(one.getSequenceNumber());
        assertThat(actual.cause()).isEqualTo(expected.cause());
        assertThat(actual.enqueuedAt()).isEqualTo(expected.enqueuedAt());
        assertThat(actual.lastTouched()).isEqualTo(expected.lastTouched());
        assertThat(actual.diagnostics()).isEqualTo(expected.diagnostics());
    }
}
