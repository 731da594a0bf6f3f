package org.twinkeep.portal.tour;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.twinkeep.consent.Consent;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.ledger.LedgerUnavailable;
import org.twinkeep.consent.trail.TrailCheck;
import org.twinkeep.portal.checks.Verification;
import org.twinkeep.portal.wiring.DataFolder;
import org.twinkeep.portal.wiring.HouseFile;
import org.twinkeep.portal.wiring.LedgerStore;

/** Somebody with every file and no honesty. */
final class Tampering {
    private final TourFolder folder;

    Tampering(TourFolder folder) {
        this.folder = folder;
    }

    boolean onFabric() {
        return HouseFile.read(new DataFolder(folder.data())).ledger() == LedgerStore.FABRIC;
    }

    Map<String, Object> copyCut() throws IOException {
        long before = folder.house().consents().position().block();
        var copy = folder.copy("ledger-cut");
        var blocks = blocks(copy);
        try (var file = new RandomAccessFile(blocks.toFile(), "rw")) {
            file.setLength(file.length() / 2);
        }
        try (var house = TourFolder.open(copy, folder.kek())) {
            long after = house.consents().position().block();
            NotHeld.unless(after >= before, "it ends at block " + after + " instead of " + before);
        }
        NotHeld.unless(verify(copy).isEmpty(), "what was made whole does not verify");
        TourFolder.sweep(copy);
        return Map.of("blocks", before + 1, "madeWhole", true);
    }

    Map<String, Object> olderCopy() throws IOException {
        folder.closeHouse();
        var older = folder.scratch("older-ledger").resolve("blocks");
        Files.copy(blocks(folder.data()), older, StandardCopyOption.REPLACE_EXISTING);
        var ended = grantAndRevoke();
        var copy = folder.copy("ledger-older");
        Files.copy(older, blocks(copy), StandardCopyOption.REPLACE_EXISTING);
        try (var house = TourFolder.open(copy, folder.kek())) {
            NotHeld.unless(
                    house.consents().of(TourPerson.twin(house)).stream()
                            .anyMatch(consent ->
                                    consent.handle().equals(ended) && consent.status() == Consent.Status.REVOKED),
                    "the consent that was revoked later is not known as revoked");
        }
        TourFolder.sweep(copy);
        return Map.of("revocationKnown", true);
    }

    Map<String, Object> ledgerCut() throws IOException {
        var copy = folder.copy("ledger-cut");
        var blocks = blocks(copy);
        var lines = new ArrayList<>(Files.readAllLines(blocks));
        lines.removeLast();
        Files.writeString(blocks, String.join("\n", lines) + "\n");
        refused(copy);
        return Map.of("blocks", lines.size() + 1, "refused", true);
    }

    Map<String, Object> olderLedger() throws IOException {
        folder.closeHouse();
        var older = folder.scratch("older-ledger").resolve("blocks");
        Files.copy(blocks(folder.data()), older, StandardCopyOption.REPLACE_EXISTING);
        grantAndRevoke();
        var copy = folder.copy("ledger-older");
        Files.copy(older, blocks(copy), StandardCopyOption.REPLACE_EXISTING);
        refused(copy);
        return Map.of("refused", true);
    }

    private ConsentHandle grantAndRevoke() {
        var house = folder.house();
        var twin = TourPerson.twin(house);
        var grant = house.consents().grant(twin, Sharing.terms("somebody", TourPerson.GRANTED), folder.seed());
        house.consents().revoke(twin, grant.handle(), folder.seed());
        return grant.handle();
    }

    private static Path blocks(Path data) throws IOException {
        try (var files = Files.list(new DataFolder(data).ledger())) {
            return files.filter(f -> f.getFileName().toString().contains("blocks"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private void refused(Path data) {
        try (var house = TourFolder.open(data, folder.kek())) {
            throw new NotHeld("the ledger was accepted at block "
                    + house.consents().position().block());
        } catch (LedgerUnavailable e) {
            // As it must be.
        } finally {
            TourFolder.sweep(data);
        }
    }

    Map<String, Object> trailOffline() {
        var copy = folder.copy("trail-offline");
        var paper = HouseFile.read(new DataFolder(copy));
        var check = TrailCheck.of(new DataFolder(copy).trail(), paper.trailOrigin(), paper.trailVerifyingKey());
        NotHeld.unless(check.problems().isEmpty(), check.problems().size() + " problems in the trail");
        TourFolder.sweep(copy);
        return Map.of("leaves", check.leaves());
    }

    Map<String, Object> flippedBytes() throws IOException {
        folder.closeHouse();
        NotHeld.unless(verify(folder.data()).isEmpty(), "the untouched folder does not verify");
        var kinds = new TreeMap<String, String>();
        for (var file : oneOfEachKind()) {
            var copy = folder.copy("flipped");
            FlippedBit.in(copy.resolve(file));
            boolean named = verify(copy).stream()
                    .anyMatch(problem ->
                            problem.file().contains(file.getFileName().toString()));
            kinds.put(kindOf(file), named ? "named" : "not named");
            TourFolder.sweep(copy);
        }
        NotHeld.unless(!kinds.containsValue("not named"), "not named: " + kinds);
        return new LinkedHashMap<>(Map.of("kinds", kinds.size(), "files", List.copyOf(kinds.keySet())));
    }

    private List<Verification.Problem> verify(Path data) {
        return Verification.of(new DataFolder(data), TourFolder.keyFile(folder.kek()), Clock.systemUTC())
                .problems();
    }

    /** The largest file of each kind: a kind is a folder and an ending. */
    private List<Path> oneOfEachKind() throws IOException {
        var data = folder.data();
        var largest = new TreeMap<String, Path>();
        try (var all = Files.walk(data)) {
            for (var file : all.filter(Files::isRegularFile).toList()) {
                if (Files.size(file) > 0 && !file.getFileName().toString().equals("lock")) {
                    largest.merge(
                            kindOf(data.relativize(file)),
                            data.relativize(file),
                            (a, b) -> data.resolve(a).toFile().length()
                                            >= data.resolve(b).toFile().length()
                                    ? a
                                    : b);
                }
            }
        }
        return List.copyOf(largest.values());
    }

    private static String kindOf(Path file) {
        return file.toString().replaceAll("[0-9]+", "N").replaceAll("(N/|xN/)+", "");
    }
}
