package org.twinkeep.portal.wiring;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.twinkeep.crypto.keys.FileVault;
import org.twinkeep.twin.erasure.ErasureLedger;

/**
 * Writes the two backups of a house that is not being served ({@code docs/formats/backup.md}).
 *
 * <p>Promise: the file is there whole and synced, or not at all; it is a copy of one moment, since this process owns the
 * folder meanwhile. A house whose keys were put back from an older copy is not backed up: a good backup stays.
 *
 * @param bytes of the file
 */
public record Backup(String kind, Path file, Instant at, int parts, long bytes) {

    private static final String PURPOSE = "twinkeep backup";
    private static final int BLOCK = 1 << 16;

    /**
     * Events, ledger, trail, erasure ledger, accounts and directory; useless without keys. A file is never replaced. Events
     * that lie in a cluster are the cluster's to back up.
     */
    public static Backup data(DataFolder folder, Kek kek, Path file, Clock clock, Consumer<String> progress) {
        if (Files.exists(file)) {
            throw new HouseRefused(file + " is there already. Name a new file: a backup is kept as it is.");
        }
        return write(folder, kek, clock, (house, vault) -> {
            var contents = new TreeMap<String, Archive.Content>();
            if (house.events() == EventStore.EMBEDDED) {
                database(contents, folder, folder.events(), progress);
            }
            database(contents, folder, folder.accounts(), progress);
            database(contents, folder, folder.directory(), progress);
            add(contents, folder, folder.houseFile(), progress);
            add(contents, folder, folder.erasures(), progress);
            for (var room : new Path[] {folder.ledger(), folder.trail()}) {
                try (var all = Files.walk(room)) {
                    all.filter(Files::isRegularFile)
                            .filter(part -> !part.toString().endsWith(".new"))
                            .forEach(part -> add(contents, folder, part, progress));
                }
            }
            return keep(file, Archive.Kind.DATA, house, vault, contents, clock.instant());
        });
    }

    /**
     * Slots and key rows, over the last backup of keys in this file, whose bytes are overwritten. From its date on no older
     * keys are in it: receipts name that date.
     */
    public static Backup keys(DataFolder folder, Kek kek, Path file, Clock clock, Consumer<String> progress) {
        return write(folder, kek, clock, (house, vault) -> {
            var at = clock.instant();
            refuseAnother(file, house.tenant());
            ErasureLedger.open(folder.erasures(), KeyRoom.custodian(vault)).backingUpKeys(at);
            SqliteFile.fold(folder.keyRows());
            var twins = SqliteFile.twinsWithKeys(folder.keyRows());
            var contents = new TreeMap<String, Archive.Content>();
            add(contents, folder, folder.houseFile(), progress);
            add(contents, folder, folder.erasures(), progress);
            add(contents, folder, folder.keyRows(), progress);
            contents.put("keys/slots", out -> vault.copyTo(out, slot -> twins.contains(slot.value())));
            return keep(file, Archive.Kind.KEYS, house, vault, contents, at);
        });
    }

    private interface Work {
        Backup with(HouseFile house, FileVault vault) throws IOException;
    }

    private static Backup write(DataFolder folder, Kek kek, Clock clock, Work work) {
        if (folder.isHouse()) {
            HouseFile.read(folder).refuseShared("backup");
        }
        // Finishes what a crash left, and refuses a house that should not be backed up.
        House.open(folder, kek, PURPOSE, clock).close();
        try (var closing = new Closing()) {
            closing.keep(FolderLock.take(folder, PURPOSE, clock));
            var house = HouseFile.read(folder);
            return work.with(house, closing.keep(FileVault.open(folder.slots(), kek.of(house, folder))));
        } catch (IOException e) {
            throw new HouseRefused(
                    "The backup could not be written: check the permissions and the free space. What was there before is"
                            + " there still.",
                    e);
        }
    }

    private static void database(
            Map<String, Archive.Content> contents, DataFolder folder, Path file, Consumer<String> progress)
            throws IOException {
        SqliteFile.fold(file);
        add(contents, folder, file, progress);
    }

    private static void add(
            Map<String, Archive.Content> contents, DataFolder folder, Path part, Consumer<String> progress) {
        if (Files.exists(part)) {
            var name = folder.path().relativize(part).toString();
            contents.put(name, out -> {
                progress.accept(name);
                Files.copy(part, out);
            });
        }
    }

    /** Whether this file may be overwritten: it is new, or a backup of the keys of this house. */
    private static void refuseAnother(Path file, String tenant) {
        if (Files.exists(file)) {
            var there = Archive.open(file);
            if (there.kind() != Archive.Kind.KEYS || !there.tenant().equals(tenant)) {
                throw new HouseRefused(file + " is no backup of the keys of this house, and was left as it is.");
            }
        }
    }

    private static Backup keep(
            Path file,
            Archive.Kind kind,
            HouseFile house,
            FileVault vault,
            Map<String, Archive.Content> contents,
            Instant at)
            throws IOException {
        var unfinished = PrivateFile.unfinished(file);
        try {
            try (var out = new BufferedOutputStream(PrivateFile.create(unfinished), BLOCK)) {
                Archive.write(out, kind, house.tenant(), at, contents, KeyRoom.custodian(vault));
            }
            sync(unfinished);
            replace(file, unfinished);
        } finally {
            Files.deleteIfExists(unfinished);
        }
        return new Backup(kind.code(), file, at, contents.size(), Files.size(file));
    }

    /** Puts the new file in the place of the old one, then overwrites what the old one held. */
    private static void replace(Path file, Path fresh) throws IOException {
        if (!Files.exists(file)) {
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
            sync(PrivateFile.folderOf(file));
            return;
        }
        try (var old = FileChannel.open(file, StandardOpenOption.WRITE)) {
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
            sync(PrivateFile.folderOf(file));
            long size = old.size();
            for (long at = 0; at < size; ) {
                at += old.write(ByteBuffer.allocate((int) Math.min(BLOCK, size - at)), at);
            }
            old.force(true);
        }
    }

    private static void sync(Path path) throws IOException {
        try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
