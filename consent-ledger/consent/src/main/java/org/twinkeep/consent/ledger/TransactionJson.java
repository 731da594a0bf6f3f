package org.twinkeep.consent.ledger;

import java.util.LinkedHashMap;
import java.util.Map;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.durable.CanonicalReader;
import org.twinkeep.consent.durable.CanonicalReader.NotCanonical;
import org.twinkeep.consent.durable.Hex;
import org.twinkeep.consent.ledger.Transaction.End;
import org.twinkeep.consent.ledger.Transaction.Expire;
import org.twinkeep.consent.ledger.Transaction.Grant;
import org.twinkeep.consent.ledger.Transaction.Revoke;
import org.twinkeep.crypto.sign.VerifyingKey;

/** The frozen form of a transaction: in blocks and in what waits to be delivered (docs/formats/consent-ledger.md). */
public final class TransactionJson {
    private TransactionJson() {}

    public static Map<String, Object> write(Transaction transaction) {
        var json = new LinkedHashMap<String, Object>();
        json.put("handle", transaction.handle().value());
        json.put("step", transaction.step());
        json.put("signature", Hex.of(transaction.signature()));
        switch (transaction) {
            case Grant grant -> {
                json.put("act", "grant");
                json.put("commitment", grant.commitment());
                json.put("key", Hex.of(grant.key().bytes()));
                json.put("policy", grant.policyVersion());
            }
            case Revoke _ -> json.put("act", "revoke");
            case Expire expire -> {
                json.put("act", "expire");
                json.put("organisation", expire.organisation());
            }
            case End end -> {
                json.put("act", "end");
                json.put("organisation", end.organisation());
            }
        }
        return json;
    }

    /** @throws NotCanonical when it is not a transaction that {@link #write} writes, down to the last element */
    public static Transaction read(CanonicalReader json) {
        var transaction = understood(json);
        if (!write(transaction).equals(json.map())) {
            throw new NotCanonical("a transaction has an element that is not known");
        }
        return transaction;
    }

    private static Transaction understood(CanonicalReader json) {
        ConsentHandle handle;
        try {
            handle = new ConsentHandle(json.text("handle"));
        } catch (IllegalArgumentException e) {
            throw new NotCanonical("a consent handle has 64 hexadecimal digits");
        }
        int step = json.smallNumber("step");
        var signature = json.hex("signature");
        return switch (json.text("act")) {
            case "grant" ->
                new Grant(
                        handle,
                        step,
                        json.text("commitment"),
                        new VerifyingKey(json.hex("key")),
                        json.text("policy"),
                        signature);
            case "revoke" -> new Revoke(handle, step, signature);
            case "expire" -> new Expire(handle, step, json.text("organisation"), signature);
            case "end" -> new End(handle, step, json.text("organisation"), signature);
            default -> throw new NotCanonical("an act that is not known");
        };
    }
}
