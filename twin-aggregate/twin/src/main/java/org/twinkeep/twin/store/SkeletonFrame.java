package org.twinkeep.twin.store;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

/**
 * What is sealed as an event's skeleton: version 1, when it was recorded (milliseconds), the aggregate's type (empty for
 * an event of no aggregate), metadata, and the event's own JSON. Numbers are big-endian; {@code
 * docs/formats/events-db.md} has the layout.
 */
@SuppressWarnings("ArrayRecordComponent")
record SkeletonFrame(Instant at, String aggregateType, byte[] metaData, byte[] payload) {

    private static final byte VERSION = 1;

    byte[] bytes() {
        var type = aggregateType.getBytes(StandardCharsets.UTF_8);
        var frame = ByteBuffer.allocate(1 + 8 + 2 + type.length + 4 + metaData.length + payload.length);
        frame.put(VERSION).putLong(at.toEpochMilli());
        frame.putShort((short) type.length).put(type);
        frame.putInt(metaData.length).put(metaData);
        return frame.put(payload).array();
    }

    static SkeletonFrame of(byte[] bytes) {
        try {
            var frame = ByteBuffer.wrap(bytes);
            if (frame.get() != VERSION) {
                throw new IllegalStateException("a skeleton of a version that is not known here");
            }
            var at = Instant.ofEpochMilli(frame.getLong());
            var named = take(frame, frame.getShort() & 0xffff);
            var type = new String(named, StandardCharsets.UTF_8);
            if (!Arrays.equals(type.getBytes(StandardCharsets.UTF_8), named)) {
                throw new IllegalStateException("a skeleton's type is no text");
            }
            var metaData = take(frame, frame.getInt());
            return new SkeletonFrame(at, type, metaData, take(frame, frame.remaining()));
        } catch (BufferUnderflowException e) {
            throw new IllegalStateException("a skeleton is cut short", e);
        }
    }

    private static byte[] take(ByteBuffer frame, int length) {
        if (length < 0 || length > frame.remaining()) {
            throw new IllegalStateException("a skeleton is cut short");
        }
        var bytes = new byte[length];
        frame.get(bytes);
        return bytes;
    }
}
