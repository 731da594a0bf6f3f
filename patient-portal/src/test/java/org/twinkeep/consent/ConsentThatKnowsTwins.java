package org.twinkeep.consent;

import org.twinkeep.twin.Twins;

/** Wrong on purpose: consent writes to the twin. */
public final class ConsentThatKnowsTwins {
    Twins twins;
}
