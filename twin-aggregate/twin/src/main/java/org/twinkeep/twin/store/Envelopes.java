package org.twinkeep.twin.store;

import org.jspecify.annotations.Nullable;
import org.twinkeep.crypto.KeyScope;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.sealing.Body;
import org.twinkeep.crypto.sealing.EventContext;
import org.twinkeep.crypto.sealing.SealedEvent;
import org.twinkeep.crypto.sealing.Sealing;

/** How the storage engine turns an event into stored bytes and back. The product has one way: {@link #sealedBy}. */
public interface Envelopes {

    SealedEvent seal(EventContext context, byte[] skeleton, @Nullable Body body, byte[] previousHash);

    /** What opens the skeletons of one scope, one after the other; close it after a page. */
    Skeletons skeletons(TwinId twin, KeyScope scope);

    /** For one thread at a time. */
    interface Skeletons extends AutoCloseable {
        byte[] open(EventContext context, SealedEvent event);

        @Override
        default void close() {}
    }

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
            public Skeletons skeletons(TwinId twin, KeyScope scope) {
                var opening = sealing.skeletons(twin, scope);
                return new Skeletons() {
                    @Override
                    public byte[] open(EventContext context, SealedEvent event) {
                        return opening.open(context, event);
                    }

                    @Override
                    public void close() {
                        opening.close();
                    }
                };
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
