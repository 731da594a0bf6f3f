package org.twinkeep.consent.reference;

import java.util.Set;
import tools.jackson.databind.JsonNode;

/** What the root of an R4 consent is (rulings, section 4.3). Asked of consents that are understood so far. */
final class R4Root {

    private static final Set<String> NO_CONDITION = Set.of("id", "type", "period", "provision");

    private R4Root() {}

    static boolean hasBase(JsonNode consent) {
        return consent.has("policyRule");
    }

    static boolean baseIsDeny(JsonNode consent) {
        return consent.path("policyRule")
                .path("coding")
                .path(0)
                .path("code")
                .asString()
                .startsWith("OPTOUT");
    }

    static boolean hasConditions(JsonNode root) {
        return root.properties().stream().anyMatch(entry -> !NO_CONDITION.contains(entry.getKey()));
    }

    /** Without a type and without conditions: what is in it hangs under the base. */
    static boolean isContainer(JsonNode consent) {
        var root = consent.path("provision");
        return !root.has("type") && !hasConditions(root);
    }

    static String type(JsonNode consent) {
        var root = consent.path("provision");
        if (root.has("type")) {
            return root.get("type").asString();
        }
        return baseIsDeny(consent) || hasConditions(root) ? "deny" : "permit";
    }
}
