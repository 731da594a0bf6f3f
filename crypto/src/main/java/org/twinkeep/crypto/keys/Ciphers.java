package org.twinkeep.crypto.keys;

import org.twinkeep.crypto.AesGcm;

/**
 * What the events of one epoch are sealed with, one event at a time: to look ciphers up for each, and to schedule the key of
 * skeletons anew, takes longer than to seal a kilobyte.
 *
 * <p>Each holds the key it saw last. An epoch keeps them no longer than its own keys, from which both can be computed.
 */
public record Ciphers(AesGcm skeletons, AesGcm bodies) {

    Ciphers() {
        this(new AesGcm(), new AesGcm());
    }

    /** Wipes the keys. */
    void forget() {
        skeletons.forget();
        bodies.forget();
    }

    @Override
    public String toString() {
        return "Ciphers";
    }
}
