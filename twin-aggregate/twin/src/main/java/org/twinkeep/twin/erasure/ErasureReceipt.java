package org.twinkeep.twin.erasure;

import java.time.Instant;

/**
 * The signed receipt of an erasure. It holds no personal data: a random id, how much went, the key state's hash before and
 * after, when, and the custodian's signature over its canonical bytes.
 *
 * @param scope {@code entries} or {@code twin}
 * @param document the canonical JSON that is signed, for download
 * @param signature Ed25519, base64
 */
public record ErasureReceipt(String id, String scope, int events, Instant at, String document, String signature) {}
