package org.twinkeep.integrations.fhir;

import ca.uhn.fhir.context.BaseRuntimeChildDefinition;
import ca.uhn.fhir.context.BaseRuntimeElementCompositeDefinition;
import ca.uhn.fhir.context.BaseRuntimeElementDefinition;
import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.PerformanceOptionsEnum;
import ca.uhn.fhir.context.RuntimeChildChoiceDefinition;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What FHIR R4 says of every element: its kind, and whether it may occur more than once. Taken from HAPI's model of R4, without
 * any call to a network. Safe for many threads.
 */
final class FhirModel {
    enum Kind {
        COMPOSITE,
        RESOURCE,
        XHTML,
        TEXT,
        BOOLEAN,
        NUMBER,
        DATE,
        DATE_TIME,
        INSTANT
    }

    /**
     * An element as its parent knows it.
     *
     * @param choice the common name of {@code value[x]}, or null where there is no choice
     */
    record Element(
            String name,
            Kind kind,
            boolean many,
            @Nullable String choice,
            @Nullable BaseRuntimeElementDefinition<?> definition) {}

    private final FhirContext context = quiet();
    private final Map<BaseRuntimeElementDefinition<?>, Map<String, Element>> elements = new ConcurrentHashMap<>();
    private final Map<String, BaseRuntimeElementDefinition<?>> resources = new ConcurrentHashMap<>();
    private final Set<String> types = Set.copyOf(context.getResourceTypes());
    private final Element extension = new Element("extension", Kind.COMPOSITE, true, null, definitionOf("Extension"));

    private static FhirContext quiet() {
        var r4 = FhirContext.forR4();
        r4.setPerformanceOptions(PerformanceOptionsEnum.DEFERRED_MODEL_SCANNING);
        return r4;
    }

    FhirContext context() {
        return context;
    }

    /** Whether R4 has a resource type of this name. */
    boolean knows(String type) {
        return types.contains(type);
    }

    /** The elements of a resource of this type. */
    Map<String, Element> ofResource(String type) {
        return of(resources.computeIfAbsent(type, t -> context.getResourceDefinition(t)));
    }

    /** The elements within this one; an element that R4 does not know can hold anything, and extensions. */
    Map<String, Element> within(Element element) {
        return element.definition() == null ? Map.of("extension", extension) : of(element.definition());
    }

    /** What may stand beside a primitive value. */
    Element extension() {
        return extension;
    }

    private BaseRuntimeElementDefinition<?> definitionOf(String datatype) {
        var found = context.getElementDefinition(datatype);
        if (found == null) {
            throw new IllegalStateException("R4 has no datatype " + datatype);
        }
        return found;
    }

    private Map<String, Element> of(BaseRuntimeElementDefinition<?> definition) {
        var known = elements.get(definition);
        if (known == null) {
            known = Map.copyOf(scan(definition));
            elements.put(definition, known);
        }
        return known;
    }

    private Map<String, Element> scan(BaseRuntimeElementDefinition<?> definition) {
        var found = new HashMap<String, Element>();
        if (definition instanceof BaseRuntimeElementCompositeDefinition<?> composite) {
            for (BaseRuntimeChildDefinition child : composite.getChildren()) {
                boolean choice = child instanceof RuntimeChildChoiceDefinition;
                for (String name : child.getValidChildNames()) {
                    if (choice || name.equals(child.getElementName())) {
                        found.put(name, element(child, name, choice ? child.getElementName() : null));
                    }
                }
            }
        }
        return found;
    }

    private Element element(BaseRuntimeChildDefinition child, String name, @Nullable String choice) {
        if (name.equals("extension") || name.equals("modifierExtension")) {
            return new Element(name, Kind.COMPOSITE, true, null, definitionOf("Extension"));
        }
        var definition = child.getChildByName(name);
        return new Element(name, kind(definition), child.getMax() != 1, choice, definition);
    }

    private static Kind kind(@Nullable BaseRuntimeElementDefinition<?> definition) {
        if (definition == null) {
            return Kind.COMPOSITE;
        }
        return switch (definition.getChildType()) {
            case RESOURCE, CONTAINED_RESOURCES, CONTAINED_RESOURCE_LIST -> Kind.RESOURCE;
            case PRIMITIVE_XHTML, PRIMITIVE_XHTML_HL7ORG -> Kind.XHTML;
            case ID_DATATYPE -> Kind.TEXT;
            case PRIMITIVE_DATATYPE ->
                switch (definition.getName()) {
                    case "boolean" -> Kind.BOOLEAN;
                    case "integer", "unsignedInt", "positiveInt", "decimal" -> Kind.NUMBER;
                    case "date" -> Kind.DATE;
                    case "dateTime" -> Kind.DATE_TIME;
                    case "instant" -> Kind.INSTANT;
                    default -> Kind.TEXT;
                };
            default -> Kind.COMPOSITE;
        };
    }
}
