package org.twinkeep.portal.wiring;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import org.twinkeep.crypto.json.CanonicalJson;
import org.twinkeep.crypto.sign.SigningKey;
import org.twinkeep.crypto.sign.VerifyingKey;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The file of a backup: a ZIP of parts, and a signed list of their hashes as its last part
 * ({@code docs/formats/backup.md}). Reading one finds every damaged byte and names the part; it needs no key.
 *
 * @param document what the custodian signed
 */
@SuppressWarnings("ArrayRecordComponent")
record Archive(Path file, Kind kind, String tenant, Instant at, List<Part> parts, byte[] document, byte[] signature) {

    private static final int VERSION = 1;
    private static final String LIST = "manifest.json";

    /** About 400,000 parts, of 140 bytes each: a trail has one of every 256 leaves. */
    private static final int LARGEST_LIST = 64 << 20;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    enum Kind {
        /** Events, ledger, trail, erasure ledger, accounts, directory: useless without keys. */
        DATA,
        /** Slots and key rows. */
        KEYS;

        String code() {
            return this == DATA ? "data" : "keys";
        }
    }

    /** @param name as the file is named in the data folder */
    record Part(String name, long bytes, String sha256) {}

    /** What becomes a part. */
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /** Writes a backup. Whoever stops in between leaves a file that is none. */
    static void write(
            OutputStream out, Kind kind, String tenant, Instant at, Map<String, Content> contents, SigningKey custodian)
            throws IOException {
        var zip = new ZipOutputStream(out);
        zip.setLevel(Deflater.BEST_SPEED);
        var parts = new ArrayList<Map<String, Object>>();
        for (var content : contents.entrySet()) {
            zip.putNextEntry(new ZipEntry(content.getKey()));
            var counted = new Counted(zip);
            content.getValue().writeTo(counted);
            zip.closeEntry();
            parts.add(Map.of("name", content.getKey(), "bytes", counted.bytes, "sha256", counted.hash()));
        }
        var list = new TreeMap<String, Object>(
                Map.of("v", VERSION, "kind", kind.code(), "tenant", tenant, "at", at.toString(), "parts", parts));
        list.put("signature", Base64.getEncoder().encodeToString(custodian.sign(CanonicalJson.bytes(list))));
        zip.putNextEntry(new ZipEntry(LIST));
        zip.write(CanonicalJson.bytes(list));
        zip.closeEntry();
        zip.finish();
        zip.flush();
    }

    /** Reads a backup and every part of it. @throws HouseRefused which names the part that is damaged */
    static Archive open(Path file) {
        try (var zip = new ZipFile(file.toFile())) {
            var archive = list(file, zip);
            for (var part : archive.parts) {
                archive.check(zip, part);
            }
            return archive;
        } catch (IOException e) {
            throw new HouseRefused(file + " is no backup of Twinkeep, or was cut off. Nothing was done.", e);
        }
    }

    private static Archive list(Path file, ZipFile zip) throws IOException {
        var entry = zip.getEntry(LIST);
        if (entry == null) {
            throw new HouseRefused(file + " is no backup of Twinkeep. Nothing was done.");
        }
        try (var in = zip.getInputStream(entry)) {
            var list = in.readNBytes(LARGEST_LIST + 1);
            if (list.length > LARGEST_LIST) {
                throw damaged(file, LIST, null);
            }
            var json = JSON.readTree(list);
            if (json.required("v").intValue() > VERSION) {
                throw new HouseRefused(file + " was written by a newer Twinkeep. Update Twinkeep and run this again.");
            }
            var signed = new TreeMap<String, Object>(Map.of(
                    "v", json.required("v").intValue(),
                    "kind", json.required("kind").stringValue(),
                    "tenant", json.required("tenant").stringValue(),
                    "at", json.required("at").stringValue(),
                    "parts",
                            json.required("parts")
                                    .valueStream()
                                    .map(Archive::plain)
                                    .toList()));
            return new Archive(
                    file,
                    json.required("kind").stringValue().equals(Kind.KEYS.code()) ? Kind.KEYS : Kind.DATA,
                    json.required("tenant").stringValue(),
                    Instant.parse(json.required("at").stringValue()),
                    json.required("parts").valueStream().map(Archive::part).toList(),
                    CanonicalJson.bytes(signed),
                    Base64.getDecoder().decode(json.required("signature").stringValue()));
        } catch (JacksonException | IllegalArgumentException | DateTimeException e) {
            throw damaged(file, LIST, e);
        }
    }

    private static Map<String, Object> plain(JsonNode json) {
        var part = part(json);
        return new LinkedHashMap<>(Map.of("name", part.name, "bytes", part.bytes, "sha256", part.sha256));
    }

    private static Part part(JsonNode json) {
        var name = json.required("name").stringValue();
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*")) {
            throw new IllegalArgumentException("no name of a part");
        }
        return new Part(
                name,
                json.required("bytes").longValue(),
                json.required("sha256").stringValue());
    }

    private void check(ZipFile zip, Part part) {
        try (var in = in(zip, part);
                var counted = new Counted(OutputStream.nullOutputStream())) {
            in.transferTo(counted);
            if (counted.bytes != part.bytes || !counted.hash().equals(part.sha256)) {
                throw damaged(file, part.name, null);
            }
        } catch (IOException e) {
            throw damaged(file, part.name, e);
        }
    }

    private static HouseRefused damaged(Path file, String part, @Nullable Exception cause) {
        return new HouseRefused(
                file + " is damaged: " + part + " is not what was written. Nothing was done; use another backup.",
                cause);
    }

    private static InputStream in(ZipFile zip, Part part) throws IOException {
        var entry = zip.getEntry(part.name);
        if (entry == null) {
            throw new IOException("a part is missing");
        }
        return zip.getInputStream(entry);
    }

    /** Whether the custodian of the house signed it. */
    boolean signedBy(VerifyingKey custodian) {
        return custodian.verifies(document, signature);
    }

    boolean has(String name) {
        return parts.stream().anyMatch(part -> part.name.equals(name));
    }

    /** A small part. */
    byte[] bytes(String name) throws IOException {
        try (var zip = new ZipFile(file.toFile());
                var in = in(zip, new Part(name, 0, ""))) {
            return in.readAllBytes();
        }
    }

    /** Puts parts where they belong, each whole and synced. */
    void extract(Iterable<Part> chosen, Function<Part, Path> where) throws IOException {
        try (var zip = new ZipFile(file.toFile())) {
            for (var part : chosen) {
                var to = where.apply(part);
                PrivateFile.createFolder(PrivateFile.folderOf(to));
                var unfinished = PrivateFile.unfinished(to);
                try (var in = in(zip, part);
                        var out = PrivateFile.create(unfinished)) {
                    in.transferTo(out);
                }
                try (var channel = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
                    channel.force(true);
                }
                Files.move(unfinished, to, StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    @Override
    public String toString() {
        return "Archive " + new String(document, StandardCharsets.UTF_8);
    }

    /** Counts and hashes what is written; closing it closes nothing. */
    private static final class Counted extends OutputStream {
        private final DigestOutputStream to;
        private long bytes;

        Counted(OutputStream to) {
            this.to = new DigestOutputStream(to, sha256());
        }

        private static MessageDigest sha256() {
            try {
                return MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("SHA-256 is part of every JDK", e);
            }
        }

        @Override
        public void write(int b) throws IOException {
            to.write(b);
            bytes++;
        }

        @Override
        public void write(byte[] some, int from, int count) throws IOException {
            to.write(some, from, count);
            bytes += count;
        }

        String hash() {
            return HexFormat.of().formatHex(to.getMessageDigest().digest());
        }
    }
}
