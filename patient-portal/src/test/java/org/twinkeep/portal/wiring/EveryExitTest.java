package org.twinkeep.portal.wiring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.twinkeep.consent.decision.Dialect;
import org.twinkeep.consent.decision.Obligation;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.portal.accounts.Clients;
import org.twinkeep.portal.accounts.Opened;
import org.twinkeep.portal.cli.Cli;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Whatever is owed for an entry (decision 0404) is carried out at each exit, or the entry does not leave there. An address
 * or a command that is in none of the lists fails: whoever adds one says here what it tells.
 */
@Tag("slow")
class EveryExitTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String NOTICE = "42 CFR part 2 prohibits unauthorized use or disclosure of these records.";
    private static final String NUMBER_OF_STATE = "999-36-7116";
    private static final String VISIT = "Encounter/v1";
    private static final String BYTES = Base64.getEncoder().encodeToString(new byte[] {0, 1, 2, 3, 4, 5, 6, 7, 8});
    private static final List<String> MASKED = List.of("Masked by its source", "Masked beside a part");
    private static final Set<Chapter> ALL = Set.of(Chapter.values());

    /** What somebody else than the patient reads of a record; each is walked below. */
    private static final Set<String> EXITS = Set.of(
            "/patients/{twin}",
            "/patients/{twin}/chapters/{code}",
            "/patients/{twin}/entries/{id}",
            "/access/v1/evaluation",
            "/access/v1/evaluations",
            "/access/v1/search/subject",
            "/access/v1/search/resource",
            "/access/v1/search/action");

    /** The patient's own pages, which the rules of the house open to nobody else but who acts in the patient's name. */
    private static final List<String> OF_THE_PATIENT = List.of(
            "/timeline",
            "/entries/",
            "/consents",
            "/lookers",
            "/download",
            "/emergencies",
            "/requests",
            "/research",
            "/receipt",
            "/delete",
            "/delegates",
            "/people");

    /** Pages of others that tell nothing that an entry says. */
    private static final Set<String> WITHOUT_ENTRIES = Set.of(
            "/",
            "/sign-in",
            "/recover",
            "/set-up/{token}",
            "/purposes",
            "/account",
            "/account/password",
            "/account/zone",
            "/account/new-recovery-code",
            "/account/recovery-code",
            "/notices",
            "/notices/{number}/open",
            "/notices/read",
            "/patients",
            "/patients/{twin}/purpose",
            "/patients/{twin}/leave",
            "/emergency",
            "/emergency/go-on",
            "/emergency/end",
            "/matters",
            "/matters/shown",
            "/matters/{handle}/confirm",
            "/matters/{handle}/refuse",
            "/matters/appoint",
            "/matters/death",
            "/asked",
            "/asked/new",
            "/asked/{id}/withdraw",
            "/trail",
            "/trail/how",
            "/trail/checkpoint",
            "/trail/{leaf}/proof",
            "/reviews",
            "/reviews/{handle}",
            "/status",
            "/.well-known/authzen-configuration");

    private static final Set<String> COMMANDS_THAT_TELL = Set.of("decide", "export");
    private static final Set<String> OTHER_COMMANDS = Set.of(
            "demo", "serve", "account", "client", "policy", "import", "verify", "tour", "rebuild", "backup", "restore",
            "doctor", "kek", "migrate", "signer", "warm-up");

    @TempDir
    Path temp;

    private final Map<String, String> entries = new LinkedHashMap<>();
    private Home home;
    private TwinId twin;
    private Opened oak;
    private Opened elm;
    private Clients.Added client;

    @BeforeEach
    void aRecordThatOwesEverything() throws IOException {
        System.setProperty("twinkeep.authzen", "https://pdp.example.org");
        home = new Home(temp, RECORD.replace("BYTES", BYTES));
        twin = home.twin;
        try (var house = home.open()) {
            oak = home.clinician(house, "oak", "Dr Rowan Oak");
            elm = home.clinician(house, "elm", "Dr Iris Elm");
            client = house.accounts().clients().add("Gateway", "Hill Hospital");
            house.accounts().letBreakGlass(elm.account().id(), true);
            NAMES.forEach((of, name) -> {
                var key = of.split("/");
                var entry = house.twins().entryId(twin, Home.SOURCE, key[0], key[1]);
                assertThat(house.history().chapters(twin).stream()
                                .flatMap(chapter -> house.history().entries(twin, chapter).stream())
                                .anyMatch(state -> state.entry().equals(entry)))
                        .as(of)
                        .isTrue();
                entries.put(name, entry.toString());
            });
        }
    }

    @AfterEach
    void close() {
        home.close();
        System.clearProperty("twinkeep.authzen");
    }

    private void share(House house) {
        home.share(house, oak, ALL);
    }

    @Test
    void every_address_and_every_command_is_in_a_list() {
        for (var address : addresses()) {
            assertThat(EXITS.contains(address)
                            || WITHOUT_ENTRIES.contains(address)
                            || OF_THE_PATIENT.stream().anyMatch(address::startsWith))
                    .as("%s: say in which list it belongs, and walk it when it tells of entries", address)
                    .isTrue();
        }
        assertThat(addresses()).containsAll(EXITS).containsAll(WITHOUT_ENTRIES);
        var commands = new TreeSet<>(COMMANDS_THAT_TELL);
        commands.addAll(OTHER_COMMANDS);
        assertThat(commands).isEqualTo(commands());
    }

    @Test
    void the_pages_of_a_share_leave_out_and_carry_the_notice_and_show_nothing_that_is_to_be_masked() throws Exception {
        home.serve(this::share);
        var pages = asClinician();
        assertThat(pages.keySet()).containsAll(entryPages("Alcoholism", "Glucose", "Patient", "Letter"));
        assertThat(String.join("", pages.values())).contains("Alcoholism", "Glucose", "Ada Quill", "All is well");
        pages.forEach((path, page) -> {
            assertThat(page)
                    .as(path)
                    .doesNotContain(NUMBER_OF_STATE, VISIT, BYTES)
                    .doesNotContain(MASKED);
            if (page.contains("Alcoholism")) {
                assertThat(page).as(path).contains(NOTICE);
            }
        });
        for (var masked : MASKED) {
            assertThat(home.treating("oak").get(page(masked)).statusCode()).isEqualTo(404);
        }
    }

    @Test
    void an_emergency_leaves_out_and_opens_nothing_that_goes_with_the_notice_or_is_to_be_masked() throws Exception {
        home.serve(house -> house.glass()
                .breakGlass(twin, elm.account().looker(), "Unconscious in the emergency room.", Duration.ofHours(1)));
        var browser = home.signedIn("elm");
        browser.post("/emergency", "/emergency/go-on", Map.of());
        var pages = browser.crawl(List.of("/patients/" + twin), path -> path.startsWith("/patients/" + twin));
        assertThat(pages.keySet()).containsAll(entryPages("Glucose", "Patient"));
        pages.forEach((path, page) -> assertThat(page)
                .as(path)
                .doesNotContain(NUMBER_OF_STATE, VISIT, BYTES, "Alcoholism")
                .doesNotContain(MASKED));
        for (var closed : List.of("Alcoholism", MASKED.get(0), MASKED.get(1))) {
            assertThat(browser.get(page(closed)).statusCode()).as(closed).isEqualTo(404);
        }
    }

    @ParameterizedTest
    @EnumSource(Obligation.class)
    void a_program_that_does_not_carry_it_out_is_denied_each_way(Obligation one) throws Exception {
        home.serve(this::share);
        var all = EnumSet.allOf(Obligation.class);
        var but = EnumSet.complementOf(EnumSet.of(one));
        var named = named(all);
        assertThat(named).containsAll(ids("Alcoholism", "Glucose", "Patient", MASKED.get(0), MASKED.get(1)));
        int owing = 0;
        for (var id : named) {
            var answer = evaluated(id, all);
            assertThat(answer.path("decision").booleanValue()).isTrue();
            boolean owes = answer.path("context")
                    .path("obligations")
                    .valueStream()
                    .anyMatch(each -> each.stringValue().equals(one.name()));
            owing += owes ? 1 : 0;
            assertThat(evaluated(id, but).path("decision").booleanValue()).isEqualTo(!owes);
            assertThat(inABatch(id, but)).isEqualTo(!owes);
            assertThat(named(but).contains(id)).isEqualTo(!owes);
            assertThat(found("subject", "\"subject\":{\"type\":\"user\"},\"resource\":" + entry(id), but))
                    .isEqualTo(!owes);
            assertThat(found("action", subject() + ",\"resource\":" + entry(id), but))
                    .isEqualTo(!owes);
        }
        assertThat(owing).isPositive();
        assertThat(evaluated(
                        "Alcoholism", EnumSet.of(Obligation.REDACT, Obligation.NOTICE), "chapter", "substance-use"))
                .isTrue();
        assertThat(evaluated("Alcoholism", EnumSet.of(Obligation.REDACT), "chapter", "substance-use"))
                .isFalse();
    }

    @Test
    void the_command_says_what_the_pages_show() throws Exception {
        try (var house = home.open()) {
            share(house);
        }
        var alcoholism = decided("Alcoholism");
        assertThat(alcoholism.path("permitted").booleanValue()).isTrue();
        assertThat(alcoholism.path("obligations").toString()).isEqualTo("[\"NOTICE\",\"REDACT\"]");
        for (var masked : MASKED) {
            assertThat(decided(masked).path("code").stringValue()).isEqualTo("OBLIGATION");
        }
    }

    @Test
    void every_file_is_marked_and_carries_the_notice() throws Exception {
        home.serve(this::share);
        var own = home.signedIn("ada");
        var download = own.post("/download", "/download", Map.of()).body();
        assertThat(download).contains("Alcoholism", NOTICE, "\"NORDSCLCD\"", "\"code\":\"R\"");
        var out = temp.resolve("out.json");
        home.run("export", twin.toString(), "--reason", "a test", "-o", out.toString());
        assertThat(Files.readString(out)).contains("Alcoholism", NOTICE, "\"NORDSCLCD\"", "\"code\":\"R\"");
    }

    @Test
    void who_acts_for_the_patient_takes_along_only_what_they_see_with_the_mark_of_that() throws Exception {
        home.serve(house ->
                home.appoint(house, home.relative(house, "ben", "Ben Marrow"), Set.of(Chapter.PROFILE, Chapter.LABS)));
        var browser = home.acting("ben");
        assertThat(browser.reads("/timeline")).contains("Glucose").doesNotContain("Alcoholism");
        var file = browser.post("/download", "/download", Map.of()).body();
        assertThat(file).contains("Glucose").doesNotContain("Alcoholism", NOTICE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"MASK", "REDACT", "NORDSCLCD", "ENCRYPT", "NOAUTH"})
    void a_consent_that_says_what_to_do_with_what_it_permits_opens_no_exit(String code) throws Exception {
        home.serve(house -> house.consents().bring(twin, Dialect.R4, """
            {"resourceType":"Consent","status":"active",
             "scope":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/consentscope","code":"patient-privacy"}]},
             "category":[{"coding":[{"system":"http://loinc.org","code":"59284-0"}]}],
             "policyRule":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"OPTIN"}]},
             "provision":{"type":"permit","securityLabel":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode",
              "code":"%s"}]}}\
            """.formatted(code), home.seed()));
        assertThat(home.treating("oak").get("/patients/" + twin).statusCode()).isEqualTo(404);
        for (var entry : entries.keySet()) {
            assertThat(home.treating("oak").get(page(entry)).statusCode()).isEqualTo(404);
            assertThat(evaluated(id(entry), EnumSet.allOf(Obligation.class))
                            .path("decision")
                            .booleanValue())
                    .isFalse();
        }
        assertThat(named(EnumSet.allOf(Obligation.class))).isEmpty();
        assertThat(decided("Glucose").path("permitted").booleanValue()).isFalse();
    }

    // --- the exits

    private Map<String, String> asClinician() throws Exception {
        return home.treating("oak").crawl(List.of("/patients/" + twin), path -> path.startsWith("/patients/" + twin));
    }

    private String page(String entry) {
        return "/patients/" + twin + "/entries/" + entries.get(entry);
    }

    private List<String> entryPages(String... names) {
        return Arrays.stream(names).map(this::page).toList();
    }

    private String id(String name) {
        return twin + "/" + entries.get(name);
    }

    private List<String> ids(String... names) {
        return Arrays.stream(names).map(this::id).toList();
    }

    private String subject() {
        return "\"subject\":{\"type\":\"user\",\"id\":\"" + oak.account().id() + "\"}";
    }

    private static String entry(String id) {
        return "{\"type\":\"entry\",\"id\":\"" + id + "\"}";
    }

    private static String context(Set<Obligation> carriedOut) {
        return "\"context\":{\"purpose\":\"TREAT\",\"carries_out\":"
                + JSON.writeValueAsString(
                        carriedOut.stream().map(Obligation::name).toList()) + "}";
    }

    private static final String LOOK = "\"action\":{\"name\":\"access\"}";

    private JsonNode evaluated(String id, Set<Obligation> carriedOut) throws Exception {
        return asked("evaluation", subject(), LOOK, "\"resource\":" + entry(id), context(carriedOut));
    }

    private boolean evaluated(String any, Set<Obligation> carriedOut, String type, String chapter) throws Exception {
        var resource = "\"resource\":{\"type\":\"" + type + "\",\"id\":\"" + twin + "/" + chapter + "\"}";
        return asked("evaluation", subject(), LOOK, resource, context(carriedOut))
                .path("decision")
                .booleanValue();
    }

    private boolean inABatch(String id, Set<Obligation> carriedOut) throws Exception {
        return asked(
                        "evaluations",
                        subject(),
                        LOOK,
                        context(carriedOut),
                        "\"evaluations\":[{\"resource\":" + entry(id) + "}]")
                .path("evaluations")
                .path(0)
                .path("decision")
                .booleanValue();
    }

    private Set<String> named(Set<Obligation> carriedOut) throws Exception {
        var ids = new TreeSet<String>();
        asked("search/resource", subject(), LOOK, "\"resource\":{\"type\":\"entry\"}", context(carriedOut))
                .path("results")
                .forEach(each -> ids.add(each.path("id").stringValue()));
        return ids;
    }

    private boolean found(String what, String of, Set<Obligation> carriedOut) throws Exception {
        return !asked("search/" + what, of, what.equals("action") ? "\"x\":1" : LOOK, context(carriedOut))
                .path("results")
                .isEmpty();
    }

    private JsonNode asked(String where, String... parts) throws Exception {
        var secret = client.client().id() + ":" + client.secret();
        var answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(home.served().url() + "access/v1/" + where))
                                .header("Content-Type", "application/json")
                                .header(
                                        "Authorization",
                                        "Basic " + Base64.getEncoder().encodeToString(secret.getBytes(UTF_8)))
                                .POST(BodyPublishers.ofString("{" + String.join(",", parts) + "}"))
                                .build(),
                        BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private JsonNode decided(String entry) {
        return JSON.readTree(home.run(
                "decide",
                "--who",
                "oak",
                "--purpose",
                "TREAT",
                "--twin",
                twin.toString(),
                "--entry",
                Objects.requireNonNull(entries.get(entry)),
                "--reason",
                "a test"));
    }

    // --- the lists

    private static Set<String> addresses() {
        var addresses = new TreeSet<String>();
        var pages = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("org.twinkeep.portal");
        for (var page : pages) {
            assertThat(page.isAnnotatedWith(RequestMapping.class)).isFalse();
            for (var method : page.getMethods()) {
                assertThat(method.isAnnotatedWith(RequestMapping.class)
                                || method.isAnnotatedWith(PutMapping.class)
                                || method.isAnnotatedWith(PatchMapping.class)
                                || method.isAnnotatedWith(DeleteMapping.class))
                        .isFalse();
                method.tryGetAnnotationOfType(GetMapping.class)
                        .ifPresent(get -> addresses.addAll(either(get.value(), get.path())));
                method.tryGetAnnotationOfType(PostMapping.class)
                        .ifPresent(post -> addresses.addAll(either(post.value(), post.path())));
            }
        }
        return addresses;
    }

    private static List<String> either(String[] value, String[] path) {
        return List.of(value.length > 0 ? value : path);
    }

    private static Set<String> commands() {
        var commands = new TreeSet<String>();
        for (var each : Cli.class.getAnnotation(Command.class).subcommands()) {
            commands.add(each.getAnnotation(Command.class).name());
        }
        return commands;
    }

    // --- the record

    private static final Map<String, String> NAMES = Map.of(
            "Patient/p1", "Patient",
            "Observation/o1", "Glucose",
            "Condition/c3", "Alcoholism",
            "Condition/m1", "Masked by its source",
            "Condition/m2", "Masked beside a part",
            "Media/d1", "Letter");

    private static final String RECORD = """
        {"resourceType":"Bundle","type":"collection","entry":[
         {"resource":{"resourceType":"Patient","id":"p1","meta":{"source":"hospital"},
          "identifier":[{"system":"http://hl7.org/fhir/sid/us-ssn","value":"999-36-7116"},{"system":"urn:test:mrn","value":"4711"}],
          "photo":[{"contentType":"image/png","data":"BYTES"}],
          "name":[{"family":"Quill","given":["Ada"]}],"gender":"female","birthDate":"1971-02-03"}},
         {"resource":{"resourceType":"Encounter","id":"v1","status":"finished","class":{"code":"AMB"},
          "subject":{"reference":"Patient/p1"},"period":{"start":"2026-02-01","end":"2026-02-01"}}},
         {"resource":{"resourceType":"Observation","id":"o1","status":"final",
          "category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"laboratory"}]}],
          "code":{"coding":[{"system":"http://loinc.org","code":"2345-7","display":"Glucose"}]},
          "extension":[{"url":"urn:test","valueBase64Binary":"BYTES"}],
          "subject":{"reference":"Patient/p1"},"encounter":{"reference":"Encounter/v1"},
          "effectiveDateTime":"2026-02-01","valueQuantity":{"value":6.1,"unit":"mmol/L"}}},
         {"resource":{"resourceType":"Condition","id":"c3","subject":{"reference":"Patient/p1"},"onsetDateTime":"2026-03-03",
          "encounter":{"reference":"Encounter/v1"},
          "code":{"coding":[{"system":"http://snomed.info/sct","code":"7200002","display":"Alcoholism"}]}}},
         {"resource":{"resourceType":"Condition","id":"m1","subject":{"reference":"Patient/p1"},"onsetDateTime":"2026-03-04",
          "meta":{"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"MASK"}]},
          "code":{"text":"Masked by its source"}}},
         {"resource":{"resourceType":"Condition","id":"m2","subject":{"reference":"Patient/p1"},"onsetDateTime":"2026-03-05",
          "code":{"text":"Masked beside a part","extension":[
           {"url":"http://hl7.org/fhir/uv/security-label-ds4p/StructureDefinition/extension-inline-sec-label",
            "valueCoding":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"REDACT"}}]}}},
         {"resource":{"resourceType":"Media","id":"d1","status":"completed","subject":{"reference":"Patient/p1"},
          "createdDateTime":"2026-03-06","content":{"contentType":"text/plain","data":"QWxsIGlzIHdlbGw="}}}]}\
        """;
}
