package org.twinkeep.projections;

import org.axonframework.eventhandling.EventMessage;

/** Wrong on purpose: a view handles messages of Axon. */
public final class ProjectionsThatKnowAxon {
    EventMessage<?> message;
}
