package org.twinkeep.consent;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.twinkeep.consent.durable.CanonicalReader;
import org.twinkeep.consent.durable.CanonicalReader.NotCanonical;
import org.twinkeep.consent.durable.DurableFiles;
import org.twinkeep.consent.durable.Hex;
import org.twinkeep.consent.durable.Sha256;
import org.twinkeep.consent.ledger.LedgerUnavailable;
import org.twinkeep.consent.ledger.Transaction;
import org.twinkeep.consent.ledger.TransactionJson;
import org.twinkeep.crypto.json.CanonicalJson;

/**
 * Ends of consents that the ledger has not recorded yet: a small file, {@code undelivered.ndjson} beside the ledger. Each
 * denies from the moment it is in here, over restarts, until the ledger has it (docs/formats/consent-ledger.md).
 *
 * <p>Guarantee: {@link #add} returns once the mark is durable. Failure: {@link LedgerUnavailable}.
 */
public final class Undelivered {

    public static final String FILE = "undelivered.ndjson";

    /** @param since when the patient (or who may narrow) said so */
    public record End(Transaction transaction, Instant since) {}

    private static final Logger LOG = LoggerFactory.getLogger(Undelivered.class);

    private final Path file;
    private final Map<ConsentHandle, End> ends;

    private Undelivered(Path file, Map<ConsentHandle, End> ends) {
        this.file = file;
        this.ends = ends;
    }

    /** @throws LedgerUnavailable when the file was altered: what it denies cannot be known then */
    public static Undelivered in(Path ledgerFolder) {
        var file = ledgerFolder.resolve(FILE);
        try {
            var ends = new LinkedHashMap<ConsentHandle, End>();
            for (var end : read(file)) {
                ends.put(end.transaction().handle(), end);
            }
            return new Undelivered(file, ends);
        } catch (IOException e) {
            throw new LedgerUnavailable(file + " cannot be read: check its owner and permissions.", e);
        } catch (NotCanonical e) {
            throw new LedgerUnavailable(
                    file + " was altered (" + e.getMessage()
                            + "): put it back from a backup; revoke again if in doubt.",
                    e);
        }
    }

    /** What the file says. @throws NotCanonical when it is not as it was written */
    public static List<End> read(Path file) throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        var text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        if (!text.isEmpty() && !text.endsWith("\n")) {
            throw new NotCanonical("its last line is not complete");
        }
        return text.lines().map(Undelivered::read).toList();
    }

    public synchronized List<End> all() {
        return List.copyOf(ends.values());
    }

    public synchronized Optional<Instant> since(ConsentHandle handle) {
        return Optional.ofNullable(ends.get(handle)).map(End::since);
    }

    synchronized void add(Transaction transaction, Instant since) {
        ends.putIfAbsent(transaction.handle(), new End(transaction, since));
        try {
            write();
        } catch (IOException e) {
            throw new LedgerUnavailable(file + " cannot be written: is the disk full?", e);
        }
    }

    /** Delivered: the ledger denies now. That the file still says so does no harm; it is delivered again, to no effect. */
    synchronized void remove(ConsentHandle handle) {
        if (ends.remove(handle) != null) {
            try {
                if (ends.isEmpty()) {
                    Files.deleteIfExists(file);
                } else {
                    write();
                }
            } catch (IOException e) {
                LOG.warn("{} still lists an end that the ledger has: {}", file, e.getMessage());
            }
        }
    }

    private void write() throws IOException {
        var out = new ByteArrayOutputStream();
        for (var end : ends.values()) {
            out.write(line(end));
            out.write('\n');
        }
        DurableFiles.replace(file, out.toByteArray());
    }

    private static byte[] line(End end) {
        var json = body(end.since().toEpochMilli(), TransactionJson.write(end.transaction()));
        json.put("check", check(json));
        return CanonicalJson.bytes(json);
    }

    private static End read(String line) {
        var json = CanonicalReader.of(line.getBytes(StandardCharsets.UTF_8));
        var transaction = TransactionJson.read(json.object("transaction"));
        var body = body(json.number("at"), TransactionJson.write(transaction));
        if (!check(body).equals(json.text("check")) || json.map().size() != body.size() + 1) {
            throw new NotCanonical("a line does not match its check");
        }
        return new End(transaction, Instant.ofEpochMilli(json.number("at")));
    }

    private static Map<String, Object> body(long at, Map<String, Object> transaction) {
        var json = new LinkedHashMap<String, Object>();
        json.put("at", at);
        json.put("transaction", transaction);
        return json;
    }

    private static String check(Map<String, Object> body) {
        return Hex.of(Sha256.of(CanonicalJson.bytes(body)));
    }
}
