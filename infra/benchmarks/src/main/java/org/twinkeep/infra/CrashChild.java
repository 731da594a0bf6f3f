package org.twinkeep.infra;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.sealing.Body;
import org.twinkeep.portal.wiring.Backup;
import org.twinkeep.portal.wiring.DataFolder;
import org.twinkeep.portal.wiring.House;
import org.twinkeep.portal.wiring.Kek;
import org.twinkeep.portal.wiring.Restore;
import org.twinkeep.twin.Actor;
import org.twinkeep.twin.EntryId;
import org.twinkeep.twin.TwinCommand;
import org.twinkeep.twin.TwinHistory.EntryState;

/**
 * The process that the crash drill kills: a seeded mixed load. It says what it is about to do before, and what it has done
 * after, on standard output, where whoever kills it has it. It waits for its order on standard input, so that starting it
 * costs no time of a cycle.
 */
final class CrashChild {
    static final String READY = "ready";
    static final String TRIES = "tries ";
    static final String DID = "did ";

    /** In the place of the last backup, while there is none. */
    static final String NO_BACKUP = "-";

    static final Actor DRILL = new Actor(Actor.Kind.OPERATOR, "operator:drill");

    private static final int TWINS = 6;
    private static final int CHAPTER = 120;

    private final Path scratch;
    private final int cycle;
    private final Random random;
    private final Kek kek;
    private DataFolder folder;
    private String backup;
    private House house;
    private int numbers;

    private CrashChild(Path scratch, int cycle, long seed, String folder, String backup) {
        this.scratch = scratch;
        this.cycle = cycle;
        this.random = new Random(seed);
        this.kek = ImportChild.keyFile(scratch.resolve("crash.kek"));
        this.folder = new DataFolder(scratch.resolve(folder));
        this.backup = backup;
        this.house = open();
    }

    /** Order: cycle, seed, folder, last backup or {@link #NO_BACKUP}, how many steps. */
    public static void main(String... arguments) throws IOException {
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        var order = in.readLine();
        if (order == null) {
            return;
        }
        var words = order.split(" ");
        var child = new CrashChild(
                Path.of(arguments[0]), Integer.parseInt(words[0]), Long.parseLong(words[1]), words[2], words[3]);
        say(READY);
        for (long steps = Long.parseLong(words[4]); steps > 0; steps--) {
            child.step();
        }
        child.house.close();
    }

    private House open() {
        return House.open(folder, kek, "drill", Clock.systemUTC());
    }

    private void step() {
        var twins = List.copyOf(house.history().twins());
        int dice = random.nextInt(100);
        if (twins.isEmpty() || dice < 6 && twins.size() < TWINS) {
            create();
            return;
        }
        var twin = twins.get(random.nextInt(twins.size()));
        if (dice < 72) {
            append(twin);
        } else if (dice < 88) {
            erase(twin);
        } else if (dice < 89) {
            eraseChapter(twin);
        } else if (dice < 90) {
            eraseTwin(twin);
        } else if (dice < 92) {
            house.views().rebuild((_, _) -> {});
        } else if (dice < 93) {
            house.trail().checkpoint();
        } else if (dice < 97) {
            backUp();
        } else if (!backup.equals(NO_BACKUP)) {
            restore();
        }
    }

    private void create() {
        var twin = new TwinId(UUID.randomUUID());
        say(TRIES + "create " + twin);
        house.twins().create(new TwinCommand.CreateTwin(twin, house.clock().instant(), DRILL));
        say(DID + "create " + twin);
    }

    private void append(TwinId twin) {
        if (house.history().entries(twin, Chapter.LABS).size() > CHAPTER) {
            eraseTwin(twin);
            return;
        }
        var names = new ArrayList<String>();
        var entries = new ArrayList<TwinCommand.Incoming>();
        for (int left = 1 + random.nextInt(4); left > 0; left--) {
            var name = "c" + cycle + "n" + numbers++;
            var entry = house.twins().entryId(twin, "drill", "Observation", name);
            names.add(name + "=" + entry.value());
            entries.add(new TwinCommand.Incoming(entry, body(name)));
        }
        var said = "append " + twin + " " + String.join(",", names);
        say(TRIES + said);
        house.twins()
                .record(new TwinCommand.RecordEntries(
                        twin, Chapter.LABS, entries, house.clock().instant(), DRILL));
        say(DID + said);
    }

    private void erase(TwinId twin) {
        var left = living(twin);
        if (!left.isEmpty()) {
            var entry = left.get(random.nextInt(left.size()));
            var said = "erase " + twin + " " + entry.value();
            say(TRIES + said);
            house.erasure().eraseEntries(twin, Map.of(Chapter.LABS, List.of(entry)), DRILL);
            say(DID + said);
        }
    }

    private List<EntryId> living(TwinId twin) {
        return house.history().entries(twin, Chapter.LABS).stream()
                .filter(entry -> !entry.erased())
                .map(EntryState::entry)
                .toList();
    }

    private void eraseChapter(TwinId twin) {
        if (!living(twin).isEmpty()) {
            say(TRIES + "chapter " + twin);
            house.erasure().eraseChapter(twin, Chapter.LABS, DRILL);
            say(DID + "chapter " + twin);
        }
    }

    private void eraseTwin(TwinId twin) {
        say(TRIES + "twin " + twin);
        house.erasure().eraseTwin(twin, DRILL);
        say(DID + "twin " + twin);
    }

    private void backUp() {
        house.close();
        var name = "backup-" + cycle + "-" + numbers++;
        say(TRIES + "backup " + name);
        Backup.data(folder, kek, scratch.resolve(name), house.clock(), _ -> {});
        backUpKeys();
        say(DID + "backup " + name);
        backup = name;
        house = open();
    }

    private void backUpKeys() {
        Backup.keys(folder, kek, scratch.resolve("keys"), house.clock(), _ -> {});
    }

    /** The newest keys, the last data, another folder. */
    private void restore() {
        house.close();
        say(TRIES + "keys -");
        backUpKeys();
        say(DID + "keys -");
        var name = "data-" + cycle + "-" + numbers++;
        say(TRIES + "restore " + name);
        folder = new DataFolder(scratch.resolve(name));
        restore(scratch, name, backup, kek);
        say(DID + "restore " + name);
        house = open();
    }

    static Restore restore(Path scratch, String folder, String backup, Kek kek) {
        var from = new Restore.Sources(scratch.resolve(backup), scratch.resolve("keys"), List.of());
        return Restore.run(new DataFolder(scratch.resolve(folder)), from, kek, Clock.systemUTC(), _ -> {});
    }

    private static Body body(String name) {
        return new Body(
                1, "{\"source\":\"drill\"}".getBytes(StandardCharsets.UTF_8), name.getBytes(StandardCharsets.UTF_8));
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
