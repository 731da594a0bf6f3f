package org.twinkeep.consent.fabric;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.twinkeep.consent.ledger.LedgerUnavailable;

/**
 * How an organisation's own peer is reached, and as whom.
 *
 * @param peer host and port of its gateway
 * @param peerCa certificate of the authority that vouches for the peer's TLS
 * @param msp the organisation's name on the network
 * @param certificate of the client that submits; its subject names a role, never a person
 * @param key its private key (PKCS #8, P-256)
 */
public record FabricAccess(
        String peer, Path peerCa, String msp, Path certificate, Path key, String channel, String chaincode) {

    /** Reads a file of properties as {@code infra/fabric/network properties} writes it. */
    public static FabricAccess read(Path file) {
        var all = new Properties();
        try (InputStream in = Files.newInputStream(file)) {
            all.load(in);
        } catch (IOException | IllegalArgumentException e) {
            throw new LedgerUnavailable("The file that says how to reach the Fabric network cannot be read.", e);
        }
        return new FabricAccess(
                required(all, "peer"),
                Path.of(required(all, "peer-ca")),
                required(all, "msp"),
                Path.of(required(all, "certificate")),
                Path.of(required(all, "key")),
                required(all, "channel"),
                required(all, "chaincode"));
    }

    private static String required(Properties all, String name) {
        var value = all.getProperty(name);
        if (value == null || value.isBlank()) {
            throw new LedgerUnavailable("The file that says how to reach the Fabric network lacks " + name + ".", null);
        }
        return value.strip();
    }
}
