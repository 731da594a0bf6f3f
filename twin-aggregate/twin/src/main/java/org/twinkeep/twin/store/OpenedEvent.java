package org.twinkeep.twin.store;

import java.time.Instant;
import org.axonframework.eventhandling.DomainEventData;
import org.axonframework.eventhandling.EventData;
import org.axonframework.eventhandling.TrackedEventData;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.serialization.SerializedMetaData;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.SimpleSerializedObject;

/** An event whose skeleton was opened, in the shapes in which Axon reads events. */
@SuppressWarnings("ArrayRecordComponent")
record OpenedEvent(String id, String type, String revision, SkeletonFrame frame, byte[] metaData) {

    private interface Data extends EventData<byte[]> {
        OpenedEvent event();

        @Override
        default String getEventIdentifier() {
            return event().id;
        }

        @Override
        default Instant getTimestamp() {
            return event().frame.at();
        }

        @Override
        default SerializedObject<byte[]> getMetaData() {
            return new SerializedMetaData<>(event().metaData, byte[].class);
        }

        @Override
        default SerializedObject<byte[]> getPayload() {
            var event = event();
            return new SimpleSerializedObject<>(
                    event.frame.payload(), byte[].class, event.type, event.revision.isEmpty() ? null : event.revision);
        }
    }

    /** Of an aggregate. */
    record OfAggregate(OpenedEvent event, String getAggregateIdentifier, long getSequenceNumber)
            implements Data, DomainEventData<byte[]> {
        @Override
        public String getType() {
            return event.frame.aggregateType();
        }
    }

    /** Of no aggregate. */
    record OfApplication(OpenedEvent event, TrackingToken trackingToken) implements Data, TrackedEventData<byte[]> {}
}
