package org.twinkeep.consent.delegation;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.FhirConsent;
import org.twinkeep.consent.Openings;
import org.twinkeep.consent.Openings.Opening;
import org.twinkeep.consent.Signers;
import org.twinkeep.consent.durable.Hex;
import org.twinkeep.consent.ledger.ConsentLedger;
import org.twinkeep.consent.ledger.ConsentRecord;
import org.twinkeep.consent.ledger.ConsentRecord.Kind;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.sign.VerifyingKey;

/**
 * The delegates who may grant: their delegation lived at that time, has the power to, and is on the ledger under its handle
 * by both organisations, committed to the opening that appointed them. What happened later changes nothing of what was granted then.
 */
public final class DelegateSigners implements Signers {

    private final ConsentLedger ledger;
    private final Openings openings;
    private final AgePolicy ages;

    public DelegateSigners(ConsentLedger ledger, Openings openings, AgePolicy ages) {
        this.ledger = ledger;
        this.openings = openings;
        this.ages = ages;
    }

    @Override
    public Optional<VerifyingKey> mayGrant(TwinId twin, ConsentHandle delegation, Set<Chapter> chapters, Instant at) {
        var all = openings.of(twin);
        var recorded = ledger.historyOf(delegation).stream().findFirst().filter(record -> isDelegation(record, at));
        boolean appointed = recorded.isPresent()
                && all.stream()
                        .filter(opening -> opening.handle().equals(delegation))
                        .anyMatch(opening ->
                                commitment(opening).equals(recorded.get().commitment())
                                        && DelegationJson.read(opening.consent()) instanceof DelegationEvent.Appointed);
        if (!appointed) {
            return Optional.empty();
        }
        var then = Delegations.none(ages)
                .evolve(all.stream()
                        .map(Opening::consent)
                        .filter(DelegationJson::isOne)
                        .map(DelegationJson::read)
                        .filter(event -> !event.at().isAfter(at))
                        .toList());
        return then.find(delegation)
                .filter(d -> then.may(d.appointment().delegate(), Power.GRANT, at))
                .filter(d -> d.chaptersAt(at, ages).containsAll(chapters))
                .map(d -> d.appointment().key());
    }

    /** Anybody can bring a key and sign a delegation with it: it is the organisations that answer for it. */
    private static boolean isDelegation(ConsentRecord record, Instant at) {
        return record.kind() == Kind.DELEGATION
                && !record.organisations().isEmpty()
                && !record.at().isAfter(at);
    }

    private static String commitment(Opening opening) {
        return Hex.of(FhirConsent.commitment(opening.salt(), opening.consent()));
    }
}
