package org.twinkeep.consent.decision;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.twinkeep.consent.decision.Decision.Answer;
import org.twinkeep.consent.decision.Decision.Because;

/**
 * What older denials leave of a new grant, before it is stored: deny overrides, so a grant can be empty from its first day,
 * and a patient who is not told believes otherwise. They then keep it as it is, narrow it to what is left, or cancel it.
 */
public final class Denials {
    private Denials() {}

    /**
     * A denial among the consents that are there, said expressly or, where the grant permits only by default, by default.
     *
     * @param consent its number @param path the provision that denies, or the element that is not understood
     */
    public record Denial(int consent, String path) {}

    /**
     * @param granted what the new grant would open alone
     * @param left what of that it opens beside the consents that are there
     * @param denied for each denial, what of the new grant it closes; an item may be closed by several
     */
    public record Effect(List<Item> granted, List<Item> left, Map<Denial, List<Item>> denied) {

        /** Nothing stands against it. */
        public boolean isWhole() {
            return left.size() == granted.size();
        }

        /** It would open something, were it not for the denials; beside them it opens nothing. */
        public boolean isEmptied() {
            return left.isEmpty() && !granted.isEmpty();
        }

        @Override
        public String toString() {
            return "Effect";
        }
    }

    /**
     * @param there the live consents, those not understood among them
     * @param grant the new one, alone
     * @param ask as its grantee would ask
     * @param items the patient's own, and for what may come one of each kind
     */
    public static Effect overriding(CompiledConsents there, CompiledConsents grant, Ask ask, Collection<Item> items) {
        var granted = new ArrayList<Item>();
        var left = new ArrayList<Item>();
        var denied = new LinkedHashMap<Denial, List<Item>>();
        var together = there.with(grant);
        for (var item : items) {
            if (Decisions.decide(grant, ask, item, Implicit.DENY).answer() != Answer.PERMIT) {
                continue;
            }
            granted.add(item);
            var beside = Decisions.decide(together, ask, item, Implicit.DENY);
            if (beside.answer() == Answer.PERMIT) {
                left.add(item);
                continue;
            }
            for (var because : beside.because()) {
                if (because instanceof Because.OfConsent(int consent, Outcome _, String path)) {
                    denied.computeIfAbsent(new Denial(consent, path), _ -> new ArrayList<>())
                            .add(item);
                }
            }
        }
        return new Effect(List.copyOf(granted), List.copyOf(left), denied);
    }
}
