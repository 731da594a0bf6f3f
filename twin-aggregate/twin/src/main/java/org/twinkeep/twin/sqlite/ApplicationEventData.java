package org.twinkeep.twin.sqlite;

import java.time.Instant;
import org.axonframework.eventhandling.TrackedEventData;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.serialization.SerializedMetaData;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.SimpleSerializedObject;

/** An event of no aggregate, as Axon reads it. */
@SuppressWarnings("ArrayRecordComponent")
record ApplicationEventData(EventRow row, SkeletonFrame frame, TrackingToken trackingToken, byte[] metaData)
        implements TrackedEventData<byte[]> {

    @Override
    public String getEventIdentifier() {
        return row.id();
    }

    @Override
    public Instant getTimestamp() {
        return frame.at();
    }

    @Override
    public SerializedObject<byte[]> getMetaData() {
        return new SerializedMetaData<>(metaData, byte[].class);
    }

    @Override
    public SerializedObject<byte[]> getPayload() {
        return new SimpleSerializedObject<>(
                frame.payload(), byte[].class, row.type(), row.revision().isEmpty() ? null : row.revision());
    }
}
