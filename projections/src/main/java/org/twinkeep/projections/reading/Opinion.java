package org.twinkeep.projections.reading;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.Purpose;
import org.twinkeep.consent.Verdict.Reason;
import org.twinkeep.consent.decision.Implicit;
import org.twinkeep.consent.decision.Obligation;
import org.twinkeep.consent.ledger.ConsentLedger.Position;
import org.twinkeep.consent.trail.Looker;
import org.twinkeep.crypto.TwinId;

/**
 * A verdict that nobody was told yet; {@link Judge#tell} writes its leaf.
 *
 * @param refused why not; null where it is permitted. For the patient, auditors and operators
 * @param consents handles that it relies on
 * @param obligations what whoever shows it has to do, and said that they do
 */
public record Opinion(
        Looker whom,
        @Nullable Purpose purpose,
        TwinId twin,
        Thing thing,
        @Nullable Reason refused,
        List<String> consents,
        Set<Obligation> obligations,
        Implicit implicit,
        Position asOf) {

    public Opinion {
        consents = List.copyOf(consents);
        obligations = Set.copyOf(obligations);
    }

    public boolean permitted() {
        return refused == null;
    }

    /** The same, but refused for this reason. */
    public Opinion refused(Reason reason) {
        return new Opinion(whom, purpose, twin, thing, reason, consents, Set.of(), implicit, asOf);
    }

    /** The same for several askers at once. @param handles of all that they rely on */
    public Opinion relyingOn(List<String> handles) {
        return new Opinion(whom, purpose, twin, thing, refused, handles, obligations, implicit, asOf);
    }

    @Override
    public String toString() {
        return "Opinion";
    }
}
