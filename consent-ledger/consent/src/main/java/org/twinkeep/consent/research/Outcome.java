package org.twinkeep.consent.research;

import java.util.Collection;
import java.util.Comparator;

/** What comes of a request, the strictest last. */
public enum Outcome {
    APPROVE,

    /** A person decides: something is not said, not known, or not decidable by rule. Never an approval. */
    ABSTAIN,

    DENY;

    /** Any DENY denies, else any ABSTAIN abstains. */
    static Outcome strictest(Collection<Outcome> outcomes) {
        return outcomes.stream().max(Comparator.naturalOrder()).orElse(ABSTAIN);
    }
}
