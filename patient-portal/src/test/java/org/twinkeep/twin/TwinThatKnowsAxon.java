package org.twinkeep.twin;

import org.axonframework.eventhandling.EventMessage;

/** Wrong on purpose: the root of twin knows Axon. */
public final class TwinThatKnowsAxon {
    EventMessage<?> message;
}
