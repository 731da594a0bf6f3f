package org.twinkeep.consent.signer;

import java.net.URI;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.sign.VerifyingKey;

/**
 * How an organisation's signer is reached.
 *
 * @param address its base, {@code http://host:port}
 * @param key the organisation's public key
 * @param secret that house and signer share, at least 32 bytes
 */
public record SignerAccess(URI address, VerifyingKey key, Secret secret) {
    @Override
    public String toString() {
        return "SignerAccess";
    }
}
