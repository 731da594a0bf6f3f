package org.twinkeep.consent.embedded;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.twinkeep.consent.ConsentPolicy;
import org.twinkeep.consent.ledger.Charter;
import org.twinkeep.crypto.sign.SigningKey;
import org.twinkeep.crypto.sign.VerifyingKey;

/**
 * The organisations of an embedded ledger, with the keys they sign blocks with. All of them lie with one operator: that
 * three sign does not make it decentralised.
 *
 * @param channel the ledger's name, its own for each house: every signature binds it
 */
public record Organisations(String channel, SigningKey custodian, SigningKey provider, SigningKey oversight) {

    public Charter charter() {
        var keys = new TreeMap<String, VerifyingKey>();
        signers().forEach((name, key) -> keys.put(name, key.verifyingKey()));
        return Charter.of(channel, ConsentPolicy.VERSION, keys);
    }

    SortedMap<String, SigningKey> signers() {
        return new TreeMap<>(
                Map.of(Charter.CUSTODIAN, custodian, Charter.PROVIDER, provider, Charter.OVERSIGHT, oversight));
    }
}
