package org.twinkeep.twin.axon;

import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.twinkeep.twin.TwinCommand;

/** A command with the aggregate it is for, as Axon's bus carries it within this process. */
sealed interface ToAggregate {

    record Live(@TargetAggregateIdentifier String aggregate, TwinCommand.OfLife command) implements ToAggregate {}

    record RecordIn(@TargetAggregateIdentifier String aggregate, TwinCommand.RecordEntries command)
            implements ToAggregate {}

    record CorrectIn(@TargetAggregateIdentifier String aggregate, TwinCommand.CorrectEntry command)
            implements ToAggregate {}

    record EraseIn(@TargetAggregateIdentifier String aggregate, TwinCommand.EraseEntries command)
            implements ToAggregate {}
}
