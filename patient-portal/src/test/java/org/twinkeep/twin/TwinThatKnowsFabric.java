package org.twinkeep.twin;

import io.grpc.ManagedChannel;
import org.hyperledger.fabric.client.Gateway;

/** Wrong on purpose: the root of twin knows a client of a network, and its wire. */
public final class TwinThatKnowsFabric {
    Gateway gateway;
    ManagedChannel wire;
}
