package org.twinkeep.consent.decision;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.RandomAccess;
import org.twinkeep.consent.decision.Decision.Because;

/** The consents whose outcome decided; each is spelled out when somebody reads it, which most never do. */
final class Reasons extends AbstractList<Because> implements RandomAccess {

    private final CompiledConsents consents;
    private final int[] outcomes;
    private final Outcome deciding;
    private final int[] numbers;

    Reasons(CompiledConsents consents, int[] outcomes, Outcome deciding) {
        this.consents = consents;
        this.outcomes = outcomes;
        this.deciding = deciding;
        var all = new int[outcomes.length];
        int count = 0;
        for (int consent = 0; consent < outcomes.length; consent++) {
            if (Outcome.of(outcomes[consent]) == deciding) {
                all[count++] = consent;
            }
        }
        this.numbers = Arrays.copyOf(all, count);
    }

    @Override
    public Because get(int index) {
        int consent = numbers[index];
        return new Because.OfConsent(consent, deciding, consents.path(consent, Outcome.place(outcomes[consent])));
    }

    @Override
    public int size() {
        return numbers.length;
    }
}
