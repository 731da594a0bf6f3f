package org.twinkeep.portal.checks;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.fabric.FabricReach;
import org.twinkeep.consent.ledger.LedgerUnavailable;
import org.twinkeep.crypto.keys.KekSource;
import org.twinkeep.portal.wiring.DataFolder;
import org.twinkeep.portal.wiring.EventStore;
import org.twinkeep.portal.wiring.FolderLock;
import org.twinkeep.portal.wiring.HouseFile;
import org.twinkeep.portal.wiring.HouseRefused;

/**
 * What the doctor finds: whether this machine and this folder are fit to work together. It opens nothing, changes nothing,
 * shows no secret, and works beside a server.
 */
public record Checkup(List<Finding> findings) {
    private static final long MEGABYTE = 1 << 20;
    /** Below this, an import or a checkpoint may soon fail; SQLite's log alone may grow by some hundred megabytes. */
    private static final long ENOUGH_DISK = 1024 * MEGABYTE;
    /** A log is folded back at 4 MB, that of events at 32 MB: one this large is held open by somebody, or a crash left it. */
    private static final long LARGE_LOG = 64 * MEGABYTE;

    private static final Duration CLOCKS_MAY_DIFFER = Duration.ofMinutes(2);

    /** @param ok null: for information only */
    public record Finding(String name, @Nullable Boolean ok, String what) {}

    public boolean ok() {
        return findings.stream().noneMatch(f -> Boolean.FALSE.equals(f.ok()));
    }

    /** @param keyFile where the key file is, when not in the usual place */
    public static Checkup of(DataFolder folder, @Nullable Path keyFile, Clock clock) {
        return of(folder, keyFile, clock, List.of(), List.of());
    }

    /**
     * With witnesses against an older copy of the whole folder.
     *
     * @param receipts of erasures
     * @param checkpoints of the trail
     */
    public static Checkup of(
            DataFolder folder, @Nullable Path keyFile, Clock clock, List<Path> receipts, List<Path> checkpoints) {
        var findings = new ArrayList<Finding>();
        findings.add(java());
        findings.add(disk(folder));
        if (!folder.isHouse()) {
            findings.add(new Finding("folder", null, folder.path() + " is no data folder yet"));
            return new Checkup(List.copyOf(findings));
        }
        findings.add(privacy(folder));
        Optional<FabricReach> network = Optional.empty();
        try {
            var house = HouseFile.read(folder);
            findings.add(new Finding(
                    "house",
                    true,
                    "format " + house.format() + ", tenant " + house.tenant() + (house.demo() ? ", a demo" : "")));
            findings.add(key(house, keyFile));
            var reached = reach(folder, house);
            findings.add(reached.ledger());
            network = reached.network();
            findings.add(events(house));
        } catch (HouseRefused e) {
            findings.add(new Finding("house", false, String.valueOf(e.getMessage())));
        }
        findings.add(new Finding(
                "lock", null, FolderLock.holder(folder).map(h -> "in use: " + h).orElse("free")));
        findings.add(clock(folder, clock));
        findings.add(logs(folder));
        findings.add(restored(folder));
        findings.addAll(witnessed(folder, network, receipts, checkpoints));
        return new Checkup(List.copyOf(findings));
    }

    private static Finding java() {
        var version = Runtime.version();
        return new Finding(
                "java",
                version.feature() >= 25,
                version + ", " + Runtime.getRuntime().maxMemory() / MEGABYTE
                        + " MB for records in work (TWINKEEP_MEMORY)");
    }

    private static Finding disk(DataFolder folder) {
        try {
            FileStore store = Files.getFileStore(existing(folder.path()));
            long free = store.getUsableSpace();
            return new Finding("disk", free >= ENOUGH_DISK, "%,d MB free".formatted(free / MEGABYTE));
        } catch (IOException e) {
            return new Finding("disk", false, "the free space cannot be read");
        }
    }

    private static Path existing(Path path) {
        var there = path.toAbsolutePath();
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        return there;
    }

    private static Finding privacy(DataFolder folder) {
        return onlyOwner(folder.path())
                ? new Finding("folder", true, folder.path() + ", for its owner only")
                : new Finding("folder", false, "others may open " + folder.path() + ": chmod 700 it");
    }

    private static Finding key(HouseFile house, @Nullable Path keyFile) {
        if (house.key() != KekSource.Kind.FILE) {
            return new Finding("key", null, house.key() == KekSource.Kind.PKCS11 ? "in a token" : "a passphrase");
        }
        var file = keyFile == null ? house.usualKeyFile() : keyFile;
        if (!Files.exists(file)) {
            return new Finding("key", false, file + " is missing: put it back from a backup, or say --kek-file");
        }
        return onlyOwner(file)
                ? new Finding("key", true, file + ", for its owner only; keep a copy apart from the data folder")
                : new Finding("key", false, "others may read " + file + ": chmod 600 it");
    }

    private static Finding events(HouseFile house) {
        return new Finding(
                "events",
                null,
                house.events() == EventStore.EMBEDDED
                        ? "in this folder; what is deleted is overwritten here"
                        : "in KurrentDB: what is deleted has no key at once, but the ciphertext of deleted twins"
                                + " leaves a node's disk only when that node is scavenged, which Twinkeep does not do."
                                + " Start it on each node, for instance nightly: POST /admin/scavenge");
    }

    private record Reached(Finding ledger, Optional<FabricReach> network) {}

    private static Reached reach(DataFolder folder, HouseFile house) {
        try {
            var network = house.ledger().reach(folder, house);
            var finding = network.map(Checkup::onFabric)
                    .orElseGet(() -> new Finding(
                            "ledger",
                            null,
                            "embedded: signed and hash-chained, so that changes show; kept by one operator, not"
                                    + " decentralised"));
            return new Reached(finding, network);
        } catch (HouseRefused | LedgerUnavailable e) {
            return new Reached(new Finding("ledger", false, String.valueOf(e.getMessage())), Optional.empty());
        }
    }

    private static Finding onFabric(FabricReach reach) {
        var kept = "fabric: kept by the organisations of a network; blocks are here up to " + reach.kept();
        return reach.trouble().isEmpty()
                ? new Finding("ledger", true, kept + ", its peer has them up to " + reach.peers())
                : new Finding("ledger", false, kept + "; " + reach.trouble() + ", so nobody is let in until it does");
    }

    private static boolean onlyOwner(Path path) {
        try {
            return Set.of(
                            PosixFilePermission.OWNER_READ,
                            PosixFilePermission.OWNER_WRITE,
                            PosixFilePermission.OWNER_EXECUTE)
                    .containsAll(Files.getPosixFilePermissions(path));
        } catch (IOException e) {
            return false;
        } catch (UnsupportedOperationException e) {
            return true;
        }
    }

    private static Finding restored(DataFolder folder) {
        try {
            folder.refuseUnfinished();
            return new Finding("restore", true, "none is unfinished");
        } catch (HouseRefused e) {
            return new Finding("restore", false, String.valueOf(e.getMessage()));
        }
    }

    /** A house cannot know by itself that all of it is an older copy. */
    private static List<Finding> witnessed(
            DataFolder folder, Optional<FabricReach> network, List<Path> receipts, List<Path> checkpoints) {
        var byNetwork = network.filter(reach -> !reach.witnessed().isEmpty());
        if (receipts.isEmpty() && checkpoints.isEmpty() && byNetwork.isEmpty()) {
            return List.of(new Finding(
                    "witness",
                    null,
                    "none: whether this whole folder is an older copy that was put back cannot be told; name a receipt"
                            + " of a deletion with --receipt, or a checkpoint of the trail with --checkpoint"));
        }
        try {
            var findings = new ArrayList<Finding>();
            byNetwork.ifPresent(reach -> findings.add(byNetwork(folder, reach)));
            Witness.of(folder, receipts)
                    .forEach(witness -> findings.add(new Finding("witness", witness.ok(), witness.inWords())));
            for (var file : checkpoints) {
                var kept = KeptCheckpoint.of(folder, file);
                findings.add(new Finding("witness", kept.ok(), kept.inWords()));
            }
            return findings;
        } catch (HouseRefused e) {
            return List.of(new Finding("witness", false, String.valueOf(e.getMessage())));
        }
    }

    private static Finding byNetwork(DataFolder folder, FabricReach reach) {
        try {
            var unknown = Witness.unknown(folder, reach.witnessed());
            return new Finding(
                    "witness",
                    unknown.isEmpty(),
                    unknown.isEmpty()
                            ? "the network's: every checkpoint and deletion that it holds of this house is known here, the"
                                    + " newest of "
                                    + reach.witnessed().getLast().at()
                            : unknown.inWords());
        } catch (LedgerUnavailable e) {
            return new Finding("witness", false, String.valueOf(e.getMessage()));
        }
    }

    private static Finding clock(DataFolder folder, Clock clock) {
        var newest = newest(folder.path());
        boolean ahead = newest.isAfter(clock.instant().plus(CLOCKS_MAY_DIFFER));
        return new Finding(
                "clock",
                !ahead,
                ahead
                        ? "the folder was written at " + newest
                                + ", later than now: consents would seem to hold again. Set the" + " clock right."
                        : "not behind what is in the folder");
    }

    private static Instant newest(Path folder) {
        try (Stream<Path> files = Files.walk(folder, 2)) {
            return files.map(Checkup::modified).max(Instant::compareTo).orElse(Instant.EPOCH);
        } catch (IOException e) {
            return Instant.EPOCH;
        }
    }

    private static Instant modified(Path file) {
        try {
            return Files.getLastModifiedTime(file).toInstant();
        } catch (IOException e) {
            return Instant.EPOCH;
        }
    }

    private static Finding logs(DataFolder folder) {
        long largest = Stream.of(
                        folder.events(), folder.keyRows(), folder.views(), folder.accounts(), folder.directory())
                .map(db -> db.resolveSibling(db.getFileName() + "-wal"))
                .filter(Files::exists)
                .mapToLong(Checkup::size)
                .max()
                .orElse(0);
        return new Finding(
                "logs", largest < LARGE_LOG, "the largest write-ahead log has %,d MB".formatted(largest / MEGABYTE));
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return 0;
        }
    }
}
