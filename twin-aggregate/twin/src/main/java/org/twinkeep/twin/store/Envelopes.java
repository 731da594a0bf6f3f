package org.twinkeep.twin.store;

import org.jspecify.annotations.Nullable;
import org.twinkeep.crypto.sealing.Body;
import org.twinkeep.crypto.sealing.EventContext;
import org.twinkeep.crypto.sealing.SealedEvent;
import org.twinkeep.crypto.sealing.Sealing;

/** How the storage engine turns an event into stored bytes and back. The product has one way: {@link #sealedBy}. */
public interface Envelopes {

    SealedEvent seal(EventContext context, byte[] skeleton, @Nullable Body body, byte[] previousHash);

    byte[] openSkeleton(EventContext context, SealedEvent event);

    byte[] sealSnapshot(EventContext context, byte[] plain);

    byte[] openSnapshot(EventContext context, byte[] sealed);

    static Envelopes sealedBy(Sealing sealing) {
        return new Envelopes() {
            private static final String SNAPSHOT = "snapshot";

            @Override
            public SealedEvent seal(EventContext context, byte[] skeleton, @Nullable Body body, byte[] previousHash) {
                return sealing.seal(context, skeleton, body, previousHash);
            }

            @Override
            public byte[] openSkeleton(EventContext context, SealedEvent event) {
                return sealing.openSkeleton(context, event);
            }

            @Override
            public byte[] sealSnapshot(EventContext context, byte[] plain) {
                return sealing.sealAside(context, SNAPSHOT, plain);
            }

            @Override
            public byte[] openSnapshot(EventContext context, byte[] sealed) {
                return sealing.openAside(context, SNAPSHOT, sealed);
            }
        };
    }
}
