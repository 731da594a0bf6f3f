package org.twinkeep.consent.ledger;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.twinkeep.crypto.sign.VerifyingKey;

/**
 * What a ledger was founded on: the name that every signature binds, the version of the policy, and the organisations.
 *
 * @param organisations public key by name; each signs every block
 */
public record Charter(String channel, String policyVersion, SortedMap<String, VerifyingKey> organisations) {

    /** Acts for the patients and keeps the data; the one that may stop a consent. */
    public static final String CUSTODIAN = "Custodian";

    /** Clinics, insurers, researchers. */
    public static final String PROVIDER = "Provider";

    /** The auditor. */
    public static final String OVERSIGHT = "Oversight";

    public Charter {
        organisations = Collections.unmodifiableSortedMap(new TreeMap<>(organisations));
    }

    /** The same with another key of one of them. */
    public Charter with(String organisation, VerifyingKey key) {
        var keys = new TreeMap<>(organisations);
        keys.put(organisation, key);
        return new Charter(channel, policyVersion, keys);
    }

    public static Charter of(String channel, String policyVersion, Map<String, VerifyingKey> organisations) {
        return new Charter(channel, policyVersion, new TreeMap<>(organisations));
    }
}
