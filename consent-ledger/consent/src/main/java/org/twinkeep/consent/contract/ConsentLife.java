package org.twinkeep.consent.contract;

import static org.twinkeep.consent.ledger.LedgerRefused.Why.ALREADY_ENDED;
import static org.twinkeep.consent.ledger.LedgerRefused.Why.OTHER_KIND;
import static org.twinkeep.consent.ledger.LedgerRefused.Why.OUT_OF_ORDER;
import static org.twinkeep.consent.ledger.LedgerRefused.Why.UNKNOWN_HANDLE;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.twinkeep.consent.Consent.Status;
import org.twinkeep.consent.ledger.Charter;
import org.twinkeep.consent.ledger.ConsentRecord;
import org.twinkeep.consent.ledger.ConsentRecord.Kind;
import org.twinkeep.consent.ledger.LedgerRefused;
import org.twinkeep.consent.ledger.LedgerRefused.Why;
import org.twinkeep.consent.ledger.Transaction;
import org.twinkeep.consent.ledger.Transaction.Amend;
import org.twinkeep.consent.ledger.Transaction.Anchor;
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

/**
 * The life of what stands under one handle of a ledger: a consent is proposed, active, then revoked or expired, which is
 * for ever; what surrounds consents (who signs, who may act for whom, emergencies, policies) lives by the same table. A
 * chaincode and the embedded ledger are skins around {@link #decide} and {@link #evolve}.
 *
 * <p>Said again, a transaction that is recorded already changes nothing and is no error: after an unknown outcome it is
 * safe to submit the same one again.
 */
public sealed interface ConsentLife {

    /** Not on the ledger: whoever drafted it may have kept an opening; it allows nothing. */
    record Unknown() implements ConsentLife {}

    /** Asked for; it allows nothing. */
    record Proposed(ConsentRecord record) implements ConsentLife {}

    record Active(ConsentRecord record) implements ConsentLife {}

    record Revoked(ConsentRecord record) implements ConsentLife {}

    record Expired(ConsentRecord record) implements ConsentLife {}

    /** An emergency that somebody looked into. */
    record Reviewed(ConsentRecord record) implements ConsentLife {}

    /** The state that a ledger's record speaks of. */
    static ConsentLife of(Optional<ConsentRecord> recorded) {
        if (recorded.isEmpty()) {
            return new Unknown();
        }
        var record = recorded.get();
        return switch (record.status()) {
            case PROPOSED -> new Proposed(record);
            case ACTIVE -> new Active(record);
            case REVOKED -> new Revoked(record);
            case EXPIRED -> new Expired(record);
            case REVIEWED -> new Reviewed(record);
        };
    }

    /** What the ledger records of this state; nothing where it is unknown. */
    default Optional<ConsentRecord> recorded() {
        return switch (this) {
            case Unknown _ -> Optional.empty();
            case Proposed(var record) -> Optional.of(record);
            case Active(var record) -> Optional.of(record);
            case Revoked(var record) -> Optional.of(record);
            case Expired(var record) -> Optional.of(record);
            case Reviewed(var record) -> Optional.of(record);
        };
    }

    /**
     * Order is checked before the signature: who loses a race hears "out of order", not "bad signature".
     *
     * @return what happens, or nothing when this very transaction is recorded already
     * @throws LedgerRefused for everything that the table does not allow
     */
    default List<ConsentEvent> decide(Transaction transaction, Charter charter, Instant at) {
        var signed = new Signed(charter, recorded(), at);
        if (recorded().isPresent() && signed.isRecorded(transaction)) {
            signed.require(transaction);
            return List.of();
        }
        return switch (new Case(this, transaction)) {
            case Case(Unknown _, Propose proposal) -> first(signed, proposal, Kind.CONSENT, Status.PROPOSED);
            case Case(Unknown _, Grant grant) -> first(signed, grant, Kind.CONSENT, Status.ACTIVE);
            case Case(Unknown _, Enrol enrol) -> first(signed, enrol, Kind.SIGNER, Status.ACTIVE);
            case Case(Unknown _, Delegate delegate) -> first(signed, delegate, Kind.DELEGATION, Status.ACTIVE);
            case Case(Unknown _, Break glass) -> first(signed, glass, Kind.EMERGENCY, Status.ACTIVE);
            case Case(Unknown _, RegisterPolicy policy) -> first(signed, policy, Kind.POLICY, Status.ACTIVE);
            case Case(Unknown _, Anchor anchor) -> first(signed, anchor, Kind.ANCHOR, Status.ACTIVE);
            case Case(Unknown _, RecordErasure erasure) -> first(signed, erasure, Kind.ERASURE, Status.ACTIVE);
            case Case(Unknown _, Transaction _) -> throw new LedgerRefused(UNKNOWN_HANDLE);

            case Case(Proposed(var record), Grant grant) ->
                next(
                        signed,
                        record,
                        grant,
                        new ConsentEvent.Granted(grant.commitment(), grant.key(), grant.policyVersion(), at));
            case Case(Proposed(var record), End end) -> next(signed, record, end, new ConsentEvent.Revoked(at));
            case Case(Proposed(var record), Expire expire) ->
                next(signed, record, expire, new ConsentEvent.Expired(at));

            case Case(Active(var record), Amend amend)
            when isOf(record, Kind.CONSENT, Kind.DELEGATION) ->
                next(signed, record, amend, new ConsentEvent.Amended(amend.commitment(), at));
            case Case(Active(var record), Revoke revoke)
            when isOf(record, Kind.CONSENT, Kind.DELEGATION) ->
                next(signed, record, revoke, new ConsentEvent.Revoked(at));
            case Case(Active(var record), End end)
            when isOf(record, Kind.CONSENT, Kind.DELEGATION) -> next(signed, record, end, new ConsentEvent.Revoked(at));
            case Case(Active(var record), Expire expire)
            when isOf(record, Kind.CONSENT, Kind.DELEGATION, Kind.EMERGENCY) ->
                next(signed, record, expire, new ConsentEvent.Expired(at));
            case Case(Active(var record), Enrol enrol)
            when isOf(record, Kind.SIGNER) ->
                next(
                        signed,
                        record,
                        enrol,
                        new ConsentEvent.EnrolledAgain(enrol.commitment(), enrol.key(), Signed.BOTH, at));
            case Case(Active(var record), RegisterPolicy policy)
            when isOf(record, Kind.POLICY) ->
                next(signed, record, policy, new ConsentEvent.Replaced(policy.commitment(), policy.version(), at));

            case Case(Active(var record), Review review)
            when isOf(record, Kind.EMERGENCY) ->
                next(signed, record, review, new ConsentEvent.Reviewed(review.commitment(), at));
            case Case(Expired(var record), Review review)
            when isOf(record, Kind.EMERGENCY) ->
                next(signed, record, review, new ConsentEvent.Reviewed(review.commitment(), at));

            case Case(Proposed _, Transaction other) -> throw refused(other);
            case Case(Active _, Transaction other) -> throw refused(other);
            case Case(Revoked _, Transaction _) -> throw new LedgerRefused(ALREADY_ENDED);
            case Case(Expired _, Transaction _) -> throw new LedgerRefused(ALREADY_ENDED);
            case Case(Reviewed _, Transaction _) -> throw new LedgerRefused(ALREADY_ENDED);
        };
    }

    /** The state after the event. What has ended stays ended. */
    default ConsentLife evolve(ConsentEvent event) {
        return switch (event) {
            case ConsentEvent.Begun(var record) -> of(Optional.of(record));
            case ConsentEvent.Granted(var commitment, var key, var policyVersion, var at) ->
                new Active(last().next(Status.ACTIVE, commitment, key, policyVersion, at));
            case ConsentEvent.EnrolledAgain(var commitment, var key, var organisations, var at) ->
                new Active(last().next(Status.ACTIVE, commitment, key, last().policyVersion(), at)
                        .by(organisations));
            case ConsentEvent.Amended(var commitment, var at) ->
                new Active(last().next(Status.ACTIVE, commitment, last().key(), last().policyVersion(), at));
            case ConsentEvent.Replaced(var commitment, var policyVersion, var at) ->
                new Active(last().next(Status.ACTIVE, commitment, null, policyVersion, at));
            case ConsentEvent.Revoked(var at) -> new Revoked(last().next(Status.REVOKED, at));
            case ConsentEvent.Expired(var at) -> new Expired(last().next(Status.EXPIRED, at));
            case ConsentEvent.Reviewed(var commitment, var at) ->
                new Reviewed(last().next(Status.REVIEWED, commitment, null, last().policyVersion(), at));
        };
    }

    private ConsentRecord last() {
        return recorded().orElseThrow(() -> new IllegalStateException("nothing of it is recorded"));
    }

    private static List<ConsentEvent> first(Signed signed, Transaction transaction, Kind kind, Status status) {
        require(transaction.step() == 1, OUT_OF_ORDER);
        signed.require(transaction);
        return List.of(new ConsentEvent.Begun(signed.first(transaction, kind, status)));
    }

    private static List<ConsentEvent> next(
            Signed signed, ConsentRecord record, Transaction transaction, ConsentEvent event) {
        require(transaction.step() == record.step() + 1, OUT_OF_ORDER);
        signed.require(transaction);
        return List.of(event);
    }

    private static boolean isOf(ConsentRecord record, Kind... kinds) {
        return Set.of(kinds).contains(record.kind());
    }

    /** What begins something comes too late where something is; what changes something is not for this. */
    private static LedgerRefused refused(Transaction other) {
        return switch (other) {
            case Propose _, Grant _, Enrol _, Delegate _, Break _, Anchor _, RecordErasure _ ->
                new LedgerRefused(OUT_OF_ORDER);
            case Amend _, Revoke _, Expire _, End _, Review _, RegisterPolicy _ -> new LedgerRefused(OTHER_KIND);
        };
    }

    private static void require(boolean allowed, Why otherwise) {
        if (!allowed) {
            throw new LedgerRefused(otherwise);
        }
    }

    /** A row of the table. */
    record Case(ConsentLife life, Transaction transaction) {}
}
