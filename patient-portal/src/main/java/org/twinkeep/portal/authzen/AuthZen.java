package org.twinkeep.portal.authzen;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.twinkeep.crypto.Secret;
import org.twinkeep.portal.authzen.DecisionPoint.Decision;
import org.twinkeep.portal.authzen.DecisionPoint.Named;
import org.twinkeep.portal.authzen.DecisionPoint.Sought;
import org.twinkeep.portal.authzen.PageTokens.Place;
import org.twinkeep.portal.authzen.Question.Action;
import org.twinkeep.portal.authzen.Question.Entity;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The OpenID AuthZEN Authorization API 1.0 as JSON in and JSON out, over whoever decides: evaluation, evaluations and the
 * three searches (docs/formats/authzen.md).
 *
 * <p>A request that is none throws {@link BadQuestion}; one evaluation of a batch that is none is denied and says so.
 */
public final class AuthZen {

    /** Evaluations in one request, and results on one page. */
    static final int MOST = 100;

    private static final int DEEPEST = 32;
    private static final String SEMANTIC = "evaluations_semantic";

    /** I-JSON (RFC 7493): no name twice in an object. */
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final PageTokens tokens;

    /** @param pages seals where a page of results ended */
    public AuthZen(Secret pages) {
        this.tokens = new PageTokens(pages);
    }

    public byte[] evaluation(byte[] request, DecisionPoint point) {
        return written(decided(point.evaluate(question(object(request), null))));
    }

    public byte[] evaluations(byte[] request, DecisionPoint point) {
        var all = object(request);
        var list = all.path("evaluations");
        if (!list.isMissingNode() && !list.isArray()) {
            throw new BadQuestion("evaluations is no array");
        }
        if (list.isEmpty()) {
            return written(decided(point.evaluate(question(all, null))));
        }
        if (list.size() > MOST) {
            throw new BadQuestion("evaluations holds more than " + MOST);
        }
        var semantic = semantic(all);
        entitiesThatAreThere(all);
        var answer = JSON.createObjectNode();
        var answers = answer.putArray("evaluations");
        for (var one : list) {
            var decision = one(all, one, point);
            answers.add(decided(decision));
            if (semantic.endsWith(decision.permitted())) {
                break;
            }
        }
        return written(answer);
    }

    public byte[] search(Sought sought, byte[] request, DecisionPoint point) {
        var all = object(request);
        var question = question(all, sought);
        var page = all.path("page");
        if (!page.isMissingNode() && !page.isObject()) {
            throw new BadQuestion("page is no object");
        }
        var place = place(sought, all, page);
        var found = point.search(sought, question);
        int from = Math.min(place.from(), found.all().size());
        int to = Math.min(from + place.limit(), found.all().size());
        var named = found.all().subList(from, to);
        found.beforeNaming().accept(named);
        var answer = JSON.createObjectNode();
        boolean more = to < found.all().size();
        answer.putObject("page")
                .put("next_token", more ? tokens.write(new Place(to, place.limit(), place.of())) : "")
                .put("count", named.size());
        var results = answer.putArray("results");
        for (var each : named) {
            results.add(entity(sought, each));
        }
        return written(answer);
    }

    private enum Semantic {
        EXECUTE_ALL,
        DENY_ON_FIRST_DENY,
        PERMIT_ON_FIRST_PERMIT;

        boolean endsWith(boolean permitted) {
            return switch (this) {
                case EXECUTE_ALL -> false;
                case DENY_ON_FIRST_DENY -> !permitted;
                case PERMIT_ON_FIRST_PERMIT -> permitted;
            };
        }
    }

    private static Semantic semantic(JsonNode all) {
        var options = all.path("options");
        if (options.isMissingNode()) {
            return Semantic.EXECUTE_ALL;
        }
        if (!options.isObject()) {
            throw new BadQuestion("options is no object");
        }
        var named = options.path(SEMANTIC);
        if (named.isMissingNode()) {
            return Semantic.EXECUTE_ALL;
        }
        return switch (named.isString() ? named.stringValue() : "") {
            case "execute_all" -> Semantic.EXECUTE_ALL;
            case "deny_on_first_deny" -> Semantic.DENY_ON_FIRST_DENY;
            case "permit_on_first_permit" -> Semantic.PERMIT_ON_FIRST_PERMIT;
            default -> throw new BadQuestion("options." + SEMANTIC + " is not one of the three that there are");
        };
    }

    /** One of a batch: what it does not say, the batch says; whole entities, never parts of them. */
    private static Decision one(JsonNode all, JsonNode one, DecisionPoint point) {
        try {
            if (!one.isObject()) {
                throw new BadQuestion("an evaluation is no object");
            }
            var whole = JSON.createObjectNode();
            for (var part : List.of("subject", "action", "resource", "context")) {
                var said = one.has(part) ? one.path(part) : all.path(part);
                if (!said.isMissingNode()) {
                    whole.set(part, said);
                }
            }
            return point.evaluate(question(whole, null));
        } catch (BadQuestion e) {
            point.denyUnread();
            return new Decision(
                    false, Map.of("error", Map.of("status", 400, "message", String.valueOf(e.getMessage()))));
        }
    }

    /** What a batch says for all of its evaluations has to be right, whether one needs it or not. */
    private static void entitiesThatAreThere(JsonNode all) {
        if (all.has("subject")) {
            entity(all, "subject", false);
        }
        if (all.has("action")) {
            action(all);
        }
        if (all.has("resource")) {
            entity(all, "resource", false);
        }
        members(all, "context", "context");
    }

    private static Question question(JsonNode all, @Nullable Sought sought) {
        return new Question(
                entity(all, "subject", sought == Sought.SUBJECT),
                sought == Sought.ACTION ? null : action(all),
                entity(all, "resource", sought == Sought.RESOURCE),
                members(all, "context", "context"));
    }

    private static Entity entity(JsonNode all, String name, boolean sought) {
        var entity = required(all, name);
        return new Entity(
                text(entity, "type", name),
                sought ? null : text(entity, "id", name),
                members(entity, "properties", name + ".properties"));
    }

    private static Action action(JsonNode all) {
        var action = required(all, "action");
        return new Action(text(action, "name", "action"), members(action, "properties", "action.properties"));
    }

    private static JsonNode required(JsonNode all, String name) {
        var node = all.path(name);
        if (node.isMissingNode()) {
            throw new BadQuestion(name + " is missing");
        }
        if (!node.isObject()) {
            throw new BadQuestion(name + " is no object");
        }
        return node;
    }

    private static String text(JsonNode entity, String name, String of) {
        var node = entity.path(name);
        if (node.isMissingNode()) {
            throw new BadQuestion(of + "." + name + " is missing");
        }
        if (!node.isString()) {
            throw new BadQuestion(of + "." + name + " is no string");
        }
        return node.stringValue();
    }

    private static Map<String, JsonNode> members(JsonNode of, String name, String path) {
        var node = of.path(name);
        if (node.isMissingNode()) {
            return Map.of();
        }
        if (!node.isObject()) {
            throw new BadQuestion(path + " is no object");
        }
        var members = new HashMap<String, JsonNode>();
        node.properties().forEach(each -> members.put(each.getKey(), each.getValue()));
        return members;
    }

    // --- pages

    /** A token goes on with the question that it was given for, and with no other. */
    private Place place(Sought sought, JsonNode all, JsonNode page) {
        var of = PageTokens.hash(sought + "\n" + asked(sought, all));
        var limit = page.path("limit");
        if (!limit.isMissingNode() && !(limit.isInt() && limit.intValue() >= 0)) {
            throw new BadQuestion("page.limit is no number of results");
        }
        var token = page.path("token");
        int most = limit.isMissingNode() ? MOST : Math.min(MOST, limit.intValue());
        if (token.isMissingNode()) {
            return new Place(0, most, of);
        }
        var place = token.isString() ? tokens.read(token.stringValue()) : null;
        if (place == null || !place.isOf(of) || (!limit.isMissingNode() && most != place.limit())) {
            throw new BadQuestion("page.token was not given for this request");
        }
        return place;
    }

    /** In a form that does not hang on the order of names. */
    private static String asked(Sought sought, JsonNode all) {
        var question = question(all, sought);
        var text = new StringBuilder();
        for (var entity : List.of(question.subject(), question.resource())) {
            text.append(entity.type()).append('\0').append(entity.id()).append('\0');
            text.append(new TreeMap<>(entity.properties())).append('\0');
        }
        var action = question.action();
        if (action != null) {
            text.append(action.name()).append('\0').append(new TreeMap<>(action.properties()));
        }
        return text.append('\0').append(new TreeMap<>(question.context())).toString();
    }

    // --- JSON

    private static ObjectNode object(byte[] request) {
        try {
            if (JSON.readTree(request) instanceof ObjectNode object) {
                return object;
            }
        } catch (JacksonException e) {
            throw new BadQuestion("the body is not JSON as AuthZEN takes it");
        }
        throw new BadQuestion("the body is no JSON object");
    }

    private static ObjectNode decided(Decision decision) {
        var json = JSON.createObjectNode().put("decision", decision.permitted());
        if (!decision.context().isEmpty()) {
            json.set("context", JSON.valueToTree(decision.context()));
        }
        return json;
    }

    private static ObjectNode entity(Sought sought, Named named) {
        return sought == Sought.ACTION
                ? JSON.createObjectNode().put("name", named.id())
                : JSON.createObjectNode().put("type", named.type()).put("id", named.id());
    }

    private static byte[] written(JsonNode json) {
        return json.toString().getBytes(UTF_8);
    }
}
