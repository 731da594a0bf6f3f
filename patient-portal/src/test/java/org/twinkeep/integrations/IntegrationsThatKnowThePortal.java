package org.twinkeep.integrations;

import org.twinkeep.portal.wiring.House;

/** Wrong on purpose: an import opens the house. */
public final class IntegrationsThatKnowThePortal {
    House house;
}
