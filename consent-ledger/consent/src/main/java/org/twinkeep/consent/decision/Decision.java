package org.twinkeep.consent.decision;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import org.twinkeep.consent.ledger.ConsentLedger.Position;
import org.twinkeep.crypto.json.CanonicalJson;

/**
 * The answer for one item, and why.
 *
 * @param visible whether it may be shown: permitted, or the implicit policy shows it where no consent says anything
 * @param implicit the policy that was in force, whether it was asked or not
 * @param because what decided, in the order of the consents
 * @param obligations what was owed and is carried out
 */
public record Decision(
        Answer answer, boolean visible, Implicit implicit, List<Because> because, Set<Obligation> obligations) {

    private static final int VERSION = 1;

    private static final Comparator<Map<String, Object>> BY_TEXT =
            Comparator.comparing(each -> new String(CanonicalJson.bytes(each), UTF_8));

    public enum Answer {
        PERMIT,
        DENY,
        NO_CONSENT
    }

    /** What decided: a consent, or the question itself. */
    public sealed interface Because {

        /** @param consent its number among the consents @param path the element that says so, or is not understood */
        record OfConsent(int consent, Outcome outcome, String path) implements Because {}

        /** @param path what no answer is possible for: an element of the question, or what cannot be read */
        record OfQuestion(String path) implements Because {}

        /** Obligations that the asker's side does not carry out. */
        record OfObligations(Set<Obligation> notCarriedOut) implements Because {}
    }

    /** Denied, because no answer is possible. @param path of what it is not possible for */
    public static Decision deniedBy(String path, Implicit implicit) {
        return new Decision(Answer.DENY, false, implicit, List.of(new Because.OfQuestion(path)), Set.of());
    }

    /** With what the house wants done: where the asker's side cannot do all of it, a permit becomes a denial. */
    public Decision owing(Set<Obligation> owed, Set<Obligation> carriedOut) {
        if (!visible || owed.isEmpty()) {
            return this;
        }
        if (carriedOut.containsAll(owed)) {
            return new Decision(answer, true, implicit, because, Set.copyOf(owed));
        }
        var missing = EnumSet.copyOf(owed);
        missing.removeAll(carriedOut);
        return new Decision(
                Answer.DENY, false, implicit, List.of(new Because.OfObligations(Set.copyOf(missing))), Set.of());
    }

    /**
     * The decision as canonical JSON (docs/formats/consent-decision.md): same consents, question and position, same bytes,
     * in whatever order the consents came.
     *
     * @param names of the consents, by number
     * @param asOf the ledger's block that the consents are as of
     */
    public byte[] bytes(IntFunction<String> names, Ask ask, Item item, Position asOf) {
        var json = new LinkedHashMap<String, Object>();
        json.put("v", VERSION);
        json.put("answer", answer.name());
        json.put("visible", visible);
        json.put("implicit", implicit.code());
        json.put(
                "because",
                because.stream().map(each -> json(each, names)).sorted(BY_TEXT).toList());
        json.put("obligations", sorted(obligations));
        json.put("item", item.reference());
        json.put("at", ask.at().toString());
        json.put("asOf", Map.of("block", asOf.block(), "hash", asOf.hash()));
        return CanonicalJson.bytes(json);
    }

    private static Map<String, Object> json(Because because, IntFunction<String> names) {
        return switch (because) {
            case Because.OfConsent(int consent, Outcome outcome, String path) ->
                Map.of("consent", names.apply(consent), "outcome", outcome.name(), "path", path);
            case Because.OfQuestion(String path) -> Map.of("question", path);
            case Because.OfObligations(var missing) -> Map.of("notCarriedOut", sorted(missing));
        };
    }

    private static List<String> sorted(Set<Obligation> obligations) {
        var names = new ArrayList<String>();
        EnumSet<Obligation> all = EnumSet.noneOf(Obligation.class);
        all.addAll(obligations);
        all.forEach(each -> names.add(each.name()));
        return names;
    }

    @Override
    public String toString() {
        return "Decision " + answer;
    }
}
