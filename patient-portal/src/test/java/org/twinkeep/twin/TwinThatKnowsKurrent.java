package org.twinkeep.twin;

import io.kurrent.dbclient.KurrentDBClient;

/** Wrong on purpose: the root of twin knows a client of a store. */
public final class TwinThatKnowsKurrent {
    KurrentDBClient client;
}
