package org.twinkeep.consent.decision;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The text of a consent as a JSON tree within bounds: one object, no name twice, nothing empty, no modifier anywhere
 * (docs/formats/consent-decision.md, 2 and 3).
 */
final class JsonText {

    static final int MOST_BYTES = 1 << 20;
    static final int MOST_PROVISIONS = 10_000;
    static final int DEEPEST_PROVISION = 32;

    private static final int DEEPEST_JSON = 200;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST_JSON)
                            .maxNameLength(MOST_BYTES)
                            .build())
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

    private int provisions;

    private JsonText() {}

    static Element read(byte[] utf8) {
        if (utf8.length > MOST_BYTES) {
            throw NotUnderstood.tooLarge("Consent");
        }
        var json = parse(utf8);
        if (!"Consent".equals(json.get("resourceType"))) {
            throw new NotUnderstood("Consent.resourceType");
        }
        new JsonText().count(json.get("provision"), "Consent.provision", 1);
        refuseEmpty(json, "Consent");
        return new Element(json, "Consent").letBe("resourceType");
    }

    /** A modifier changes the meaning of what it stands in, at any depth (FHIR, "Modifier Extensions"). */
    static void refuseModifiers(Element consent) {
        refuseModifiers(consent.tree(), "Consent");
    }

    private static Map<String, Object> parse(byte[] utf8) {
        try {
            Map<String, Object> json = MAPPER.readValue(utf8, OBJECT);
            if (json == null) {
                throw new NotUnderstood("Consent");
            }
            return json;
        } catch (JacksonException e) {
            throw new NotUnderstood("Consent");
        }
    }

    private void count(@Nullable Object value, String path, int depth) {
        switch (value) {
            case Map<?, ?> provision -> {
                provisions++;
                if (depth > DEEPEST_PROVISION || provisions > MOST_PROVISIONS) {
                    throw NotUnderstood.tooLarge(path);
                }
                count(provision.get("provision"), path + ".provision", depth + 1);
            }
            case List<?> all -> {
                for (int i = 0; i < all.size(); i++) {
                    count(all.get(i), path + "[" + i + "]", depth);
                }
            }
            case null, default -> {}
        }
    }

    private static void refuseEmpty(@Nullable Object value, String path) {
        switch (value) {
            case Map<?, ?> object
            when !object.isEmpty() ->
                object.forEach((name, each) -> refuseEmpty(each, path + "." + Element.nameOf(name.toString())));
            case List<?> list
            when !list.isEmpty() -> {
                for (int i = 0; i < list.size(); i++) {
                    refuseEmpty(list.get(i), path + "[" + i + "]");
                }
            }
            case String text when !text.isEmpty() -> {}
            case Boolean _, Number _ -> {}
            case null, default -> throw new NotUnderstood(path);
        }
    }

    private static void refuseModifiers(@Nullable Object value, String path) {
        switch (value) {
            case Map<?, ?> object ->
                object.forEach((name, each) -> {
                    var at = path + "." + Element.nameOf(name.toString());
                    if (name.equals("modifierExtension")) {
                        throw new NotUnderstood(at);
                    }
                    refuseModifiers(each, at);
                });
            case List<?> list -> {
                for (int i = 0; i < list.size(); i++) {
                    refuseModifiers(list.get(i), path + "[" + i + "]");
                }
            }
            case null, default -> {}
        }
    }
}
