package org.twinkeep.projections.clinic;

import java.util.List;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/** Reads a resource's own JSON tree: what is not there reads as nothing, numbers keep their digits. */
public final class Tree {

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxStringLength(256 * 1024 * 1024)
                            .build())
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private Tree() {}

    /** @throws IllegalArgumentException when it is no JSON object; the message quotes nothing */
    public static JsonNode of(byte[] json) {
        try {
            var tree = JSON.readTree(json);
            if (tree.isObject()) {
                return tree;
            }
        } catch (JacksonException | NumberFormatException e) {
            // Jackson's message quotes what it could not read (the latter is of a number beyond every limit); nothing
            // of a
            // record may stand in a message.
        }
        throw new IllegalArgumentException("not a JSON object");
    }

    /** The tree's text, compact. */
    public static String text(JsonNode tree) {
        return JSON.writeValueAsString(tree);
    }

    public static String type(JsonNode resource) {
        return string(resource.path("resourceType"));
    }

    /** The string at this node, or the empty string. */
    public static String string(JsonNode node) {
        return node.isString() ? node.stringValue() : "";
    }

    /** The string under this name, or the empty string. */
    public static String string(JsonNode node, String name) {
        return string(node.path(name));
    }

    /** The string under this name, or null. */
    public static @Nullable String orNull(JsonNode node, String name) {
        var string = string(node, name);
        return string.isBlank() ? null : string;
    }

    /** The elements of an array; a single object counts as an array of one; nothing as an empty one. */
    public static List<JsonNode> list(JsonNode node) {
        if (node.isArray()) {
            return StreamSupport.stream(node.spliterator(), false).toList();
        }
        return node.isMissingNode() || node.isNull() ? List.of() : List.of(node);
    }

    public static List<JsonNode> list(JsonNode node, String name) {
        return list(node.path(name));
    }
}
