package org.twinkeep.twin;

import java.time.Instant;
import java.util.List;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.twin.TwinCommand.CreateTwin;
import org.twinkeep.twin.TwinCommand.KeepConsentOpening;
import org.twinkeep.twin.TwinCommand.RequestTwinErasure;
import org.twinkeep.twin.TwinEvent.ConsentOpeningKept;
import org.twinkeep.twin.TwinEvent.TwinCreated;
import org.twinkeep.twin.TwinEvent.TwinErasureRequested;

/**
 * The life of a twin: not yet born, living, being erased. Its rules are pure: the same state and command give the same
 * events. A command that was already carried out gives none, so that repeating it after an unknown outcome is safe.
 */
public sealed interface Twin {

    record Unborn() implements Twin {}

    /** @param kept when the opening of each step of a consent was last kept */
    record Living(TwinId id, Instant since, Actor by, PMap<Step, Instant> kept) implements Twin {}

    /** Once here, always here: nothing more happens in this life, and then its keys are gone. */
    record Erasing(TwinId id) implements Twin {}

    /** One step in the life of a consent. */
    record Step(String handle, int number) {}

    static Twin unborn() {
        return new Unborn();
    }

    /** @throws TwinRefused when the state does not allow it */
    default List<Happened> decide(TwinCommand.OfLife command) {
        return switch (new Case(this, command)) {
            case Case(Unborn(), CreateTwin(var twin, var at, var by)) ->
                List.of(Happened.of(new TwinCreated(twin, at, by)));
            case Case(Living living, CreateTwin(var twin, var at, var by))
            when living.id().equals(twin)
                    && living.since().equals(at)
                    && living.by().equals(by) -> List.of();
            case Case(Living living, KeepConsentOpening(var _, var handle, var step, var _, var at, var _))
            when at.equals(living.kept().get(new Step(handle, step))) -> List.of();
            case Case(Living _, KeepConsentOpening(var _, var handle, var step, var opening, var at, var by)) ->
                List.of(new Happened(new ConsentOpeningKept(handle, step, at, by), opening));
            case Case(Living _, RequestTwinErasure(var _, var at, var by)) ->
                List.of(Happened.of(new TwinErasureRequested(at, by)));
            case Case(Erasing _, RequestTwinErasure _) -> List.of();
            case Case(Living _, CreateTwin _) -> throw new TwinRefused("This twin exists already.");
            case Case(Unborn _, var _), Case(Erasing _, var _) -> throw TwinRefused.noSuchTwin();
        };
    }

    default Twin evolve(TwinEvent.OfLife event) {
        return switch (event) {
            case TwinCreated(var twin, var at, var by) -> new Living(twin, at, by, HashTreePMap.empty());
            case ConsentOpeningKept(var handle, var step, var at, var _) ->
                this instanceof Living(var id, var since, var by, var kept)
                        ? new Living(id, since, by, kept.plus(new Step(handle, step), at))
                        : this;
            case TwinErasureRequested _ -> this instanceof Living living ? new Erasing(living.id()) : this;
        };
    }

    /** One line of the table. */
    record Case(Twin state, TwinCommand.OfLife command) {}
}
