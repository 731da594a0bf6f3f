package org.twinkeep.consent.ledger;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.durable.CanonicalReader;
import org.twinkeep.consent.durable.CanonicalReader.NotCanonical;
import org.twinkeep.consent.durable.Hex;
import org.twinkeep.consent.ledger.Transaction.Amend;
import org.twinkeep.consent.ledger.Transaction.Anchor;
import org.twinkeep.consent.ledger.Transaction.BothOrganisations;
import org.twinkeep.consent.ledger.Transaction.Break;
import org.twinkeep.consent.ledger.Transaction.Delegate;
import org.twinkeep.consent.ledger.Transaction.End;
import org.twinkeep.consent.ledger.Transaction.Enrol;
import org.twinkeep.consent.ledger.Transaction.Expire;
import org.twinkeep.consent.ledger.Transaction.Grant;
import org.twinkeep.consent.ledger.Transaction.OwnKey;
import org.twinkeep.consent.ledger.Transaction.Propose;
import org.twinkeep.consent.ledger.Transaction.RecordErasure;
import org.twinkeep.consent.ledger.Transaction.RegisterPolicy;
import org.twinkeep.consent.ledger.Transaction.Review;
import org.twinkeep.consent.ledger.Transaction.Revoke;
import org.twinkeep.crypto.sign.VerifyingKey;

/** The frozen form of a transaction: in blocks and in what waits to be delivered (docs/formats/consent-ledger.md). */
public final class TransactionJson {
    private TransactionJson() {}

    public static Map<String, Object> write(Transaction transaction) {
        var json = unsigned(transaction);
        switch (transaction) {
            case Propose propose -> signed(json, propose.signature());
            case Grant grant -> signed(json, grant.signature());
            case Amend amend -> signed(json, amend.signature());
            case Revoke revoke -> signed(json, revoke.signature());
            case Expire expire -> signed(json, expire.signature());
            case End end -> signed(json, end.signature());
            case Enrol enrol -> {
                signed(json, enrol.signature());
                signed(json, enrol.both());
            }
            case Delegate delegate -> {
                if (delegate.own() != null) {
                    signed(json, delegate.own().signature());
                }
                signed(json, delegate.both());
            }
            case Break glass -> signed(json, glass.signature());
            case Review review -> signed(json, review.signature());
            case RegisterPolicy policy -> signed(json, policy.both());
            case Anchor anchor -> signed(json, anchor.signature());
            case RecordErasure erasure -> signed(json, erasure.signature());
        }
        return json;
    }

    /** All but the signatures: what they sign, with the ledger's name (docs/formats/consent-ledger.md). */
    public static Map<String, Object> unsigned(Transaction transaction) {
        var json = new LinkedHashMap<String, Object>();
        json.put("handle", transaction.handle().value());
        json.put("step", transaction.step());
        switch (transaction) {
            case Propose propose -> says(json, "propose", propose.commitment(), propose.organisation());
            case Grant grant -> {
                says(json, "grant", grant.commitment(), null);
                json.put("key", Hex.of(grant.key().bytes()));
                json.put("policy", grant.policyVersion());
            }
            case Amend amend -> says(json, "amend", amend.commitment(), null);
            case Revoke _ -> says(json, "revoke", null, null);
            case Expire expire -> says(json, "expire", null, expire.organisation());
            case End end -> says(json, "end", null, end.organisation());
            case Enrol enrol -> {
                says(json, "enrol", enrol.commitment(), null);
                json.put("key", Hex.of(enrol.key().bytes()));
            }
            case Delegate delegate -> {
                says(json, "delegate", delegate.commitment(), null);
                if (delegate.own() != null) {
                    json.put("key", Hex.of(delegate.own().key().bytes()));
                }
            }
            case Break glass -> {
                says(json, "break", glass.commitment(), glass.organisation());
                json.put("until", glass.until().toEpochMilli());
            }
            case Review review -> says(json, "review", review.commitment(), review.organisation());
            case RegisterPolicy policy -> {
                says(json, "policy", policy.commitment(), null);
                json.put("subject", policy.subject());
                json.put("version", policy.version());
            }
            case Anchor anchor -> says(json, "anchor", anchor.commitment(), anchor.organisation());
            case RecordErasure erasure -> says(json, "erasure", erasure.commitment(), erasure.organisation());
        }
        return json;
    }

    private static void says(
            Map<String, Object> json, String act, @Nullable String commitment, @Nullable String organisation) {
        json.put("act", act);
        if (commitment != null) {
            json.put("commitment", commitment);
        }
        if (organisation != null) {
            json.put("organisation", organisation);
        }
    }

    private static void signed(Map<String, Object> json, byte[] signature) {
        json.put("signature", Hex.of(signature));
    }

    private static void signed(Map<String, Object> json, @Nullable BothOrganisations both) {
        if (both != null) {
            json.put("custodian", Hex.of(both.custodian()));
            json.put("oversight", Hex.of(both.oversight()));
        }
    }

    /** @throws NotCanonical when it is not a transaction that {@link #write} writes, down to the last element */
    public static Transaction read(CanonicalReader json) {
        var transaction = understood(json);
        if (!write(transaction).equals(numbersAsWritten(json.map()))) {
            throw new NotCanonical("a transaction has an element that is not known");
        }
        return transaction;
    }

    /** A parser makes the smallest type that holds a number; times are written as long ones. */
    private static Map<String, Object> numbersAsWritten(Map<String, ?> json) {
        var same = new LinkedHashMap<String, Object>(json);
        same.computeIfPresent("until", (_, until) -> until instanceof Number number ? number.longValue() : until);
        return same;
    }

    private static Transaction understood(CanonicalReader json) {
        var handle = handle(json);
        int step = json.smallNumber("step");
        return switch (json.text("act")) {
            case "propose" ->
                new Propose(handle, step, json.text("commitment"), json.text("organisation"), signature(json));
            case "grant" ->
                new Grant(handle, step, json.text("commitment"), key(json), json.text("policy"), signature(json));
            case "amend" -> new Amend(handle, step, json.text("commitment"), signature(json));
            case "revoke" -> new Revoke(handle, step, signature(json));
            case "expire" -> new Expire(handle, step, json.text("organisation"), signature(json));
            case "end" -> new End(handle, step, json.text("organisation"), signature(json));
            case "enrol" ->
                new Enrol(handle, step, json.text("commitment"), key(json), signature(json), bothOrNone(json));
            case "delegate" ->
                new Delegate(
                        handle,
                        step,
                        json.text("commitment"),
                        json.has("key") ? new OwnKey(key(json), signature(json)) : null,
                        bothOrNone(json));
            case "break" ->
                new Break(
                        handle,
                        step,
                        json.text("commitment"),
                        Instant.ofEpochMilli(json.number("until")),
                        json.text("organisation"),
                        signature(json));
            case "review" ->
                new Review(handle, step, json.text("commitment"), json.text("organisation"), signature(json));
            case "policy" ->
                new RegisterPolicy(
                        handle, step, json.text("commitment"), json.text("subject"), json.text("version"), both(json));
            case "anchor" ->
                new Anchor(handle, step, json.text("commitment"), json.text("organisation"), signature(json));
            case "erasure" ->
                new RecordErasure(handle, step, json.text("commitment"), json.text("organisation"), signature(json));
            default -> throw new NotCanonical("an act that is not known");
        };
    }

    private static ConsentHandle handle(CanonicalReader json) {
        try {
            return new ConsentHandle(json.text("handle"));
        } catch (IllegalArgumentException e) {
            throw new NotCanonical("a consent handle has 64 hexadecimal digits");
        }
    }

    private static VerifyingKey key(CanonicalReader json) {
        return new VerifyingKey(json.hex("key"));
    }

    private static byte[] signature(CanonicalReader json) {
        return json.hex("signature");
    }

    private static @Nullable BothOrganisations bothOrNone(CanonicalReader json) {
        return json.has("custodian") ? both(json) : null;
    }

    private static BothOrganisations both(CanonicalReader json) {
        return new BothOrganisations(json.hex("custodian"), json.hex("oversight"));
    }
}
