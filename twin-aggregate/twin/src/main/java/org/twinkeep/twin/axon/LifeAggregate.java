package org.twinkeep.twin.axon;

import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.AggregateLifecycle;
import org.axonframework.modelling.command.AggregateRoot;
import org.axonframework.modelling.command.CreationPolicy;
import org.twinkeep.twin.Happened;
import org.twinkeep.twin.Twin;
import org.twinkeep.twin.TwinEvent;

/** Lets Axon carry the life of a twin; {@link Twin} decides. */
@AggregateRoot(type = "twin")
final class LifeAggregate {

    @AggregateIdentifier
    private final String aggregate;

    private Twin twin = Twin.unborn();

    LifeAggregate(String aggregate) {
        this.aggregate = aggregate;
    }

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    void live(ToAggregate.Live live) {
        twin.decide(live.command()).forEach(AggregateLifecycle::apply);
    }

    @EventSourcingHandler
    void on(Happened happened) {
        if (!(happened.event() instanceof TwinEvent.OfLife event)) {
            throw new IllegalStateException("this event is not of a twin's life");
        }
        twin = twin.evolve(event);
    }

    @Override
    public String toString() {
        return "LifeAggregate " + aggregate;
    }
}
