package org.twinkeep.twin.erasure;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import org.twinkeep.crypto.sign.VerifyingKey;

/**
 * The signed receipt of an erasure. It holds no personal data: a random id, how much went and which keys, the key state's
 * hash before and after, when, and the custodian's signature over its canonical bytes.
 *
 * @param scope {@code entries}, {@code chapter}, {@code period} or {@code twin}
 * @param horizon until when backups of keys were made that may still hold what is erased; nothing where there is none
 * @param document the canonical JSON that is signed, for download
 * @param signature Ed25519, base64
 */
public record ErasureReceipt(
        String id,
        String scope,
        int events,
        Instant at,
        Optional<Instant> horizon,
        String medium,
        String document,
        String signature) {

    /** Reads a receipt as it is downloaded. @throws IllegalArgumentException when it is none */
    public static ErasureReceipt parse(byte[] file) {
        try {
            var json = ErasureJson.parse(file);
            var document = ErasureJson.text(json, "document");
            var record = ErasureJson.record(ErasureJson.parse(document.getBytes(StandardCharsets.UTF_8)));
            if (!(record instanceof ErasureRecord.Completed completed)) {
                throw new IllegalArgumentException("not of a completed erasure");
            }
            return of(completed, document, ErasureJson.text(json, "signature"));
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("This is no receipt of an erasure.", e);
        }
    }

    static ErasureReceipt of(ErasureRecord.Completed completed, String document, String signature) {
        return new ErasureReceipt(
                completed.id(),
                completed.scope().code(),
                Math.toIntExact(completed.events()),
                completed.at(),
                completed.horizon(),
                completed.medium(),
                document,
                signature);
    }

    /** SHA-256 of the document, hexadecimal: all that a ledger of others records of it. */
    public String hash() {
        return ErasureLedger.hash(document.getBytes(StandardCharsets.UTF_8));
    }

    /** Whether this custodian signed it as it stands. */
    public boolean signedBy(VerifyingKey custodian) {
        try {
            return custodian.verifies(
                    document.getBytes(StandardCharsets.UTF_8),
                    Base64.getDecoder().decode(signature));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
