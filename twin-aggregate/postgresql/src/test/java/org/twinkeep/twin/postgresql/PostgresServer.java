package org.twinkeep.twin.postgresql;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A PostgreSQL of this machine's package on a temporary cluster, on loopback only. It does not run as root. */
public final class PostgresServer implements AutoCloseable {

    private static final Path PROGRAMS = Path.of("/usr/lib/postgresql/15/bin");
    private static final boolean ROOT = "root".equals(System.getProperty("user.name"));

    private final AtomicInteger schemas = new AtomicInteger();
    private final Path folder;
    private final int port;

    private PostgresServer(Path folder, int port) {
        this.folder = folder;
        this.port = port;
    }

    public static PostgresServer start() throws IOException {
        assumeTrue(
                Files.isExecutable(PROGRAMS.resolve("initdb")),
                "SKIPPED: there is no PostgreSQL 15 here, so nobody checked this against one.");
        var folder = Files.createTempDirectory("twinkeep-postgresql");
        if (ROOT) {
            run(List.of("chown", "postgres", folder.toString()));
        }
        var server = new PostgresServer(folder, freePort());
        server.program("initdb", "-D", server.data(), "-U", "twinkeep", "-A", "trust", "--data-checksums");
        server.resume();
        return server;
    }

    /** Ends it as a power failure would, as far as a process can. */
    public void crash() throws IOException {
        program("pg_ctl", "-D", data(), "-m", "immediate", "stop");
    }

    public void resume() throws IOException {
        var options = "-p %d -k %s -c listen_addresses=127.0.0.1 -c max_connections=300".formatted(port, folder);
        program("pg_ctl", "-D", data(), "-w", "-l", folder.resolve("log").toString(), "-o", options, "start");
    }

    /** The address of a schema of its own, empty. */
    public String empty() throws SQLException {
        var schema = "s" + schemas.incrementAndGet();
        try (var connection = DriverManager.getConnection(address("public"));
                var statement = connection.createStatement()) {
            statement.execute("CREATE SCHEMA " + schema);
        }
        return address(schema);
    }

    private String address(String schema) {
        return "jdbc:postgresql://127.0.0.1:%d/postgres?user=twinkeep&currentSchema=%s".formatted(port, schema);
    }

    /** What lies in the files of tables and in the write-ahead log, a character a byte. */
    public String everyByte() throws IOException, SQLException {
        try (var connection = DriverManager.getConnection(address("public"));
                var statement = connection.createStatement()) {
            statement.execute("CHECKPOINT");
        }
        var all = new StringBuilder();
        for (var part : List.of("base", "pg_wal")) {
            try (var files = Files.walk(folder.resolve("data").resolve(part))) {
                for (var file : files.filter(Files::isRegularFile).toList()) {
                    all.append(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
                }
            }
        }
        return all.toString();
    }

    private String data() {
        return folder.resolve("data").toString();
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void program(String name, String... arguments) throws IOException {
        var command = new ArrayList<String>();
        if (ROOT) {
            command.addAll(List.of("runuser", "-u", "postgres", "--"));
        }
        command.add(PROGRAMS.resolve(name).toString());
        command.addAll(Arrays.asList(arguments));
        run(command);
    }

    private static void run(List<String> command) throws IOException {
        var process = new ProcessBuilder(command)
                .directory(Path.of("/").toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            if (!process.waitFor(2, TimeUnit.MINUTES) || process.exitValue() != 0) {
                throw new IOException(command + " failed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        crash();
        try (var all = Files.walk(folder)) {
            for (var path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
