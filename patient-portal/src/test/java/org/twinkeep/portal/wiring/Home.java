package org.twinkeep.portal.wiring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.Period;
import org.twinkeep.consent.Purpose;
import org.twinkeep.consent.Terms;
import org.twinkeep.consent.delegation.Appointment;
import org.twinkeep.consent.delegation.Authority;
import org.twinkeep.consent.delegation.Hand;
import org.twinkeep.consent.delegation.Power;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.integrations.fhir.FhirImport;
import org.twinkeep.portal.accounts.Grant;
import org.twinkeep.portal.accounts.Opened;
import org.twinkeep.portal.accounts.Person;
import org.twinkeep.portal.accounts.Role;
import org.twinkeep.portal.cli.Cli;
import org.twinkeep.twin.Actor;

/** A whole house in a folder, with Ada's record in it: opened, served, or used from the command line; one at a time. */
final class Home implements AutoCloseable {
    static final String SOURCE = "hospital";

    final TwinId twin;
    final Opened ada;
    private final Path folder;
    private @Nullable ServedHouse served;

    Home(Path folder, String record) throws IOException {
        this.folder = folder;
        var file = Files.writeString(folder.resolve("record.json"), record);
        try (var house = open()) {
            var report = house.fhirImport()
                    .run(
                            List.of(file),
                            new FhirImport.Options(SOURCE, null, new Actor(Actor.Kind.OPERATOR, "operator:test")),
                            (_, _, _) -> {});
            assertThat(report.refused()).isEmpty();
            twin = report.twins().getFirst().twin();
            ada = person(house, Role.PATIENT, "ada", "Ada Quill", twin);
        }
    }

    House open() {
        var kek = new Kek(folder.resolve("key"), false, _ -> new char[0], _ -> {});
        return House.open(new DataFolder(folder.resolve("data")), kek, "a test", Clock.systemUTC());
    }

    /** Does this first, and serves. */
    void serve(Consumer<House> first) {
        var house = open();
        first.accept(house);
        served = new ServedHouse(house, 0);
    }

    ServedHouse served() {
        return Objects.requireNonNull(served);
    }

    Browser signedIn(String name) throws IOException, InterruptedException {
        return Browser.signedIn(served().url(), name);
    }

    /** Somebody who said that they look at Ada's record for treatment. */
    Browser treating(String name) throws IOException, InterruptedException {
        var browser = signedIn(name);
        var purpose = "/patients/" + twin + "/purpose";
        browser.post(purpose, purpose, Map.of("purpose", "TREAT"));
        return browser;
    }

    /** Somebody who reads the pages as Ada's delegate. */
    Browser acting(String name) throws IOException, InterruptedException {
        var browser = signedIn(name);
        var handle = browser.reads("/people").replaceAll("(?s).*/people/([0-9a-f]{64})/open.*", "$1");
        browser.post("/people", "/people/" + handle + "/open", Map.of());
        return browser;
    }

    /** A command on the folder, with its one JSON document. */
    String run(String... arguments) {
        stop();
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--json", "--data", folder.resolve("data").toString()));
        all.addAll(List.of("--kek-file", folder.resolve("key").toString()));
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        int exit = Cli.run(
                new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), all.toArray(String[]::new));
        assertThat(exit).as(err.toString(UTF_8)).isZero();
        return out.toString(UTF_8);
    }

    Opened clinician(House house, String signIn, String name) {
        return person(house, Role.CLINICIAN, signIn, name, null);
    }

    /** Somebody with an account and no record here. */
    Opened relative(House house, String signIn, String name) {
        return person(house, Role.PATIENT, signIn, name, null);
    }

    private static Opened person(House house, Role role, String signIn, String name, @Nullable TwinId twin) {
        var person = new Person(name, twin == null ? "Hill Hospital" : "", ZoneOffset.UTC, Locale.ENGLISH);
        return house.accounts().open(role, signIn, person, twin, Browser.PASSWORD.toCharArray());
    }

    Secret seed() {
        return Objects.requireNonNull(ada.seed());
    }

    /** Ada shares these chapters for treatment. */
    void share(House house, Opened to, Set<Chapter> chapters) {
        var id = to.account().id();
        var terms = new Terms(
                id.toString(),
                to.account().name(),
                "Hill Hospital",
                Purpose.TREATMENT,
                chapters,
                null,
                true,
                quarter());
        var consent = house.consents().grant(twin, terms, seed());
        house.accounts().granted(id, new Grant(twin, consent.handle(), "Ada Quill", null));
    }

    /** Ada lets somebody do everything with these chapters. */
    void appoint(House house, Opened whom, Set<Chapter> chapters) {
        var id = whom.account().id();
        var appointment = new Appointment(
                id.toString(),
                whom.account().name(),
                house.accounts().identityKey(id).orElseThrow(),
                "Ada Quill",
                new Authority(Authority.Kind.CHOSEN, null),
                EnumSet.allOf(Power.class),
                chapters,
                quarter(),
                LocalDate.now(ZoneOffset.UTC).plusMonths(1),
                null);
        house.delegateDesk()
                .appoint(twin, appointment, new Hand(ada.account().id().toString(), Hand.As.PATIENT));
    }

    private static Period quarter() {
        var today = LocalDate.now(ZoneOffset.UTC);
        return new Period(today, today.plusMonths(3), ZoneOffset.UTC);
    }

    private void stop() {
        if (served != null) {
            served.close();
            served = null;
        }
    }

    @Override
    public void close() {
        stop();
        seed().close();
    }

    /** A value of the laboratory and two conditions, one of them sensitive. */
    static final String RECORD = """
        {"resourceType":"Bundle","type":"collection","entry":[
         {"resource":{"resourceType":"Patient","id":"p1","identifier":[{"system":"urn:test:mrn","value":"4711"}],
          "name":[{"family":"Quill","given":["Ada"]}],"gender":"female","birthDate":"1971-02-03"}},
         {"resource":{"resourceType":"Observation","id":"o1","status":"final",
          "category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"laboratory"}]}],
          "code":{"coding":[{"system":"http://loinc.org","code":"2345-7","display":"Glucose"}]},
          "subject":{"reference":"Patient/p1"},"effectiveDateTime":"2026-02-01","valueQuantity":{"value":6.1,"unit":"mmol/L"}}},
         {"resource":{"resourceType":"Condition","id":"c1","subject":{"reference":"Patient/p1"},"onsetDateTime":"2026-03-01",
          "code":{"coding":[{"system":"http://snomed.info/sct","code":"38341003","display":"Hypertension"}]}}},
         {"resource":{"resourceType":"Condition","id":"c2","subject":{"reference":"Patient/p1"},"onsetDateTime":"2026-03-03",
          "code":{"coding":[{"system":"http://snomed.info/sct","code":"7200002","display":"Alcoholism"}]}}}]}\
        """;
}
