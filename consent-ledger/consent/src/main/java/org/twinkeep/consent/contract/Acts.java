package org.twinkeep.consent.contract;

import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.ledger.Charter;
import org.twinkeep.consent.ledger.ConsentRecord;
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
import org.twinkeep.consent.ledger.Transaction.OwnKey;
import org.twinkeep.consent.ledger.Transaction.Propose;
import org.twinkeep.consent.ledger.Transaction.RecordErasure;
import org.twinkeep.consent.ledger.Transaction.RegisterPolicy;
import org.twinkeep.consent.ledger.Transaction.Review;
import org.twinkeep.consent.ledger.Transaction.Revoke;
import org.twinkeep.crypto.sign.SigningKey;

/**
 * Signs transactions for the ledger of a charter. An organisation signs as a function from bytes to signature, since its key
 * may lie elsewhere.
 */
public final class Acts {

    private static final byte[] NOT_SIGNED_YET = {};
    private static final BothOrganisations NOT_YET_BOTH = new BothOrganisations(NOT_SIGNED_YET, NOT_SIGNED_YET);

    private final Charter charter;

    public Acts(Charter charter) {
        this.charter = charter;
    }

    /** An organisation's signature. */
    @FunctionalInterface
    public interface Signature extends UnaryOperator<byte[]> {}

    /** The two that answer together for what a patient cannot sign. */
    public record Both(Signature custodian, Signature oversight) {}

    public Propose propose(ConsentHandle handle, String commitment, Signature provider) {
        return signed(
                signature -> new Propose(handle, 1, commitment, Charter.PROVIDER, signature),
                Optional.empty(),
                provider);
    }

    /** @param proposal the proposal that it answers, or nothing */
    public Grant grant(ConsentHandle handle, String commitment, Optional<ConsentRecord> proposal, SigningKey own) {
        int step = proposal.map(ConsentRecord::step).orElse(0) + 1;
        return signed(
                signature ->
                        new Grant(handle, step, commitment, own.verifyingKey(), charter.policyVersion(), signature),
                proposal,
                own::sign);
    }

    public Amend amend(ConsentRecord record, String commitment, SigningKey own) {
        return signed(
                signature -> new Amend(record.handle(), record.step() + 1, commitment, signature),
                Optional.of(record),
                own::sign);
    }

    public Revoke revoke(ConsentRecord record, SigningKey own) {
        return signed(
                signature -> new Revoke(record.handle(), record.step() + 1, signature), Optional.of(record), own::sign);
    }

    public End end(ConsentRecord record, Signature custodian) {
        return signed(
                signature -> new End(record.handle(), record.step() + 1, Charter.CUSTODIAN, signature),
                Optional.of(record),
                custodian);
    }

    public Expire expire(ConsentRecord record, String organisation, Signature its) {
        return signed(
                signature -> new Expire(record.handle(), record.step() + 1, organisation, signature),
                Optional.of(record),
                its);
    }

    /** The first identity key of a patient. */
    public Enrol enrol(ConsentHandle handle, String commitment, SigningKey identity) {
        return enrol(handle, 1, commitment, identity, null);
    }

    /** Another one, after that was lost. */
    public Enrol enrolAgain(ConsentRecord before, String commitment, SigningKey identity, Both organisations) {
        return enrol(before.handle(), before.step() + 1, commitment, identity, organisations);
    }

    private Enrol enrol(ConsentHandle handle, int step, String commitment, SigningKey identity, @Nullable Both again) {
        var key = identity.verifyingKey();
        var message = bytes(new Enrol(handle, step, commitment, key, NOT_SIGNED_YET, null), Optional.empty());
        return new Enrol(
                handle, step, commitment, key, identity.sign(message), again == null ? null : both(message, again));
    }

    /** By the patient. */
    public Delegate delegate(ConsentHandle handle, String commitment, SigningKey own) {
        return signed(
                signature -> new Delegate(handle, 1, commitment, new OwnKey(own.verifyingKey(), signature), null),
                Optional.empty(),
                own::sign);
    }

    /** By both organisations, for a patient who cannot sign. */
    public Delegate delegate(ConsentHandle handle, String commitment, Both organisations) {
        var message = bytes(new Delegate(handle, 1, commitment, null, null), Optional.empty());
        return new Delegate(handle, 1, commitment, null, both(message, organisations));
    }

    public Break breakGlass(ConsentHandle handle, String commitment, Instant until, Signature provider) {
        return signed(
                signature -> new Break(handle, 1, commitment, until, Charter.PROVIDER, signature),
                Optional.empty(),
                provider);
    }

    public Review review(ConsentRecord glass, String commitment, Signature oversight) {
        return signed(
                signature -> new Review(glass.handle(), glass.step() + 1, commitment, Charter.OVERSIGHT, signature),
                Optional.of(glass),
                oversight);
    }

    /** @param before the version that is registered now, or nothing */
    public RegisterPolicy policy(
            String subject, String version, String commitment, Optional<ConsentRecord> before, Both organisations) {
        var handle = RegisterPolicy.handleOf(subject);
        int step = before.map(ConsentRecord::step).orElse(0) + 1;
        var message = bytes(new RegisterPolicy(handle, step, commitment, subject, version, NOT_YET_BOTH), before);
        return new RegisterPolicy(handle, step, commitment, subject, version, both(message, organisations));
    }

    public Anchor anchor(String commitment, Signature custodian) {
        return signed(
                signature -> new Anchor(Anchor.handleOf(commitment), 1, commitment, Charter.CUSTODIAN, signature),
                Optional.empty(),
                custodian);
    }

    public RecordErasure erasure(String commitment, Signature custodian) {
        return signed(
                signature -> new RecordErasure(
                        RecordErasure.handleOf(commitment), 1, commitment, Charter.CUSTODIAN, signature),
                Optional.empty(),
                custodian);
    }

    private <T extends Transaction> T signed(
            Function<byte[], T> with, Optional<ConsentRecord> before, UnaryOperator<byte[]> signer) {
        return with.apply(signer.apply(bytes(with.apply(NOT_SIGNED_YET), before)));
    }

    private static BothOrganisations both(byte[] message, Both organisations) {
        return new BothOrganisations(
                organisations.custodian().apply(message),
                organisations.oversight().apply(message));
    }

    private byte[] bytes(Transaction transaction, Optional<ConsentRecord> before) {
        return SignedBytes.of(charter.channel(), transaction, before);
    }
}
