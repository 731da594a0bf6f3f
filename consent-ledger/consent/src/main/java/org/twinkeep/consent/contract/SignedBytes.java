package org.twinkeep.consent.contract;

import java.util.LinkedHashMap;
import java.util.Map;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.durable.Hex;
import org.twinkeep.crypto.json.CanonicalJson;
import org.twinkeep.crypto.sign.VerifyingKey;

/**
 * What is signed: canonical bytes (RFC 8785) of channel, handle, step and commitment, and of the act, so that a signature
 * serves one ledger, one consent, one step and one act only.
 */
public final class SignedBytes {

    /** The first element of everything that is signed here: no signature of another format can stand for one of ours. */
    private static final String FORMAT = "twinkeep-consent-1";

    private SignedBytes() {}

    /** Binds key and policy version too: nobody can put another key into a grant. */
    public static byte[] grant(
            String channel, ConsentHandle handle, int step, String commitment, VerifyingKey key, String policyVersion) {
        var fields = common("grant", channel, handle, step, commitment);
        fields.put("key", Hex.of(key.bytes()));
        fields.put("policy", policyVersion);
        return CanonicalJson.bytes(fields);
    }

    public static byte[] revoke(String channel, ConsentHandle handle, int step, String commitment) {
        return CanonicalJson.bytes(common("revoke", channel, handle, step, commitment));
    }

    public static byte[] expire(
            String channel, ConsentHandle handle, int step, String commitment, String organisation) {
        return byOrganisation("expire", channel, handle, step, commitment, organisation);
    }

    public static byte[] end(String channel, ConsentHandle handle, int step, String commitment, String organisation) {
        return byOrganisation("end", channel, handle, step, commitment, organisation);
    }

    private static byte[] byOrganisation(
            String act, String channel, ConsentHandle handle, int step, String commitment, String organisation) {
        var fields = common(act, channel, handle, step, commitment);
        fields.put("organisation", organisation);
        return CanonicalJson.bytes(fields);
    }

    private static Map<String, Object> common(
            String act, String channel, ConsentHandle handle, int step, String commitment) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("format", FORMAT);
        fields.put("act", act);
        fields.put("channel", channel);
        fields.put("handle", handle.value());
        fields.put("step", step);
        fields.put("commitment", commitment);
        return fields;
    }
}
