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

    private static final List<String> BOTH = List.of(Charter.CUSTODIAN, Charter.OVERSIGHT);

    /** Whether the last record is what this very transaction made. */
    boolean isRecorded(Transaction transaction) {
        var record = before.orElseThrow();
        if (record.step() != transaction.step()) {
            return false;
        }
        return switch (transaction) {
            case Propose(_, _, var commitment, _, _) ->
                isStill(record, Kind.CONSENT, commitment) && record.status() == Status.PROPOSED;
            case Grant(_, _, var commitment, var key, var policyVersion, _) ->
                isStill(record, Kind.CONSENT, commitment)
                        && key.equals(record.key())
                        && record.policyVersion().equals(policyVersion);
            case Amend(_, _, var commitment, _) ->
                record.step() > 1
                        && record.status() == Status.ACTIVE
                        && record.kind() != Kind.POLICY
                        && record.commitment().equals(commitment);
            case Revoke _, End _ -> record.status() == Status.REVOKED;
            case Expire _ -> record.status() == Status.EXPIRED;
            case Enrol(_, _, var commitment, var key, _, var both) ->
                isStill(record, Kind.SIGNER, commitment)
                        && key.equals(record.key())
                        && record.organisations().equals(names(both));
            case Delegate(_, _, var commitment, var own, var both) ->
                isStill(record, Kind.DELEGATION, commitment)
                        && (own == null ? record.key() == null : own.key().equals(record.key()))
                        && record.organisations().equals(names(both));
            case Break(_, _, var commitment, var until, _, _) ->
                isStill(record, Kind.EMERGENCY, commitment) && until.equals(record.until());
            case Review(_, _, var commitment, _, _) ->
                record.status() == Status.REVIEWED && record.commitment().equals(commitment);
            case RegisterPolicy(_, _, var commitment, _, var version, _) ->
                isStill(record, Kind.POLICY, commitment)
                        && record.policyVersion().equals(version);
            case Anchor(_, _, var commitment, _, _) -> isStill(record, Kind.ANCHOR, commitment);
            case RecordErasure(_, _, var commitment, _, _) -> isStill(record, Kind.ERASURE, commitment);
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
            case Propose(_, _, var commitment, var organisation, var signature) -> {
                requireHash(commitment);
                requireSignedBy(Charter.PROVIDER, organisation, transaction, signature);
            }
            case Grant(_, _, var commitment, var key, var policyVersion, var signature) -> {
                requireHash(commitment);
                require(policyVersion.equals(charter.policyVersion()), OTHER_POLICY);
                requireSigned(key, transaction, signature);
            }
            case Amend(_, _, var commitment, var signature) -> {
                requireHash(commitment);
                requireSignedByItsOwnKey(transaction, signature);
            }
            case Revoke(_, _, var signature) -> requireSignedByItsOwnKey(transaction, signature);
            case Expire(_, _, var organisation, var signature) ->
                requireSigned(keyOf(organisation), transaction, signature);
            case End(_, _, var organisation, var signature) ->
                requireSignedBy(Charter.CUSTODIAN, organisation, transaction, signature);
            case Enrol(_, _, var commitment, var key, var signature, var both) -> {
                requireHash(commitment);
                requireSigned(key, transaction, signature);
                if (both != null) {
                    requireSigned(transaction, both);
                }
            }
            case Delegate(_, _, var commitment, var own, var both) -> {
                requireHash(commitment);
                require(own != null || both != null, MALFORMED);
                if (own != null) {
                    requireSigned(own.key(), transaction, own.signature());
                }
                if (both != null) {
                    requireSigned(transaction, both);
                }
            }
            case Break(_, _, var commitment, var until, var organisation, var signature) -> {
                requireHash(commitment);
                requireSignedBy(Charter.PROVIDER, organisation, transaction, signature);
                require(before.isPresent() || !until.isAfter(at.plus(LONGEST_EMERGENCY)), TOO_LONG);
            }
            case Review(_, _, var commitment, var organisation, var signature) -> {
                requireHash(commitment);
                requireSignedBy(Charter.OVERSIGHT, organisation, transaction, signature);
            }
            case RegisterPolicy(var handle, _, var commitment, var subject, var version, var both) -> {
                requireHash(commitment);
                require(subject.matches("[a-z][a-z-]{0,39}") && version.matches("[0-9A-Za-z._-]{1,64}"), MALFORMED);
                require(handle.equals(RegisterPolicy.handleOf(subject)), MALFORMED);
                requireSigned(transaction, both);
            }
            case Anchor(var handle, _, var commitment, var organisation, var signature) -> {
                requireHash(commitment);
                require(handle.equals(Anchor.handleOf(commitment)), MALFORMED);
                requireSignedBy(Charter.CUSTODIAN, organisation, transaction, signature);
            }
            case RecordErasure(var handle, _, var commitment, var organisation, var signature) -> {
                requireHash(commitment);
                require(handle.equals(RecordErasure.handleOf(commitment)), MALFORMED);
                requireSignedBy(Charter.CUSTODIAN, organisation, transaction, signature);
            }
        }
    }

    /** The record that an allowed first transaction makes. */
    ConsentRecord first(Transaction transaction, Kind kind, Status status) {
        return switch (transaction) {
            case Propose(_, _, var commitment, var organisation, _) ->
                first(transaction, kind, status, commitment, null, List.of(organisation), null);
            case Grant(_, _, var commitment, var key, _, _) ->
                first(transaction, kind, status, commitment, key, List.of(), null);
            case Enrol(_, _, var commitment, var key, _, var both) ->
                first(transaction, kind, status, commitment, key, names(both), null);
            case Delegate(_, _, var commitment, var own, var both) ->
                first(transaction, kind, status, commitment, own == null ? null : own.key(), names(both), null);
            case Break(_, _, var commitment, var until, var organisation, _) ->
                first(transaction, kind, status, commitment, null, List.of(organisation), until);
            case RegisterPolicy(_, _, var commitment, _, _, _) ->
                first(transaction, kind, status, commitment, null, BOTH, null);
            case Anchor(_, _, var commitment, var organisation, _) ->
                first(transaction, kind, status, commitment, null, List.of(organisation), null);
            case RecordErasure(_, _, var commitment, var organisation, _) ->
                first(transaction, kind, status, commitment, null, List.of(organisation), null);
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
