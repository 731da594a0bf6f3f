package org.twinkeep.consent.decision;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One JSON object of a resource, read name by name. Whatever nobody asked for is not understood, and {@link #nothingElse}
 * says where it stands. It tells paths, never values.
 */
final class Element {

    /** A name that FHIR could have; of any other nothing is repeated. */
    private static final Pattern NAME = Pattern.compile("_?[A-Za-z]{1,64}");

    private final Map<?, ?> json;
    private final String path;
    private final Set<String> known = new HashSet<>();

    Element(Map<?, ?> json, String path) {
        this.json = json;
        this.path = path;
    }

    String path() {
        return path;
    }

    Map<?, ?> tree() {
        return json;
    }

    /** Names whose content decides nothing. */
    Element letBe(String... names) {
        known.addAll(List.of(names));
        return this;
    }

    boolean has(String name) {
        return json.containsKey(name);
    }

    String requiredText(String name) {
        return text(name).orElseThrow(() -> notUnderstood(name));
    }

    Optional<String> text(String name) {
        return Optional.ofNullable(value(name)).map(value -> {
            if (value instanceof String text) {
                return text;
            }
            throw notUnderstood(name);
        });
    }

    Element requiredObject(String name) {
        return object(name).orElseThrow(() -> notUnderstood(name));
    }

    Optional<Element> object(String name) {
        return Optional.ofNullable(value(name)).map(value -> of(value, path + "." + name));
    }

    /** The objects of a list; none where the name is missing. */
    List<Element> objects(String name) {
        var value = value(name);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof List<?> list)) {
            throw notUnderstood(name);
        }
        var elements = new ArrayList<Element>(list.size());
        for (var each : list) {
            elements.add(of(each, path + "." + name + "[" + elements.size() + "]"));
        }
        return elements;
    }

    List<Element> requiredObjects(String name) {
        if (!has(name)) {
            throw notUnderstood(name);
        }
        return objects(name);
    }

    /** @throws NotUnderstood at the first name, by the alphabet, that nobody asked for */
    void nothingElse() {
        json.keySet().stream()
                .map(Object::toString)
                .filter(name -> !known.contains(name))
                .min(String::compareTo)
                .ifPresent(name -> {
                    throw notUnderstood(name);
                });
    }

    NotUnderstood notUnderstood() {
        return new NotUnderstood(path);
    }

    NotUnderstood notUnderstood(String name) {
        return new NotUnderstood(path + "." + nameOf(name));
    }

    static String nameOf(String name) {
        return NAME.matcher(name).matches() ? name : "?";
    }

    private @Nullable Object value(String name) {
        known.add(name);
        return json.get(name);
    }

    private static Element of(@Nullable Object value, String path) {
        if (value instanceof Map<?, ?> map) {
            return new Element(map, path);
        }
        throw new NotUnderstood(path);
    }
}
