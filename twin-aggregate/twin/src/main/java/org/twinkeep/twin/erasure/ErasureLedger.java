package org.twinkeep.twin.erasure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.json.CanonicalJson;
import org.twinkeep.crypto.keys.StreamName;
import org.twinkeep.crypto.sign.SigningKey;
import org.twinkeep.crypto.sign.VerifyingKey;
import org.twinkeep.twin.StoreUnavailable;
import org.twinkeep.twin.erasure.ErasureRecord.Requested;

/**
 * The ledger of erasures: one canonical JSON object a line (RFC 8785), each with the hash of the line before it and the
 * custodian's Ed25519 signature. Append only; what {@link #append} returned from is synced. A last line that a crash tore
 * was never acknowledged and is cut off; anything else that is not as it was written is refused.
 */
public final class ErasureLedger {

    private static final Logger LOG = LoggerFactory.getLogger(ErasureLedger.class);
    private static final String FIRST = "0".repeat(64);

    /** A record as it stands in the ledger. */
    record Line(ErasureRecord record, String document, String signature) {}

    private final Path file;
    private final SigningKey custodian;
    private final List<Line> lines = new ArrayList<>();
    private final Map<String, Requested> pending = new LinkedHashMap<>();
    private Optional<Instant> keysBackedUp = Optional.empty();
    private String last;

    private ErasureLedger(Path file, SigningKey custodian, Read read) {
        this.file = file;
        this.custodian = custodian;
        read.lines().forEach(this::take);
        this.last = read.last();
    }

    /** @throws StoreUnavailable when the file cannot be read or was altered */
    public static ErasureLedger open(Path file, SigningKey custodian) {
        try {
            var read = read(file, custodian.verifyingKey());
            if (!read.problems().isEmpty()) {
                throw new StoreUnavailable("The erasure ledger was altered ("
                        + read.problems().getFirst() + "). Put back the copy of your last backup.");
            }
            if (read.torn() > 0) {
                LOG.warn("A crash tore the last line of the erasure ledger; it was never acknowledged and is cut off.");
                cut(file, read.torn());
            }
            return new ErasureLedger(file, custodian, read);
        } catch (IOException e) {
            throw new StoreUnavailable("The erasure ledger cannot be read.", e);
        }
    }

    /** What is wrong with a ledger; it needs the custodian's public key and nothing else. */
    public static List<String> check(Path file, VerifyingKey custodian) {
        try {
            var read = read(file, custodian);
            var problems = new ArrayList<>(read.problems());
            if (read.torn() > 0 && problems.isEmpty()) {
                problems.add("its last line is torn");
            }
            return problems;
        } catch (IOException e) {
            return List.of("it cannot be read");
        }
    }

    /** The streams of every twin whose erasure was requested: they are not missing, they are gone. */
    public static List<String> erasedStreams(Path file, VerifyingKey custodian) {
        try {
            return read(file, custodian).lines().stream()
                    .flatMap(ErasureLedger::erasedStreams)
                    .map(StreamName::value)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The streams of every twin whose erasure was requested. */
    public List<StreamName> erasedStreams() {
        return lines().stream().flatMap(ErasureLedger::erasedStreams).toList();
    }

    private static Stream<StreamName> erasedStreams(Line line) {
        return line.record() instanceof ErasureRecord.TwinRequested twin ? twin.streams().stream() : Stream.empty();
    }

    /** Every twin whose erasure was requested. */
    public List<TwinId> erasedTwins() {
        return lines().stream()
                .flatMap(line -> line.record() instanceof ErasureRecord.TwinRequested twin
                        ? Stream.of(twin.twin())
                        : Stream.empty())
                .toList();
    }

    /** The receipts in a ledger, up to its last whole line; it needs the custodian's public key and nothing else. */
    public static List<ErasureReceipt> receipts(Path file, VerifyingKey custodian) {
        try {
            return receipts(Files.exists(file) ? Files.readAllBytes(file) : new byte[0], custodian);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same of the bytes of a ledger. */
    public static List<ErasureReceipt> receipts(byte[] ledger, VerifyingKey custodian) {
        return read(ledger, custodian).lines().stream()
                .flatMap(ErasureLedger::receipt)
                .toList();
    }

    static Stream<ErasureReceipt> receipt(Line line) {
        return line.record() instanceof ErasureRecord.Completed completed
                ? Stream.of(ErasureReceipt.of(completed, line.document(), line.signature()))
                : Stream.empty();
    }

    /** Whether the ledger holds the completion that this receipt is of. */
    public static boolean holds(Path file, VerifyingKey custodian, ErasureReceipt receipt) {
        try {
            return read(file, custodian).lines().stream()
                    .anyMatch(line -> line.document().equals(receipt.document()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Remembers that the keys are about to be backed up: every later receipt says so. */
    public void backingUpKeys(Instant at) {
        append(new ErasureRecord.KeysBackedUp(UUID.randomUUID().toString(), at));
    }

    /** When the keys were last backed up. */
    public synchronized Optional<Instant> keysBackedUp() {
        return keysBackedUp;
    }

    /** What was requested and is not completed, in the order of the requests. */
    synchronized List<Requested> pending() {
        return List.copyOf(pending.values());
    }

    synchronized List<Line> lines() {
        return List.copyOf(lines);
    }

    synchronized Line append(ErasureRecord record) {
        var members = new TreeMap<>(ErasureJson.members(record));
        members.put("previous", last);
        var document = CanonicalJson.bytes(members);
        var signature = Base64.getEncoder().encodeToString(custodian.sign(document));
        members.put("signature", signature);
        var bytes = CanonicalJson.bytes(members);
        write(bytes);
        last = hash(bytes);
        var line = new Line(record, new String(document, StandardCharsets.UTF_8), signature);
        take(line);
        return line;
    }

    private void take(Line line) {
        lines.add(line);
        switch (line.record()) {
            case Requested requested -> pending.put(requested.id(), requested);
            case ErasureRecord.Completed completed -> pending.remove(completed.id());
            case ErasureRecord.KeysBackedUp backup -> keysBackedUp = Optional.of(backup.at());
        }
    }

    private void write(byte[] line) {
        boolean isNew = !Files.exists(file);
        try (var channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            var bytes = ByteBuffer.wrap(Arrays.copyOf(line, line.length + 1));
            bytes.put(line.length, (byte) '\n');
            long before = channel.size();
            try {
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            } catch (IOException e) {
                channel.truncate(before);
                throw e;
            }
            if (isNew) {
                syncFolder();
            }
        } catch (IOException e) {
            throw new StoreUnavailable("The erasure ledger cannot be written: is the disk full or failing?", e);
        }
    }

    private void syncFolder() throws IOException {
        try (var folder = FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }

    private static void cut(Path file, int bytes) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() - bytes);
            channel.force(true);
        }
    }

    /** @param torn how many bytes after the last whole line */
    private record Read(List<Line> lines, String last, int torn, List<String> problems) {}

    private static Read read(Path file, VerifyingKey custodian) throws IOException {
        return read(Files.exists(file) ? Files.readAllBytes(file) : new byte[0], custodian);
    }

    private static Read read(byte[] bytes, VerifyingKey custodian) {
        var lines = new ArrayList<Line>();
        var problems = new ArrayList<String>();
        var last = FIRST;
        int start = 0;
        for (int end = 0; end < bytes.length; end++) {
            if (bytes[end] == '\n') {
                var line = Arrays.copyOfRange(bytes, start, end);
                try {
                    lines.add(line(line, last, custodian));
                } catch (RuntimeException e) {
                    problems.add("line " + (lines.size() + problems.size() + 1) + " is not what was written");
                }
                last = hash(line);
                start = end + 1;
            }
        }
        int torn = bytes.length - start;
        if (torn > 1 && isWhole(Arrays.copyOfRange(bytes, start, bytes.length - 1), last, custodian)) {
            problems.add("the end of line " + (lines.size() + 1) + " is not what was written");
        }
        return new Read(lines, last, torn, problems);
    }

    /** A whole line that only lost its end was acknowledged: it is not for cutting off. */
    private static boolean isWhole(byte[] line, String previous, VerifyingKey custodian) {
        try {
            line(line, previous, custodian);
            return true;
        } catch (RuntimeException e) {
            return false;
        }
    }

    /** @throws RuntimeException when it is not a line of this ledger at this place */
    private static Line line(byte[] line, String previous, VerifyingKey custodian) {
        var json = ErasureJson.parse(line);
        Map<String, Object> members = new TreeMap<>(ErasureJson.plain(json));
        var signature = ErasureJson.text(json, "signature");
        boolean sound = Arrays.equals(CanonicalJson.bytes(members), line)
                && ErasureJson.text(json, "previous").equals(previous);
        members.remove("signature");
        var document = CanonicalJson.bytes(members);
        if (!sound || !custodian.verifies(document, Base64.getDecoder().decode(signature))) {
            throw new IllegalStateException("not what was written");
        }
        return new Line(ErasureJson.record(json), new String(document, StandardCharsets.UTF_8), signature);
    }

    static String hash(byte[] line) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(line));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256.", e);
        }
    }
}
