package org.twinkeep.portal.wiring;

import java.util.Locale;
import org.twinkeep.consent.delegation.AgePolicy;
import org.twinkeep.portal.delegates.AfterDeath;

/** What the law of the place says about growing up and about death, as whoever runs the house has set it. */
record Customs(AgePolicy ages, AfterDeath afterDeath) {

    /** @throws HouseRefused when a setting is none */
    static Customs chosen() {
        var usual = AgePolicy.DEFAULT;
        try {
            int ownDecision = EventStore.setting(
                            "twinkeep.delegates.age-of-own-decision", "TWINKEEP_AGE_OF_OWN_DECISION")
                    .map(Integer::parseInt)
                    .orElse(usual.ownDecision());
            return new Customs(new AgePolicy(ownDecision, usual.majority(), usual.noticeDays()), afterDeathChosen());
        } catch (IllegalArgumentException e) {
            throw new HouseRefused("The age of own decision is a number of years up to " + usual.majority()
                    + ": set twinkeep.delegates.age-of-own-decision to one.");
        }
    }

    private static AfterDeath afterDeathChosen() {
        var word = EventStore.setting("twinkeep.delegates.after-death", "TWINKEEP_AFTER_DEATH")
                .orElse("end");
        for (var each : AfterDeath.values()) {
            if (each.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(word)) {
                return each;
            }
        }
        throw new HouseRefused("After a death what is shared may end or go-on: set twinkeep.delegates.after-death to"
                + " one of these words.");
    }
}
