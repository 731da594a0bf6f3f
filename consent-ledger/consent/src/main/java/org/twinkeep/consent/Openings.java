package org.twinkeep.consent;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.twinkeep.crypto.TwinId;

/**
 * Where the openings of a twin's consents (salt and canonical FHIR Consent) are kept: in the patient's own sealed stream.
 * An opening is kept before the ledger records its commitment; one that was never recorded means nothing.
 *
 * <p>Guarantee: what {@link #keep} returned from is durable. Failure: an exception; every decision on the twin is then no.
 */
public interface Openings {

    void keep(TwinId twin, Opening opening);

    List<Opening> of(TwinId twin);

    /**
     * @param salt 32 bytes
     * @param consent canonical bytes (RFC 8785) of the FHIR R4 Consent
     * @param certificate whose consent it is; null for what needs none, and for consents older than certificates
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Opening(
            ConsentHandle handle,
            int step,
            byte[] salt,
            byte[] consent,
            @Nullable Certificate certificate) {

        /** Of what needs no certificate. */
        public Opening(ConsentHandle handle, int step, byte[] salt, byte[] consent) {
            this(handle, step, salt, consent, null);
        }

        /** Whether it was erased of a twin that lives: that there was one is all that is known of it. */
        public boolean isLost() {
            return consent.length == 0;
        }

        @Override
        public String toString() {
            return "Opening";
        }
    }
}
