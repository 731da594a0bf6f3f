package org.twinkeep.twin.sqlite;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.messaging.GenericMessage;
import org.axonframework.messaging.MetaData;
import org.axonframework.messaging.deadletter.Cause;
import org.axonframework.messaging.deadletter.DeadLetter;
import org.axonframework.messaging.deadletter.GenericDeadLetter;
import org.axonframework.messaging.deadletter.ThrowableCause;
import org.axonframework.serialization.SerializationException;
import org.axonframework.serialization.SerializedMetaData;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.SimpleSerializedObject;
import org.jspecify.annotations.Nullable;
import org.twinkeep.crypto.Tampered;
import org.twinkeep.crypto.bytes.ByteReader;
import org.twinkeep.crypto.bytes.ByteWriter;

/** What is sealed as a dead letter: everything of it, the words of its cause too. {@code docs/formats/dead-letters.md}. */
final class DeadLetterForm {

    private static final int VERSION = 1;
    private static final String MALFORMED = "A dead letter cannot be read.";

    private final Serializer serializer;

    DeadLetterForm(Serializer serializer) {
        this.serializer = serializer;
    }

    byte[] write(DeadLetter<? extends EventMessage<?>> letter) {
        var message = letter.message();
        var writer = new ByteWriter().u8(VERSION);
        writer.framed(message.serializePayload(serializer, byte[].class).getData());
        writer.framed(message.serializeMetaData(serializer, byte[].class).getData());
        instant(writer, message.getTimestamp());
        if (message instanceof DomainEventMessage<?> event) {
            writer.u8(1)
                    .framed(event.getType())
                    .framed(event.getAggregateIdentifier())
                    .u64(event.getSequenceNumber());
        } else {
            writer.u8(0);
        }
        var cause = letter.cause();
        writer.u8(cause.isPresent() ? 1 : 0);
        cause.ifPresent(why -> writer.framed(why.type()).framed(words(why.message())));
        instant(writer, letter.enqueuedAt());
        instant(writer, letter.lastTouched());
        return writer.framed(
                        serializer.serialize(letter.diagnostics(), byte[].class).getData())
                .toBytes();
    }

    /** A throwable may have no message. */
    private static String words(@Nullable String message) {
        return message == null ? "" : message;
    }

    /** @throws Tampered when the bytes are no letter; it has no cause, which would quote them */
    GenericDeadLetter<EventMessage<?>> read(
            Object sequence, String id, String type, @Nullable String revision, byte[] bytes) {
        try {
            return letter(sequence, id, type, revision, bytes);
        } catch (SerializationException | IllegalStateException | DateTimeException | ArithmeticException e) {
            throw new Tampered(MALFORMED);
        }
    }

    private GenericDeadLetter<EventMessage<?>> letter(
            Object sequence, String id, String type, @Nullable String revision, byte[] bytes) {
        var reader = new ByteReader(bytes, MALFORMED);
        if (reader.u8() != VERSION) {
            throw reader.malformed();
        }
        Object payload =
                serializer.deserialize(new SimpleSerializedObject<>(reader.framed(), byte[].class, type, revision));
        MetaData metaData = serializer.deserialize(new SerializedMetaData<>(reader.framed(), byte[].class));
        var message = new GenericMessage<>(id, payload, metaData);
        var at = instant(reader);
        EventMessage<?> event = reader.u8() == 1
                ? new GenericDomainEventMessage<>(text(reader), text(reader), reader.u64(), message, at)
                : new GenericEventMessage<>(message, () -> at);
        var cause = reader.u8() == 1
                ? Optional.<Cause>of(new ThrowableCause(text(reader), text(reader)))
                : Optional.<Cause>empty();
        var enqueued = instant(reader);
        var touched = instant(reader);
        MetaData diagnostics = serializer.deserialize(new SerializedMetaData<>(reader.framed(), byte[].class));
        reader.end();
        return new GenericDeadLetter<>(sequence, event, cause.orElse(null), enqueued, touched, diagnostics);
    }

    private static String text(ByteReader reader) {
        return new String(reader.framed(), StandardCharsets.UTF_8);
    }

    private static void instant(ByteWriter writer, Instant at) {
        writer.u64(at.getEpochSecond()).u32(at.getNano());
    }

    private static Instant instant(ByteReader reader) {
        return Instant.ofEpochSecond(reader.u64(), reader.u32());
    }
}
