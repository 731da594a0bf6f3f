package org.twinkeep.portal.authzen;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.twinkeep.crypto.Secret;
import org.twinkeep.portal.authzen.DecisionPoint.Sought;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The protocol, by the certification scenario of the OpenID AuthZEN working group (openid/authzen,
 * certification/authorization-api-1_0-scenario.md): its fixture, its requests, its numbers.
 */
class CertificationScenarioTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String ALICE = "\"subject\":{\"type\":\"user\",\"id\":\"alice\"}";
    private static final String BOB = "\"subject\":{\"type\":\"user\",\"id\":\"bob\"}";
    private static final String ADMIN =
            "\"subject\":{\"type\":\"user\",\"id\":\"bob\",\"properties\":{\"role\":\"admin\"}}";
    private static final String READ = "\"action\":{\"name\":\"read\"}";
    private static final String WRITE = "\"action\":{\"name\":\"write\"}";
    private static final String RECORD_1 = "\"resource\":{\"type\":\"record\",\"id\":\"record-1\"}";
    private static final String ARCHIVED =
            "\"resource\":{\"type\":\"record\",\"id\":\"record-2\",\"properties\":{\"status\":\"archived\"}}";
    private static final String CONTEXT = "\"context\":{\"time\":\"2025-06-27T18:03-07:00\",\"ip\":\"192.168.1.1\"}";

    private final AuthZen protocol = new AuthZen(Secret.copyOf(new byte[32]));
    private final Fixture fixture = new Fixture();

    /** The scenario's section 2. */
    private static final class Fixture implements DecisionPoint {
        private final List<String> named = new ArrayList<>();
        private int unread;

        @Override
        public Decision evaluate(Question question) {
            return new Decision(permits(question), Map.of());
        }

        private static boolean permits(Question question) {
            var action = Objects.requireNonNull(question.action());
            var archived =
                    "archived".equals(text(question.resource().properties().get("status")))
                            || "record-2".equals(question.resource().id());
            var admin = "admin".equals(text(question.subject().properties().get("role")))
                    || "bob".equals(question.subject().id());
            if (!question.subject().type().equals("user")
                    || !List.of("alice", "bob").contains(question.subject().id())) {
                return false;
            }
            var alice = "alice".equals(question.subject().id());
            return switch (action.name()) {
                case "read" -> true;
                case "write" -> archived ? admin : alice;
                case "delete" ->
                    alice
                            && action.properties().containsKey("soft")
                            && action.properties().get("soft").booleanValue();
                default -> false;
            };
        }

        private static String text(JsonNode node) {
            return node == null ? "" : node.asString();
        }

        @Override
        public void denyUnread() {
            unread++;
        }

        @Override
        public Found search(Sought sought, Question question) {
            var all = new ArrayList<Named>();
            switch (sought) {
                case SUBJECT -> {
                    for (var id : List.of("alice", "bob")) {
                        var subject = new Question.Entity(question.subject().type(), id, Map.of());
                        if (permits(new Question(subject, question.action(), question.resource(), Map.of()))) {
                            all.add(new Named("user", id));
                        }
                    }
                }
                case RESOURCE -> {
                    if (question.resource().type().equals("leaf")) {
                        IntStream.range(0, 150).forEach(leaf -> all.add(new Named("leaf", "leaf-" + leaf)));
                        break;
                    }
                    for (var id : List.of("record-1", "record-2")) {
                        var resource = new Question.Entity(question.resource().type(), id, Map.of());
                        if (permits(new Question(question.subject(), question.action(), resource, Map.of()))) {
                            all.add(new Named("record", id));
                        }
                    }
                }
                case ACTION -> {
                    for (var name : List.of("read", "write")) {
                        var action = new Question.Action(name, Map.of());
                        if (permits(new Question(question.subject(), action, question.resource(), Map.of()))) {
                            all.add(new Named("", name));
                        }
                    }
                }
            }
            return new Found(all, some -> some.forEach(each -> named.add(each.id())));
        }
    }

    @Test
    void the_eight_decisions_of_the_fixture() {
        assertThat(decided(ALICE, READ, RECORD_1)).isTrue();
        assertThat(decided(ALICE, WRITE, RECORD_1)).isTrue();
        assertThat(decided(BOB, READ, RECORD_1)).isTrue();
        assertThat(decided(BOB, WRITE, RECORD_1)).isFalse();
        assertThat(decided(ALICE, WRITE, ARCHIVED)).isFalse();
        assertThat(decided(ADMIN, WRITE, ARCHIVED)).isTrue();
        assertThat(decided(ALICE, "\"action\":{\"name\":\"delete\",\"properties\":{\"soft\":true}}", RECORD_1))
                .isTrue();
        assertThat(decided(ALICE, "\"action\":{\"name\":\"delete\",\"properties\":{\"soft\":false}}", RECORD_1))
                .isFalse();
        assertThat(decided(ALICE, READ, RECORD_1, CONTEXT)).isTrue();
        assertThat(decided(ALICE, READ, RECORD_1, "\"foo\":\"bar\"", "\"futureField\":{\"nested\":true}"))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"action\":{\"name\":\"read\"},\"resource\":{\"type\":\"record\",\"id\":\"record-1\"}}",
                "{\"subject\":{\"type\":\"user\",\"id\":\"alice\"},\"resource\":{\"type\":\"record\",\"id\":\"record-1\"}}",
                "{\"subject\":{\"type\":\"user\",\"id\":\"alice\"},\"action\":{\"name\":\"read\"}}",
                "{\"subject\":{\"id\":\"alice\"},\"action\":{\"name\":\"read\"},\"resource\":{\"type\":\"record\",\"id\":\"record-1\"}}",
                "{\"subject\":{\"type\":\"user\"},\"action\":{\"name\":\"read\"},\"resource\":{\"type\":\"record\",\"id\":\"record-1\"}}",
                "{\"subject\":{\"type\":\"user\",\"id\":\"alice\"},\"action\":{},\"resource\":{\"type\":\"record\",\"id\":\"record-1\"}}",
                "{\"subject\":{\"type\":\"user\",\"id\":\"alice\"},\"action\":{\"name\":\"read\"},\"resource\":{\"id\":\"record-1\"}}",
                "{\"subject\":{\"type\":\"user\",\"id\":\"alice\"},\"action\":{\"name\":\"read\"},\"resource\":{\"type\":\"record\"}}",
                "{\"subject\":\"alice\",\"action\":{\"name\":\"read\"},\"resource\":{\"type\":\"record\",\"id\":\"record-1\"}}",
                "{\"subject\":{\"type\":\"user\",\"id\":\"alice\"},\"action\":{\"name\":123},\"resource\":{\"type\":\"record\",\"id\":\"record-1\"}}",
                "{\"subject\":{\"type\":\"user\",\"type\":\"user\",\"id\":\"alice\"},\"action\":{\"name\":\"read\"},\"resource\":{\"type\":\"record\",\"id\":\"record-1\"}}",
                "",
                "[]",
                "{\"subject\":",
                "{} {}"
            })
    void what_is_no_request_is_refused_and_quoted_nowhere(String body) {
        assertThatThrownBy(() -> protocol.evaluation(body.getBytes(UTF_8), fixture))
                .isInstanceOf(BadQuestion.class)
                .message()
                .doesNotContain("alice", "record-1");
    }

    @Test
    void a_batch_answers_in_its_order_with_what_it_says_for_all() {
        assertThat(batch(BOB, RECORD_1, "\"evaluations\":[{" + READ + "},{" + WRITE + "}]"))
                .containsExactly(true, false);
        assertThat(batch(
                        ALICE,
                        WRITE,
                        "\"resource\":{\"type\":\"record\",\"id\":\"record-1\",\"properties\":{\"status\":\"active\"}}",
                        "\"evaluations\":[{},{" + ARCHIVED + "}]"))
                .containsExactly(true, false);
        assertThat(batch(WRITE, ARCHIVED, "\"evaluations\":[{" + ALICE + "},{" + ADMIN + "}]"))
                .containsExactly(false, true);
        assertThat(batch("\"evaluations\":[{" + String.join(",", ALICE, READ, RECORD_1) + "},{"
                        + String.join(",", BOB, WRITE, RECORD_1) + "}]"))
                .containsExactly(true, false);
        assertThat(batch(ALICE, READ, CONTEXT, "\"evaluations\":[{" + RECORD_1 + "}]"))
                .containsExactly(true);
    }

    @Test
    void one_of_a_batch_that_says_too_little_is_denied_and_says_so() {
        var answer = asked(
                "evaluations",
                ALICE,
                READ,
                "\"options\":{\"evaluations_semantic\":\"execute_all\"}",
                "\"evaluations\":[{" + RECORD_1 + "},{}]");
        assertThat(answer.path("evaluations").path(0).path("decision").asBoolean())
                .isTrue();
        assertThat(answer.path("evaluations").path(1).path("decision").asBoolean())
                .isFalse();
        assertThat(answer.path("evaluations")
                        .path(1)
                        .path("context")
                        .path("error")
                        .path("status")
                        .asInt())
                .isEqualTo(400);
        assertThat(answer.has("decision")).isFalse();
        assertThat(fixture.unread).isEqualTo(1);
    }

    @Test
    void a_batch_stops_where_it_was_told_to() {
        var three =
                "\"evaluations\":[{" + BOB + "," + READ + "},{" + BOB + "," + WRITE + "},{" + ALICE + "," + READ + "}]";
        assertThat(batch(RECORD_1, three, semantic("execute_all"))).containsExactly(true, false, true);
        assertThat(batch(RECORD_1, three, semantic("deny_on_first_deny"))).containsExactly(true, false);
        assertThat(batch(RECORD_1, three, semantic("permit_on_first_permit"))).containsExactly(true);
        assertThatThrownBy(() -> batch(RECORD_1, three, semantic("as_you_like")))
                .isInstanceOf(BadQuestion.class);
    }

    @Test
    void a_batch_of_none_is_one_evaluation() {
        assertThat(asked("evaluations", ALICE, READ, RECORD_1).path("decision").asBoolean())
                .isTrue();
        assertThat(asked("evaluations", ALICE, READ, RECORD_1, "\"evaluations\":[]")
                        .path("decision")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void the_searches_of_the_fixture() {
        var anyUser = "\"subject\":{\"type\":\"user\"}";
        assertThat(found(Sought.SUBJECT, anyUser, READ, RECORD_1)).containsExactly("alice", "bob");
        assertThat(found(Sought.SUBJECT, ALICE, READ, RECORD_1)).containsExactly("alice", "bob");
        assertThat(found(Sought.SUBJECT, anyUser, READ, RECORD_1, CONTEXT)).containsExactly("alice", "bob");
        assertThat(found(Sought.SUBJECT, anyUser, WRITE, ARCHIVED)).containsExactly("bob");
        var anyRecord = "\"resource\":{\"type\":\"record\"}";
        assertThat(found(Sought.RESOURCE, ALICE, READ, anyRecord)).contains("record-1");
        assertThat(found(Sought.RESOURCE, ALICE, READ, RECORD_1)).contains("record-1");
        assertThat(found(Sought.RESOURCE, ADMIN, WRITE, anyRecord)).contains("record-2");
        assertThat(found(Sought.ACTION, ALICE, RECORD_1)).containsExactly("read", "write");
        assertThat(found(Sought.ACTION, ADMIN, ARCHIVED)).contains("write");
        assertThat(found(Sought.ACTION, "\"subject\":{\"type\":\"user\",\"id\":\"nobody\"}", RECORD_1))
                .isEmpty();
        assertThat(found(Sought.SUBJECT, "\"subject\":{\"type\":\"spaceship\"}", READ, RECORD_1))
                .isEmpty();
    }

    @Test
    void a_search_that_says_too_little_is_refused() {
        var anyUser = "\"subject\":{\"type\":\"user\"}";
        var anyRecord = "\"resource\":{\"type\":\"record\"}";
        assertThatThrownBy(() -> found(Sought.SUBJECT, anyUser, RECORD_1)).isInstanceOf(BadQuestion.class);
        assertThatThrownBy(() -> found(Sought.RESOURCE, READ, anyRecord)).isInstanceOf(BadQuestion.class);
        assertThatThrownBy(() -> found(Sought.ACTION, ALICE)).isInstanceOf(BadQuestion.class);
        assertThatThrownBy(() -> found(Sought.SUBJECT, anyUser, READ, anyRecord))
                .isInstanceOf(BadQuestion.class);
        assertThatThrownBy(() -> found(Sought.RESOURCE, anyUser, READ, anyRecord))
                .isInstanceOf(BadQuestion.class);
        assertThatThrownBy(() -> found(Sought.ACTION, anyUser, RECORD_1)).isInstanceOf(BadQuestion.class);
    }

    @Test
    void pages_go_on_by_tokens_that_are_for_their_question_alone() {
        var anyUser = "\"subject\":{\"type\":\"user\"}";
        var first = searched(Sought.SUBJECT, anyUser, READ, RECORD_1, "\"page\":{\"limit\":1}");
        assertThat(ids(Sought.SUBJECT, first)).containsExactly("alice");
        assertThat(fixture.named).containsExactly("alice");
        var token = first.path("page").path("next_token").asString();
        assertThat(token).isNotEmpty();
        var second = searched(Sought.SUBJECT, anyUser, READ, RECORD_1, "\"page\":{\"token\":\"" + token + "\"}");
        assertThat(ids(Sought.SUBJECT, second)).containsExactly("bob");
        assertThat(second.path("page").path("next_token").asString()).isEmpty();
        assertThat(second.path("page").has("total")).isFalse();
        for (var page : List.of(
                "{\"token\":\"" + token + "\",\"limit\":2}",
                "{\"token\":\"AAAA\"}",
                "{\"token\":7}",
                "{\"limit\":-1}")) {
            assertThatThrownBy(() -> searched(Sought.SUBJECT, anyUser, READ, RECORD_1, "\"page\":" + page))
                    .isInstanceOf(BadQuestion.class);
        }
        assertThatThrownBy(() ->
                        searched(Sought.SUBJECT, anyUser, WRITE, RECORD_1, "\"page\":{\"token\":\"" + token + "\"}"))
                .isInstanceOf(BadQuestion.class);
    }

    @Test
    void who_asks_for_more_than_a_page_holds_goes_on_by_the_same_question() {
        var leaves = "\"resource\":{\"type\":\"leaf\"}";
        var first = searched(Sought.RESOURCE, BOB, READ, leaves, "\"page\":{\"limit\":1000}");
        assertThat(first.path("results")).hasSize(100);
        var token = first.path("page").path("next_token").asString();
        var next = "\"page\":{\"limit\":1000,\"token\":\"" + token + "\"}";
        assertThat(searched(Sought.RESOURCE, BOB, READ, leaves, next).path("results"))
                .hasSize(50);
    }

    private boolean decided(String... parts) {
        return asked("evaluation", parts).path("decision").booleanValue();
    }

    private List<Boolean> batch(String... parts) {
        var decisions = new ArrayList<Boolean>();
        asked("evaluations", parts)
                .path("evaluations")
                .forEach(each -> decisions.add(each.path("decision").booleanValue()));
        return decisions;
    }

    private JsonNode asked(String endpoint, String... parts) {
        var body = body(parts);
        return JSON.readTree(
                endpoint.equals("evaluation")
                        ? protocol.evaluation(body, fixture)
                        : protocol.evaluations(body, fixture));
    }

    private List<String> found(Sought sought, String... parts) {
        return ids(sought, searched(sought, parts));
    }

    private static List<String> ids(Sought sought, JsonNode answer) {
        var ids = new ArrayList<String>();
        answer.path("results")
                .forEach(each -> ids.add(
                        each.path(sought == Sought.ACTION ? "name" : "id").asString()));
        return ids;
    }

    private JsonNode searched(Sought sought, String... parts) {
        return JSON.readTree(protocol.search(sought, body(parts), fixture));
    }

    private static String semantic(String which) {
        return "\"options\":{\"evaluations_semantic\":\"" + which + "\"}";
    }

    private static byte[] body(String... parts) {
        return ("{" + String.join(",", parts) + "}").getBytes(UTF_8);
    }
}
