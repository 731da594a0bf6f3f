package org.twinkeep.portal.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.Consent;
import org.twinkeep.consent.Period;
import org.twinkeep.consent.Purpose;
import org.twinkeep.consent.Terms;
import org.twinkeep.consent.delegation.AgePolicy;
import org.twinkeep.consent.delegation.Appointment;
import org.twinkeep.consent.delegation.Authority;
import org.twinkeep.consent.delegation.Delegation;
import org.twinkeep.consent.delegation.DelegationCommand;
import org.twinkeep.consent.delegation.Hand;
import org.twinkeep.consent.delegation.Power;
import org.twinkeep.consent.durable.Hex;
import org.twinkeep.consent.durable.Sha256;
import org.twinkeep.consent.trail.Looker;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.sealing.Body;
import org.twinkeep.integrations.fhir.FhirImport;
import org.twinkeep.portal.accounts.Account;
import org.twinkeep.portal.accounts.Grant;
import org.twinkeep.portal.accounts.Person;
import org.twinkeep.portal.accounts.Role;
import org.twinkeep.portal.requests.Draft;
import org.twinkeep.portal.requests.ShareCode;
import org.twinkeep.portal.wiring.House;
import org.twinkeep.projections.reading.Answer.Shown;
import org.twinkeep.projections.timeline.Row;
import org.twinkeep.projections.timeline.Timeline;
import org.twinkeep.twin.Actor;
import org.twinkeep.twin.TwinCommand.CorrectEntry;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tells the story in a new house, day by day, through the same doors that people use. */
final class DemoStory {
    static final int LONG_AGO = 200;
    static final String OLD = "old";
    static final String MIDDLE = "middle";
    static final String YOUNG = "young";
    static final String CHILD = "child";
    static final String SILVA = "silva";
    static final String OKORO = "okoro";
    static final String AUDITOR = "auditor";
    static final String OPERATOR = "operator";

    private static final ZoneId ZONE = ZoneId.of("America/New_York");
    private static final Set<Chapter> PART = EnumSet.of(
            Chapter.PROFILE,
            Chapter.CONDITIONS,
            Chapter.MEDICATIONS,
            Chapter.ALLERGIES,
            Chapter.LABS,
            Chapter.VITALS,
            Chapter.ENCOUNTERS);
    /** As the child's file says it. */
    private static final LocalDate BORN = LocalDate.of(2018, 10, 13);

    /** SHA-256 of the five letters "birth": the document is as invented as the child. */
    private static final String BIRTH_CERTIFICATE = Hex.of(Sha256.of("birth".getBytes(StandardCharsets.UTF_8)));

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final House house;
    private final StoryClock clock;
    private final Consumer<String> progress;

    DemoStory(House house, StoryClock clock, Consumer<String> progress) {
        this.house = house;
        this.clock = clock;
        this.progress = progress;
    }

    /** Whether the story in this house was told to its end. */
    static boolean isTold(House house) {
        return house.accounts()
                .bySignIn(MIDDLE)
                .filter(parent -> house.delegates().naming(parent.id()).stream()
                        .anyMatch(named -> named.delegation().state() == Delegation.State.LIVE))
                .isPresent();
    }

    void tell() {
        var silva = staff(Role.CLINICIAN, SILVA, "Dr Maria Silva", "Riverside Family Practice");
        house.accounts().letBreakGlass(silva.id(), true);
        var okoro = staff(Role.CLINICIAN, OKORO, "Dr James Okoro", "City Heart Clinic");
        var operator = staff(Role.OPERATOR, OPERATOR, "Sam Keller", "Twinkeep demo");
        importResource("directory");
        try (var old = patient(OLD);
                var middle = patient(MIDDLE);
                var young = patient(YOUNG)) {
            progress.accept("Telling what happened between them ...");
            clock.daysAgo(150);
            old.grant(okoro, EnumSet.of(Chapter.PROFILE, Chapter.CONDITIONS, Chapter.MEDICATIONS, Chapter.VITALS), 30);
            clock.daysAgo(140);
            looks(okoro, old.twin());
            clock.daysAgo(60);
            var regretted = young.grant(okoro, EnumSet.of(Chapter.PROFILE, Chapter.CONDITIONS), 365);
            clock.daysAgo(45);
            young.revoke(regretted);
            clock.daysAgo(10);
            old.grant(silva, PART, 90);
            clock.daysAgo(7);
            looks(silva, old.twin());
            clock.daysAgo(5);
            looks(okoro, old.twin());
            looks(silva, middle.twin());
            clock.daysAgo(3);
            old.dispute();
            var auditor = staff(Role.AUDITOR, AUDITOR, "Lena Brandt", "Health Records Oversight");
            child(middle.account(), operator, auditor);
            clock.daysAgo(1);
            asks(okoro, house.requests().newCode(old.account()));
        }
    }

    /** A child without a sign-in, whose parent acts for her: a document says so, and two people have seen it. */
    private void child(Account parent, Account operator, Account auditor) {
        progress.accept("Importing a synthetic child ...");
        var twin = Objects.requireNonNull(importResource(CHILD));
        clock.daysAgo(2);
        var today = LocalDate.ofInstant(clock.instant(), ZONE);
        var appointment = new Appointment(
                parent.id().toString(),
                parent.name(),
                house.accounts().identityKey(parent.id()).orElseThrow(),
                nameOf(CHILD),
                new Authority(Authority.Kind.PARENT, BIRTH_CERTIFICATE),
                EnumSet.allOf(Power.class),
                EnumSet.complementOf(EnumSet.of(Chapter.SAFETY)),
                new Period(today, AgePolicy.DEFAULT.majorityOn(BORN), ZONE),
                today.plusYears(1),
                BORN);
        var desk = house.delegateDesk();
        var handle = desk.appoint(twin, appointment, new Hand(operator.id().toString(), Hand.As.CUSTODIAN));
        desk.does(
                twin,
                new DelegationCommand.Confirm(
                        handle, new Hand(auditor.id().toString(), Hand.As.OVERSIGHT), clock.instant()));
        clock.daysAgo(1);
        house.door().timeline(new Looker(parent.id().toString(), parent.name(), "", "delegate"), twin);
    }

    private Account staff(Role role, String signIn, String name, String organisation) {
        var person = new Person(name, organisation, ZONE, Locale.ENGLISH);
        return house.accounts()
                .open(role, signIn, person, null, Demo.PASSWORD.toCharArray())
                .account();
    }

    private Patient patient(String who) {
        progress.accept("Importing a synthetic person ...");
        var twin = Objects.requireNonNull(importResource(who));
        var person = new Person(nameOf(who), "", ZONE, Locale.ENGLISH);
        var opened = house.accounts().open(Role.PATIENT, who, person, twin, Demo.PASSWORD.toCharArray());
        return new Patient(opened.account(), twin, Objects.requireNonNull(opened.seed()));
    }

    /** A request that waits for the patient with the long history. */
    private void asks(Account clinician, ShareCode code) {
        house.requests()
                .ask(
                        clinician,
                        code,
                        new Draft(
                                Purpose.TREATMENT,
                                EnumSet.of(Chapter.CONDITIONS, Chapter.MEDICATIONS, Chapter.VITALS, Chapter.LABS),
                                null,
                                null,
                                true,
                                Draft.Length.QUARTER,
                                null,
                                null),
                        "You have an appointment with me next week. I would like to see your blood pressure and"
                                + " your medicines beforehand.");
    }

    /** A clinician looks, or tries to. */
    private void looks(Account clinician, TwinId at) {
        house.door().care(clinician.looker(), Purpose.TREATMENT, at);
    }

    /** The twin that the file made, or nothing for the directory. The files are invented people's: they may lie about. */
    private @Nullable TwinId importResource(String name) {
        try {
            var folder = Files.createTempDirectory("twinkeep-demo");
            var file = folder.resolve(name + ".json.gz");
            try (var from = resource(name)) {
                Files.copy(from, file);
                var options = new FhirImport.Options(null, null, new Actor(Actor.Kind.OPERATOR, "operator:demo"));
                var report = house.fhirImport().run(List.of(file), options, (_, _, _) -> {});
                return report.twins().isEmpty()
                        ? null
                        : report.twins().getFirst().twin();
            } finally {
                Files.deleteIfExists(file);
                Files.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream resource(String name) {
        return Objects.requireNonNull(DemoStory.class.getResourceAsStream("/demo/" + name + ".json.gz"), name);
    }

    private static String nameOf(String who) {
        var name = personOf(who).path("name").path(0);
        return name.path("given").path(0).asString() + " " + name.path("family").asString();
    }

    /** The birth date of one of the patients: breaking the glass needs it. */
    static LocalDate bornOf(String who) {
        return LocalDate.parse(personOf(who).path("birthDate").asString());
    }

    private static JsonNode personOf(String who) {
        try (var bundle = JSON.createParser(new GZIPInputStream(resource(who)))) {
            while (bundle.nextToken() != null) {
                if ("resource".equals(bundle.currentName())
                        && bundle.currentToken().isStructStart()) {
                    JsonNode resource = bundle.readValueAsTree();
                    if (resource.path("resourceType").asString("").equals("Patient")) {
                        return resource;
                    }
                }
            }
            throw new IllegalStateException("the demo's files hold a patient each");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A patient who is signed in. */
    private final class Patient implements AutoCloseable {
        private final Account account;
        private final TwinId twin;
        private final Secret seed;

        Patient(Account account, TwinId twin, Secret seed) {
            this.account = account;
            this.twin = twin;
            this.seed = seed;
        }

        Account account() {
            return account;
        }

        TwinId twin() {
            return twin;
        }

        Consent grant(Account clinician, Set<Chapter> chapters, int days) {
            var first = LocalDate.ofInstant(clock.instant(), ZONE);
            var terms = new Terms(
                    clinician.id().toString(),
                    clinician.name(),
                    clinician.person().organisation(),
                    Purpose.TREATMENT,
                    chapters,
                    null,
                    true,
                    new Period(first, first.plusDays(days), ZONE));
            var consent = house.consents().grant(twin, terms, seed);
            var profile = timeline().what().profile();
            house.accounts()
                    .granted(clinician.id(), new Grant(twin, consent.handle(), profile.name(), profile.birthDate()));
            return consent;
        }

        void revoke(Consent consent) {
            house.consents().revoke(twin, consent.handle(), seed);
            house.views().consentEnded(twin, consent.handle());
            house.accounts().grantEnded(consent.handle());
        }

        /** Says that the newest laboratory value is wrong. */
        void dispute() {
            timeline().what().rows().stream()
                    .filter(row -> row.chapter() == Chapter.LABS && row.value() != null)
                    .findFirst()
                    .ifPresent(this::dispute);
        }

        private void dispute(Row row) {
            var says = JSON.createObjectNode()
                    .put("says", "This is not my result. I was not at the laboratory that day.")
                    .put("reason", "Two samples were mixed up; the practice has confirmed it by telephone.");
            var about = JSON.createObjectNode().put("statement", 1);
            house.twins()
                    .correct(new CorrectEntry(
                            twin,
                            row.chapter(),
                            row.entry(),
                            new Body(1, JSON.writeValueAsBytes(about), JSON.writeValueAsBytes(says)),
                            clock.instant(),
                            new Actor(Actor.Kind.PATIENT, account.id().toString())));
        }

        private Shown<Timeline> timeline() {
            if (house.door().timeline(account.looker(), twin) instanceof Shown<Timeline> shown) {
                return shown;
            }
            throw new IllegalStateException("a patient sees the own timeline");
        }

        @Override
        public void close() {
            seed.close();
        }
    }
}
