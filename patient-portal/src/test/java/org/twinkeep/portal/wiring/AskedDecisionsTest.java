package org.twinkeep.portal.wiring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.twinkeep.consent.Denial;
import org.twinkeep.consent.Purpose;
import org.twinkeep.consent.decision.Dialect;
import org.twinkeep.consent.trail.Look;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.Secret;
import org.twinkeep.portal.accounts.Opened;
import org.twinkeep.portal.authzen.AuthZen;
import org.twinkeep.portal.authzen.DecisionPoint.Sought;
import org.twinkeep.portal.authzen.HouseDecisions;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A program asks a whole house: every question has its leaf, and no search names what an evaluation denies. */
class AskedDecisionsTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String LOOK = "\"action\":{\"name\":\"access\"}";
    private static final List<String> CARRIED_OUT = List.of("[]", "[\"REDACT\"]", "[\"REDACT\",\"NOTICE\",\"MASK\"]");

    @TempDir
    Path temp;

    private final Map<String, Opened> people = new LinkedHashMap<>();
    private final AuthZen protocol = new AuthZen(Secret.copyOf(new byte[32]));
    private Home home;
    private House house;
    private HouseDecisions point;

    @BeforeEach
    void open() throws IOException {
        home = new Home(temp, Home.RECORD);
        house = home.open();
        people.put("ada", home.ada);
        for (var name : List.of("oak", "elm", "fir")) {
            people.put(name, home.clinician(house, name, "Dr " + name));
        }
        home.share(house, who("oak"), Set.of(Chapter.LABS, Chapter.CONDITIONS));
        home.share(house, who("elm"), EnumSet.allOf(Chapter.class));
        var never = new Denial(who("elm").account().id().toString(), "Dr elm", Purpose.TREATMENT, Set.of(Chapter.LABS));
        house.consents().deny(home.twin, never, home.seed());
        var client = house.accounts().clients().add("Gateway", "Hill Hospital").client();
        point = new HouseDecisions(house.judge(), house.accounts(), client.looker());
        for (var name :
                people.keySet()) { // the first to ask for more than the twin has a view built, which leaves its own
            // leaves
            decided(subject(name), LOOK, chapter("labs"), purpose("TREAT"));
        }
    }

    @AfterEach
    void close() {
        house.close();
        home.close();
    }

    @Test
    void every_question_has_one_leaf_of_its_own_whatever_the_answer() {
        for (var question : List.of(
                body(subject("oak"), LOOK, twin(), purpose("TREAT")), // permitted
                body(subject("fir"), LOOK, twin(), purpose("TREAT")), // never granted
                body(subject("oak"), LOOK, twin(), purpose("HPAYMT")),
                body(subject("oak"), LOOK, twin()), // no purpose
                body(subject("oak"), "\"action\":{\"name\":\"write\"}", twin(), purpose("TREAT")),
                body("\"subject\":{\"type\":\"user\",\"id\":\"nobody\"}", LOOK, twin(), purpose("TREAT")),
                body("\"subject\":{\"type\":\"robot\",\"id\":\"r2\"}", LOOK, twin(), purpose("TREAT")),
                body(subject("oak"), LOOK, chapter("labs"), purpose("TREAT")))) {
            assertThat(leavesOf(() -> protocol.evaluation(question, point))).isEqualTo(1);
            assertThat(looks().getFirst().who().name()).isEqualTo("Gateway");
        }
        for (var nowhere : List.of(
                "\"resource\":{\"type\":\"twin\",\"id\":\"00000000-0000-4000-8000-0000000000ff\"}",
                "\"resource\":{\"type\":\"twin\",\"id\":\"odd\"}",
                "\"resource\":{\"type\":\"spaceship\",\"id\":\"1\"}",
                "\"resource\":{\"type\":\"chapter\",\"id\":\"" + home.twin + "/odd\"}")) {
            assertThat(leavesOf(
                            () -> protocol.evaluation(body(subject("oak"), LOOK, nowhere, purpose("TREAT")), point)))
                    .isEqualTo(1);
        }
    }

    @Test
    void each_of_a_batch_has_its_leaf_one_that_says_too_little_as_well_and_none_where_it_was_not_decided() {
        var four = "\"evaluations\":[{%s},{%s},{\"action\":7},{%s}]"
                .formatted(subject("oak"), subject("fir"), subject("elm"));
        var options = Map.of("execute_all", 4, "deny_on_first_deny", 2, "permit_on_first_permit", 1);
        options.forEach((semantic, decided) -> {
            var asked = body(
                    LOOK,
                    twin(),
                    purpose("TREAT"),
                    four,
                    "\"options\":{\"evaluations_semantic\":\"" + semantic + "\"}");
            assertThat(leavesOf(() -> assertThat(
                                    answer(protocol.evaluations(asked, point)).path("evaluations"))
                            .hasSize(decided)))
                    .as(semantic)
                    .isEqualTo((long) decided);
        });
    }

    @Test
    @Tag("slow")
    void a_search_names_what_an_evaluation_permits_and_nothing_else() {
        int named = 0;
        for (var purpose : List.of("TREAT", "ETREAT", "HPAYMT", "BTG", "PATRQT", "odd")) {
            for (var carriedOut : CARRIED_OUT) {
                var context = "\"context\":{\"purpose\":\"" + purpose + "\",\"carries_out\":" + carriedOut + "}";
                for (var resource : resources()) {
                    var permitted = new TreeSet<String>();
                    people.forEach((name, _) -> {
                        if (decided(subject(name), LOOK, resource, context)) {
                            permitted.add(id(name));
                        }
                        var actions = found(Sought.ACTION, subject(name), resource, context);
                        assertThat(actions).isEqualTo(permitted.contains(id(name)) ? Set.of("access") : Set.of());
                    });
                    assertThat(found(Sought.SUBJECT, "\"subject\":{\"type\":\"user\"}", LOOK, resource, context))
                            .isEqualTo(permitted);
                    named += permitted.size();
                }
                for (var name : people.keySet()) {
                    for (var type : List.of("twin", "chapter", "entry")) {
                        var permitted = new TreeSet<String>();
                        resources().stream()
                                .filter(resource -> resource.contains("\"type\":\"" + type + "\""))
                                .filter(resource -> decided(subject(name), LOOK, resource, context))
                                .forEach(resource ->
                                        permitted.add(resource.replaceAll(".*\"id\":\"([^\"]*)\".*", "$1")));
                        assertThat(found(
                                        Sought.RESOURCE,
                                        subject(name),
                                        LOOK,
                                        "\"resource\":{\"type\":\"" + type + "\"}",
                                        context))
                                .isEqualTo(permitted);
                    }
                }
            }
        }
        assertThat(named).isPositive();
    }

    @Test
    void a_search_leaves_one_leaf_for_the_twin_that_it_names_on_each_page_and_one_where_it_names_nothing() {
        var entries = "\"resource\":{\"type\":\"entry\"}";
        var context = "\"context\":{\"purpose\":\"TREAT\",\"carries_out\":[\"REDACT\"]}";
        var asked = new ArrayList<String>(List.of(subject("oak"), LOOK, entries, context));
        var page = "\"page\":{\"limit\":1}";
        var seen = new TreeSet<String>();
        for (int pages = 0; !page.isEmpty(); pages++) {
            var question = body(subject("oak"), LOOK, entries, context, page);
            var answer = new JsonNode[1];
            assertThat(leavesOf(() -> answer[0] = answer(protocol.search(Sought.RESOURCE, question, point))))
                    .isEqualTo(1);
            assertThat(looks().getFirst().why()).contains("1 named");
            assertThat(answer[0].path("page").path("count").asInt()).isEqualTo(1);
            assertThat(seen.add(answer[0].path("results").path(0).path("id").stringValue()))
                    .isTrue();
            var token = answer[0].path("page").path("next_token").stringValue();
            page = token.isEmpty() ? "" : "\"page\":{\"token\":\"" + token + "\"}";
            assertThat(pages).isLessThan(10);
        }
        assertThat(seen).isEqualTo(found(Sought.RESOURCE, asked.toArray(String[]::new)));
        assertThat(leavesOf(() -> found(Sought.RESOURCE, subject("fir"), LOOK, entries, context)))
                .isEqualTo(1);
        assertThat(leavesOf(() -> found(Sought.ACTION, subject("fir"), twin(), context)))
                .isEqualTo(1);
    }

    @Test
    void no_consent_is_asked_in_an_emergency_whatever_purposes_it_permits() {
        house.consents().bring(home.twin, Dialect.R4, """
                 {"resourceType":"Consent","status":"active",
                  "scope":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/consentscope","code":"patient-privacy"}]},
                  "category":[{"coding":[{"system":"http://loinc.org","code":"59284-0"}]}],
                  "policyRule":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"OPTIN"}]}}\
                 """, home.seed());
        assertThat(decided(subject("fir"), LOOK, twin(), purpose("TREAT"))).isTrue();
        assertThat(decided(subject("fir"), LOOK, twin(), purpose("BTG"))).isFalse();
        assertThat(looks().getFirst().why()).contains("breaking the glass");
    }

    // --- asking

    private Opened who(String name) {
        return people.get(name);
    }

    private String id(String name) {
        return who(name).account().id().toString();
    }

    private String subject(String name) {
        return "\"subject\":{\"type\":\"user\",\"id\":\"" + id(name) + "\"}";
    }

    private String twin() {
        return "\"resource\":{\"type\":\"twin\",\"id\":\"" + home.twin + "\"}";
    }

    private String chapter(String code) {
        return "\"resource\":{\"type\":\"chapter\",\"id\":\"" + home.twin + "/" + code + "\"}";
    }

    private List<String> resources() {
        var all = new ArrayList<>(List.of(twin()));
        for (var chapter : Chapter.values()) {
            all.add(chapter(chapter.code()));
        }
        for (var of : List.of("Patient/p1", "Observation/o1", "Condition/c1", "Condition/c2")) {
            var key = of.split("/");
            var entry = house.twins().entryId(home.twin, Home.SOURCE, key[0], key[1]);
            all.add("\"resource\":{\"type\":\"entry\",\"id\":\"" + home.twin + "/" + entry + "\"}");
        }
        return all;
    }

    private static String purpose(String code) {
        return "\"context\":{\"purpose\":\"" + code + "\",\"carries_out\":[\"REDACT\",\"NOTICE\"]}";
    }

    private boolean decided(String... parts) {
        return answer(protocol.evaluation(body(parts), point)).path("decision").booleanValue();
    }

    private Set<String> found(Sought sought, String... parts) {
        var found = new TreeSet<String>();
        answer(protocol.search(sought, body(parts), point))
                .path("results")
                .forEach(each -> found.add(
                        each.path(sought == Sought.ACTION ? "name" : "id").stringValue()));
        return found;
    }

    private long leavesOf(Runnable asking) {
        long before = house.trail().size();
        asking.run();
        return house.trail().size() - before;
    }

    private List<Look> looks() {
        return house.trail().looks(home.twin);
    }

    private static JsonNode answer(byte[] json) {
        return JSON.readTree(json);
    }

    private static byte[] body(String... parts) {
        return ("{" + String.join(",", parts) + "}").getBytes(UTF_8);
    }
}
