package org.twinkeep.portal.tour;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.portal.wiring.House;
import org.twinkeep.twin.EntryId;
import org.twinkeep.twin.Identities;

/** The hand-written person, and what by hand was written down that others may see of it. */
final class TourPerson {
    static final String FILE = "person.json";
    static final String SOURCE = "urn:example:tour-hospital";
    private static final String NUMBER = "TOUR-0001";

    /** The chapters of the hand-written list. */
    static final Set<Chapter> GRANTED = Set.of(
            Chapter.PROFILE,
            Chapter.CONDITIONS,
            Chapter.MEDICATIONS,
            Chapter.ALLERGIES,
            Chapter.IMMUNIZATIONS,
            Chapter.LABS,
            Chapter.VITALS,
            Chapter.PROCEDURES,
            Chapter.ENCOUNTERS,
            Chapter.DOCUMENTS);

    private TourPerson() {}

    static TwinId twin(House house) {
        return house.identities()
                .find(SOURCE, NUMBER)
                .filter(Identities.Known.Living.class::isInstance)
                .map(known -> ((Identities.Known.Living) known).twin())
                .orElseThrow(() -> new NotHeld("the hand-written person has no twin"));
    }

    static EntryId entry(House house, String typeAndId) {
        int slash = typeAndId.indexOf('/');
        return house.twins()
                .entryId(twin(house), SOURCE, typeAndId.substring(0, slash), typeAndId.substring(slash + 1));
    }

    /** What a clinician sees under {@link #GRANTED}. */
    static Set<String> visible() {
        return new TreeSet<>(lines("visible.txt"));
    }

    /** Words and codes that belong to one chapter alone, lower case. */
    static Map<Chapter, List<String>> onlyIn() {
        var words = new EnumMap<Chapter, List<String>>(Chapter.class);
        for (var line : lines("only-in.txt")) {
            int colon = line.indexOf(':');
            var chapter = Chapter.ofCode(line.substring(0, colon)).orElseThrow();
            words.put(
                    chapter,
                    Arrays.stream(line.substring(colon + 1).split("\\|"))
                            .map(String::strip)
                            .toList());
        }
        return words;
    }

    private static List<String> lines(String resource) {
        return new ArrayList<>(new String(bytes(resource), StandardCharsets.UTF_8)
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList());
    }

    static byte[] bytes(String resource) {
        return resource("/tour/" + resource);
    }

    static byte[] resource(String path) {
        try (var in = Objects.requireNonNull(TourPerson.class.getResourceAsStream(path), path)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
