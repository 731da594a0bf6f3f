package org.twinkeep.consent.fabric;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A real Fabric network of three organisations in a folder of its own, for tests where {@code FABRIC_BIN} is set. */
public final class FabricNetwork implements AutoCloseable {

    private final Path script;
    private final Path home;

    private FabricNetwork(Path script, Path home) {
        this.script = script;
        this.home = home;
    }

    /** Starts it; where that cannot be, the test is skipped and says what it needs. */
    public static FabricNetwork up(Path home) throws IOException, InterruptedException {
        if (System.getenv().getOrDefault("FABRIC_BIN", "").isBlank()) {
            var needed =
                    "SKIPPED: no real Hyperledger Fabric. Set FABRIC_BIN to a folder with orderer, peer, configtxgen,"
                            + " osnadmin and cryptogen of Fabric 2.5 or 3.1, and build the chaincode:"
                            + " mvn -DskipTests -pl consent-ledger/chaincode -am package";
            System.err.println(needed);
            abort(needed);
        }
        var network = new FabricNetwork(root().resolve("infra/fabric/network"), home.resolve("net"));
        try {
            network.run("up");
        } catch (IllegalStateException e) {
            network.close();
            throw e;
        }
        return network;
    }

    private static Path root() {
        var folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("infra/fabric/network"))) {
            folder = folder.getParent();
        }
        return folder;
    }

    /** Runs the script with these arguments and answers what it printed. */
    public String run(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.add(script.toString());
        command.addAll(List.of(arguments));
        var out = Files.createTempFile(home.getParent(), "out", ".log");
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile());
        builder.environment().put("TWINKEEP_FABRIC_HOME", home.toString());
        builder.environment().put("TWINKEEP_FABRIC_PORTS", String.valueOf(freePorts()));
        var process = builder.start();
        if (!process.waitFor(180, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IllegalStateException(String.join(" ", arguments) + ": " + Files.readString(out));
        }
        return Files.readString(out);
    }

    /** Kills a node as a power cut would. */
    public void kill(String node) throws IOException {
        long pid = Long.parseLong(
                Files.readString(home.resolve("run/" + node + ".pid")).strip());
        ProcessHandle.of(pid).ifPresent(process -> {
            process.destroyForcibly();
            process.onExit().join();
        });
    }

    public FabricAccess access() throws IOException, InterruptedException {
        return FabricAccess.read(properties());
    }

    /** The file that says how it is reached. */
    public Path properties() throws IOException, InterruptedException {
        return Files.writeString(home.resolveSibling("fabric.properties"), run("properties"));
    }

    private static int freePorts() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return 20_000 + socket.getLocalPort() % 12_000;
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        run("destroy");
    }
}
