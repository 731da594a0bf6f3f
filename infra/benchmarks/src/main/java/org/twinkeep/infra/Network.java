package org.twinkeep.infra;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.twinkeep.consent.fabric.FabricAccess;

/** A Fabric network of three organisations in a folder of its own ({@code infra/fabric/network}), gone when it is closed. */
final class Network implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 180;

    private final Path script;
    private final Path home;
    private final int ports;

    private Network(Path script, Path home, int ports) {
        this.script = script;
        this.home = home;
        this.ports = ports;
    }

    /** A network that runs; nothing, and loud words, where there are no binaries of Fabric. */
    static Optional<Network> up(Path scratch) throws IOException, InterruptedException {
        if (System.getenv().getOrDefault("FABRIC_BIN", "").isBlank()) {
            System.err.println("SKIPPED on Hyperledger Fabric: FABRIC_BIN is not set (infra/fabric/README.md)");
            return Optional.empty();
        }
        try (var socket = new ServerSocket(0)) {
            var network = new Network(script(), scratch.resolve("network"), 20_000 + socket.getLocalPort() % 12_000);
            try {
                network.run("up");
                return Optional.of(network);
            } catch (IOException e) {
                network.close();
                throw e;
            }
        }
    }

    private static Path script() throws IOException {
        try {
            var folder = Path.of(Network.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            while (!Files.exists(folder.resolve("infra/fabric/network"))) {
                folder = Objects.requireNonNull(folder.getParent(), "infra/fabric/network is not there");
            }
            return folder.resolve("infra/fabric/network");
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }

    /** Answers what it printed. @throws IOException when it failed, with what it said */
    String run(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(script.toString()));
        command.addAll(List.of(arguments));
        var said = home.resolveSibling("network.log");
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile());
        builder.environment().put("TWINKEEP_FABRIC_HOME", home.toString());
        builder.environment().put("TWINKEEP_FABRIC_PORTS", String.valueOf(ports));
        var process = builder.start();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException(String.join(" ", arguments) + ": " + Files.readString(said));
        }
        return Files.readString(said);
    }

    /** The file that says how it is reached. */
    Path properties() throws IOException, InterruptedException {
        return Files.writeString(home.resolveSibling("fabric.properties"), run("properties"));
    }

    FabricAccess access() throws IOException, InterruptedException {
        return FabricAccess.read(properties());
    }

    @Override
    public void close() throws IOException, InterruptedException {
        run("destroy");
    }
}
