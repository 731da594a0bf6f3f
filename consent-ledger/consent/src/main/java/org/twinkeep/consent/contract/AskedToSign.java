package org.twinkeep.consent.contract;

import static org.twinkeep.consent.ledger.LedgerRefused.Why.MALFORMED;
import static org.twinkeep.consent.ledger.LedgerRefused.Why.NO_SUCH_ORGANISATION;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.twinkeep.consent.durable.CanonicalReader;
import org.twinkeep.consent.durable.CanonicalReader.NotCanonical;
import org.twinkeep.consent.ledger.Charter;
import org.twinkeep.consent.ledger.LedgerRefused;
import org.twinkeep.consent.ledger.Transaction;
import org.twinkeep.consent.ledger.Transaction.Amend;
import org.twinkeep.consent.ledger.Transaction.Anchor;
import org.twinkeep.consent.ledger.Transaction.BothOrganisations;
import org.twinkeep.consent.ledger.Transaction.Break;
import org.twinkeep.consent.ledger.Transaction.Delegate;
import org.twinkeep.consent.ledger.Transaction.End;
import org.twinkeep.consent.ledger.Transaction.Enrol;
import org.twinkeep.consent.ledger.Transaction.Expire;
import org.twinkeep.consent.ledger.Transaction.Grant;
import org.twinkeep.consent.ledger.Transaction.Propose;
import org.twinkeep.consent.ledger.Transaction.RecordErasure;
import org.twinkeep.consent.ledger.Transaction.RegisterPolicy;
import org.twinkeep.consent.ledger.Transaction.Review;
import org.twinkeep.consent.ledger.Transaction.Revoke;
import org.twinkeep.consent.ledger.TransactionJson;
import org.twinkeep.crypto.sign.SigningKey;

/**
 * Bytes that an organisation is asked to sign, read before it does: an act of that organisation, of its own ledger, in good
 * form. Whether the act is in order is said by whoever executes it in a block. Pure.
 *
 * @param word the act's name on the ledger
 */
public record AskedToSign(String word) {

    private static final String NOT_SIGNED_YET = "00";
    private static final List<String> BOTH = List.of("custodian", "oversight");

    /**
     * @param key the organisation's
     * @throws LedgerRefused for everything that is no such act
     */
    public static AskedToSign read(byte[] bytes, String channel, String organisation, SigningKey key, Instant now) {
        try {
            var said = new HashMap<String, Object>(CanonicalReader.of(bytes).map());
            if (!SignedBytes.FORMAT.equals(said.remove("format")) || !channel.equals(said.remove("channel"))) {
                throw new LedgerRefused(MALFORMED);
            }
            var word = CanonicalReader.of(said).text("act");
            var act = TransactionJson.read(CanonicalReader.of(withRoomForSignatures(word, said)));
            if (!isActOf(organisation, act)) {
                throw new LedgerRefused(NO_SUCH_ORGANISATION);
            }
            // The contract itself judges the form, as if everybody had signed.
            var keys = Map.of(
                    Charter.CUSTODIAN, key.verifyingKey(),
                    Charter.PROVIDER, key.verifyingKey(),
                    Charter.OVERSIGHT, key.verifyingKey());
            new Signed(Charter.of(channel, "", keys), Optional.empty(), now).require(signedByAll(act, channel, key));
            return new AskedToSign(word);
        } catch (NotCanonical | IllegalArgumentException e) {
            throw new LedgerRefused(MALFORMED);
        }
    }

    /** A commitment that an act only binds is none of its own. */
    private static Map<String, Object> withRoomForSignatures(String word, Map<String, Object> said) {
        switch (word) {
            case "end", "expire" -> {
                if (!String.valueOf(said.remove("commitment")).matches("[0-9a-f]{64}")) {
                    throw new LedgerRefused(MALFORMED);
                }
                said.put("signature", NOT_SIGNED_YET);
            }
            case "policy", "delegate" -> BOTH.forEach(name -> said.put(name, NOT_SIGNED_YET));
            case "enrol" -> {
                said.put("signature", NOT_SIGNED_YET);
                BOTH.forEach(name -> said.put(name, NOT_SIGNED_YET));
            }
            default -> said.put("signature", NOT_SIGNED_YET);
        }
        return said;
    }

    private static boolean isActOf(String organisation, Transaction act) {
        return switch (act) {
            case Propose propose -> propose.organisation().equals(organisation);
            case Expire expire -> expire.organisation().equals(organisation);
            case End end -> end.organisation().equals(organisation);
            case Break glass -> glass.organisation().equals(organisation);
            case Review review -> review.organisation().equals(organisation);
            case Anchor anchor -> anchor.organisation().equals(organisation);
            case RecordErasure erasure -> erasure.organisation().equals(organisation);
            case Enrol enrol -> enrol.step() > 1 && Signed.BOTH.contains(organisation);
            case Delegate _, RegisterPolicy _ -> Signed.BOTH.contains(organisation);
            case Grant _, Amend _, Revoke _ -> false;
        };
    }

    private static Transaction signedByAll(Transaction act, String channel, SigningKey key) {
        var own = act instanceof Enrol enrol
                ? new Enrol(enrol.handle(), enrol.step(), enrol.commitment(), key.verifyingKey(), new byte[0], null)
                : act;
        var signature = key.sign(SignedBytes.of(channel, own, Optional.empty()));
        var both = new BothOrganisations(signature, signature);
        return switch (own) {
            case Propose p -> new Propose(p.handle(), p.step(), p.commitment(), p.organisation(), signature);
            case Expire e -> new Expire(e.handle(), e.step(), e.organisation(), signature);
            case End e -> new End(e.handle(), e.step(), e.organisation(), signature);
            case Break b -> new Break(b.handle(), b.step(), b.commitment(), b.until(), b.organisation(), signature);
            case Review r -> new Review(r.handle(), r.step(), r.commitment(), r.organisation(), signature);
            case Anchor a -> new Anchor(a.handle(), a.step(), a.commitment(), a.organisation(), signature);
            case RecordErasure e ->
                new RecordErasure(e.handle(), e.step(), e.commitment(), e.organisation(), signature);
            case Enrol e -> new Enrol(e.handle(), e.step(), e.commitment(), e.key(), signature, both);
            case Delegate d -> new Delegate(d.handle(), d.step(), d.commitment(), null, both);
            case RegisterPolicy p ->
                new RegisterPolicy(p.handle(), p.step(), p.commitment(), p.subject(), p.version(), both);
            case Grant _, Amend _, Revoke _ -> throw new LedgerRefused(NO_SUCH_ORGANISATION);
        };
    }
}
