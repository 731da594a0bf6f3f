package org.twinkeep.consent.contract;

import java.util.Optional;
import org.twinkeep.consent.ledger.ConsentRecord;
import org.twinkeep.consent.ledger.Transaction;
import org.twinkeep.consent.ledger.TransactionJson;
import org.twinkeep.crypto.json.CanonicalJson;

/**
 * What is signed: canonical bytes (RFC 8785) of all that a transaction says, of the ledger's name, and of the commitment
 * that stands, so that a signature serves one ledger, one handle, one step and one act only.
 */
public final class SignedBytes {

    /** The first element of everything that is signed here: no signature of another format can stand for one of ours. */
    static final String FORMAT = "twinkeep-consent-1";

    private SignedBytes() {}

    /** @param before what is recorded under the handle: an act without a commitment of its own binds that one */
    public static byte[] of(String channel, Transaction transaction, Optional<ConsentRecord> before) {
        var fields = TransactionJson.unsigned(transaction);
        fields.put("format", FORMAT);
        fields.put("channel", channel);
        before.ifPresent(record -> fields.putIfAbsent("commitment", record.commitment()));
        return CanonicalJson.bytes(fields);
    }
}
