package org.twinkeep.consent.contract;

import static org.twinkeep.consent.ledger.LedgerRefused.Why.BAD_SIGNATURE;
import static org.twinkeep.consent.ledger.LedgerRefused.Why.MALFORMED;
import static org.twinkeep.consent.ledger.LedgerRefused.Why.NO_SUCH_ORGANISATION;
import static org.twinkeep.consent.ledger.LedgerRefused.Why.OTHER_POLICY;
import static org.twinkeep.consent.ledger.LedgerRefused.Why.TOO_LONG;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.Consent.Status;
import org.twinkeep.consent.ledger.Charter;
import org.twinkeep.consent.ledger.ConsentRecord;
import org.twinkeep.consent.ledger.ConsentRecord.Kind;
import org.twinkeep.consent.ledger.LedgerRefused;
import org.twinkeep.consent.ledger.LedgerRefused.Why;
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
import org.twinkeep.crypto.sign.VerifyingKey;

/**
 * What a transaction has to be in itself, whatever came before it: well-formed, and signed by those who may.
 *
 * @param before what is recorded under its handle
 */
record Signed(Charter charter, Optional<ConsentRecord> before, Instant at) {

    /** The longest that an emergency lasts, from when it is recorded (docs/formats/consent-ledger.md). */
    private static final Duration LONGEST_EMERGENCY = Duration.ofMinutes(60);

    static final List<String> BOTH = List.of(Charter.CUSTODIAN, Charter.OVERSIGHT);

    /** Whether the last record is what this very transaction made. */
    boolean isRecorded(Transaction transaction) {
        var record = before.orElseThrow();
        if (record.step() != transaction.step()) {
            return false;
        }
        return switch (transaction) {
            case Propose propose ->
                isStill(record, Kind.CONSENT, propose.commitment()) && record.status() == Status.PROPOSED;
            case Grant grant ->
                isStill(record, Kind.CONSENT, grant.commitment())
                        && grant.key().equals(record.key())
                        && record.policyVersion().equals(grant.policyVersion());
            case Amend amend ->
                record.step() > 1
                        && record.status() == Status.ACTIVE
                        && record.kind() != Kind.POLICY
                        && record.commitment().equals(amend.commitment());
            case Revoke _, End _ -> record.status() == Status.REVOKED;
            case Expire _ -> record.status() == Status.EXPIRED;
            case Enrol enrol ->
                isStill(record, Kind.SIGNER, enrol.commitment()) && enrol.key().equals(record.key());
            case Delegate delegate ->
                isStill(record, Kind.DELEGATION, delegate.commitment())
                        && (delegate.own() == null
                                ? record.key() == null
                                : delegate.own().key().equals(record.key()))
                        && record.organisations().equals(names(delegate.both()));
            case Break glass ->
                isStill(record, Kind.EMERGENCY, glass.commitment())
                        && glass.until().equals(record.until());
            case Review review ->
                record.status() == Status.REVIEWED && record.commitment().equals(review.commitment());
            case RegisterPolicy policy ->
                isStill(record, Kind.POLICY, policy.commitment())
                        && record.policyVersion().equals(policy.version());
            case Anchor anchor -> isStill(record, Kind.ANCHOR, anchor.commitment());
            case RecordErasure erasure -> isStill(record, Kind.ERASURE, erasure.commitment());
        };
    }

    private static boolean isStill(ConsentRecord record, Kind kind, String commitment) {
        return record.kind() == kind
                && (record.status() == Status.ACTIVE || record.status() == Status.PROPOSED)
                && record.commitment().equals(commitment);
    }

    /** @throws LedgerRefused when it is malformed, or not signed as the table says */
    void require(Transaction transaction) {
        switch (transaction) {
            case Propose propose -> {
                requireHash(propose.commitment());
                requireSignedBy(Charter.PROVIDER, propose.organisation(), transaction, propose.signature());
            }
            case Grant grant -> {
                requireHash(grant.commitment());
                require(grant.policyVersion().equals(charter.policyVersion()), OTHER_POLICY);
                requireSigned(grant.key(), transaction, grant.signature());
            }
            case Amend amend -> {
                requireHash(amend.commitment());
                requireSignedByItsOwnKey(transaction, amend.signature());
            }
            case Revoke revoke -> requireSignedByItsOwnKey(transaction, revoke.signature());
            case Expire expire -> requireSigned(keyOf(expire.organisation()), transaction, expire.signature());
            case End end -> requireSignedBy(Charter.CUSTODIAN, end.organisation(), transaction, end.signature());
            case Enrol enrol -> {
                requireHash(enrol.commitment());
                require(enrol.step() > 1 || enrol.both() == null, MALFORMED);
                require(enrol.step() == 1 || enrol.both() != null, BAD_SIGNATURE);
                requireSigned(enrol.key(), transaction, enrol.signature());
                if (enrol.both() != null) {
                    requireSigned(transaction, enrol.both());
                }
            }
            case Delegate delegate -> {
                requireHash(delegate.commitment());
                require(delegate.own() != null || delegate.both() != null, MALFORMED);
                if (delegate.own() != null) {
                    requireSigned(
                            delegate.own().key(), transaction, delegate.own().signature());
                }
                if (delegate.both() != null) {
                    requireSigned(transaction, delegate.both());
                }
            }
            case Break glass -> {
                requireHash(glass.commitment());
                requireSignedBy(Charter.PROVIDER, glass.organisation(), transaction, glass.signature());
                require(before.isPresent() || !glass.until().isAfter(at.plus(LONGEST_EMERGENCY)), TOO_LONG);
            }
            case Review review -> {
                requireHash(review.commitment());
                requireSignedBy(Charter.OVERSIGHT, review.organisation(), transaction, review.signature());
            }
            case RegisterPolicy policy -> {
                requireHash(policy.commitment());
                require(
                        policy.subject().matches("[a-z][a-z-]{0,39}")
                                && policy.version().matches("[0-9A-Za-z._-]{1,64}"),
                        MALFORMED);
                require(policy.handle().equals(RegisterPolicy.handleOf(policy.subject())), MALFORMED);
                requireSigned(transaction, policy.both());
            }
            case Anchor anchor -> {
                requireHash(anchor.commitment());
                require(anchor.handle().equals(Anchor.handleOf(anchor.commitment())), MALFORMED);
                requireSignedBy(Charter.CUSTODIAN, anchor.organisation(), transaction, anchor.signature());
            }
            case RecordErasure erasure -> {
                requireHash(erasure.commitment());
                require(erasure.handle().equals(RecordErasure.handleOf(erasure.commitment())), MALFORMED);
                requireSignedBy(Charter.CUSTODIAN, erasure.organisation(), transaction, erasure.signature());
            }
        }
    }

    /** The record that an allowed first transaction makes. */
    ConsentRecord first(Transaction transaction, Kind kind, Status status) {
        return switch (transaction) {
            case Propose propose ->
                first(transaction, kind, status, propose.commitment(), null, List.of(propose.organisation()), null);
            case Grant grant -> first(transaction, kind, status, grant.commitment(), grant.key(), List.of(), null);
            case Enrol enrol ->
                first(transaction, kind, status, enrol.commitment(), enrol.key(), names(enrol.both()), null);
            case Delegate delegate ->
                first(
                        transaction,
                        kind,
                        status,
                        delegate.commitment(),
                        delegate.own() == null ? null : delegate.own().key(),
                        names(delegate.both()),
                        null);
            case Break glass ->
                first(
                        transaction,
                        kind,
                        status,
                        glass.commitment(),
                        null,
                        List.of(glass.organisation()),
                        glass.until());
            case RegisterPolicy policy -> first(transaction, kind, status, policy.commitment(), null, BOTH, null);
            case Anchor anchor ->
                first(transaction, kind, status, anchor.commitment(), null, List.of(anchor.organisation()), null);
            case RecordErasure erasure ->
                first(transaction, kind, status, erasure.commitment(), null, List.of(erasure.organisation()), null);
            case Amend _, Revoke _, Expire _, End _, Review _ ->
                throw new IllegalStateException("it changes something that is there");
        };
    }

    private ConsentRecord first(
            Transaction transaction,
            Kind kind,
            Status status,
            String commitment,
            @Nullable VerifyingKey key,
            List<String> organisations,
            @Nullable Instant until) {
        return new ConsentRecord(
                transaction.handle(),
                ConsentRecord.VERSION,
                kind,
                1,
                status,
                commitment,
                key,
                transaction instanceof RegisterPolicy policy ? policy.version() : charter.policyVersion(),
                organisations,
                until,
                ConsentRecord.NOTHING_BEFORE,
                at);
    }

    private static List<String> names(@Nullable BothOrganisations both) {
        return both == null ? List.of() : BOTH;
    }

    private void requireSignedByItsOwnKey(Transaction transaction, byte[] signature) {
        var own = before.map(ConsentRecord::key);
        require(own.isPresent(), BAD_SIGNATURE);
        requireSigned(own.orElseThrow(), transaction, signature);
    }

    private void requireSigned(Transaction transaction, BothOrganisations both) {
        requireSigned(keyOf(Charter.CUSTODIAN), transaction, both.custodian());
        requireSigned(keyOf(Charter.OVERSIGHT), transaction, both.oversight());
    }

    private void requireSignedBy(String allowed, String organisation, Transaction transaction, byte[] signature) {
        require(organisation.equals(allowed), NO_SUCH_ORGANISATION);
        requireSigned(keyOf(organisation), transaction, signature);
    }

    private VerifyingKey keyOf(String organisation) {
        var key = charter.organisations().get(organisation);
        if (key == null) {
            throw new LedgerRefused(NO_SUCH_ORGANISATION);
        }
        return key;
    }

    private void requireSigned(VerifyingKey key, Transaction transaction, byte[] signature) {
        require(key.verifies(SignedBytes.of(charter.channel(), transaction, before), signature), BAD_SIGNATURE);
    }

    private static void requireHash(String commitment) {
        require(commitment.matches("[0-9a-f]{64}"), MALFORMED);
    }

    private static void require(boolean allowed, Why otherwise) {
        if (!allowed) {
            throw new LedgerRefused(otherwise);
        }
    }
}
