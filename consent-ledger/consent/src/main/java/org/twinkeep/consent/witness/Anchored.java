package org.twinkeep.consent.witness;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.durable.CanonicalReader;
import org.twinkeep.consent.durable.CanonicalReader.NotCanonical;
import org.twinkeep.consent.durable.DurableFiles;
import org.twinkeep.consent.durable.Hex;
import org.twinkeep.consent.durable.Sha256;
import org.twinkeep.consent.ledger.LedgerUnavailable;
import org.twinkeep.crypto.json.CanonicalJson;

/**
 * The checkpoints that a house has anchored, whose hashes alone are on the ledger: {@code ledger/anchored.ndjson}
 * (docs/formats/consent-ledger.md). Each is in here before its anchor is asked for, so that an anchor that nothing in here
 * explains was made by a newer state of the house.
 */
public final class Anchored {

    public static final String FILE = "anchored.ndjson";

    /** Of a house that never anchored anything. */
    public static final Anchored NONE = new Anchored(List.of());

    /**
     * One line.
     *
     * @param checkpoint the signed note; null where something is given up
     * @param lost the commitment of an anchor or erasure that is known to be lost; null where a checkpoint is kept
     */
    private record Line(
            Instant at,
            @Nullable String checkpoint,
            @Nullable String lost) {}

    private final List<Line> lines;
    private final Set<String> known;

    private Anchored(List<Line> lines) {
        this.lines = List.copyOf(lines);
        this.known = lines.stream()
                .map(line ->
                        line.checkpoint() == null ? Objects.requireNonNull(line.lost()) : hashOf(line.checkpoint()))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** @throws LedgerUnavailable when the file cannot be read or was altered */
    public static Anchored in(Path ledgerFolder) {
        var file = ledgerFolder.resolve(FILE);
        try {
            return Files.exists(file) ? new Anchored(read(Files.readAllBytes(file))) : NONE;
        } catch (IOException e) {
            throw new LedgerUnavailable(file + " cannot be read: check its owner and permissions.", e);
        } catch (NotCanonical e) {
            throw new LedgerUnavailable(file + " was altered: put it back from a backup.", e);
        }
    }

    private static List<Line> read(byte[] bytes) {
        var text = new String(bytes, StandardCharsets.UTF_8);
        if (!text.isEmpty() && !text.endsWith("\n")) {
            throw new NotCanonical("its last line is not complete");
        }
        return text.lines().map(Anchored::line).toList();
    }

    private static Line line(String text) {
        var json = CanonicalReader.of(text.getBytes(StandardCharsets.UTF_8));
        var at = Instant.ofEpochMilli(json.number("at"));
        var line =
                json.has("lost") ? new Line(at, null, json.text("lost")) : new Line(at, json.text("checkpoint"), null);
        if (!Arrays.equals(CanonicalJson.bytes(members(line)), text.getBytes(StandardCharsets.UTF_8))) {
            throw new NotCanonical("a line does not match its check");
        }
        return line;
    }

    private static Map<String, Object> members(Line line) {
        var json = new LinkedHashMap<String, Object>();
        json.put("at", line.at().toEpochMilli());
        if (line.checkpoint() == null) {
            json.put("lost", Objects.requireNonNull(line.lost()));
        } else {
            json.put("checkpoint", line.checkpoint());
        }
        json.put("check", Hex.of(Sha256.of(CanonicalJson.bytes(json))));
        return json;
    }

    /** What an anchor commits to: SHA-256 of the signed note, hexadecimal. */
    public static String hashOf(String checkpoint) {
        return Hex.of(Sha256.of(checkpoint.getBytes(StandardCharsets.UTF_8)));
    }

    /** The signed notes, oldest first. */
    public List<String> checkpoints() {
        return lines.stream().map(Line::checkpoint).filter(Objects::nonNull).toList();
    }

    /** The newest signed note. */
    public Optional<String> last() {
        return checkpoints().reversed().stream().findFirst();
    }

    /** When the newest signed note was kept. */
    Instant lastAt() {
        return lines.reversed().stream()
                .filter(line -> line.checkpoint() != null)
                .findFirst()
                .map(Line::at)
                .orElse(Instant.MIN);
    }

    /** Whether it is the hash of a checkpoint that was kept, or of something that is known to be lost. */
    boolean knows(String commitment) {
        return known.contains(commitment);
    }

    Anchored with(Instant at, String checkpoint) {
        return plus(List.of(new Line(at, checkpoint, null)));
    }

    /** The same, and what the ledger holds of a newer state is given up. */
    public Anchored without(Instant at, Collection<String> commitments) {
        return plus(commitments.stream()
                .filter(commitment -> !knows(commitment))
                .map(commitment -> new Line(at, null, commitment))
                .toList());
    }

    private Anchored plus(List<Line> more) {
        var longer = new ArrayList<>(lines);
        longer.addAll(more);
        return new Anchored(longer);
    }

    /** Returns once it is durable. @throws LedgerUnavailable when it cannot be written */
    public void write(Path ledgerFolder) {
        var out = new ByteArrayOutputStream();
        for (var line : lines) {
            out.writeBytes(CanonicalJson.bytes(members(line)));
            out.write('\n');
        }
        try {
            DurableFiles.replace(ledgerFolder.resolve(FILE), out.toByteArray());
        } catch (IOException e) {
            throw new LedgerUnavailable(ledgerFolder.resolve(FILE) + " cannot be written: is the disk full?", e);
        }
    }
}
