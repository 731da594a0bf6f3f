package org.twinkeep.twin;

import org.twinkeep.consent.Consents;

/** Wrong on purpose: the twin asks who may look. */
public final class TwinThatKnowsConsent {
    Consents consents;
}
