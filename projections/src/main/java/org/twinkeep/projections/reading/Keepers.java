package org.twinkeep.projections.reading;

import java.util.Set;
import org.twinkeep.consent.trail.Looker;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.TwinId;

/** Whose twin it is: who may look at it without a consent, as the patient or with the patient's power. */
@FunctionalInterface
public interface Keepers {

    /** No is the default: an account that is linked to no twin and acts for nobody keeps none. */
    Keeper of(Looker looker, TwinId twin);

    /** What somebody may look at. */
    sealed interface Keeper {}

    /** The patient: at everything. */
    record Patient() implements Keeper {}

    /**
     * Somebody who acts for the patient: at these chapters, and at no entry that touches another.
     *
     * @param delegation its handle, which the leaf names
     * @param why in whose name, as the leaf says it
     */
    record Delegate(Set<Chapter> chapters, String delegation, String why) implements Keeper {
        @Override
        public String toString() {
            return "Delegate";
        }
    }

    /** Nobody of it: at nothing. @param why as the patient reads it in the leaf */
    record Nobody(String why) implements Keeper {}
}
