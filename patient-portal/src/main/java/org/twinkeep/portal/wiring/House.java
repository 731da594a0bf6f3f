package org.twinkeep.portal.wiring;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.Consents;
import org.twinkeep.consent.Verdict.Reason;
import org.twinkeep.consent.contract.Acts;
import org.twinkeep.consent.delegation.Delegation;
import org.twinkeep.consent.delegation.Power;
import org.twinkeep.consent.emergency.BreakTheGlass;
import org.twinkeep.consent.ledger.Charter;
import org.twinkeep.consent.ledger.ConsentLedger;
import org.twinkeep.consent.ledger.Transaction.RegisterPolicy;
import org.twinkeep.consent.trail.Looker;
import org.twinkeep.consent.trail.Trail;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.keys.KeyRing;
import org.twinkeep.crypto.keys.Vault;
import org.twinkeep.integrations.directory.SharedDirectory;
import org.twinkeep.integrations.fhir.FhirExport;
import org.twinkeep.integrations.fhir.FhirImport;
import org.twinkeep.integrations.fhir.RecordsImport;
import org.twinkeep.integrations.fhir.WholeTwinExport;
import org.twinkeep.portal.accounts.Account;
import org.twinkeep.portal.accounts.AccountId;
import org.twinkeep.portal.accounts.Accounts;
import org.twinkeep.portal.delegates.DelegateDesk;
import org.twinkeep.portal.delegates.Delegates;
import org.twinkeep.portal.emergency.EmergenciesOnLedger;
import org.twinkeep.portal.emergency.EmergencyEntrance;
import org.twinkeep.portal.emergency.Findable;
import org.twinkeep.portal.emergency.FindingPeople;
import org.twinkeep.portal.emergency.ListedEmergencies;
import org.twinkeep.portal.emergency.ToldOfEmergencies;
import org.twinkeep.portal.emergency.ToldOfEmergencies.ActingFor;
import org.twinkeep.portal.endings.Endings;
import org.twinkeep.portal.keeper.KeeperWire;
import org.twinkeep.portal.notices.Clockwork;
import org.twinkeep.portal.notices.Notices;
import org.twinkeep.portal.requests.Requests;
import org.twinkeep.portal.sessions.SharedSessions;
import org.twinkeep.portal.tables.Tables;
import org.twinkeep.projections.reading.Door;
import org.twinkeep.projections.reading.GuardedDoor;
import org.twinkeep.projections.reading.Judge;
import org.twinkeep.projections.reading.Keepers;
import org.twinkeep.projections.reading.Keepers.Keeper;
import org.twinkeep.projections.reading.SealedViews;
import org.twinkeep.twin.Identities;
import org.twinkeep.twin.TwinHistory;
import org.twinkeep.twin.Twins;
import org.twinkeep.twin.erasure.Erasure;
import org.twinkeep.twin.erasure.ErasureLedger;
import org.twinkeep.twin.erasure.LedgeredErasure;
import org.twinkeep.twin.erasure.Medium;
import org.twinkeep.twin.erasure.Sweep;

/**
 * All rooms of one data folder, opened and joined: this package is the only place that calls their constructors. Whoever
 * holds a house owns its folder until {@link #close()}; erasures that a crash interrupted are finished before anybody is
 * served.
 */
public final class House implements AutoCloseable {
    static final Duration BETWEEN_CHECKPOINTS = Duration.ofSeconds(1);

    static final Duration BETWEEN_BEATS = Duration.ofMinutes(10);

    /** Views of one of several servers live and go with it: nobody else would sweep their file. */
    private static final Path IN_MEMORY = Path.of(":memory:");

    private final Closing closing = new Closing();
    private final Clock clock;
    private final KeyRoom keys;
    private final TwinRoom twins;
    private final ConsentRoom consents;
    private final SealedViews views;
    private final Door door;
    private final Judge judge;
    private final SharedDirectory directory;
    private final Tables tables;
    private final Accounts accounts;
    private final Notices notices;
    private final Delegates delegates;
    private final DelegateDesk delegateDesk;
    private final Twins living;
    private final LedgerProposals proposals;
    private final Requests requests;
    private final Endings endings;
    private final Clockwork clockwork;
    private final ListedEmergencies emergencies;
    private final Findable findable;
    private final BreakTheGlass glass;
    private final EmergencyEntrance emergencyEntrance;
    private final FhirImport fhirImport;
    private final FhirExport fhirExport;
    private final Erasure erasure;

    /** Of a house of one process. */
    private final @Nullable ErasureLedger erasures;

    private final @Nullable LedgeredErasure ledgered;

    /** Of a house of several servers. */
    private final @Nullable Keeping keeping;

    /**
     * Opens the house in a folder, or makes a new one in an empty folder.
     *
     * @param purpose what for, in a word or two: whoever finds the folder in use reads it
     * @throws HouseRefused when the folder is in use, is no house, or was written by a newer Twinkeep
     */
    public static House open(DataFolder folder, Kek kek, String purpose, Clock clock) {
        return new House(folder, kek, purpose, clock, false, false);
    }

    /** Makes a house in an empty folder that a demo may delete again. */
    public static House openDemo(DataFolder folder, Kek kek, Clock clock) {
        return new House(folder, kek, "twinkeep demo", clock, true, false);
    }

    /** Opens a house whose parts were put back, for {@link #beginAnew()}: it serves nobody. */
    static House openRestored(DataFolder folder, Kek kek, Clock clock) {
        return new House(folder, kek, "twinkeep restore", clock, false, true);
    }

    private House(DataFolder folder, Kek kek, String purpose, Clock clock, boolean demo, boolean restored) {
        this.clock = clock;
        var random = new SecureRandom();
        try {
            if (!restored) {
                folder.prepare();
            }
            boolean shared = isShared(folder);
            if (!shared) {
                closing.keep(FolderLock.take(folder, purpose, clock));
            }
            keys = KeyRoom.open(folder, kek, demo, random, closing);
            twins = TwinRoom.open(folder, keys, closing);
            var database = keys.shared();
            if (database == null) {
                keeping = null;
                consents = ConsentRoom.open(folder, keys, twins, clock, random, closing);
                directory = closing.keep(SharedDirectory.open(folder.directory(), vault().houseKey("directory")));
                tables = closing.keep(Tables.in(folder.accounts()));
            } else {
                var own = OwnFolder.take(folder, purpose, clock, closing);
                keeping = closing.keep(keeping(folder, purpose, random));
                consents = ConsentRoom.among(keeping, keys, twins, own, clock, random);
                directory = closing.keep(
                        SharedDirectory.in(new DirectoryDatabase(database), vault().houseKey("directory")));
                tables = closing.keep(Tables.in(database));
            }
            accounts = closing.keep(new Accounts(tables, vault(), clock, random));
            notices = closing.keep(new Notices(tables, accounts, vault(), clock));
            clockwork = new Clockwork(clock);
            closing.keep(new Delivering(consents()).start());
            var customs = Customs.chosen();
            delegates =
                    closing.keep(new Delegates(consents.openings(), tables, vault(), customs.ages(), clock, random));
            living = new NothingNew(twins.twins(), delegates::isDead);
            proposals = new LedgerProposals(consents.ledger(), keys, random);
            requests = closing.keep(new Requests(tables, accounts, notices, proposals, vault(), clock, random));
            clockwork.register("requests that lapse", requests::lapse);
            endings = closing.keep(new Endings(tables, accounts, consents(), notices, vault(), delegates));
            clockwork.register("consents that end", endings::tell);
            clockwork.register("the ledger's witness", consents.witness());
            clockwork.register("the catalogue of purposes", _ -> proposals.registerPurposes());
            views = closing.keep(new SealedViews(
                    shared ? IN_MEMORY : folder.views(), history(), consents(), trail(), vault(), clock, random));
            emergencies = closing.keep(new ListedEmergencies(tables, vault()));
            findable = closing.keep(new Findable(tables, vault()));
            glass = new BreakTheGlass(
                    consents.openings(),
                    trail(),
                    emergencies,
                    new ToldOfEmergencies(notices, accounts, this::actingFor),
                    new EmergenciesOnLedger(ledger(), keys.actsOf(Charter.PROVIDER), keys.actsOf(Charter.OVERSIGHT)),
                    closing.keep(Executors.newVirtualThreadPerTaskExecutor()),
                    accounts::breaksGlass,
                    consents()::position,
                    clock,
                    random);
            var people = new FindingPeople(findable, history(), trail(), consents()::position);
            emergencyEntrance = new EmergencyEntrance(glass, people, accounts, trail(), consents()::position);
            clockwork.register("emergencies", _ -> glass.beat());
            clockwork.register("people to be found in an emergency", _ -> refresh(people));
            door = new GuardedDoor(history(), consents(), trail(), views, this::keeper, glass, clock);
            judge = new Judge(history(), consents(), trail(), views, clock);
            delegateDesk =
                    new DelegateDesk(delegates, consents(), this::stop, views, accounts, notices, customs.afterDeath());
            clockwork.register("delegates", delegateDesk::beat);
            fhirImport = new RecordsImport(twins(), history(), identities(), directory, clock, UUID::randomUUID);
            fhirExport = new WholeTwinExport(history(), trail(), directory, consents()::position, clock);
            if (keeping == null) {
                erasures = ErasureLedger.open(folder.erasures(), keys.custodian());
                ledgered = erasing(
                        erasures,
                        List.of(
                                twins.twins(),
                                twins.history(),
                                views,
                                consents,
                                notices,
                                delegates,
                                emergencies,
                                findable,
                                requests,
                                endings,
                                accounts));
                erasure = ledgered;
                if (!restored) {
                    ledgered.refuseOlderKeys();
                    ledgered.resume();
                }
                closing.keep(new CheckpointBeat(trail()::checkpoint).start(BETWEEN_CHECKPOINTS));
            } else {
                erasures = null;
                ledgered = null;
                erasure = keeping.erasure();
                keeping.begin(() -> erasing(folder), this::otherBlock, this::changedElsewhere);
            }
        } catch (IOException e) {
            closing.close();
            throw new HouseRefused(
                    folder.path() + " cannot be written: check its owner, permissions and free space.", e);
        } catch (RuntimeException e) {
            closing.close();
            throw e;
        }
    }

    /** Whether it is one that several servers serve, or is to be. */
    private static boolean isShared(DataFolder folder) {
        return folder.isHouse()
                ? HouseFile.read(folder).isShared()
                : ViewStore.chosen().filter(ViewStore.POSTGRESQL::equals).isPresent();
    }

    private Keeping keeping(DataFolder folder, String purpose, SecureRandom random) {
        var wire = new KeeperWire(vault().houseKey("servers"), keys.receipts(), Clock.systemUTC());
        return new Keeping(new Keeping.Means(
                folder, purpose, clock, wire, kept -> ConsentRoom.files(folder, keys, twins, clock, random, kept)));
    }

    /** By the server that keeps the erasures. */
    private LedgeredErasure erasing(DataFolder folder) {
        var ledger = ErasureLedger.open(folder.erasures(), keys.custodian());
        return erasing(
                ledger,
                List.of(
                        twins.twins(),
                        twins.history(),
                        views,
                        consents,
                        notices,
                        delegates,
                        emergencies,
                        findable,
                        requests,
                        endings,
                        accounts,
                        requireNonNull(keeping).telling()));
    }

    /** What this server has in memory of a twin of which something was erased by another. */
    private void changedElsewhere(TwinId twin) {
        for (var each : List.of(twins.twins(), twins.history(), views, consents, delegates)) {
            each.twinErased(twin);
        }
    }

    private LedgeredErasure erasing(ErasureLedger ledger, List<Sweep> sweeps) {
        var rooms = new LedgeredErasure.Rooms(
                twins.twins(), history(), twins.events(), keyRing(), identities(), this::trailSizeAndRoot);
        return new LedgeredErasure(ledger, rooms, sweeps, medium(), clock);
    }

    private Medium medium() {
        var keysLie = keys.shared() == null ? Medium.localFiles() : Medium.postgresql();
        return keys.paper().events() == EventStore.KURRENTDB ? keysLie.withEventsInKurrentDb() : keysLie;
    }

    /** Of the newest checkpoint (C2SP tlog-checkpoint: origin, size, root). */
    private String trailSizeAndRoot() {
        var lines = trail().checkpointNote().lines().toList();
        return lines.get(1) + " " + lines.get(2);
    }

    /**
     * Carries out every erasure again and lets every scope begin a new epoch. Answers how many erasures had to be.
     *
     * @throws HouseRefused when the keys are older than the data
     */
    int beginAnew() {
        long closed = twins.history().unreadable(requireNonNull(erasures).erasedStreams());
        if (closed > 0) {
            throw new HouseRefused(
                    "These keys are older than this data: " + closed + " streams hold events whose keys they"
                            + " do not have. Use a backup of the keys that is not older than the backup of the data.");
        }
        return requireNonNull(ledgered).reapply();
    }

    /** Whoever acts for this patient and may see who looked. */
    private List<ActingFor> actingFor(TwinId twin) {
        var now = clock.instant();
        var all = delegates.of(twin);
        return all.listed().stream()
                .map(Delegation::appointment)
                .filter(appointment -> all.may(appointment.delegate(), Power.SEE_TRAIL, now))
                .map(appointment -> new ActingFor(AccountId.of(appointment.delegate()), appointment.patientName()))
                .distinct()
                .toList();
    }

    /** Nobody is read for it as long as nobody may break the glass. */
    private void refresh(FindingPeople people) {
        if (accounts.all().stream().anyMatch(Account::breaksGlass)) {
            people.refresh();
        }
    }

    /** Another server granted or ended something, or wrote who acts for whom. */
    private void otherBlock() {
        consents.otherBlock();
        delegates.forgetAll();
    }

    /** A patient's account keeps the twin that it is linked to; a delegate what the delegation opens at this moment. */
    private Keeper keeper(Looker looker, TwinId twin) {
        if (accounts.ofTwin(twin)
                .filter(account -> account.id().toString().equals(looker.id()))
                .isPresent()) {
            return new Keepers.Patient();
        }
        return AccountId.read(looker.id())
                .flatMap(account -> delegates.acting(account, twin))
                .filter(acting -> !acting.chapters().isEmpty())
                .<Keeper>map(acting -> new Keepers.Delegate(
                        acting.chapters(), acting.by().handle().value(), acting.inWhoseName()))
                .orElseGet(() -> new Keepers.Nobody(Reason.ROLE.plain()));
    }

    /**
     * Ends a consent by the custodian's key: for a patient whose seed is not the one that signed it. It can only narrow. The
     * patient is told, unless it is known that the patient ended it.
     */
    public void stop(TwinId twin, ConsentHandle handle) {
        consents().stop(twin, handle, keys.actsOf(Charter.CUSTODIAN));
        endings.tellStopped();
    }

    /**
     * Registers a version of what all decisions follow, with the keys of both organisations; saying it again changes
     * nothing.
     *
     * @param commitment SHA-256 of its text
     * @throws org.twinkeep.consent.ledger.LedgerRefused where these are not the organisations of the ledger
     */
    public void register(String subject, String version, String commitment) {
        var before = ledger().get(RegisterPolicy.handleOf(subject));
        if (before.filter(record -> record.policyVersion().equals(version)
                        && record.commitment().equals(commitment))
                .isEmpty()) {
            ledger().submit(new Acts(ledger().charter())
                    .policy(subject, version, commitment, before, keys.bothOrganisations()));
        }
    }

    /** The name of this house, bound into every envelope. */
    public String tenant() {
        return keys.paper().tenant();
    }

    public Clock clock() {
        return clock;
    }

    public Vault vault() {
        return keys.vault();
    }

    public KeyRing keyRing() {
        return keys.ring();
    }

    public Twins twins() {
        return living;
    }

    public TwinHistory history() {
        return twins.history();
    }

    public Identities identities() {
        return twins.identities();
    }

    public Trail trail() {
        return consents.trail();
    }

    public ConsentLedger ledger() {
        return consents.ledger();
    }

    public Consents consents() {
        return consents.consents();
    }

    public SealedViews views() {
        return views;
    }

    public Door door() {
        return door;
    }

    /** Says what the door would show. */
    public Judge judge() {
        return judge;
    }

    public BreakTheGlass glass() {
        return glass;
    }

    public EmergencyEntrance emergencyEntrance() {
        return emergencyEntrance;
    }

    public SharedDirectory directory() {
        return directory;
    }

    public Accounts accounts() {
        return accounts;
    }

    public Delegates delegates() {
        return delegates;
    }

    public DelegateDesk delegateDesk() {
        return delegateDesk;
    }

    public Endings endings() {
        return endings;
    }

    public Requests requests() {
        return requests;
    }

    public Notices notices() {
        return notices;
    }

    /** Opens every sealed row that stands beside the accounts. @throws org.twinkeep.crypto.Tampered where one does not open */
    public void openAllRows() {
        notices.openAll();
        requests.openAll();
        endings.openAll();
        delegates.openAll();
        emergencies.all();
        findable.openAll();
        accounts.clients().all();
    }

    /** Whether the tables beside the twins stand as they were made: what makes them is text that nothing seals. */
    public boolean hasTablesAsMade() {
        return tables.isAsMade();
    }

    /** Where others register what time alone brings about; it beats while the house is served. */
    public Clockwork clockwork() {
        return clockwork;
    }

    /** From now on, what time alone brings about is done. */
    void beginToBeat() {
        closing.keep(clockwork).start(BETWEEN_BEATS);
    }

    /** Where sessions lie that every server of the house answers; nothing in a house of one process. */
    Optional<SharedSessions> sessions(Duration inactive) {
        return Optional.ofNullable(keys.shared())
                .map(database -> new SharedSessions(
                        database, vault().houseKey("sessions"), inactive, Clock.systemUTC(), new SecureRandom()));
    }

    public FhirImport fhirImport() {
        return fhirImport;
    }

    public FhirExport fhirExport() {
        return fhirExport;
    }

    public Erasure erasure() {
        return erasure;
    }

    /** Signs a last checkpoint and closes everything in the opposite order of opening; the lock goes last. */
    @Override
    public void close() {
        closing.close();
    }
}
