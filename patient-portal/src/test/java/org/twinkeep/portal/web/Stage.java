package org.twinkeep.portal.web;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.AccessRequest;
import org.twinkeep.consent.Consent;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.ConsentPolicy;
import org.twinkeep.consent.Consents;
import org.twinkeep.consent.Facts;
import org.twinkeep.consent.FhirConsent;
import org.twinkeep.consent.InMemoryOpenings;
import org.twinkeep.consent.Openings;
import org.twinkeep.consent.OtherConsent;
import org.twinkeep.consent.Period;
import org.twinkeep.consent.Provenance;
import org.twinkeep.consent.Purpose;
import org.twinkeep.consent.Terms;
import org.twinkeep.consent.TestCertificates;
import org.twinkeep.consent.TestClock;
import org.twinkeep.consent.Undelivered;
import org.twinkeep.consent.Verdict;
import org.twinkeep.consent.contract.Acts;
import org.twinkeep.consent.decision.Denials;
import org.twinkeep.consent.decision.Implicit;
import org.twinkeep.consent.decision.Item;
import org.twinkeep.consent.delegation.AgePolicy;
import org.twinkeep.consent.delegation.DelegateSigners;
import org.twinkeep.consent.durable.Hex;
import org.twinkeep.consent.embedded.EmbeddedLedger;
import org.twinkeep.consent.embedded.TestOrganisations;
import org.twinkeep.consent.emergency.BreakTheGlass;
import org.twinkeep.consent.ledger.ConsentLedger;
import org.twinkeep.consent.trail.Look;
import org.twinkeep.consent.trail.Looker;
import org.twinkeep.consent.trail.Trail;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.KeyScope;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.access.Receipt;
import org.twinkeep.crypto.access.ReceiptAuthority;
import org.twinkeep.crypto.keys.InMemoryVault;
import org.twinkeep.crypto.sealing.OpenedBody;
import org.twinkeep.crypto.sign.SigningKey;
import org.twinkeep.crypto.sign.VerifyingKey;
import org.twinkeep.integrations.fhir.FhirExport;
import org.twinkeep.portal.accounts.AccountId;
import org.twinkeep.portal.accounts.Accounts;
import org.twinkeep.portal.accounts.Grant;
import org.twinkeep.portal.accounts.Opened;
import org.twinkeep.portal.accounts.Person;
import org.twinkeep.portal.accounts.Role;
import org.twinkeep.portal.delegates.Acting;
import org.twinkeep.portal.delegates.AfterDeath;
import org.twinkeep.portal.delegates.DelegateDesk;
import org.twinkeep.portal.delegates.Delegates;
import org.twinkeep.portal.emergency.EmergenciesOnLedger;
import org.twinkeep.portal.emergency.EmergencyEntrance;
import org.twinkeep.portal.emergency.ListedEmergencies;
import org.twinkeep.portal.emergency.ToldOfEmergencies;
import org.twinkeep.portal.endings.Endings;
import org.twinkeep.portal.notices.Notices;
import org.twinkeep.portal.requests.Requests;
import org.twinkeep.portal.requests.TestProposals;
import org.twinkeep.portal.tables.Tables;
import org.twinkeep.projections.care.CareView;
import org.twinkeep.projections.reading.Answer;
import org.twinkeep.projections.reading.Beside;
import org.twinkeep.projections.reading.Door;
import org.twinkeep.projections.reading.Views;
import org.twinkeep.projections.timeline.EntryPage;
import org.twinkeep.projections.timeline.Profile;
import org.twinkeep.projections.timeline.Row;
import org.twinkeep.projections.timeline.Timeline;
import org.twinkeep.twin.Actor;
import org.twinkeep.twin.EntryId;
import org.twinkeep.twin.TwinCommand;
import org.twinkeep.twin.TwinHistory;
import org.twinkeep.twin.Twins;
import org.twinkeep.twin.erasure.Erasure;
import org.twinkeep.twin.erasure.ErasureReceipt;

/**
 * The rooms behind the pages, as small as pages need them: real accounts, consents and policy; a door, a trail and twins
 * that keep what they are told in memory. Each room can be made unavailable.
 */
final class Stage implements AutoCloseable {
    static final String PASSWORD = "seven slow herons";
    static final TwinId ADA = twin(1);
    static final TwinId BEN = twin(2);
    static final TwinId CY = twin(3);
    static final TwinId NOBODYS = twin(99);

    final TestClock clock = new TestClock("2026-11-21T08:00:00Z");
    final SecureRandom random = new SecureRandom();
    final Tables tables;
    final Accounts accounts;
    final Notices notices;
    final Requests requests;
    final Endings endings;
    final Consents consents;
    final BreakTheGlass glass;
    final EmergencyEntrance entrance;
    final FakeTrail trail = new FakeTrail();
    final FakeDoor door = new FakeDoor();
    final Opened ada;
    final Opened ben;
    final Opened oak;
    final Opened elm;
    final Opened fir;
    final Opened rue;
    final Opened kit;
    final Opened cy;
    final Opened ivy;
    final Opened sol;
    final Map<TwinId, List<Row>> rows = new HashMap<>();
    final Map<EntryId, List<EntryPage.Statement>> statements = new HashMap<>();
    final Map<TwinId, Profile> profiles = new HashMap<>();

    @Nullable
    Supplier<RuntimeException> trouble;

    /** What part of a twin was last written into a file. */
    FhirExport.@Nullable Part exported;

    private final EmbeddedLedger ledger;
    private final ListedEmergencies register;
    private final InMemoryOpenings emergencyOpenings = new InMemoryOpenings();
    private final InMemoryOpenings openings = new InMemoryOpenings();
    private final ReceiptAuthority receipts = new ReceiptAuthority();
    private final List<ErasureReceipt> erased = new ArrayList<>();

    final Delegates delegates;
    final DelegateDesk desk;

    Stage(Path folder) {
        var vault = new InMemoryVault(Secret.random(random));
        tables = Tables.in(folder.resolve("accounts.db"));
        accounts = new Accounts(tables, vault, clock, random);
        notices = new Notices(tables, accounts, vault, clock);
        requests = new Requests(tables, accounts, notices, new TestProposals(), vault, clock, random);
        ledger = EmbeddedLedger.open(
                folder.resolve("ledger"), TestOrganisations.three(), ConsentLedger.Position.NONE, clock);
        consents = new Consents(
                ledger,
                openings,
                Undelivered.in(folder.resolve("ledger")),
                clock,
                random,
                new DelegateSigners(ledger, openings, AgePolicy.DEFAULT),
                new Acts.Both(TestOrganisations.CUSTODIAN::sign, TestOrganisations.OVERSIGHT::sign));
        delegates = new Delegates(openings, tables, vault, AgePolicy.DEFAULT, clock, random);
        desk = new DelegateDesk(delegates, consents, this::stop, views(), accounts, notices, AfterDeath.END);
        register = new ListedEmergencies(tables, vault);
        glass = new BreakTheGlass(
                emergencyOpenings,
                trail,
                register,
                new ToldOfEmergencies(notices, accounts, _ -> List.of()),
                new EmergenciesOnLedger(ledger, TestOrganisations.PROVIDER::sign, TestOrganisations.OVERSIGHT::sign),
                Runnable::run,
                accounts::breaksGlass,
                ledger::head,
                clock,
                random);
        entrance = new EmergencyEntrance(glass, this::exactly, accounts, trail, ledger::head);
        endings = new Endings(tables, accounts, consents, notices, vault, delegates);
        ada = open(Role.PATIENT, "ada", "Ada Quill", "", ADA);
        ben = open(Role.PATIENT, "ben", "Ben Marrow", "", BEN);
        oak = open(Role.CLINICIAN, "oak", "Dr Rowan Oak", "Harbour Clinic", null);
        elm = open(Role.CLINICIAN, "elm", "Dr Iris Elm", "Hill Hospital", null);
        fir = open(Role.CLINICIAN, "fir", "Dr Noa Fir", "Hill Hospital", null);
        rue = open(Role.AUDITOR, "rue", "Rue Ledger", "Oversight Office", null);
        kit = open(Role.OPERATOR, "kit", "Kit Keeper", "This service", null);
        cy = open(Role.PATIENT, "cyf", "Cy Fenn", "", CY);
        ivy = open(Role.INSURER, "ivy", "Ivy Brook", "Mutual Health", null);
        sol = open(Role.RESEARCHER, "sol", "Dr Sol Reed", "Coast University", null);
        profiles.put(ADA, new Profile("Ada Quill", "1971-02-03", "female", null));
        profiles.put(BEN, new Profile("Ben Marrow", "1938-05-06", "male", "2026-10-01"));
        profiles.put(CY, new Profile("Cy Fenn", null, null, null));
        accounts.letBreakGlass(elm.account().id(), true);
        begin();
    }

    private Optional<TwinId> exactly(String name, LocalDate born) {
        return profiles.entrySet().stream()
                .filter(entry -> entry.getValue().name().equals(name))
                .filter(entry -> born.toString().equals(entry.getValue().birthDate()))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** As it was at first: entries, statements, trail, and nothing shared. */
    void begin() {
        trouble = null;
        rows.clear();
        rows.put(ADA, new ArrayList<>(adasRows()));
        rows.put(BEN, new ArrayList<>(List.of(Rows.row(900, Chapter.MEDICATIONS, "2026-01-02", "Aspirin 75 mg"))));
        rows.put(CY, new ArrayList<>(List.of(Rows.row(901, Chapter.LABS, "2026-01-02", "Ferritin"))));
        statements.clear();
        trail.looks.clear();
        endAll(ADA, seedOfAda());
        endAll(BEN, seed(ben));
        List.of(ADA, BEN, CY).forEach(register::twinErased);
        emergencyOpenings.forget();
    }

    /** Also what others said for the patient, or ended. */
    private void endAll(TwinId twin, Secret seed) {
        for (var other : consents.others(twin)) {
            if (other.delegation() != null) {
                consents.stop(twin, other.handle(), TestOrganisations.CUSTODIAN::sign);
            }
        }
        consents.others(twin).stream()
                .filter(other -> other.counts() == OtherConsent.Counts.DENIES_STILL)
                .forEach(other -> consents.release(twin, other.handle(), seed));
        consents.of(twin).stream()
                .filter(consent -> consents.proof(twin, consent.handle()) != Provenance.Proof.PATIENT)
                .forEach(consent -> consents.stop(twin, consent.handle(), TestOrganisations.CUSTODIAN::sign));
        consents.endAll(twin, seed);
    }

    /** As the house stops something: whoever did not do it themselves is told. */
    void stop(TwinId twin, ConsentHandle handle) {
        consents.stop(twin, handle, TestOrganisations.CUSTODIAN::sign);
        endings.tellStopped();
    }

    /** Both organisations register what holds where nobody said anything. */
    void holds(Implicit policy) {
        ledger.submit(new Acts(ledger.charter())
                .policy(
                        Consents.IMPLICIT_POLICY,
                        policy.code(),
                        policy.commitment(),
                        consents.registered(Consents.IMPLICIT_POLICY),
                        new Acts.Both(TestOrganisations.CUSTODIAN::sign, TestOrganisations.OVERSIGHT::sign)));
    }

    /** Shares chapters of Ada's or Ben's for treatment, for three months. */
    Consent share(Opened patient, Opened grantee, Chapter... chapters) {
        var today = LocalDate.ofInstant(clock.instant(), ZoneId.of("Europe/Berlin"));
        var to = grantee.account().person();
        var twin = Objects.requireNonNull(patient.account().twin());
        var consent = consents.grant(
                twin,
                new Terms(
                        grantee.account().id().toString(),
                        to.name(),
                        to.organisation(),
                        Purpose.TREATMENT,
                        Set.of(chapters),
                        null,
                        true,
                        new Period(today, today.plusMonths(3), ZoneId.of("Europe/Berlin"))),
                seed(patient));
        var profile = profiles.get(twin);
        accounts.granted(
                grantee.account().id(), new Grant(twin, consent.handle(), profile.name(), profile.birthDate()));
        return consent;
    }

    /** What a house of one hand let a key share that both organisations put in the place of the patient's (decision 0329). */
    ConsentHandle sharedInOneHand(TwinId twin, Secret seed, Terms terms) {
        consents.enrolAgain(twin, seed);
        var handle = new ConsentHandle("ab".repeat(32));
        var key = new SigningKey(Secret.random(random));
        var opening = new Openings.Opening(
                handle,
                1,
                new byte[32],
                new FhirConsent(handle, twin, terms, clock.instant()).bytes(),
                TestCertificates.of(ledger.charter(), handle, key, twin, seed));
        openings.keep(twin, opening);
        ledger.submit(new Acts(ledger.charter())
                .grant(
                        handle,
                        Hex.of(FhirConsent.commitment(opening.salt(), opening.consent())),
                        Optional.empty(),
                        key));
        consents.forget(twin);
        return handle;
    }

    private static List<Row> adasRows() {
        var visit = Rows.id(10);
        return List.of(
                Rows.row(10, Chapter.ENCOUNTERS, "2026-10-02", "Check-up", null, visit, List.of()),
                Rows.row(11, Chapter.LABS, "2026-10-02", "Haemoglobin A1c", "6.1 %", visit, List.of()),
                Rows.row(12, Chapter.DOCUMENTS, "2026-10-02", "Progress note", null, visit, List.of()),
                Rows.row(13, Chapter.COVERAGE, "2026-10-02", "Claim for a check-up", null, visit, List.of()),
                Rows.row(20, Chapter.CONDITIONS, "2025-03-04", "Prediabetes"),
                Rows.row(
                        21,
                        Chapter.MENTAL_HEALTH,
                        "2025-02-01",
                        "Patient Health Questionnaire 9",
                        "4",
                        null,
                        List.of()),
                Rows.row(22, Chapter.SAFETY, "2024-01-01", "Answered questions about safety at home"),
                Rows.row(23, Chapter.VITALS, "1960-01-01", "Body weight", "62 kg", null, List.of("before birth")));
    }

    Opened open(Role role, String signIn, String name, String organisation, @Nullable TwinId twin) {
        return accounts.open(
                role,
                signIn,
                new Person(name, organisation, ZoneId.of("Europe/Berlin"), Locale.UK),
                twin,
                PASSWORD.toCharArray());
    }

    static TwinId twin(int number) {
        return new TwinId(new UUID(0x7e0f6f2a00004000L, 0x8000000000000000L + number));
    }

    private void mayFail() {
        if (trouble != null) {
            throw trouble.get();
        }
    }

    Secret seedOfAda() {
        return seed(ada);
    }

    private static Secret seed(Opened opened) {
        return Objects.requireNonNull(opened.seed());
    }

    @Override
    public void close() {
        delegates.close();
        register.close();
        endings.close();
        requests.close();
        notices.close();
        accounts.close();
        tables.close();
        ledger.close();
    }

    /** Shows what the policy permits, and leaves the two leaves of each look. */
    final class FakeDoor implements Door {
        @Override
        public Answer<Timeline> timeline(Looker patient, TwinId twin) {
            return own(
                    patient,
                    twin,
                    Timeline.of(profile(twin), seen(patient, twin)),
                    seen(patient, twin).size());
        }

        @Override
        public Answer<EntryPage> entry(Looker patient, TwinId twin, EntryId entry) {
            var found = seen(patient, twin).contains(find(twin, entry)) ? find(twin, entry) : null;
            if (found == null) {
                return new Answer.NotShown<>(
                        trail.add(twin, patient, "PATRQT", true, null, List.of(), Set.of(), 0), null);
            }
            var repeats = entry.equals(Rows.id(20))
                    ? listed(twin).stream()
                            .filter(r -> r.chapter() == Chapter.DOCUMENTS || r.chapter() == Chapter.COVERAGE)
                            .toList()
                    : List.<Row>of();
            return own(patient, twin, Rows.page(found, said(entry), repeats), 1);
        }

        private <T> Answer<T> own(Looker patient, TwinId twin, T what, int entries) {
            mayFail();
            var acting = acting(patient, twin);
            if (patient.role().equals("delegate") && acting.isEmpty()) {
                return new Answer.NotShown<>(trail.denied(twin, patient, "PATRQT", "role", ledger.head()), null);
            }
            var scopes = Set.<KeyScope>copyOf(acting.map(Acting::chapters).orElse(Set.of(Chapter.values())));
            trail.permitted(
                    twin,
                    patient,
                    "PATRQT",
                    acting.map(Acting::inWhoseName).orElse(null),
                    acting.map(a -> List.of(a.by().handle().value())).orElse(List.of()),
                    scopes,
                    ledger.head());
            return new Answer.Shown<>(what, trail.add(twin, patient, "PATRQT", true, null, List.of(), scopes, entries));
        }

        @Override
        public Answer<CareView> care(Looker clinician, @Nullable Purpose purpose, TwinId twin) {
            return shared(
                    clinician,
                    purpose,
                    twin,
                    (visible, chapters) -> new Answer.Shown<>(
                            new CareView(Timeline.of(profile(twin), visible), chapters),
                            trail.add(
                                    twin,
                                    clinician,
                                    code(purpose),
                                    true,
                                    null,
                                    List.of(),
                                    Set.copyOf(chapters),
                                    visible.size())));
        }

        @Override
        public Answer<EntryPage> careEntry(Looker clinician, @Nullable Purpose purpose, TwinId twin, EntryId entry) {
            return shared(clinician, purpose, twin, (visible, chapters) -> {
                var found =
                        visible.stream().filter(r -> r.entry().equals(entry)).findFirst();
                var leaf = trail.add(
                        twin,
                        clinician,
                        code(purpose),
                        true,
                        null,
                        List.of(),
                        Set.copyOf(chapters),
                        found.isPresent() ? 1 : 0);
                return found.isPresent()
                        ? new Answer.Shown<>(Rows.page(found.get(), said(entry), List.of()), leaf)
                        : new Answer.NotShown<>(leaf, null);
            });
        }

        private interface Look<T> {
            Answer<T> at(List<Row> visible, Set<Chapter> chapters);
        }

        private <T> Answer<T> shared(Looker who, @Nullable Purpose purpose, TwinId twin, Look<T> look) {
            mayFail();
            if (purpose == Purpose.BREAK_THE_GLASS) {
                return inEmergency(who, twin, look);
            }
            if (!rows.containsKey(twin)) {
                return new Answer.NotShown<>(trail.deniedUnknown(who, code(purpose), ledger.head()), null);
            }
            var verdict = consents.decide(new AccessRequest(twin, who.id(), who.role(), purpose, clock.instant()));
            return switch (verdict) {
                case Verdict.Denied(var reason) ->
                    new Answer.NotShown<>(
                            trail.denied(twin, who, code(purpose), reason.plain(), ledger.head()),
                            reason == Verdict.Reason.REVOKED ? clock.instant() : null);
                case Verdict.Permitted(var by, var _) -> {
                    var chapters = by.getFirst().terms().chapters();
                    trail.permitted(
                            twin,
                            who,
                            code(purpose),
                            null,
                            by.stream().map(c -> c.handle().value()).toList(),
                            Set.copyOf(chapters),
                            ledger.head());
                    yield look.at(
                            listed(twin).stream()
                                    .filter(r -> by.stream().anyMatch(c -> ConsentPolicy.covers(c, facts(r))))
                                    .toList(),
                            chapters);
                }
            };
        }

        private <T> Answer<T> inEmergency(Looker who, TwinId twin, Look<T> look) {
            var live = glass.live(twin, who);
            if (live.isEmpty()) {
                return new Answer.NotShown<>(
                        trail.denied(twin, who, "BTG", "no emergency access", ledger.head()),
                        glass.endedOn(twin, who).orElse(null));
            }
            var emergency = live.get();
            trail.permitted(
                    twin,
                    who,
                    "BTG",
                    emergency.broken().reason(),
                    List.of(emergency.handle().value()),
                    Set.copyOf(emergency.chapters()),
                    ledger.head());
            var visible = listed(twin).stream()
                    .filter(r -> emergency.covers(facts(r)))
                    .toList();
            return look.at(visible, emergency.chapters());
        }

        @Override
        public Answer<Map<Chapter, Integer>> preview(Looker patient, TwinId twin, Terms terms) {
            var counts = new LinkedHashMap<Chapter, Integer>();
            seen(patient, twin).stream()
                    .filter(r -> terms.chapters().contains(r.chapter()))
                    .forEach(r -> counts.merge(r.chapter(), 1, Integer::sum));
            return own(patient, twin, counts, 0);
        }

        /** As the real door, of the entries alone. */
        @Override
        public Answer<Beside> beside(Looker patient, TwinId twin, Terms terms, String role) {
            var now = clock.instant();
            var ask = ConsentPolicy.ask(
                    new AccessRequest(twin, terms.granteeId(), role, terms.purpose(), now), terms.purpose());
            var items = new LinkedHashMap<Item, Row>();
            seen(patient, twin)
                    .forEach(row -> items.put(
                            ConsentPolicy.item(
                                    new Facts(
                                            row.chapter(),
                                            row.touches(),
                                            row.when().from(),
                                            row.when().to(),
                                            row.recordedAt()),
                                    "Entry/" + row.entry(),
                                    "Entry",
                                    Set.of()),
                            row));
            var grant =
                    new Consent(new ConsentHandle("0".repeat(64)), twin, 1, terms, Consent.Status.ACTIVE, now, null);
            var live = consents.live(twin);
            var effect = Denials.overriding(live.rules(), grant.rules(), ask, items.keySet());
            var closed = new ArrayList<Beside.Closed>();
            effect.denied().forEach((denial, denied) -> {
                var counts = new HashMap<Chapter, Integer>();
                denied.forEach(item -> counts.merge(items.get(item).chapter(), 1, Integer::sum));
                closed.add(new Beside.Closed(live.handles().get(denial.consent()), counts));
            });
            var open = effect.left().stream()
                    .map(item -> items.get(item).chapter())
                    .collect(Collectors.toSet());
            return own(
                    patient,
                    twin,
                    new Beside(effect.granted().size(), effect.left().size(), open, closed),
                    0);
        }

        /** Everything to the patient; to somebody who acts for the patient what the delegation opens. */
        private List<Row> seen(Looker looker, TwinId twin) {
            if (!looker.role().equals("delegate")) {
                return listed(twin);
            }
            var open = acting(looker, twin).map(Acting::chapters).orElse(Set.of());
            return listed(twin).stream()
                    .filter(r -> open.contains(r.chapter()) && open.containsAll(r.touches()))
                    .toList();
        }

        private Optional<Acting> acting(Looker looker, TwinId twin) {
            return looker.role().equals("delegate")
                    ? delegates
                            .acting(AccountId.of(looker.id()), twin)
                            .filter(acting -> !acting.chapters().isEmpty())
                    : Optional.empty();
        }

        private List<EntryPage.Statement> said(EntryId entry) {
            return statements.getOrDefault(entry, List.of());
        }

        private @Nullable Row find(TwinId twin, EntryId entry) {
            return listed(twin).stream()
                    .filter(r -> r.entry().equals(entry))
                    .findFirst()
                    .orElse(null);
        }

        private List<Row> listed(TwinId twin) {
            return rows.getOrDefault(twin, List.of()).stream()
                    .map(r -> statements.containsKey(r.entry()) ? r.asDisputed() : r)
                    .toList();
        }

        private Profile profile(TwinId twin) {
            return profiles.getOrDefault(twin, Profile.unknown());
        }

        private Facts facts(Row row) {
            return new Facts(
                    row.chapter(), row.touches(), row.when().from(), row.when().to(), row.recordedAt());
        }

        private static String code(@Nullable Purpose purpose) {
            return purpose == null ? "undeclared" : purpose.code();
        }
    }

    /** Keeps leaves in memory. */
    final class FakeTrail implements Trail {
        private final List<PublicLeaf> leaves = new ArrayList<>();
        private final Map<TwinId, List<Look>> looks = new HashMap<>();

        String add(
                @Nullable TwinId twin,
                Looker who,
                String purpose,
                boolean permitted,
                @Nullable String why,
                List<String> by,
                Set<KeyScope> scopes,
                int disclosed) {
            var bytes = new byte[32];
            random.nextBytes(bytes);
            var hash = HexFormat.of().formatHex(bytes);
            long index = leaves.size();
            boolean verdict = disclosed < 0;
            leaves.add(new PublicLeaf(
                    index,
                    hash,
                    verdict ? "verdict" : "disclosure",
                    clock.instant(),
                    permitted ? "permit" : "deny",
                    twin == null ? "" : "0badcafe",
                    1,
                    ledger.head().block(),
                    who,
                    purpose,
                    why));
            if (twin != null) {
                looks.computeIfAbsent(twin, _ -> new ArrayList<>())
                        .addFirst(new Look(
                                index,
                                hash,
                                index,
                                clock.instant(),
                                who,
                                purpose,
                                permitted,
                                why,
                                by,
                                scopes,
                                Math.max(0, disclosed),
                                verdict ? null : index - 1));
            }
            return hash;
        }

        @Override
        public Receipt permitted(
                TwinId twin,
                Looker who,
                String purpose,
                @Nullable String why,
                List<String> by,
                Set<KeyScope> scopes,
                ConsentLedger.Position reliedOn) {
            var hash = add(twin, who, purpose, true, why, by, scopes, -1);
            return receipts.issue(twin, scopes, leaves.size() - 1L, hash, clock.instant());
        }

        @Override
        public String denied(TwinId twin, Looker who, String purpose, String reason, ConsentLedger.Position reliedOn) {
            return add(twin, who, purpose, false, reason, List.of(), Set.of(), -1);
        }

        @Override
        public String deniedUnknown(Looker who, String purpose, ConsentLedger.Position reliedOn) {
            return add(null, who, purpose, false, null, List.of(), Set.of(), -1);
        }

        @Override
        public String disclosed(Receipt receipt, Looker who, String purpose, int entries, byte[] envelopesHash) {
            return add(receipt.twin(), who, purpose, true, null, List.of(), receipt.scopes(), entries);
        }

        @Override
        public void ledgerAdvanced(ConsentLedger.Position position) {}

        @Override
        public ConsentLedger.Position remembersLedger() {
            return ConsentLedger.Position.NONE;
        }

        @Override
        public void checkpoint() {}

        @Override
        public List<Look> looks(TwinId twin) {
            return List.copyOf(looks.getOrDefault(twin, List.of()));
        }

        @Override
        public long size() {
            return leaves.size();
        }

        @Override
        public List<PublicLeaf> leaves(long from, int count) {
            return leaves.reversed().stream().skip(from).limit(count).toList();
        }

        @Override
        public String checkpointNote() {
            return "twinkeep/test\n" + leaves.size() + "\nroot\n\n— twinkeep/test signature\n";
        }

        @Override
        public String proof(long leafIndex) {
            return "c2sp.org/tlog-proof@v1\nindex " + leafIndex + "\n";
        }

        @Override
        public VerifyingKey verifyingKey() {
            return TestOrganisations.CUSTODIAN.verifyingKey();
        }

        @Override
        public void close() {}
    }

    Twins twins() {
        return new Twins() {
            @Override
            public void create(TwinCommand.CreateTwin command) {}

            @Override
            public void keep(TwinCommand.KeepConsentOpening command) {}

            @Override
            public void requestErasure(TwinCommand.RequestTwinErasure command) {}

            @Override
            public Recorded record(TwinCommand.RecordEntries command) {
                throw new AssertionError("a page recorded entries");
            }

            @Override
            public void correct(TwinCommand.CorrectEntry command) {
                mayFail();
                var said = new String(command.statement().content(), StandardCharsets.UTF_8);
                statements
                        .computeIfAbsent(command.entry(), _ -> new ArrayList<>())
                        .add(new EntryPage.Statement(command.at(), "the patient", said, null));
            }

            @Override
            public long erase(TwinCommand.EraseEntries command) {
                return 0;
            }

            @Override
            public EntryId entryId(TwinId twin, String source, String resourceType, String id) {
                throw new AssertionError("a page named an entry by its source");
            }
        };
    }

    Erasure erasure() {
        return new Erasure() {
            @Override
            public ErasureReceipt eraseEntries(TwinId twin, Map<Chapter, List<EntryId>> entries, Actor by) {
                mayFail();
                entries.values().forEach(ids -> rows.get(twin).removeIf(row -> ids.contains(row.entry())));
                return receipt(
                        "entries",
                        entries.values().stream().mapToInt(List::size).sum());
            }

            @Override
            public ErasureReceipt eraseChapter(TwinId twin, Chapter chapter, Actor by) {
                mayFail();
                var gone = rows.get(twin).stream()
                        .filter(row -> row.chapter() == chapter)
                        .toList();
                rows.get(twin).removeAll(gone);
                return receipt("chapter", gone.size());
            }

            @Override
            public ErasureReceipt erasePeriod(TwinId twin, Map<Chapter, List<EntryId>> entries, Actor by) {
                mayFail();
                entries.values().forEach(ids -> rows.get(twin).removeIf(row -> ids.contains(row.entry())));
                return receipt(
                        "period", entries.values().stream().mapToInt(List::size).sum());
            }

            @Override
            public ErasureReceipt eraseTwin(TwinId twin, Actor by) {
                mayFail();
                accounts.twinErased(twin);
                return receipt("twin", rows.remove(twin).size());
            }

            private ErasureReceipt receipt(String scope, int events) {
                var receipt = new ErasureReceipt(
                        UUID.randomUUID().toString(),
                        scope,
                        events,
                        clock.instant(),
                        Optional.of(clock.instant()),
                        "A disk.",
                        "{\"scope\":\"" + scope + "\"}",
                        "c2lnbmF0dXJl");
                erased.add(receipt);
                return receipt;
            }

            @Override
            public void resume() {}

            @Override
            public List<ErasureReceipt> receipts() {
                return List.copyOf(erased);
            }

            @Override
            public List<ErasureReceipt> receiptsOf(TwinId twin) {
                return List.copyOf(erased).reversed();
            }
        };
    }

    Views views() {
        return new Views() {
            @Override
            public Rebuilt rebuild(Progress progress) {
                throw new AssertionError("a page rebuilt the views");
            }

            @Override
            public List<String> problems() {
                return List.of();
            }

            @Override
            public String fileName() {
                return "views.db";
            }

            @Override
            public void consentEnded(TwinId twin, ConsentHandle handle) {}

            @Override
            public void forget(TwinId twin) {}
        };
    }

    FhirExport export() {
        return (twin, who, reason, part, to) -> {
            mayFail();
            trail.permitted(twin, who, "PATRQT", reason, part.by(), Set.copyOf(part.chapters()), ledger.head());
            exported = part;
            return write(to);
        };
    }

    private static int write(OutputStream to) {
        try {
            to.write("{\"resourceType\":\"Bundle\"}".getBytes(StandardCharsets.UTF_8));
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    TwinHistory history() {
        return new TwinHistory() {
            @Override
            public Collection<TwinId> twins() {
                return rows.keySet();
            }

            @Override
            public boolean exists(TwinId twin) {
                return rows.containsKey(twin);
            }

            @Override
            public Collection<Chapter> chapters(TwinId twin) {
                return List.of();
            }

            @Override
            public Map<KeyScope, Long> heads(TwinId twin) {
                return Map.of();
            }

            @Override
            public List<EntryState> entries(TwinId twin, Chapter chapter) {
                return List.of();
            }

            @Override
            public SomeEntries entries(TwinId twin, Chapter chapter, Collection<EntryId> ids) {
                return new SomeEntries(Map.of(), 0);
            }

            @Override
            public void replay(Receipt receipt, TwinId twin, KeyScope scope, Consumer<Opened> each) {}

            @Override
            public List<byte[]> hashes(TwinId twin, KeyScope scope) {
                return List.of();
            }

            @Override
            public long bodiesOpened() {
                return 0;
            }

            @Override
            public OpenedBody open(Receipt receipt, TwinId twin, KeyScope scope, long sequence) {
                return new OpenedBody.None();
            }
        };
    }
}
