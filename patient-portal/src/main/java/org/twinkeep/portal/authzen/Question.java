package org.twinkeep.portal.authzen;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What AuthZEN asks: may this subject do this action on this resource, in this context?
 *
 * @param subject and {@code resource}: who and what; without an id where it is searched for
 * @param action null where actions are searched for
 */
public record Question(Entity subject, @Nullable Action action, Entity resource, Map<String, JsonNode> context) {

    /** @param id null for one that is searched for */
    public record Entity(String type, @Nullable String id, Map<String, JsonNode> properties) {
        @Override
        public String toString() {
            return "Entity " + type;
        }
    }

    public record Action(String name, Map<String, JsonNode> properties) {}

    @Override
    public String toString() {
        return "Question";
    }
}
