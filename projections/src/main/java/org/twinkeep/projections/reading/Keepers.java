package org.twinkeep.projections.reading;

import org.twinkeep.consent.trail.Looker;
import org.twinkeep.crypto.TwinId;

/** Whose twin it is: who may look at all of it without a consent, as the patient or with the patient's power. */
@FunctionalInterface
public interface Keepers {

    /** No is the default: an account that is linked to no twin keeps none. */
    boolean keeps(Looker looker, TwinId twin);
}
