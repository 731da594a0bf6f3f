package org.twinkeep.consent.contract;

import static org.twinkeep.consent.ledger.LedgerRefused.Why.ALREADY_ENDED;
import static org.twinkeep.consent.ledger.LedgerRefused.Why.BAD_SIGNATURE;
import static org.twinkeep.consent.ledger.LedgerRefused.Why.MALFORMED;
import static org.twinkeep.consent.ledger.LedgerRefused.Why.NO_SUCH_ORGANISATION;
import static org.twinkeep.consent.ledger.LedgerRefused.Why.OTHER_POLICY;
import static org.twinkeep.consent.ledger.LedgerRefused.Why.OUT_OF_ORDER;
import static org.twinkeep.consent.ledger.LedgerRefused.Why.UNKNOWN_HANDLE;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.twinkeep.consent.Consent.Status;
import org.twinkeep.consent.ledger.Charter;
import org.twinkeep.consent.ledger.ConsentRecord;
import org.twinkeep.consent.ledger.LedgerRefused;
import org.twinkeep.consent.ledger.LedgerRefused.Why;
import org.twinkeep.consent.ledger.Transaction;
import org.twinkeep.consent.ledger.Transaction.End;
import org.twinkeep.consent.ledger.Transaction.Expire;
import org.twinkeep.consent.ledger.Transaction.Grant;
import org.twinkeep.consent.ledger.Transaction.Revoke;

/**
 * The life of one consent on a ledger: proposed, active, then revoked or expired, which is for ever. A chaincode and the
 * embedded ledger are skins around {@link #decide} and {@link #evolve}.
 *
 * <p>Said again, a transaction that is recorded already changes nothing and is no error: after an unknown outcome it is
 * safe to submit the same one again.
 */
public sealed interface ConsentLife {

    /** Not on the ledger: whoever proposed it may have kept an opening; it allows nothing. */
    record Proposed() implements ConsentLife {}

    record Active(ConsentRecord record) implements ConsentLife {}

    record Revoked(ConsentRecord record) implements ConsentLife {}

    record Expired(ConsentRecord record) implements ConsentLife {}

    /** The state that a ledger's record speaks of. */
    static ConsentLife of(Optional<ConsentRecord> recorded) {
        if (recorded.isEmpty()) {
            return new Proposed();
        }
        var record = recorded.get();
        return switch (record.status()) {
            case ACTIVE -> new Active(record);
            case REVOKED -> new Revoked(record);
            case EXPIRED -> new Expired(record);
            case PROPOSED -> throw new IllegalStateException("a ledger records no proposal");
        };
    }

    /** What the ledger records of this state; nothing for a proposal. */
    default Optional<ConsentRecord> recorded() {
        return switch (this) {
            case Proposed _ -> Optional.empty();
            case Active(var record) -> Optional.of(record);
            case Revoked(var record) -> Optional.of(record);
            case Expired(var record) -> Optional.of(record);
        };
    }

    /**
     * Order is checked before the signature: who loses a race hears "out of order", not "bad signature".
     *
     * @return what happens, or nothing when this very transaction is recorded already
     * @throws LedgerRefused for everything that the table does not allow
     */
    default List<ConsentEvent> decide(Transaction transaction, Charter charter, Instant at) {
        return switch (new Case(this, transaction)) {
            case Case(Proposed _, Grant grant) -> {
                require(grant.step() == 1, OUT_OF_ORDER);
                requireSigned(grant, charter);
                yield List.of(new ConsentEvent.Granted(
                        grant.handle(), grant.commitment(), grant.key(), grant.policyVersion(), at));
            }
            case Case(Proposed _, Transaction _) -> throw new LedgerRefused(UNKNOWN_HANDLE);
            case Case(Active(var record), Grant grant) -> recordedAlready(record, grant, charter);
            case Case(Active(var record), Revoke revoke) -> {
                require(revoke.step() == record.step() + 1, OUT_OF_ORDER);
                requireSigned(revoke, record, charter);
                yield List.of(new ConsentEvent.Revoked(at));
            }
            case Case(Active(var record), End end) -> {
                require(end.step() == record.step() + 1, OUT_OF_ORDER);
                requireSigned(end, record, charter);
                yield List.of(new ConsentEvent.Revoked(at));
            }
            case Case(Active(var record), Expire expire) -> {
                require(expire.step() == record.step() + 1, OUT_OF_ORDER);
                requireSigned(expire, record, charter);
                yield List.of(new ConsentEvent.Expired(at));
            }
            case Case(Revoked(var record), Revoke revoke)
            when revoke.step() == record.step() -> {
                requireSigned(revoke, record, charter);
                yield List.of();
            }
            case Case(Revoked(var record), End end)
            when end.step() == record.step() -> {
                requireSigned(end, record, charter);
                yield List.of();
            }
            case Case(Expired(var record), Expire expire)
            when expire.step() == record.step() -> {
                requireSigned(expire, record, charter);
                yield List.of();
            }
            case Case(Revoked _, Transaction _) -> throw new LedgerRefused(ALREADY_ENDED);
            case Case(Expired _, Transaction _) -> throw new LedgerRefused(ALREADY_ENDED);
        };
    }

    /** The state after the event. What has ended stays ended. */
    default ConsentLife evolve(ConsentEvent event) {
        return switch (event) {
            case ConsentEvent.Granted(var handle, var commitment, var key, var policyVersion, var at) ->
                new Active(new ConsentRecord(
                        handle,
                        ConsentRecord.VERSION,
                        1,
                        Status.ACTIVE,
                        commitment,
                        key,
                        policyVersion,
                        ConsentRecord.NOTHING_BEFORE,
                        at));
            case ConsentEvent.Revoked(var at) -> new Revoked(next(Status.REVOKED, at));
            case ConsentEvent.Expired(var at) -> new Expired(next(Status.EXPIRED, at));
        };
    }

    private ConsentRecord next(Status status, Instant at) {
        if (!(this instanceof Active(var record))) {
            throw new IllegalStateException("only an active consent ends");
        }
        return new ConsentRecord(
                record.handle(),
                record.version(),
                record.step() + 1,
                status,
                record.commitment(),
                record.key(),
                record.policyVersion(),
                record.hash(),
                at);
    }

    private static List<ConsentEvent> recordedAlready(ConsentRecord record, Grant grant, Charter charter) {
        boolean same = record.step() == grant.step()
                && record.commitment().equals(grant.commitment())
                && record.key().equals(grant.key())
                && record.policyVersion().equals(grant.policyVersion());
        require(same, OUT_OF_ORDER);
        requireSigned(grant, charter);
        return List.of();
    }

    private static void requireSigned(Grant grant, Charter charter) {
        require(grant.commitment().matches("[0-9a-f]{64}"), MALFORMED);
        require(grant.policyVersion().equals(charter.policyVersion()), OTHER_POLICY);
        var signed = SignedBytes.grant(
                charter.channel(),
                grant.handle(),
                grant.step(),
                grant.commitment(),
                grant.key(),
                grant.policyVersion());
        require(grant.key().verifies(signed, grant.signature()), BAD_SIGNATURE);
    }

    private static void requireSigned(Revoke revoke, ConsentRecord record, Charter charter) {
        var signed = SignedBytes.revoke(charter.channel(), revoke.handle(), revoke.step(), record.commitment());
        require(record.key().verifies(signed, revoke.signature()), BAD_SIGNATURE);
    }

    private static void requireSigned(End end, ConsentRecord record, Charter charter) {
        require(end.organisation().equals(Charter.CUSTODIAN), NO_SUCH_ORGANISATION);
        var signed =
                SignedBytes.end(charter.channel(), end.handle(), end.step(), record.commitment(), end.organisation());
        requireSignedBy(end.organisation(), signed, end.signature(), charter);
    }

    private static void requireSigned(Expire expire, ConsentRecord record, Charter charter) {
        var signed = SignedBytes.expire(
                charter.channel(), expire.handle(), expire.step(), record.commitment(), expire.organisation());
        requireSignedBy(expire.organisation(), signed, expire.signature(), charter);
    }

    private static void requireSignedBy(String organisation, byte[] signed, byte[] signature, Charter charter) {
        var key = charter.organisations().get(organisation);
        if (key == null) {
            throw new LedgerRefused(NO_SUCH_ORGANISATION);
        }
        require(key.verifies(signed, signature), BAD_SIGNATURE);
    }

    private static void require(boolean allowed, Why otherwise) {
        if (!allowed) {
            throw new LedgerRefused(otherwise);
        }
    }

    /** A row of the table. */
    record Case(ConsentLife life, Transaction transaction) {}
}
