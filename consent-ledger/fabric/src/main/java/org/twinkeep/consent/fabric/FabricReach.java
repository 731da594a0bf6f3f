package org.twinkeep.consent.fabric;

import java.io.IOException;
import java.nio.file.Path;
import org.hyperledger.fabric.client.GatewayException;
import org.hyperledger.fabric.client.GatewayRuntimeException;
import org.twinkeep.consent.ledger.LedgerUnavailable;

/**
 * How far a house's own copy of the blocks is, and whether its peer answers. It changes nothing and works beside a server.
 *
 * @param kept the number of the last block that is kept here; -1 when none is
 * @param peers the number of the peer's last block; -1 when it does not answer
 * @param trouble what cannot be reached or read; empty when nothing
 */
public record FabricReach(long kept, long peers, String trouble) {

    public static FabricReach of(FabricAccess access, Path folder) {
        long kept = -1;
        try {
            kept = KeptBlocks.read(folder.resolve(KeptBlocks.NAME), _ -> {}).blocks() - 1;
            try (var line = new Line(access)) {
                return new FabricReach(kept, line.height() - 1, "");
            }
        } catch (GatewayException | GatewayRuntimeException e) {
            return new FabricReach(kept, -1, "the peer at " + access.peer() + " does not answer");
        } catch (LedgerUnavailable e) {
            return new FabricReach(kept, -1, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return new FabricReach(-1, -1, folder.resolve(KeptBlocks.NAME) + " cannot be read");
        }
    }
}
