package org.twinkeep.consent.decision;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.decision.ConsentIndex.OfTwin;
import org.twinkeep.consent.decision.Decision.Because;
import org.twinkeep.consent.ledger.ConsentLedger.Position;

/**
 * What the live consents of one twin say to one request: whether anything may be seen at all, and then each thing for
 * itself. Every door decides by it: pages, AuthZEN and the command line.
 *
 * @param implicit the policy that holds where no consent says anything
 * @param asOf the ledger's block that the consents are as of
 */
public record Ruling(OfTwin consents, Ask ask, Implicit implicit, Position asOf) {

    /** Of consents that are not on a ledger: of a grant before it is given. */
    public static Ruling of(CompiledConsents rules, Ask ask) {
        return new Ruling(OfTwin.unrecorded(rules), ask, Implicit.DENY, Position.NONE);
    }

    /** Whether something of the twin may be permitted; then each thing has to be decided on. Not so: nothing is. */
    public boolean mayPermit() {
        return !deniesAll()
                && (Decisions.mayPermit(consents.rules(), ask) || Decisions.mayPermitWithout(ask, implicit));
    }

    /** Whether a consent denies all of it to this request; one that is not understood does. */
    public boolean deniesAll() {
        return Decisions.deniesAll(consents.rules(), ask);
    }

    /** Where a live consent is not understood, which denies everything of its twin: the path of the element. */
    public Optional<String> notUnderstood() {
        for (int number = 0; number < consents.rules().count(); number++) {
            var path = consents.rules().notUnderstood(number);
            if (path.isPresent()) {
                return path;
            }
        }
        return Optional.empty();
    }

    public Decision decide(Item item) {
        return Decisions.decide(consents.rules(), ask, item, implicit);
    }

    /** The consents that may permit something to this request, by themselves. */
    public List<ConsentHandle> permitting() {
        var handles = new ArrayList<ConsentHandle>();
        for (int number = 0; number < consents.rules().count(); number++) {
            if (Decisions.mayPermit(consents.rules().only(number), ask)) {
                handles.add(consents.handles().get(number));
            }
        }
        return List.copyOf(handles);
    }

    /** The consents that a decision names as its reason. */
    public List<ConsentHandle> behind(Decision decision) {
        return decision.because().stream()
                .filter(Because.OfConsent.class::isInstance)
                .map(because -> consents.handles().get(((Because.OfConsent) because).consent()))
                .toList();
    }

    @Override
    public String toString() {
        return "Ruling";
    }
}
