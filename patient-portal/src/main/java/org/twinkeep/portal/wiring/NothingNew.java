package org.twinkeep.portal.wiring;

import java.util.function.Predicate;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.twin.EntryId;
import org.twinkeep.twin.TwinCommand;
import org.twinkeep.twin.TwinRefused;
import org.twinkeep.twin.Twins;

/** The twins, of which those whose death is recorded take nothing new; deleting goes on. */
record NothingNew(Twins twins, Predicate<TwinId> isDead) implements Twins {

    private void requireAlive(TwinCommand command) {
        if (isDead.test(command.twin())) {
            throw new TwinRefused("A death is recorded: nothing new is written.");
        }
    }

    @Override
    public Recorded record(TwinCommand.RecordEntries command) {
        requireAlive(command);
        return twins.record(command);
    }

    @Override
    public void correct(TwinCommand.CorrectEntry command) {
        requireAlive(command);
        twins.correct(command);
    }

    @Override
    public void create(TwinCommand.CreateTwin command) {
        twins.create(command);
    }

    @Override
    public void keep(TwinCommand.KeepConsentOpening command) {
        twins.keep(command);
    }

    @Override
    public void requestErasure(TwinCommand.RequestTwinErasure command) {
        twins.requestErasure(command);
    }

    @Override
    public long erase(TwinCommand.EraseEntries command) {
        return twins.erase(command);
    }

    @Override
    public EntryId entryId(TwinId twin, String source, String resourceType, String id) {
        return twins.entryId(twin, source, resourceType, id);
    }
}
