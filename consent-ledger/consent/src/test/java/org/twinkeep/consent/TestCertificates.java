package org.twinkeep.consent;

import org.twinkeep.consent.ledger.Charter;
import org.twinkeep.consent.ledger.Transaction.Enrol;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.sign.SigningKey;

/** Certificates of consents whose key is not derived from the signer's seed. */
public final class TestCertificates {

    private TestCertificates() {}

    /** By the identity key that this seed gives, as if it were the twin's. */
    public static Certificate of(
            Charter charter, ConsentHandle consent, SigningKey key, TwinId twin, Secret patientSeed) {
        return Certificate.of(
                charter.channel(), consent, key.verifyingKey(), Enrol.handleOf(twin), IdentityKey.of(patientSeed));
    }
}
