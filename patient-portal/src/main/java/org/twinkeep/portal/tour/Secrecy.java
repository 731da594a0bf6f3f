package org.twinkeep.portal.tour;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.twinkeep.crypto.keys.VaultUnavailable;
import org.twinkeep.portal.wiring.HouseRefused;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What somebody finds who has every file and no key. */
final class Secrecy {
    private static final int SHORTEST_NEEDLE = 8;
    private static final int NEEDLES = 20_000;

    private final TourFolder folder;

    Secrecy(TourFolder folder) {
        this.folder = folder;
    }

    Map<String, Object> noPlaintext() throws IOException {
        folder.closeHouse();
        var needles = needles();
        var search = new PlaintextSearch(needles);
        int planted = control(search);
        var found = search.search(folder.data());
        found.addAll(search.search(folder.scratch("logs")));
        found.addAll(search.search(folder.temporary(), file -> folder.madeDuringTour(file)));
        NotHeld.unless(found.isEmpty(), "found: " + String.join("; ", found));
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("sought", needles.size());
        figures.put("forms", search.forms());
        figures.put("controlsFound", planted);
        figures.put("found", 0);
        return figures;
    }

    /** Plants a needle in each form in files of their own; the search must find every one. */
    private int control(PlaintextSearch search) throws IOException {
        var control = folder.scratch("control");
        int planted = 0;
        for (var needle : Set.of("Philippa Tourfrau", "2025-03-04T09:00:00+01:00", "1971-02-03")) {
            for (var form : PlaintextSearch.formsOf(needle)) {
                for (var wrapping : Wrapping.values()) {
                    var file = control.resolve("planted-" + planted++);
                    Files.write(file, wrapping.around(form.bytes()));
                }
            }
        }
        var withPlanted = new PlaintextSearch(Set.of("Philippa Tourfrau", "2025-03-04T09:00:00+01:00", "1971-02-03"));
        long found = withPlanted.search(control).stream()
                .map(where -> where.substring(0, where.indexOf(':')).replace(" (inflated)", ""))
                .distinct()
                .count();
        NotHeld.unless(found == planted, "the search found %d of %d planted forms".formatted(found, planted));
        NotHeld.unless(!search.search(control).isEmpty(), "the search for the records' strings found none planted");
        return planted;
    }

    private enum Wrapping {
        PLAIN,
        ZLIB,
        GZIP;

        byte[] around(byte[] form) throws IOException {
            var noise = "some bytes before, ".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            var inner = new ByteArrayOutputStream();
            inner.write(noise);
            inner.write(form);
            inner.write(noise);
            if (this == PLAIN) {
                return inner.toByteArray();
            }
            var out = new ByteArrayOutputStream();
            out.write(noise);
            try (var packed = this == ZLIB ? new DeflaterOutputStream(out) : new GZIPOutputStream(out)) {
                inner.writeTo(packed);
            }
            return out.toByteArray();
        }
    }

    /** Names, codes, displays, dates, values and words of the records, long enough not to stand anywhere by chance. */
    private Set<String> needles() throws IOException {
        var needles = new LinkedHashSet<String>();
        needles.add("Philippa Tourfrau");
        try (var records = Files.list(folder.scratch("records"))) {
            for (var file : records.filter(f -> !f.endsWith("directory.json")).toList()) {
                collect("", JsonMapper.shared().readTree(file), needles);
            }
        }
        needles.remove(LocalDate.now(ZoneOffset.UTC).toString());
        return needles;
    }

    private static void collect(String field, JsonNode node, Set<String> needles) {
        if (node.isContainer()) {
            node.properties().forEach(p -> collect(p.getKey(), p.getValue(), needles));
            node.values().forEach(v -> {
                if (!node.isObject()) {
                    collect(field, v, needles);
                }
            });
        } else if (needles.size() < NEEDLES && TELLING.contains(field)) {
            var text = node.asString();
            if (text.length() >= SHORTEST_NEEDLE) {
                needles.add(text.length() > 200 ? text.substring(0, 200) : text);
            }
        }
    }

    /** Fields of FHIR resources whose values tell something about a person. */
    private static final Set<String> TELLING = Set.of(
            "family",
            "given",
            "line",
            "city",
            "postalCode",
            "birthDate",
            "value",
            "code",
            "display",
            "text",
            "data",
            "start",
            "end",
            "date",
            "authoredOn",
            "recordedDate",
            "onsetDateTime",
            "abatementDateTime",
            "effectiveDateTime",
            "issued",
            "occurrenceDateTime",
            "performedDateTime",
            "valueString",
            "created",
            "id");

    Map<String, Object> anotherKey() {
        var copy = folder.copy("other-key");
        try (var house = TourFolder.open(copy, folder.scratch("keys").resolve("another.kek"))) {
            throw new NotHeld("a house of " + house.history().twins().size() + " twins opened with another key");
        } catch (VaultUnavailable | HouseRefused e) {
            return Map.of("refused", true);
        } finally {
            TourFolder.sweep(copy);
        }
    }
}
