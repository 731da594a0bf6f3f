package org.twinkeep.consent.decision;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an understood consent says, rule by rule, for people to read: the codes and dates as they are written, each rule with
 * the exceptions to it.
 *
 * @param base what holds where no rule says anything; null: the consent then says nothing
 * @param term when it says anything
 */
public record Statement(@Nullable Boolean base, Dates term, List<Rule> rules) {

    /** @param from and to: dates as written; null: open */
    public record Dates(@Nullable String from, @Nullable String to) {
        static final Dates ALWAYS = new Dates(null, null);

        public boolean isOpen() {
            return from == null && to == null;
        }
    }

    /** @param reference or {@code system|value}; null: whoever holds the role @param roles empty: in any role */
    public record Actor(
            String path,
            @Nullable String reference,
            @Nullable String display,
            List<Code> roles) {
        @Override
        public String toString() {
            return "Actor";
        }
    }

    /**
     * @param path where it stands
     * @param kinds classes and types of what it is about; an empty list, here and in the others: any
     * @param codes and data: only counted and placed, since what they are may be told by them
     */
    public record Rule(
            String path,
            boolean permits,
            List<Actor> actors,
            List<Code> purposes,
            List<Code> actions,
            List<Code> labels,
            List<Code> kinds,
            List<Code> codes,
            int data,
            Dates during,
            Dates ofData,
            List<Rule> rules) {

        public boolean hasPermit() {
            return permits || rules.stream().anyMatch(Rule::hasPermit);
        }

        boolean hasDeny() {
            return !permits || rules.stream().anyMatch(Rule::hasDeny);
        }

        @Override
        public String toString() {
            return "Rule";
        }
    }

    /** Whether it says no to anything, if only by default. */
    public boolean denies() {
        return base == null || !base || rules.stream().anyMatch(Rule::hasDeny);
    }

    /** @param json a consent that was understood in this dialect */
    static Statement of(Dialect dialect, Map<?, ?> json) {
        return dialect == Dialect.R5 ? alternating(json) : typed(json);
    }

    private static Statement alternating(Map<?, ?> json) {
        boolean permits = "permit".equals(json.get("decision"));
        return new Statement(permits, dates(json, "period"), below(json, "Consent", Optional.of(!permits)));
    }

    private static Statement typed(Map<?, ?> json) {
        var rule = json.get("policyRule");
        Boolean base = rule == null ? null : codings(rule).getFirst().code().startsWith("OPTIN");
        if (!(json.get("provision") instanceof Map<?, ?> root)) {
            return new Statement(base, Dates.ALWAYS, List.of());
        }
        var term = dates(root, "period");
        var path = "Consent.provision";
        boolean typed = root.containsKey("type");
        if (!typed
                && root.keySet().stream()
                        .allMatch(name -> List.of("id", "period", "provision").contains(name))) {
            return new Statement(base, term, below(root, path, Optional.empty()));
        }
        boolean permits = typed && "permit".equals(root.get("type"));
        var said = rule(root, path, permits, Optional.empty());
        var withoutTerm = new Rule(
                said.path(),
                said.permits(),
                said.actors(),
                said.purposes(),
                said.actions(),
                said.labels(),
                said.kinds(),
                said.codes(),
                said.data(),
                Dates.ALWAYS,
                said.ofData(),
                said.rules());
        return new Statement(base, term, List.of(withoutTerm));
    }

    /** @param permits of all of them; nothing where each says it */
    private static List<Rule> below(Map<?, ?> json, String path, Optional<Boolean> permits) {
        var rules = new ArrayList<Rule>();
        var all = objects(json, "provision");
        for (int i = 0; i < all.size(); i++) {
            var each = all.get(i);
            boolean type = permits.orElseGet(() -> "permit".equals(each.get("type")));
            rules.add(rule(each, path + ".provision[" + i + "]", type, permits.map(_ -> !type)));
        }
        return List.copyOf(rules);
    }

    private static Rule rule(Map<?, ?> json, String path, boolean permits, Optional<Boolean> below) {
        var kinds = new ArrayList<Code>();
        for (var name : List.of("class", "documentType", "resourceType")) {
            objects(json, name).forEach(each -> kinds.add(coding(each)));
        }
        return new Rule(
                path,
                permits,
                actors(json, path),
                objects(json, "purpose").stream().map(Statement::coding).toList(),
                objects(json, "action").stream()
                        .flatMap(each -> codings(each).stream())
                        .toList(),
                objects(json, "securityLabel").stream().map(Statement::coding).toList(),
                List.copyOf(kinds),
                objects(json, "code").stream()
                        .flatMap(each -> codings(each).stream())
                        .toList(),
                objects(json, "data").size(),
                dates(json, "period"),
                dates(json, "dataPeriod"),
                below(json, path, below));
    }

    private static List<Actor> actors(Map<?, ?> json, String path) {
        var actors = new ArrayList<Actor>();
        var all = objects(json, "actor");
        for (int i = 0; i < all.size(); i++) {
            var at = path + ".actor[" + i + "]";
            var roles = all.get(i).get("role") instanceof Map<?, ?> role
                    ? codings(role).stream()
                            .filter(code -> !code.system().endsWith("v3-ParticipationType"))
                            .toList()
                    : List.<Code>of();
            if (!(all.get(i).get("reference") instanceof Map<?, ?> reference)) {
                actors.add(new Actor(at, null, null, roles));
                continue;
            }
            var display = reference.get("display") instanceof String text ? text : null;
            if (reference.get("reference") instanceof String literal) {
                actors.add(new Actor(at + ".reference", literal, display, roles));
            }
            if (reference.get("identifier") instanceof Map<?, ?> id) {
                actors.add(new Actor(at + ".reference", id.get("system") + "|" + id.get("value"), display, roles));
            }
        }
        return List.copyOf(actors);
    }

    private static Dates dates(Map<?, ?> json, String name) {
        return json.get(name) instanceof Map<?, ?> period
                ? new Dates(
                        period.get("start") instanceof String start ? start : null,
                        period.get("end") instanceof String end ? end : null)
                : Dates.ALWAYS;
    }

    private static List<Code> codings(Object concept) {
        return concept instanceof Map<?, ?> object
                ? objects(object, "coding").stream().map(Statement::coding).toList()
                : List.of();
    }

    private static Code coding(Map<?, ?> json) {
        return new Code(String.valueOf(json.get("system")), String.valueOf(json.get("code")));
    }

    private static List<Map<?, ?>> objects(Map<?, ?> json, String name) {
        var found = new ArrayList<Map<?, ?>>();
        if (json.get(name) instanceof List<?> list) {
            list.forEach(each -> {
                if (each instanceof Map<?, ?> object) {
                    found.add(object);
                }
            });
        }
        return found;
    }

    @Override
    public String toString() {
        return "Statement";
    }
}
