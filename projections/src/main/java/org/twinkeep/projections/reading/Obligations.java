package org.twinkeep.projections.reading;

import java.util.EnumSet;
import java.util.Set;
import org.twinkeep.consent.decision.Obligation;

/**
 * What whoever shows an entry to others has to do with it. The pages do all of it: {@link Shared} leaves out, and the page
 * of a share carries the notice.
 */
final class Obligations {

    /** 42 CFR 2.32: records of treatment for substance use go with a notice that prohibits telling them on. */
    private static final Set<String> WITH_NOTICE = Set.of("ETH", "ETHUD", "OPIOIDUD", "SUD");

    private Obligations() {}

    static Set<Obligation> of(Kept kept) {
        var owed = EnumSet.noneOf(Obligation.class);
        if (kept.type().equals("Patient")) {
            owed.add(Obligation.REDACT);
        }
        if (kept.labels().sensitivity().keySet().stream().anyMatch(WITH_NOTICE::contains)) {
            owed.add(Obligation.NOTICE);
        }
        return owed;
    }
}
