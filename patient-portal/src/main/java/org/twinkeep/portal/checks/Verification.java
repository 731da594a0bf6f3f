package org.twinkeep.portal.checks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.twinkeep.consent.embedded.LedgerCheck;
import org.twinkeep.consent.ledger.Charter;
import org.twinkeep.consent.ledger.ConsentLedger.Position;
import org.twinkeep.consent.ledger.LedgerUnavailable;
import org.twinkeep.consent.trail.TrailCheck;
import org.twinkeep.consent.trail.TrailUnwritable;
import org.twinkeep.consent.witness.Anchored;
import org.twinkeep.consent.witness.Unknown;
import org.twinkeep.crypto.Tampered;
import org.twinkeep.crypto.keys.FileVault;
import org.twinkeep.crypto.keys.VaultUnavailable;
import org.twinkeep.crypto.sign.VerifyingKey;
import org.twinkeep.portal.accounts.Account;
import org.twinkeep.portal.tables.TablesUnavailable;
import org.twinkeep.portal.wiring.DataFolder;
import org.twinkeep.portal.wiring.EventStore;
import org.twinkeep.portal.wiring.FolderLock;
import org.twinkeep.portal.wiring.House;
import org.twinkeep.portal.wiring.HouseFile;
import org.twinkeep.portal.wiring.HouseRefused;
import org.twinkeep.portal.wiring.Kek;
import org.twinkeep.twin.StoreUnavailable;
import org.twinkeep.twin.erasure.ErasureLedger;
import org.twinkeep.twin.erasure.ErasureReceipt;
import org.twinkeep.twin.sqlite.StoreCheck;
import org.twinkeep.twin.store.ChainCheck;

/**
 * Whether every file of a data folder is as it was written. Events, keys, ledger, trail and erasures are verified without
 * any key: chains of hashes, signatures, the trail's tree. Then the house is opened, and what only its keys can tell is
 * checked: accounts, directory, views; no entry is. A damaged file is a problem in the answer, never a failure.
 *
 * @param checked what was counted, by what it is
 */
public record Verification(Map<String, Long> checked, List<Problem> problems) {

    /** @param file as named in the data folder */
    public record Problem(String file, String what) {}

    public boolean ok() {
        return problems.isEmpty();
    }

    /** @throws HouseRefused when the folder is in use */
    public static Verification of(DataFolder folder, Kek kek, Clock clock) {
        var check = new Check(folder);
        try (var _ = FolderLock.take(folder, "twinkeep verify", clock)) {
            check.withoutKeys();
        }
        check.withKeys(kek, clock);
        return new Verification(check.checked, List.copyOf(check.problems));
    }

    private static final class Check {
        private final DataFolder folder;
        private final Map<String, Long> checked = new LinkedHashMap<>();
        private final List<Problem> problems = new ArrayList<>();

        Check(DataFolder folder) {
            this.folder = folder;
        }

        void withoutKeys() {
            HouseFile house;
            try {
                house = HouseFile.read(folder);
            } catch (HouseRefused e) {
                if (Files.exists(folder.slots())) {
                    slots();
                }
                problem(
                        "house.json",
                        "it is damaged, or of a newer format; the trail, the ledger and the events cannot be"
                                + " checked without it");
                return;
            }
            if (!house.isShared()) {
                slots();
            }
            if (house.unfinished()) {
                problem("house.json", "making this house was broken off; the next command that writes finishes it");
                return;
            }
            var anchored = anchored();
            var trail = trail(house, anchored);
            var ledger = ledger(house, trail);
            store(house, trail, erasures(ledger, anchored));
            List.of(folder.views(), folder.accounts(), folder.directory()).forEach(this::structure);
        }

        private void slots() {
            FileVault.problems(folder.slots()).forEach(what -> problem("keys/slots", what));
        }

        private TrailCheck trail(HouseFile house, Optional<Anchored> anchored) {
            var since = anchored.map(Anchored::checkpoints).orElse(List.of());
            var trail = TrailCheck.since(since, folder.trail(), house.trailOrigin(), house.trailVerifyingKey());
            trail.problems().forEach(p -> problem("trail/" + p.file(), p.what()));
            checked.put("leaves", trail.leaves());
            return trail;
        }

        private Optional<Anchored> anchored() {
            try {
                return Optional.of(Anchored.in(folder.ledger()));
            } catch (LedgerUnavailable e) {
                problem("ledger/" + Anchored.FILE, String.valueOf(e.getMessage()));
                return Optional.empty();
            }
        }

        private void witnessed(LedgerCheck ledger, VerifyingKey custodian, Anchored anchored) {
            var receipts = ErasureLedger.receipts(folder.erasures(), custodian).stream()
                    .map(ErasureReceipt::hash)
                    .collect(Collectors.toUnmodifiableSet());
            var unknown = Unknown.of(ledger.witnessed(), anchored, receipts);
            if (!unknown.isEmpty()) {
                problem("ledger/" + Anchored.FILE, unknown.inWords());
            }
            checked.put("witnessed", (long) ledger.witnessed().size());
        }

        private LedgerCheck ledger(HouseFile house, TrailCheck trail) {
            LedgerCheck ledger;
            try {
                ledger = house.ledger().check(folder, house, trail.ledger());
            } catch (HouseRefused | LedgerUnavailable e) {
                problem("ledger", String.valueOf(e.getMessage()));
                return new LedgerCheck(Position.NONE, 0, 0, null, false, List.of(), List.of());
            }
            ledger.problems().forEach(p -> problem("ledger/" + p.file(), p.what()));
            checked.put("blocks", ledger.head().block() + 1);
            checked.put("consents", (long) ledger.consents());
            checked.put("consentsEndedByOrganisations", (long) ledger.endedByOrganisations());
            return ledger;
        }

        /** The streams that are gone because their twin was erased. */
        private Collection<String> erasures(LedgerCheck ledger, Optional<Anchored> anchored) {
            var charter = ledger.charter();
            var custodian = charter == null ? null : charter.organisations().get(Charter.CUSTODIAN);
            if (custodian == null) {
                return List.of();
            }
            anchored.ifPresent(known -> witnessed(ledger, custodian, known));
            if (!Files.exists(folder.erasures())) {
                return List.of();
            }
            ErasureLedger.check(folder.erasures(), custodian).forEach(what -> problem("erasures.ndjson", what));
            return ErasureLedger.erasedStreams(folder.erasures(), custodian);
        }

        private void store(HouseFile house, TrailCheck trail, Collection<String> erased) {
            var known = trail.heads().values().stream()
                    .map(head -> new ChainCheck.KnownHead(head.stream(), head.sequence(), head.hash()))
                    .toList();
            if (house.events() != EventStore.EMBEDDED) {
                elsewhere(house, known, erased);
                return;
            }
            var store = StoreCheck.check(folder.events(), folder.keyRows(), known, erased);
            store.problems().forEach(p -> problem((p.file().equals("keys.db") ? "keys/" : "") + p.file(), p.what()));
            checked.put("streams", store.streams());
            checked.put("events", store.events());
            checked.put("keyRows", store.keyRows());
        }

        /** Where the events lie in no file of the folder, they are read from where they are. */
        private void elsewhere(HouseFile house, Collection<ChainCheck.KnownHead> known, Collection<String> erased) {
            var name = house.events().word();
            var chains = new ChainCheck(erased);
            try (var events = house.events().open(folder, house)) {
                chains.check(events, known);
            } catch (HouseRefused | StoreUnavailable e) {
                problem(name, String.valueOf(e.getMessage()));
            } catch (Tampered e) {
                problem(name, "it cannot be read to the end: a record is damaged");
            }
            chains.problems().forEach(what -> problem(name, what));
            checked.put("streams", chains.streams());
            checked.put("events", chains.events());
            if (!house.isShared()) {
                var keys = StoreCheck.checkKeys(folder.keyRows());
                keys.problems().forEach(p -> problem("keys/" + p.file(), p.what()));
                checked.put("keyRows", keys.keyRows());
            }
        }

        /** SQLite's own look at pages, rows and indexes (https://www.sqlite.org/pragma.html#pragma_integrity_check). */
        private void structure(Path database) {
            if (!Files.exists(database)) {
                return;
            }
            try (var connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                    var answer = connection.createStatement().executeQuery("PRAGMA integrity_check(1)")) {
                if (!answer.next() || !answer.getString(1).equals("ok")) {
                    problem(name(database), "its structure is damaged");
                }
            } catch (SQLException e) {
                problem(name(database), "it is no database any more");
            }
        }

        void withKeys(Kek kek, Clock clock) {
            try (var house = House.open(folder, kek, "twinkeep verify", clock)) {
                accounts(house);
                besideAccounts(house);
                directory(house);
                house.views().problems().forEach(what -> problem("views.db", what));
            } catch (VaultUnavailable e) {
                notOpened("keys/slots", e);
            } catch (LedgerUnavailable e) {
                notOpened("ledger", e);
            } catch (TrailUnwritable e) {
                notOpened("trail", e);
            } catch (StoreUnavailable e) {
                notOpened("events.db", e);
            } catch (TablesUnavailable e) {
                notOpened("accounts.db", e);
            } catch (HouseRefused e) {
                notOpened("house.json", e);
            } catch (RuntimeException e) {
                problem(".", "the house does not open (" + e.getClass().getSimpleName() + ")");
            }
        }

        /** Where the checks without keys have named the damage already, that the house does not open is no news. */
        private void notOpened(String file, RuntimeException e) {
            if (problems.isEmpty()) {
                problem(file, String.valueOf(e.getMessage()));
            }
        }

        private void accounts(House house) {
            try {
                var all = house.accounts().all();
                checked.put("accounts", (long) all.size());
                for (var account : all) {
                    house.accounts().grantsTo(account.id());
                    if (!found(house, account)) {
                        problem("accounts.db", "an account is not found by its name or twin");
                    }
                }
            } catch (Tampered | TablesUnavailable e) {
                problem("accounts.db", "an account does not open");
            }
        }

        private void besideAccounts(House house) {
            try {
                if (!house.hasTablesAsMade()) {
                    problem("accounts.db", "a table of it is not as it was made");
                }
                house.openAllRows();
            } catch (Tampered | TablesUnavailable | IllegalArgumentException e) {
                problem("accounts.db", "a notice, a request or another row of it does not open");
            }
        }

        private static boolean found(House house, Account account) {
            var twin = account.twin();
            boolean byName = account.signIn().isEmpty()
                    || house.accounts()
                            .bySignIn(account.signIn())
                            .map(Account::id)
                            .filter(account.id()::equals)
                            .isPresent();
            boolean byTwin = twin == null
                    || house.accounts()
                            .ofTwin(twin)
                            .map(Account::id)
                            .filter(account.id()::equals)
                            .isPresent();
            return byName && byTwin;
        }

        private void directory(House house) {
            try {
                var directory = house.directory().check();
                directory.problems().forEach(what -> problem("directory.db", what));
                checked.put("listed", directory.listed());
            } catch (RuntimeException e) {
                problem("directory.db", "it cannot be read to the end");
            }
        }

        private String name(Path file) {
            return folder.path().relativize(file).toString();
        }

        private void problem(String file, String what) {
            problems.add(new Problem(file, what));
        }
    }
}
