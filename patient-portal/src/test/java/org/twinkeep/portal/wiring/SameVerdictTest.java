package org.twinkeep.portal.wiring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.Period;
import org.twinkeep.consent.Purpose;
import org.twinkeep.consent.Terms;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.integrations.fhir.FhirImport;
import org.twinkeep.portal.accounts.Account;
import org.twinkeep.portal.accounts.Clients;
import org.twinkeep.portal.accounts.Grant;
import org.twinkeep.portal.accounts.Opened;
import org.twinkeep.portal.accounts.Person;
import org.twinkeep.portal.accounts.Role;
import org.twinkeep.portal.cli.Cli;
import org.twinkeep.twin.Actor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The page, AuthZEN and the command line, over HTTP and in a terminal: of one folder, they say the same. */
@Tag("slow")
class SameVerdictTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final List<String> PURPOSES = List.of("TREAT", "ETREAT", "HPAYMT");
    private static final String NO_ENTRY = "0123456789abcdef".repeat(2);
    private static final TwinId NO_TWIN = TwinId.of("00000000-0000-4000-8000-0000000000ff");

    @TempDir
    Path temp;

    private final Map<String, Account> clinicians = new LinkedHashMap<>();
    private final Map<String, String> entries = new LinkedHashMap<>();
    private TwinId ada;
    private Clients.Added client;
    private ServedHouse served;
    private long beforeItEnded;

    @BeforeEach
    void aHouseWithGrantsOfEveryKind() throws IOException {
        System.setProperty("twinkeep.authzen", "https://pdp.example.org");
        var house = open();
        ada = imported(house);
        try (var seed = Objects.requireNonNull(
                open(house, Role.PATIENT, "ada", "Ada Quill", ada).seed())) {
            for (var name : List.of("oak", "elm", "fir", "ash")) {
                clinicians.put(
                        name,
                        open(house, Role.CLINICIAN, name, "Dr " + name, null).account());
            }
            var today = LocalDate.now(ZoneOffset.UTC);
            var quarter = new Period(today, today.plusMonths(3), ZoneOffset.UTC);
            grant(house, seed, "oak", Purpose.TREATMENT, Set.of(Chapter.PROFILE, Chapter.LABS), null, quarter);
            grant(
                    house,
                    seed,
                    "elm",
                    Purpose.TREATMENT,
                    Set.of(Chapter.LABS, Chapter.CONDITIONS, Chapter.MENTAL_HEALTH, Chapter.DOCUMENTS),
                    new Period(LocalDate.of(2026, 1, 1), null, ZoneOffset.UTC),
                    quarter);
            grant(house, seed, "elm", Purpose.PAYMENT, Set.of(Chapter.CONDITIONS), null, quarter);
            var ended = grant(house, seed, "fir", Purpose.TREATMENT, Set.of(Chapter.LABS), null, quarter);
            beforeItEnded = house.consents().position().block();
            house.consents().revoke(ada, ended, seed);
            var past = new Period(today.minusMonths(2), today.minusDays(1), ZoneOffset.UTC);
            grant(house, seed, "ash", Purpose.TREATMENT, Set.of(Chapter.LABS), null, past);
        }
        house.trail().checkpoint();
        client = house.accounts().clients().add("Gateway", "Hill Hospital");
        served = new ServedHouse(house, 0);
    }

    @AfterEach
    void close() {
        served.close();
        System.clearProperty("twinkeep.authzen");
    }

    private record Asked(
            String who,
            String purpose,
            TwinId twin,
            @Nullable String entry) {}

    @Test
    void sixty_questions_three_ways() throws Exception {
        var byPage = new LinkedHashMap<Asked, Boolean>();
        var byAuthZen = new LinkedHashMap<Asked, Boolean>();
        for (var who : clinicians.keySet()) {
            var browser = Browser.signedIn(served.url(), who);
            for (var purpose : PURPOSES) {
                for (var asked : questions(who, purpose)) {
                    byPage.put(asked, shown(browser, asked));
                    byAuthZen.put(asked, decided(asked).path("decision").booleanValue());
                }
            }
        }
        assertThat(byPage).hasSizeGreaterThan(60);
        assertThat(byAuthZen).isEqualTo(byPage);
        assertThat(new TreeSet<>(byPage.values())).containsExactly(false, true);
        searchesNameWhatEvaluatesToPermit(byPage);
        deniedAlike();
        served.close();
        var byCommand = new LinkedHashMap<Asked, Boolean>();
        for (var asked : byPage.keySet()) {
            byCommand.put(asked, commanded(asked).path("permitted").booleanValue());
        }
        assertThat(byCommand).isEqualTo(byPage);
        assertThat(reason("fir", "TREAT")).isEqualTo("REVOKED");
        assertThat(reason("ash", "TREAT")).isEqualTo("EXPIRED");
        assertThat(reason("oak", "HPAYMT")).isEqualTo("OTHER_PURPOSE");
    }

    private String reason(String who, String purpose) {
        return commanded(new Asked(who, purpose, ada, null)).path("code").asString();
    }

    /** The twin; each of its entries; one that is not there; a twin that is not there. */
    private List<Asked> questions(String who, String purpose) {
        var all = new ArrayList<Asked>();
        all.add(new Asked(who, purpose, ada, null));
        entries.values().forEach(entry -> all.add(new Asked(who, purpose, ada, entry)));
        all.add(new Asked(who, purpose, ada, NO_ENTRY));
        all.add(new Asked(who, purpose, NO_TWIN, null));
        return all;
    }

    private void searchesNameWhatEvaluatesToPermit(Map<Asked, Boolean> byPage) throws Exception {
        for (var who : clinicians.keySet()) {
            for (var purpose : PURPOSES) {
                var permitted = byPage.entrySet().stream()
                        .filter(e -> e.getKey().who().equals(who)
                                && e.getKey().purpose().equals(purpose)
                                && e.getKey().entry() != null
                                && e.getValue())
                        .map(e -> ada + "/" + e.getKey().entry())
                        .collect(Collectors.toSet());
                var named = new TreeSet<String>();
                var token = "";
                do {
                    var page = token.isEmpty() ? "{\"limit\":1}" : "{\"token\":\"" + token + "\"}";
                    var answer = asked("/access/v1/search/resource", """
                            {"subject":%s,"action":{"name":"access"},"resource":{"type":"entry"},
                             "context":{"purpose":"%s","carries_out":["REDACT","NOTICE"]},"page":%s}""".formatted(subject(who), purpose, page));
                    answer.path("results")
                            .forEach(each -> named.add(each.path("id").asString()));
                    token = answer.path("page").path("next_token").asString();
                } while (!token.isEmpty());
                assertThat(named).as(who + " " + purpose).isEqualTo(new TreeSet<>(permitted));
                var chapters = asked("/access/v1/search/resource", """
                        {"subject":%s,"action":{"name":"access"},"resource":{"type":"chapter"},"context":{"purpose":"%s"}}""".formatted(subject(who), purpose));
                for (var each : chapters.path("results")) {
                    var one = asked("/access/v1/evaluation", """
                            {"subject":%s,"action":{"name":"access"},"resource":%s,"context":{"purpose":"%s"}}""".formatted(subject(who), each, purpose));
                    assertThat(one.path("decision").booleanValue()).isTrue();
                }
            }
        }
        var users = asked("/access/v1/search/subject", """
                {"subject":{"type":"user"},"action":{"name":"access"},"resource":{"type":"twin","id":"%s"},
                 "context":{"purpose":"TREAT"}}""".formatted(ada));
        var named = new TreeSet<String>();
        users.path("results").forEach(each -> named.add(each.path("id").asString()));
        assertThat(named).containsExactlyInAnyOrder(id("oak"), id("elm"));
        var actions = asked("/access/v1/search/action", """
                {"subject":%s,"resource":{"type":"twin","id":"%s"},"context":{"purpose":"TREAT"}}""".formatted(subject("oak"), ada));
        assertThat(actions.path("results").path(0).path("name").asString()).isEqualTo("access");
    }

    /** Never granted, revoked, expired, another purpose, no such entry, no such twin: but for the leaf, the same bytes. */
    private void deniedAlike() throws Exception {
        var answers = new TreeSet<String>();
        for (var asked : List.of(
                new Asked("fir", "TREAT", ada, null),
                new Asked("ash", "TREAT", ada, null),
                new Asked("oak", "HPAYMT", ada, null),
                new Asked("oak", "ETREAT", ada, null),
                new Asked("oak", "TREAT", ada, NO_ENTRY),
                new Asked("oak", "TREAT", ada, entries.get("c1")),
                new Asked("oak", "TREAT", NO_TWIN, null))) {
            answers.add(decided(asked).toString().replaceAll("[0-9a-f]{64}", "LEAF"));
        }
        assertThat(answers).hasSize(1);
        assertThat(answers.first()).contains("\"decision\":false").doesNotContain("revoked", "expired");
    }

    @Test
    void who_is_not_known_is_not_answered_and_each_request_gets_its_id_back() throws Exception {
        var body = "{}";
        assertThat(send("/access/v1/evaluation", body, null).statusCode()).isEqualTo(401);
        assertThat(send("/access/v1/evaluation", body, "Basic " + base64("nobody:secret"))
                        .statusCode())
                .isEqualTo(401);
        var wrong = send("/access/v1/evaluation", body, basic("wrong"));
        assertThat(wrong.statusCode()).isEqualTo(401);
        assertThat(wrong.headers().firstValue("WWW-Authenticate")).isPresent();
        assertThat(wrong.headers().firstValue("X-Request-ID")).contains("bfe9eb29");
        var bad = send("/access/v1/evaluation", body, basic(client.secret()));
        assertThat(bad.statusCode()).isEqualTo(400);
        assertThat(bad.headers().firstValue("X-Request-ID")).contains("bfe9eb29");
        var known = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(site() + "/.well-known/authzen-configuration"))
                                .build(),
                        BodyHandlers.ofString());
        assertThat(JSON.readTree(known.body()).path("policy_decision_point").asString())
                .isEqualTo("https://pdp.example.org");
        for (int i = 0; i < 40; i++) {
            send("/access/v1/evaluation", body, basic("wrong" + i));
        }
        assertThat(send("/access/v1/evaluation", body, basic("wrong")).statusCode())
                .isEqualTo(429);
        assertThat(decided(new Asked("oak", "TREAT", ada, null))
                        .path("decision")
                        .booleanValue())
                .isTrue();
    }

    @Test
    void closed_until_it_is_opened() throws Exception {
        served.close();
        System.clearProperty("twinkeep.authzen");
        served = new ServedHouse(open(), 0);
        assertThat(send("/access/v1/evaluation", "{}", basic(client.secret())).statusCode())
                .isIn(302, 403, 404);
    }

    @Test
    void the_patient_reads_who_asked_about_whom_and_why_not() throws Exception {
        decided(new Asked("fir", "TREAT", ada, null));
        decided(new Asked("oak", "TREAT", ada, null));
        served.close();
        try (var house = open()) {
            var looks = house.trail().looks(ada);
            assertThat(looks.get(0).who().name()).isEqualTo("Gateway");
            assertThat(looks.get(0).permitted()).isTrue();
            assertThat(looks.get(0).scopes()).isEmpty();
            assertThat(looks.get(0).why()).contains("Dr oak");
            assertThat(looks.get(1).permitted()).isFalse();
            assertThat(looks.get(1).why()).contains("Dr fir").contains("the consent was revoked");
        }
    }

    @Test
    void the_past_is_decided_again() {
        served.close();
        assertThat(commanded(new Asked("fir", "TREAT", ada, null))
                        .path("permitted")
                        .booleanValue())
                .isFalse();
        var before = run(arguments(new Asked("fir", "TREAT", ada, null), "--block", Long.toString(beforeItEnded)));
        assertThat(before.path("permitted").booleanValue()).isTrue();
        assertThat(before.path("decision").asString()).contains("\"answer\"");
        assertThat(run(arguments(new Asked("oak", "TREAT", ada, null), "--at", "2026-01-01"))
                        .path("permitted")
                        .booleanValue())
                .isFalse();
    }

    // --- the three ways

    private static boolean shown(Browser browser, Asked asked) throws Exception {
        var patient = "/patients/" + asked.twin();
        browser.post(patient + "/purpose", patient + "/purpose", Map.of("purpose", asked.purpose()));
        var answer = browser.get(asked.entry() == null ? patient : patient + "/entries/" + asked.entry());
        assertThat(answer.statusCode()).isIn(200, 404);
        return answer.statusCode() == 200;
    }

    private JsonNode decided(Asked asked) throws Exception {
        var resource = asked.entry() == null
                ? "{\"type\":\"twin\",\"id\":\"" + asked.twin() + "\"}"
                : "{\"type\":\"entry\",\"id\":\"" + asked.twin() + "/" + asked.entry() + "\"}";
        return asked("/access/v1/evaluation", """
                {"subject":%s,"action":{"name":"access"},"resource":%s,
                 "context":{"purpose":"%s","carries_out":["REDACT","NOTICE","MASK"]}}""".formatted(subject(asked.who()), resource, asked.purpose()));
    }

    private JsonNode commanded(Asked asked) {
        return run(arguments(asked));
    }

    private List<String> arguments(Asked asked, String... more) {
        var arguments = new ArrayList<>(List.of(
                "decide",
                "--who",
                asked.who(),
                "--purpose",
                asked.purpose(),
                "--twin",
                asked.twin().toString()));
        arguments.addAll(List.of("--reason", "a test"));
        if (asked.entry() != null) {
            arguments.addAll(List.of("--entry", asked.entry()));
        }
        arguments.addAll(List.of(more));
        return arguments;
    }

    private JsonNode run(List<String> arguments) {
        var all = new ArrayList<>(arguments);
        all.addAll(List.of(
                "--json",
                "--data",
                temp.resolve("data").toString(),
                "--kek-file",
                temp.resolve("key").toString()));
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        int exit = Cli.run(
                new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), all.toArray(String[]::new));
        assertThat(exit).as(err.toString(UTF_8)).isZero();
        return JSON.readTree(out.toString(UTF_8));
    }

    private String subject(String who) {
        return "{\"type\":\"user\",\"id\":\"" + id(who) + "\"}";
    }

    private String id(String who) {
        return Objects.requireNonNull(clinicians.get(who)).id().toString();
    }

    private JsonNode asked(String path, String body) throws Exception {
        var answer = send(path, body, basic(client.secret()));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("X-Request-ID")).contains("bfe9eb29");
        return JSON.readTree(answer.body());
    }

    private HttpResponse<String> send(String path, String body, @Nullable String authorization) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(site() + path))
                .header("Content-Type", "application/json")
                .header("X-Request-ID", "bfe9eb29")
                .POST(BodyPublishers.ofString(body));
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
    }

    private String basic(String secret) {
        return "Basic " + base64(client.client().id() + ":" + secret);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    private String site() {
        return served.url().replaceAll("/$", "");
    }

    // --- the house

    private House open() {
        var kek = new Kek(temp.resolve("key"), false, _ -> new char[0], _ -> {});
        return House.open(new DataFolder(temp.resolve("data")), kek, "a test", Clock.systemUTC());
    }

    private TwinId imported(House house) throws IOException {
        var file = Files.writeString(temp.resolve("record.json"), RECORD);
        var report = house.fhirImport()
                .run(
                        List.of(file),
                        new FhirImport.Options(null, null, new Actor(Actor.Kind.OPERATOR, "operator:test")),
                        (_, _, _) -> {});
        var twin = report.twins().getFirst().twin();
        for (var chapter : house.history().chapters(twin)) {
            house.history()
                    .entries(twin, chapter)
                    .forEach(entry -> entries.put(
                            entries.size() + chapter.code(), entry.entry().toString()));
        }
        entries.keySet().stream()
                .filter(name -> name.endsWith("conditions"))
                .findFirst()
                .ifPresent(name -> entries.put("c1", Objects.requireNonNull(entries.get(name))));
        return twin;
    }

    private static Opened open(House house, Role role, String signIn, String name, @Nullable TwinId twin) {
        var person = new Person(name, twin == null ? "Hill Hospital" : "", ZoneOffset.UTC, Locale.ENGLISH);
        return house.accounts().open(role, signIn, person, twin, Browser.PASSWORD.toCharArray());
    }

    private ConsentHandle grant(
            House house,
            Secret seed,
            String who,
            Purpose purpose,
            Set<Chapter> chapters,
            @Nullable Period data,
            Period term) {
        var consent = house.consents()
                .grant(
                        ada,
                        new Terms(id(who), "Dr " + who, "Hill Hospital", purpose, chapters, data, true, term),
                        seed);
        house.accounts()
                .granted(
                        Objects.requireNonNull(clinicians.get(who)).id(),
                        new Grant(ada, consent.handle(), "Ada Quill", null));
        return consent.handle();
    }

    /** Laboratory values old and new, a common condition, a sensitive one, and a note that tells of it. */
    private static final String RECORD = """
            {"resourceType":"Bundle","type":"collection","entry":[
             {"fullUrl":"urn:uuid:00000000-0000-0000-0000-000000000001","resource":{"resourceType":"Patient","id":"p1",
              "identifier":[{"system":"urn:test:mrn","value":"4711"}],"name":[{"family":"Quill","given":["Ada"]}],
              "gender":"female","birthDate":"1971-02-03"}},
             {"resource":{"resourceType":"Observation","id":"o1","status":"final",
              "category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"laboratory"}]}],
              "code":{"coding":[{"system":"http://loinc.org","code":"2345-7","display":"Glucose"}]},
              "subject":{"reference":"Patient/p1"},"effectiveDateTime":"2026-02-01","valueQuantity":{"value":6.1,"unit":"mmol/L"}}},
             {"resource":{"resourceType":"Observation","id":"o2","status":"final",
              "category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"laboratory"}]}],
              "code":{"coding":[{"system":"http://loinc.org","code":"2345-7","display":"Glucose"}]},
              "subject":{"reference":"Patient/p1"},"effectiveDateTime":"2019-02-01","valueQuantity":{"value":5.1,"unit":"mmol/L"}}},
             {"resource":{"resourceType":"Condition","id":"c1","subject":{"reference":"Patient/p1"},"onsetDateTime":"2026-03-01",
              "code":{"coding":[{"system":"http://snomed.info/sct","code":"38341003","display":"Hypertension"}]}}},
             {"resource":{"resourceType":"Condition","id":"c2","subject":{"reference":"Patient/p1"},"onsetDateTime":"2026-03-02",
              "code":{"coding":[{"system":"http://snomed.info/sct","code":"370143000","display":"Major depressive disorder"}]}}},
             {"resource":{"resourceType":"Condition","id":"c3","subject":{"reference":"Patient/p1"},"onsetDateTime":"2026-03-03",
              "code":{"coding":[{"system":"http://snomed.info/sct","code":"7200002","display":"Alcoholism"}]}}}]}""";
}
