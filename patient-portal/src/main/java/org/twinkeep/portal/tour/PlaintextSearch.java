package org.twinkeep.portal.tour;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Looks for strings in the bytes of files, in every form in which careless software leaves them: UTF-8, UTF-16, base64 at
 * its three alignments, hexadecimal, dates as epoch numbers, and all of these inside zlib and gzip streams. A form
 * shorter than eight bytes is not sought: ciphertext would hold it by chance.
 */
final class PlaintextSearch {

    private static final int SHORTEST = 8;
    private static final int MOST_INFLATED = 4 << 20;

    /** One way in which a string may stand in a file. */
    @SuppressWarnings("ArrayRecordComponent")
    record Form(String name, byte[] bytes) {}

    private final Map<Long, List<Form>> byFirstEight = new HashMap<>();
    private final BitSet maybe = new BitSet(1 << 22);
    private int forms;

    PlaintextSearch(Collection<String> needles) {
        for (var needle : needles) {
            for (var form : formsOf(needle)) {
                if (form.bytes().length >= SHORTEST) {
                    var key = ByteBuffer.wrap(form.bytes()).getLong();
                    byFirstEight.computeIfAbsent(key, _ -> new ArrayList<>()).add(form);
                    maybe.set(bucket(key));
                    forms++;
                }
            }
        }
    }

    int forms() {
        return forms;
    }

    /** The names of the forms found below the folder, each with the file's name: never the string itself. */
    TreeSet<String> search(Path folder) {
        return search(folder, _ -> true);
    }

    TreeSet<String> search(Path folder, Predicate<Path> which) {
        var found = new TreeSet<String>();
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    if (attributes.isRegularFile() && which.test(file)) {
                        try {
                            var name = folder.relativize(file).toString();
                            searchBytes(Files.readAllBytes(file), name, found, true);
                        } catch (NoSuchFileException e) {
                            return visitFileFailed(file, e);
                        }
                    }
                    return FileVisitResult.CONTINUE;
                }

                /** What another program takes away, or keeps to itself, in a folder of temporary files is none of ours. */
                @Override
                public FileVisitResult visitFileFailed(Path file, IOException why) throws IOException {
                    if (why instanceof NoSuchFileException || why instanceof AccessDeniedException) {
                        return FileVisitResult.CONTINUE;
                    }
                    throw why;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    private void searchBytes(byte[] bytes, String where, TreeSet<String> found, boolean inflate) {
        if (bytes.length < SHORTEST) {
            return;
        }
        long window = ByteBuffer.wrap(bytes).getLong() >>> 8;
        for (int end = SHORTEST - 1; end < bytes.length; end++) {
            window = window << 8 | (bytes[end] & 0xff);
            int start = end - SHORTEST + 1;
            if (maybe.get(bucket(window))) {
                for (var form : byFirstEight.getOrDefault(window, List.of())) {
                    if (standsAt(bytes, start, form.bytes())) {
                        found.add(where + ": " + form.name());
                    }
                }
            }
            if (inflate && startsDeflated(bytes, start)) {
                inflated(bytes, start).ifPresent(b -> searchBytes(b, where + " (inflated)", found, false));
            }
        }
    }

    private static boolean standsAt(byte[] bytes, int start, byte[] form) {
        return start + form.length <= bytes.length
                && java.util.Arrays.equals(bytes, start, start + form.length, form, 0, form.length);
    }

    private static boolean startsDeflated(byte[] b, int at) {
        int first = b[at] & 0xff;
        int second = b[at + 1] & 0xff;
        boolean zlib = first == 0x78 && ((first << 8) + second) % 31 == 0;
        boolean gzip = first == 0x1f && second == 0x8b && b[at + 2] == 8;
        return zlib || gzip;
    }

    private static Optional<byte[]> inflated(byte[] bytes, int start) {
        boolean gzip = (bytes[start] & 0xff) == 0x1f;
        int from = gzip ? afterGzipHeader(bytes, start) : start;
        if (from >= bytes.length) {
            return Optional.empty();
        }
        try (var inflater = new Inflater(gzip)) {
            inflater.setInput(bytes, from, bytes.length - from);
            var out = new ByteArrayOutputStream();
            var buffer = new byte[8192];
            while (!inflater.finished() && out.size() < MOST_INFLATED) {
                int n = inflater.inflate(buffer);
                if (n == 0) {
                    break;
                }
                out.write(buffer, 0, n);
            }
            return out.size() < SHORTEST ? Optional.empty() : Optional.of(out.toByteArray());
        } catch (DataFormatException e) {
            return Optional.empty();
        }
    }

    /** RFC 1952, section 2.3: ten bytes, then what the flags announce. */
    private static int afterGzipHeader(byte[] b, int start) {
        int flags = start + 3 < b.length ? b[start + 3] : 0;
        int at = start + 10;
        if ((flags & 4) != 0 && at + 1 < b.length) {
            at += 2 + (b[at] & 0xff) + ((b[at + 1] & 0xff) << 8);
        }
        for (int text : new int[] {8, 16}) {
            if ((flags & text) != 0) {
                while (at < b.length && b[at] != 0) {
                    at++;
                }
                at++;
            }
        }
        return (flags & 2) != 0 ? at + 2 : at;
    }

    private static int bucket(long key) {
        return (int) (key * 0x9E3779B97F4A7C15L >>> 42);
    }

    /** Every form of one string. */
    static List<Form> formsOf(String needle) {
        var forms = new ArrayList<Form>();
        var utf8 = needle.getBytes(StandardCharsets.UTF_8);
        forms.add(new Form("UTF-8", utf8));
        forms.add(new Form("UTF-16LE", needle.getBytes(StandardCharsets.UTF_16LE)));
        forms.add(new Form("UTF-16BE", needle.getBytes(StandardCharsets.UTF_16BE)));
        for (int shift = 0; shift < 3; shift++) {
            forms.add(new Form("base64", base64At(utf8, shift)));
        }
        forms.add(new Form("hexadecimal", ascii(HexFormat.of().formatHex(utf8))));
        forms.add(new Form("HEXADECIMAL", ascii(HexFormat.of().withUpperCase().formatHex(utf8))));
        instantOf(needle).ifPresent(instant -> {
            forms.add(new Form("epoch milliseconds", ascii(Long.toString(instant.toEpochMilli()))));
            forms.add(new Form("epoch seconds", ascii(Long.toString(instant.getEpochSecond()))));
            forms.add(new Form("binary epoch milliseconds", eight(instant.toEpochMilli(), ByteOrder.BIG_ENDIAN)));
            forms.add(new Form("binary epoch milliseconds", eight(instant.toEpochMilli(), ByteOrder.LITTLE_ENDIAN)));
        });
        return forms;
    }

    /** What base64 of a longer text holds for sure when the needle starts {@code shift} bytes into a group of three. */
    private static byte[] base64At(byte[] utf8, int shift) {
        var padded = new byte[shift + utf8.length];
        System.arraycopy(utf8, 0, padded, shift, utf8.length);
        var text = Base64.getEncoder().withoutPadding().encodeToString(padded);
        int from = shift == 0 ? 0 : shift + 1;
        int to = padded.length * 8 / 6;
        return ascii(text.substring(from, to));
    }

    private static byte[] eight(long value, ByteOrder order) {
        return ByteBuffer.allocate(8).order(order).putLong(value).array();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static Optional<Instant> instantOf(String text) {
        try {
            return Optional.of(
                    text.length() == 10
                            ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                            : OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
