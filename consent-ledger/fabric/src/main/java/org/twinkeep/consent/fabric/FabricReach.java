package org.twinkeep.consent.fabric;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.hyperledger.fabric.client.CloseableIterator;
import org.hyperledger.fabric.client.GatewayException;
import org.hyperledger.fabric.client.GatewayRuntimeException;
import org.hyperledger.fabric.protos.common.Block;
import org.twinkeep.consent.embedded.OldBlocks;
import org.twinkeep.consent.ledger.ConsentRecord;
import org.twinkeep.consent.ledger.LedgerUnavailable;

/**
 * How far a house's own copy of the blocks is, whether its peer answers, and what the network bears witness of. It changes
 * nothing and works beside a server.
 *
 * @param kept the number of the last block that is kept here; -1 when none is
 * @param peers the number of the peer's last block; -1 when it does not answer
 * @param witnessed the anchors and erasures of the house in all blocks that were reached
 * @param trouble what cannot be reached or read; empty when nothing
 */
public record FabricReach(long kept, long peers, List<ConsentRecord> witnessed, String trouble) {

    /** @param house the house's name, that every signature binds */
    public static FabricReach of(FabricAccess access, Path folder, String house) {
        var replica = new Replica(house);
        long kept = -1;
        try {
            var old = OldBlocks.areIn(folder) ? OldBlocks.read(folder) : null;
            kept = KeptBlocks.read(
                                    folder.resolve(KeptBlocks.NAME),
                                    block -> replica.accept(FabricBlock.read(block, access.chaincode())))
                            .blocks()
                    - 1;
            try (var line = new Line(access)) {
                long peers = line.height() - 1;
                if (replica.head().block() < peers) {
                    try (var blocks = line.blocksFrom(replica.head().block() + 1)) {
                        read(blocks, peers, access, replica);
                    }
                }
                return new FabricReach(kept, peers, FabricCheck.witnessed(replica, old), "");
            }
        } catch (GatewayException | GatewayRuntimeException e) {
            return unreached(kept, "the peer at " + access.peer() + " does not answer");
        } catch (Replica.Broken e) {
            return unreached(
                    kept, "the peer's chain does not continue the blocks that are kept here: " + e.getMessage());
        } catch (LedgerUnavailable e) {
            return unreached(kept, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return unreached(-1, folder.resolve(KeptBlocks.NAME) + " cannot be read");
        }
    }

    private static void read(CloseableIterator<Block> blocks, long last, FabricAccess access, Replica replica) {
        while (replica.head().block() < last && blocks.hasNext()) {
            replica.accept(FabricBlock.read(blocks.next(), access.chaincode()));
        }
    }

    private static FabricReach unreached(long kept, String trouble) {
        return new FabricReach(kept, -1, List.of(), trouble);
    }
}
