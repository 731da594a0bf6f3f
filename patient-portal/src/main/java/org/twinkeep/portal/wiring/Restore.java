package org.twinkeep.portal.wiring;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.fabric.FabricReach;
import org.twinkeep.consent.ledger.LedgerUnavailable;
import org.twinkeep.consent.witness.Anchored;
import org.twinkeep.consent.witness.Unknown;
import org.twinkeep.crypto.keys.FileVault;
import org.twinkeep.crypto.keys.SlotId;
import org.twinkeep.crypto.keys.VaultUnavailable;
import org.twinkeep.crypto.sign.VerifyingKey;
import org.twinkeep.twin.erasure.ErasureLedger;
import org.twinkeep.twin.erasure.ErasureReceipt;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Puts backups back ({@code docs/formats/backup.md}), then carries out every erasure again before anybody is served.
 *
 * <p>Promise: every part is checked before anything is touched. Data goes into an empty folder only, so nothing newer is
 * replaced; keys and the erasure ledger are never replaced by older ones. Whoever stops in between leaves a folder that
 * serves nobody and says how to go on.
 *
 * @param keysTaken whether the keys came from the backup; else those in the folder were not older and stayed
 * @param again how many erasures had to be carried out again
 * @param lost what the ledger holds of a newer state, and was given up; empty when nothing
 */
public record Restore(
        @Nullable Instant data, @Nullable Instant keys, boolean keysTaken, long twins, int again, String lost) {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String ERASURES = "erasures.ndjson";
    private static final String HOUSE = "house.json";
    private static final String SLOTS = "keys/slots";

    /**
     * What to restore from.
     *
     * @param data a backup of the data; null: the data in the folder stays
     * @param keys a backup of the keys; null: the keys in the folder stay
     * @param receipts of erasures that the result must know of
     * @param lost whether what the ledger holds of a newer state of the house is given up
     */
    public record Sources(@Nullable Path data, @Nullable Path keys, List<Path> receipts, boolean lost) {
        public Sources(@Nullable Path data, @Nullable Path keys, List<Path> receipts) {
            this(data, keys, receipts, false);
        }
    }

    /** @throws HouseRefused when it cannot be done, with words on what is in the way */
    public static Restore run(DataFolder folder, Sources from, Kek kek, Clock clock, Consumer<String> progress) {
        try {
            return new Run(folder, from, kek, clock, progress).run();
        } catch (IOException e) {
            throw new HouseRefused(
                    folder.path() + " could not be written: check the permissions and the free space, then run the same"
                            + " command again.",
                    e);
        }
    }

    /** The command that an unfinished restore was, in words. */
    static String commandOf(DataFolder folder) {
        try {
            var json = JSON.readTree(Files.readString(folder.restoring()));
            var command = new StringBuilder("twinkeep restore");
            if (!json.path("data").asString("").isEmpty()) {
                command.append(' ').append(json.path("data").asString());
            }
            if (!json.path("keys").asString("").isEmpty()) {
                command.append(" --keys ").append(json.path("keys").asString());
            }
            return command.toString();
        } catch (IOException | JacksonException e) {
            return "twinkeep restore FILE --keys FILE";
        }
    }

    private static final class Run {
        private final DataFolder folder;
        private final Kek kek;
        private final Clock clock;
        private final Consumer<String> progress;
        private final Sources from;
        private final @Nullable Archive data;
        private final @Nullable Archive keys;
        private final List<ErasureReceipt> receipts;
        private final boolean goesOn;
        private Unknown lost = new Unknown(List.of());

        Run(DataFolder folder, Sources from, Kek kek, Clock clock, Consumer<String> progress) throws IOException {
            this.folder = folder;
            this.from = from;
            this.kek = kek;
            this.clock = clock;
            this.progress = progress;
            this.data = archive(from.data(), Archive.Kind.DATA, "data");
            this.keys = archive(from.keys(), Archive.Kind.KEYS, "keys");
            this.receipts = receipts(from.receipts());
            this.goesOn = Files.exists(folder.restoring());
        }

        private @Nullable Archive archive(@Nullable Path file, Archive.Kind kind, String what) {
            if (file == null) {
                return null;
            }
            if (!Files.exists(file)) {
                throw new HouseRefused(file + " is not there. Nothing was done.");
            }
            progress.accept("checking " + file);
            var archive = Archive.open(file);
            if (archive.kind() != kind) {
                throw new HouseRefused(file + " is no backup of the " + what + ". Nothing was done.");
            }
            return archive;
        }

        private static List<ErasureReceipt> receipts(List<Path> files) throws IOException {
            var receipts = new ArrayList<ErasureReceipt>();
            for (var file : files) {
                try {
                    receipts.add(ErasureReceipt.parse(Files.readAllBytes(file)));
                } catch (IllegalArgumentException e) {
                    throw new HouseRefused(file + " is no receipt of an erasure. Nothing was done.", e);
                }
            }
            return List.copyOf(receipts);
        }

        Restore run() throws IOException {
            refuseWhatDoesNotFit();
            if (folder.isHouse()) {
                HouseFile.read(folder).refuseShared("restore");
            }
            boolean takesKeys;
            if (!Files.exists(folder.path())) {
                PrivateFile.createFolder(folder.path());
            }
            try (var closing = new Closing()) {
                closing.keep(FolderLock.take(folder, "twinkeep restore", clock));
                takesKeys = data != null || keys != null && takesKeys(keys);
                refuseStrangers(takesKeys);
                begin(takesKeys);
                if (data != null) {
                    putDataBack(data);
                }
                if (takesKeys) {
                    putKeysBack(Objects.requireNonNull(keys));
                }
                putErasuresBack();
                if (!lost.isEmpty()) {
                    Anchored.in(folder.ledger())
                            .without(clock.instant(), lost.commitments())
                            .write(folder.ledger());
                }
                if (data != null) {
                    extract(data, Set.of(HOUSE));
                }
            }
            progress.accept("carrying out erasures again");
            int again;
            long twins;
            try (var house = House.openRestored(folder, kek, clock)) {
                again = house.beginAnew();
                twins = house.history().twins().size();
            }
            Files.delete(folder.restoring());
            PrivateFile.sync(folder.path());
            return new Restore(
                    data == null ? null : data.at(),
                    keys == null ? null : keys.at(),
                    takesKeys,
                    twins,
                    again,
                    lost.isEmpty() ? "" : lost.inWords());
        }

        private void refuseWhatDoesNotFit() throws IOException {
            if (data != null && keys == null) {
                throw new HouseRefused(
                        "A backup of the data opens nothing without its keys: name the newest backup of the"
                                + " keys too: --keys FILE. Nothing was done.");
            }
            if (data != null && keys != null && !data.tenant().equals(keys.tenant())) {
                throw new HouseRefused("These are backups of two houses. Nothing was done.");
            }
            if (data != null && !goesOn && holdsSomething()) {
                throw new HouseRefused(
                        folder.path() + " is not empty. A backup of the data goes into an empty folder, so that"
                                + " it replaces nothing that is newer: name another with --data, or move this one away. Its keys,"
                                + " if they are whole, are saved first by: twinkeep backup --keys FILE");
            }
            if (data == null && !folder.isHouse()) {
                throw new HouseRefused(
                        "There is no Twinkeep data folder at " + folder.path() + ". Name a backup of the data too.");
            }
            if (data == null && keys != null && !HouseFile.read(folder).tenant().equals(keys.tenant())) {
                throw new HouseRefused("These are the keys of another house. Nothing was done.");
            }
            if (goesOn && !decided().equals(names(decided().get("keysTaken")))) {
                folder.refuseUnfinished();
            }
        }

        private boolean holdsSomething() throws IOException {
            if (!Files.exists(folder.path())) {
                return false;
            }
            try (var inside = Files.list(folder.path())) {
                return inside.anyMatch(file -> !file.equals(folder.lock()));
            }
        }

        /** What an unfinished run of this had decided. */
        private Map<String, String> decided() throws IOException {
            var decided = new LinkedHashMap<String, String>();
            try {
                JSON.readTree(Files.readString(folder.restoring()))
                        .propertyStream()
                        .forEach(member ->
                                decided.put(member.getKey(), member.getValue().asString("")));
            } catch (JacksonException e) {
                // Written whole or not at all: somebody else wrote it, and nothing was decided.
            }
            return decided;
        }

        private Map<String, String> names(@Nullable String keysTaken) {
            return Map.of(
                    "data", from.data() == null ? "" : from.data().toString(),
                    "keys", from.keys() == null ? "" : from.keys().toString(),
                    "keysTaken", keysTaken == null ? "" : keysTaken);
        }

        /** From here on the folder says that it is unfinished. */
        private void begin(boolean takesKeys) throws IOException {
            if (!goesOn) {
                PrivateFile.writeWhole(
                        folder.restoring(), JSON.writeValueAsBytes(new TreeMap<>(names(String.valueOf(takesKeys)))));
            }
        }

        /** Whether the keys in the folder are older than those of the backup, slot by slot. */
        private boolean takesKeys(Archive keys) throws IOException {
            if (goesOn) {
                return Boolean.parseBoolean(decided().get("keysTaken"));
            }
            if (!Files.exists(folder.slots())
                    || !FileVault.problems(folder.slots()).isEmpty()) {
                return true;
            }
            boolean folderNewer = false;
            boolean backupNewer = false;
            try (var here = open(folder.slots());
                    var candidate = candidate(keys)) {
                var erased = Set.copyOf(erasedTwins(here));
                for (var slot : candidate.vault.slots()) {
                    long ours = here.version(slot);
                    long theirs = candidate.vault.version(slot);
                    folderNewer |= ours > theirs || ours == 0 && erased.contains(slot);
                    backupNewer |= ours < theirs && !(ours == 0 && erased.contains(slot));
                }
                folderNewer |=
                        here.slots().stream().anyMatch(slot -> candidate.vault.version(slot) == 0 && hasKeyRows(slot));
            }
            if (folderNewer && backupNewer) {
                throw new HouseRefused(
                        "Of these keys some are older and some newer than those in the folder: they are of two"
                                + " histories. Nothing was done. Restore into an empty folder, from one backup of the data and"
                                + " the newest of the keys.");
            }
            return backupNewer;
        }

        private List<SlotId> erasedTwins(FileVault here) {
            var ledger = ErasureLedger.open(folder.erasures(), KeyRoom.custodian(here));
            return ledger.erasedTwins().stream().map(SlotId::of).toList();
        }

        private boolean hasKeyRows(SlotId slot) {
            try {
                return SqliteFile.twinsWithKeys(folder.keyRows()).contains(slot.value());
            } catch (IOException e) {
                return false;
            }
        }

        private FileVault open(Path slots) throws IOException {
            return FileVault.open(slots, kek.of(FileVault.kindOf(slots), house(), folder, false));
        }

        private HouseFile house() throws IOException {
            return folder.isHouse()
                    ? HouseFile.read(folder)
                    : HouseFile.parse(Objects.requireNonNull(keys).bytes(HOUSE));
        }

        /** The backup's slots, opened beside the folder's own. */
        private Candidate candidate(Archive keys) throws IOException {
            var file = folder.slots().resolveSibling("slots.candidate");
            keys.extract(parts(keys, Set.of(SLOTS)), _ -> file);
            try {
                return new Candidate(file, open(file));
            } catch (RuntimeException e) {
                erase(file);
                throw e;
            }
        }

        private record Candidate(Path file, FileVault vault) implements AutoCloseable {
            @Override
            public void close() throws IOException {
                vault.close();
                erase(file);
            }
        }

        /** Overwrites slots before they are deleted: nothing of them stays. */
        private static void erase(Path file) throws IOException {
            Files.write(file, new byte[Math.toIntExact(Files.size(file))]);
            Files.delete(file);
        }

        /** A backup or receipt that this house did not sign, and a receipt that the erasure ledger does not know. */
        private void refuseStrangers(boolean takesKeys) throws IOException {
            VerifyingKey custodian;
            if (takesKeys && keys != null) {
                try (var candidate = candidate(keys)) {
                    custodian = KeyRoom.custodian(candidate.vault).verifyingKey();
                } catch (VaultUnavailable e) {
                    if (!folder.isHouse() && !goesOn) {
                        sweepEmpty();
                    }
                    throw e;
                }
            } else {
                try (var here = open(folder.slots())) {
                    custodian = KeyRoom.custodian(here).verifyingKey();
                }
            }
            for (var archive : new @Nullable Archive[] {data, keys}) {
                if (archive != null && !archive.signedBy(custodian)) {
                    throw refused(archive.file() + " was altered: its list of parts is not signed by this house.");
                }
            }
            var ledger = newestErasures();
            for (var receipt : receipts) {
                if (!receipt.signedBy(custodian)) {
                    throw refused("The receipt " + receipt.id() + " was not signed by this house.");
                }
                if (!ledger.contains(receipt.signature())) {
                    throw refused("This is older than the erasure of " + receipt.at() + " (receipt " + receipt.id()
                            + "): what was deleted then would come back. Use a newer backup of the keys.");
                }
            }
            lost = unknown(ErasureLedger.receipts(ledger.getBytes(StandardCharsets.UTF_8), custodian));
            if (!lost.isEmpty() && !from.lost()) {
                throw refused(lost.inWords());
            }
        }

        /** What the ledger holds of the house, and neither the backups nor the folder know. A network out of reach says nothing. */
        private Unknown unknown(List<ErasureReceipt> receipts) throws IOException {
            var aside = Files.createTempDirectory("twinkeep-restore");
            try {
                var copy = data == null ? folder.ledger() : ledgerOf(data, aside);
                var house = house();
                var witnessed = house.ledger()
                        .reach(copy, house)
                        .map(FabricReach::witnessed)
                        .orElseGet(() -> house.ledger().witnessed(copy, house));
                var hashes = receipts.stream().map(ErasureReceipt::hash).collect(Collectors.toUnmodifiableSet());
                return Unknown.of(witnessed, Anchored.in(copy), hashes);
            } catch (LedgerUnavailable e) {
                throw refused(String.valueOf(e.getMessage()));
            } finally {
                try (var all = Files.walk(aside)) {
                    for (var file : all.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(file);
                    }
                }
            }
        }

        private static Path ledgerOf(Archive data, Path aside) throws IOException {
            var parts = data.parts().stream()
                    .filter(part -> part.name().startsWith("ledger/"))
                    .toList();
            data.extract(parts, part -> aside.resolve(part.name().substring("ledger/".length())));
            return aside;
        }

        private HouseRefused refused(String why) throws IOException {
            if (!folder.isHouse() && !goesOn) {
                sweepEmpty();
            }
            return new HouseRefused(why + " Nothing was done.");
        }

        /** Takes away the folders that were made for looking at the keys. */
        private void sweepEmpty() throws IOException {
            Files.deleteIfExists(folder.keys());
        }

        private void putDataBack(Archive data) throws IOException {
            folder.furnish();
            var parts = data.parts().stream()
                    .map(Archive.Part::name)
                    .filter(name -> !name.equals(HOUSE) && !name.equals(ERASURES))
                    .collect(Collectors.toSet());
            sweepLeftOver(parts);
            for (var database : new Path[] {folder.events(), folder.accounts(), folder.directory(), folder.views()}) {
                SqliteFile.deleteLog(database);
            }
            extract(data, parts);
        }

        /** What an unfinished run of this, which opened the house already, has left. */
        private void sweepLeftOver(Set<String> parts) throws IOException {
            for (var room : new Path[] {folder.ledger(), folder.trail()}) {
                try (var all = Files.walk(room)) {
                    for (var file : all.filter(Files::isRegularFile).toList()) {
                        if (!parts.contains(folder.path().relativize(file).toString())) {
                            Files.delete(file);
                        }
                    }
                }
            }
            Files.deleteIfExists(folder.views());
        }

        private void putKeysBack(Archive keys) throws IOException {
            SqliteFile.deleteLog(folder.keyRows());
            extract(keys, Set.of("keys/keys.db"));
            if (Files.exists(folder.slots())) {
                try (var old = FileChannel.open(folder.slots(), StandardOpenOption.WRITE)) {
                    extract(keys, Set.of(SLOTS));
                    old.write(ByteBuffer.allocate(Math.toIntExact(old.size())), 0);
                    old.force(true);
                }
            } else {
                extract(keys, Set.of(SLOTS));
            }
        }

        private void putErasuresBack() throws IOException {
            var newest = newestErasures().getBytes(StandardCharsets.UTF_8);
            if (newest.length > 0) {
                PrivateFile.writeWhole(folder.erasures(), newest);
            }
        }

        /** The longest of the erasure ledgers; the others must be its beginning. */
        private String newestErasures() throws IOException {
            var longest = Files.exists(folder.erasures()) ? Files.readAllBytes(folder.erasures()) : new byte[0];
            for (var archive : new @Nullable Archive[] {data, keys}) {
                if (archive != null && archive.has(ERASURES)) {
                    var other = archive.bytes(ERASURES);
                    int common = Math.min(longest.length, other.length);
                    if (!Arrays.equals(longest, 0, common, other, 0, common)) {
                        throw refused("The erasure ledger of " + archive.file()
                                + " and another one contradict each other: they are of two histories.");
                    }
                    longest = other.length > longest.length ? other : longest;
                }
            }
            return new String(longest, StandardCharsets.UTF_8);
        }

        private void extract(Archive archive, Set<String> names) throws IOException {
            archive.extract(parts(archive, names), part -> {
                progress.accept(part.name());
                return folder.path().resolve(part.name());
            });
        }

        private static List<Archive.Part> parts(Archive archive, Set<String> names) {
            return archive.parts().stream()
                    .filter(part -> names.contains(part.name()))
                    .toList();
        }
    }
}
