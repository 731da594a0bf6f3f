package org.twinkeep.consent.embedded;

import java.util.Arrays;
import java.util.Map;
import org.twinkeep.consent.ledger.Charter;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.sign.SigningKey;

/** The three organisations with keys that are the same in every test. */
public final class TestOrganisations {

    public static final String CHANNEL = "consent-test";
    public static final SigningKey CUSTODIAN = key(1);
    public static final SigningKey PROVIDER = key(2);
    public static final SigningKey OVERSIGHT = key(3);

    /** By the organisation's name. */
    public static final Map<String, SigningKey> KEYS =
            Map.of(Charter.CUSTODIAN, CUSTODIAN, Charter.PROVIDER, PROVIDER, Charter.OVERSIGHT, OVERSIGHT);

    private TestOrganisations() {}

    public static Organisations three() {
        return new Organisations(CHANNEL, CUSTODIAN, PROVIDER, OVERSIGHT);
    }

    /** A signing key that is the same for the same number. */
    public static SigningKey key(int number) {
        return new SigningKey(seed(number));
    }

    /** A seed that is the same for the same number. */
    public static Secret seed(int number) {
        var seed = new byte[32];
        Arrays.fill(seed, (byte) number);
        return Secret.copyOf(seed);
    }
}
