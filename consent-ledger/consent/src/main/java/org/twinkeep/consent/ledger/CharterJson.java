package org.twinkeep.consent.ledger;

import java.util.Map;
import java.util.TreeMap;
import org.twinkeep.consent.durable.CanonicalReader;
import org.twinkeep.consent.durable.CanonicalReader.NotCanonical;
import org.twinkeep.consent.durable.Hex;
import org.twinkeep.crypto.sign.VerifyingKey;

/** The frozen form of a charter (docs/formats/consent-ledger.md). */
public final class CharterJson {
    private CharterJson() {}

    public static Map<String, Object> write(Charter charter) {
        var keys = new TreeMap<String, String>();
        charter.organisations().forEach((name, key) -> keys.put(name, Hex.of(key.bytes())));
        return Map.of("channel", charter.channel(), "policy", charter.policyVersion(), "organisations", keys);
    }

    /** @throws NotCanonical when an element is missing or of another type */
    public static Charter read(CanonicalReader json) {
        var named = json.object("organisations");
        var keys = new TreeMap<String, VerifyingKey>();
        named.map().keySet().forEach(name -> keys.put(name, new VerifyingKey(named.hex(name))));
        return new Charter(json.text("channel"), json.text("policy"), keys);
    }
}
