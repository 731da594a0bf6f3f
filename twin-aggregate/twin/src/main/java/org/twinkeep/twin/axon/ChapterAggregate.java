package org.twinkeep.twin.axon;

import java.util.List;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.AggregateLifecycle;
import org.axonframework.modelling.command.AggregateRoot;
import org.axonframework.modelling.command.CreationPolicy;
import org.twinkeep.crypto.sealing.Sameness;
import org.twinkeep.twin.ChapterState;
import org.twinkeep.twin.Happened;
import org.twinkeep.twin.TwinCommand.Incoming;
import org.twinkeep.twin.TwinEvent;
import org.twinkeep.twin.Twins;

/** Lets Axon carry a chapter; {@link ChapterState} decides. */
@AggregateRoot(type = "chapter")
final class ChapterAggregate {

    @AggregateIdentifier
    private final String aggregate;

    private ChapterState chapter = ChapterState.empty();

    ChapterAggregate(String aggregate) {
        this.aggregate = aggregate;
    }

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    Twins.Recorded record(ToAggregate.RecordIn in, Contents contents) {
        var found = in.command().entries().stream()
                .map(incoming -> sameness(incoming, contents))
                .toList();
        var recording = chapter.decide(in.command(), found);
        recording.events().forEach(AggregateLifecycle::apply);
        return recording.outcome();
    }

    private Sameness sameness(Incoming incoming, Contents contents) {
        var entry = chapter.entries().get(incoming.entry());
        return entry == null || entry.erased()
                ? Sameness.DIFFERENT
                : contents.compare(aggregate, entry.latest(), incoming.body().content());
    }

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    void correct(ToAggregate.CorrectIn in) {
        apply(chapter.decide(in.command()));
    }

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    long erase(ToAggregate.EraseIn in) {
        apply(chapter.decide(in.command()));
        return chapter.events();
    }

    private static void apply(List<Happened> events) {
        events.forEach(AggregateLifecycle::apply);
    }

    @EventSourcingHandler
    void on(Happened happened) {
        if (!(happened.event() instanceof TwinEvent.OfChapter event)) {
            throw new IllegalStateException("this event is not of a chapter");
        }
        chapter = chapter.evolve(event);
    }

    @Override
    public String toString() {
        return "ChapterAggregate " + aggregate;
    }
}
