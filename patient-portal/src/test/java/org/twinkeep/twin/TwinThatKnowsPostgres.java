package org.twinkeep.twin;

import org.postgresql.util.PSQLState;

/** Wrong on purpose: a twin that asks PostgreSQL's own driver. */
public final class TwinThatKnowsPostgres {
    boolean isDuplicate(String state) {
        return PSQLState.UNIQUE_VIOLATION.getState().equals(state);
    }
}
