package org.twinkeep.infra;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.trail.Looker;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.sealing.OpenedBody;
import org.twinkeep.crypto.sealing.Sealing;
import org.twinkeep.portal.wiring.House;
import org.twinkeep.twin.EntryId;
import org.twinkeep.twin.TwinEvent.EntryRecorded;

/** What was acknowledged, kept outside the process that dies, and whether a house agrees with it. */
final class CrashOracle {
    private static final Looker LOOKER = new Looker("operator:drill", "drill", "This service", "operator");

    /** Twins, and of each the entries that must open, by id, with what they say. */
    private Map<TwinId, Map<EntryId, String>> present = new LinkedHashMap<>();

    private final Map<String, Map<TwinId, Map<EntryId, String>>> backups = new HashMap<>();
    private final Set<EntryId> erased = new HashSet<>();
    private final Set<TwinId> erasedTwins = new HashSet<>();
    private final Map<String, byte[]> sealedAt = new HashMap<>();
    private @Nullable String underWay;
    private int acknowledged;
    private int opened;

    int acknowledged() {
        return acknowledged;
    }

    int opened() {
        return opened;
    }

    int erased() {
        return erased.size();
    }

    /** What was begun last and not acknowledged. */
    @Nullable
    String underWay() {
        return underWay;
    }

    void tries(String what) {
        underWay = what;
    }

    void did(String what) {
        acknowledged++;
        underWay = null;
        happened(what);
    }

    private void happened(String what) {
        var words = what.split(" ");
        var twin = words[0].matches("create|append|erase|chapter|twin") ? TwinId.of(words[1]) : null;
        switch (words[0]) {
            case "create" -> present.put(Objects.requireNonNull(twin), new LinkedHashMap<>());
            case "append" ->
                Arrays.stream(words[2].split(","))
                        .map(named -> named.split("="))
                        .forEach(named -> entriesOf(twin).put(new EntryId(named[1]), named[0]));
            case "erase" -> {
                erased.add(new EntryId(words[2]));
                entriesOf(twin).remove(new EntryId(words[2]));
            }
            case "chapter" -> {
                erased.addAll(entriesOf(twin).keySet());
                entriesOf(twin).clear();
            }
            case "twin" -> {
                erasedTwins.add(Objects.requireNonNull(twin));
                present.remove(twin);
            }
            case "backup" -> backups.put(words[1], copy(present));
            default -> {}
        }
    }

    private Map<EntryId, String> entriesOf(@Nullable TwinId twin) {
        return Objects.requireNonNull(present.get(twin));
    }

    private static Map<TwinId, Map<EntryId, String>> copy(Map<TwinId, Map<EntryId, String>> some) {
        var copy = new LinkedHashMap<TwinId, Map<EntryId, String>>();
        some.forEach((twin, entries) -> copy.put(twin, new LinkedHashMap<>(entries)));
        return copy;
    }

    /** From here on the house is as of that backup, without what was erased since. */
    void restored(String backup) {
        present = copy(Objects.requireNonNull(backups.get(backup)));
        present.keySet().removeAll(erasedTwins);
        present.values().forEach(entries -> entries.keySet().removeAll(erased));
    }

    /** Compares, and takes over what became of the work that was under way. */
    void compare(House house, List<String> problems) {
        var twins = Set.copyOf(house.history().twins());
        if (underWay != null && came(house, twins, underWay)) {
            happened(underWay);
        }
        underWay = null;
        if (!twins.equals(present.keySet())) {
            problems.add("%d twins are there, %d were acknowledged".formatted(twins.size(), present.size()));
        }
        for (var twin : erasedTwins) {
            if (house.history().exists(twin) || house.keyRing().holds(twin)) {
                problems.add("an erased twin is there again");
            }
        }
        present.forEach((twin, entries) -> compare(house, twin, entries, problems));
    }

    private boolean came(House house, Set<TwinId> twins, String what) {
        var words = what.split(" ");
        return switch (words[0]) {
            case "create" -> twins.contains(TwinId.of(words[1]));
            case "twin" -> !twins.contains(TwinId.of(words[1]));
            case "append" -> {
                var twin = TwinId.of(words[1]);
                var first = new EntryId(words[2].split(",")[0].split("=")[1]);
                yield house.history().entries(twin, Chapter.LABS).stream()
                        .anyMatch(entry -> entry.entry().equals(first));
            }
            case "erase" ->
                house.history().entries(TwinId.of(words[1]), Chapter.LABS).stream()
                        .anyMatch(entry -> entry.entry().value().equals(words[2]) && entry.erased());
            case "chapter" ->
                house.history().entries(TwinId.of(words[1]), Chapter.LABS).stream()
                        .allMatch(entry -> entry.erased());
            default -> false;
        };
    }

    private void compare(House house, TwinId twin, Map<EntryId, String> entries, List<String> problems) {
        var receipt = house.trail()
                .permitted(
                        twin,
                        LOOKER,
                        "HOPERAT",
                        "drill",
                        List.of(),
                        Set.of(Chapter.LABS),
                        house.consents().position());
        var seen = new HashMap<EntryId, String>();
        house.history().replay(receipt, twin, Chapter.LABS, event -> {
            if (event.event() instanceof EntryRecorded recorded) {
                boolean again = seen.containsKey(recorded.entry());
                if (event.body() instanceof OpenedBody.Present(var body)) {
                    opened++;
                    seen.put(recorded.entry(), new String(body.content(), StandardCharsets.UTF_8));
                    if (erased.contains(recorded.entry())) {
                        problems.add("an erased entry opens");
                    }
                } else {
                    seen.putIfAbsent(recorded.entry(), "");
                }
                if (again) {
                    problems.add("an entry is doubled");
                }
            }
        });
        seen.values().removeIf(String::isEmpty);
        if (!seen.equals(entries)) {
            problems.add("%d entries open, %d were acknowledged and not erased".formatted(seen.size(), entries.size()));
        }
    }

    /** No index seals different bytes, also not across a restore. */
    void compareIndexes(Path eventsFile, List<String> problems) {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + eventsFile);
                var rows = connection
                        .createStatement()
                        .executeQuery("SELECT s.name, e.body FROM events e JOIN streams s ON s.id = e.stream"
                                + " WHERE e.body IS NOT NULL")) {
            while (rows.next()) {
                var body = rows.getBytes(2);
                var before = sealedAt.putIfAbsent(rows.getString(1) + " " + Sealing.addressOf(body), body);
                if (before != null && !Arrays.equals(before, body)) {
                    problems.add("an index was used twice");
                }
            }
        } catch (SQLException e) {
            problems.add("the events cannot be read: " + e.getMessage());
        }
    }
}
