package org.twinkeep.integrations.fhir;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;
import org.twinkeep.integrations.fhir.FhirModel.Element;
import org.twinkeep.integrations.fhir.FhirModel.Kind;

/**
 * Turns one resource from XML into FHIR's JSON form (R4, "JSON Representation of Resources"), once and without loss: decimals as
 * written, ids and extensions of primitives beside them, narrative as a string. What cannot be turned faithfully is refused.
 */
final class XmlResource {
    static final String FHIR = "http://hl7.org/fhir";
    static final String XHTML = "http://www.w3.org/1999/xhtml";
    private static final String SCHEMA_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance";

    private final FhirModel model;
    private final XMLStreamReader xml;
    private int depth;
    private int guessed;

    /** This resource has no faithful JSON form. */
    static final class Unfaithful extends Exception {
        private static final long serialVersionUID = 1;

        Unfaithful(String path, String why) {
            super(path + " " + why);
        }
    }

    /** A token that is written as it is. */
    private record Token(String text) {}

    /** Values of one primitive element, and what stands beside each. */
    private record Primitives(boolean many, List<@Nullable Object> values, List<@Nullable Object> beside) {}

    private record Primitive(
            @Nullable Object value, @Nullable Object beside) {}

    /** @param xml at the start of the resource's own element */
    XmlResource(FhirModel model, XMLStreamReader xml) {
        this.model = model;
        this.xml = xml;
    }

    /** How many elements R4 does not know; whether they repeat had to be guessed. */
    int guessed() {
        return guessed;
    }

    /** Reads to the end of the resource's element, also when it is refused. */
    void writeTo(Kept json) throws XMLStreamException, Unfaithful {
        Map<String, Object> tree;
        try {
            tree = resource("");
        } catch (Unfaithful e) {
            while (depth >= 0) {
                next();
            }
            throw e;
        }
        write(tree, json);
    }

    private Map<String, Object> resource(String path) throws XMLStreamException, Unfaithful {
        var type = xml.getLocalName();
        if (!FHIR.equals(xml.getNamespaceURI())) {
            throw new Unfaithful(path.isEmpty() ? "The resource" : path, "is not in the namespace of FHIR");
        }
        if (!model.knows(type)) {
            throw new Unfaithful(path.isEmpty() ? "The resource" : path, "is of no type that FHIR R4 has");
        }
        var tree = new LinkedHashMap<String, Object>();
        tree.put("resourceType", type);
        members(tree, model.ofResource(type), path.isEmpty() ? type : path);
        return tree;
    }

    /** Reads attributes and children up to the end of the present element. */
    private void members(Map<String, Object> into, Map<String, Element> shape, String path)
            throws XMLStreamException, Unfaithful {
        if (depth > Kept.DEEPEST) {
            throw new Unfaithful(
                    "The resource", "is nested deeper than " + Kept.DEEPEST + " levels; no FHIR resource is");
        }
        for (int i = 0; i < xml.getAttributeCount(); i++) {
            attribute(into, i, path);
        }
        while (next() != XMLStreamConstants.END_ELEMENT) {
            if (xml.isStartElement()) {
                child(into, shape, path);
            } else if (xml.isCharacters() && !xml.isWhiteSpace()) {
                throw new Unfaithful(path, "holds text where FHIR has none");
            }
        }
    }

    private void attribute(Map<String, Object> into, int i, String path) throws Unfaithful {
        if (SCHEMA_INSTANCE.equals(xml.getAttributeNamespace(i))) {
            return;
        }
        var name = xml.getAttributeLocalName(i);
        boolean plain = xml.getAttributeNamespace(i) == null
                || xml.getAttributeNamespace(i).isEmpty();
        if (!plain || !(name.equals("id") || name.equals("url"))) {
            throw new Unfaithful(path, "has an attribute that FHIR does not have");
        }
        into.put(name, xml.getAttributeValue(i));
    }

    private void child(Map<String, Object> into, Map<String, Element> shape, String path)
            throws XMLStreamException, Unfaithful {
        var name = xml.getLocalName();
        @Nullable Element element = shape.get(name);
        var here = element == null ? path + " (an element that R4 does not know)" : path + "." + name;
        boolean narrative = element != null && element.kind() == Kind.XHTML;
        if (!(narrative ? XHTML : FHIR).equals(xml.getNamespaceURI())) {
            throw new Unfaithful(here, "is not in the namespace of FHIR");
        }
        if (element == null) {
            guessed++;
            unknown(into, name, here);
        } else if (element.kind() == Kind.COMPOSITE) {
            var value = new LinkedHashMap<String, Object>();
            members(value, model.within(element), here);
            add(into, name, value, element.many(), here);
        } else if (element.kind() == Kind.RESOURCE) {
            add(into, name, inner(here), element.many(), here);
        } else if (narrative) {
            add(into, name, XmlNarrative.read(xml, this::next), element.many(), here);
        } else {
            add(into, name, primitive(element.kind(), here), element.many(), here);
        }
    }

    /** Whether it repeats cannot be known: one stays one, more become a list. */
    private void unknown(Map<String, Object> into, String name, String path) throws XMLStreamException, Unfaithful {
        var before = into.get(name);
        if (xml.getAttributeValue(null, "value") != null) {
            var primitive = primitive(Kind.TEXT, path);
            if (before != null && !(before instanceof Primitives)) {
                throw new Unfaithful(path, "is sometimes a value and sometimes not");
            }
            add(into, name, primitive, before != null, path);
            return;
        }
        var value = new LinkedHashMap<String, Object>();
        members(value, Map.of("extension", model.extension()), path);
        if (before instanceof Map<?, ?> single) {
            into.put(name, new ArrayList<Object>(List.of(single, value)));
        } else {
            add(into, name, value, before != null, path);
        }
    }

    private Map<String, Object> inner(String path) throws XMLStreamException, Unfaithful {
        @Nullable Map<String, Object> found = null;
        while (next() != XMLStreamConstants.END_ELEMENT) {
            if (xml.isStartElement()) {
                if (found != null) {
                    throw new Unfaithful(path, "holds more than one resource");
                }
                found = resource(path);
            }
        }
        if (found == null) {
            throw new Unfaithful(path, "holds no resource");
        }
        return found;
    }

    private Primitive primitive(Kind kind, String path) throws XMLStreamException, Unfaithful {
        var beside = new LinkedHashMap<String, Object>();
        @Nullable Object value = null;
        for (int i = 0; i < xml.getAttributeCount(); i++) {
            if (xml.getAttributeLocalName(i).equals("value")) {
                value = token(kind, xml.getAttributeValue(i), path);
            } else {
                attribute(beside, i, path);
            }
        }
        while (next() != XMLStreamConstants.END_ELEMENT) {
            if (xml.isStartElement()) {
                if (!xml.getLocalName().equals("extension") || !FHIR.equals(xml.getNamespaceURI())) {
                    throw new Unfaithful(path, "holds elements where FHIR has a plain value");
                }
                child(beside, Map.of("extension", model.extension()), path);
            } else if (xml.isCharacters() && !xml.isWhiteSpace()) {
                throw new Unfaithful(path, "holds text where FHIR has none");
            }
        }
        return new Primitive(value, beside.isEmpty() ? null : beside);
    }

    private static Object token(Kind kind, String text, String path) throws Unfaithful {
        if (kind == Kind.NUMBER) {
            if (!JsonText.isNumber(text.getBytes(StandardCharsets.UTF_8))) {
                throw new Unfaithful(path, "is not a number as FHIR writes it");
            }
            return new Token(text);
        }
        if (kind == Kind.BOOLEAN) {
            if (!text.equals("true") && !text.equals("false")) {
                throw new Unfaithful(path, "is neither true nor false");
            }
            return new Token(text);
        }
        return text;
    }

    @SuppressWarnings("unchecked")
    private static void add(Map<String, Object> into, String name, Object value, boolean many, String path)
            throws Unfaithful {
        var before = into.get(name);
        if (before != null && !many) {
            throw new Unfaithful(path, "occurs twice where FHIR R4 has it once");
        }
        if (value instanceof Primitive(var plain, var beside)) {
            if (!(before instanceof Primitives)) {
                before = new Primitives(many, new ArrayList<>(), new ArrayList<>());
                into.put(name, before);
            } else if (many && !((Primitives) before).many()) {
                before = new Primitives(true, ((Primitives) before).values(), ((Primitives) before).beside());
                into.put(name, before);
            }
            ((Primitives) before).values().add(plain);
            ((Primitives) before).beside().add(beside);
        } else if (!many) {
            into.put(name, value);
        } else if (before instanceof List<?> list) {
            ((List<Object>) list).add(value);
        } else {
            into.put(name, new ArrayList<>(List.of(value)));
        }
    }

    private int next() throws XMLStreamException {
        int event = xml.next();
        if (event == XMLStreamConstants.START_ELEMENT) {
            depth++;
        } else if (event == XMLStreamConstants.END_ELEMENT) {
            depth--;
        }
        return event;
    }

    private static void write(@Nullable Object value, Kept to) {
        switch (value) {
            case null -> to.put("null".getBytes(StandardCharsets.US_ASCII));
            case Token(var text) -> to.put(text.getBytes(StandardCharsets.US_ASCII));
            case String text -> JsonWriting.string(text, to);
            case List<?> list -> {
                char separator = '[';
                for (var each : list) {
                    to.put(separator);
                    write(each, to);
                    separator = ',';
                }
                to.put(']');
            }
            case Map<?, ?> map -> {
                boolean first = true;
                to.put('{');
                for (var member : map.entrySet()) {
                    first = member(String.valueOf(member.getKey()), member.getValue(), first, to);
                }
                to.put('}');
            }
            default -> throw new IllegalStateException("no JSON form of " + value.getClass());
        }
    }

    private static boolean member(String name, @Nullable Object value, boolean first, Kept to) {
        boolean stillFirst = first;
        if (value instanceof Primitives(var many, var values, var beside)) {
            if (values.stream().anyMatch(v -> v != null)) {
                stillFirst = named(name, many ? values : values.getFirst(), stillFirst, to);
            }
            if (beside.stream().anyMatch(b -> b != null)) {
                stillFirst = named("_" + name, many ? beside : beside.getFirst(), stillFirst, to);
            }
            return stillFirst;
        }
        return named(name, value, first, to);
    }

    private static boolean named(String name, @Nullable Object value, boolean first, Kept to) {
        if (!first) {
            to.put(',');
        }
        JsonWriting.string(name, to);
        to.put(':');
        write(value, to);
        return false;
    }
}
