package org.twinkeep.integrations.fhir;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.twinkeep.integrations.fhir.FhirModel.Element;
import tools.jackson.databind.JsonNode;

/** Walks one resource along the model of R4: finds dates that are none, second values of a choice, and every reference. */
final class TreeCheck {
    private final FhirModel model;
    private final List<String> references = new ArrayList<>();
    private @Nullable String badDate;
    private int secondChoices;

    TreeCheck(FhirModel model) {
        this.model = model;
    }

    /** Where the first date stands that is none, in words of the model; or null. */
    @Nullable
    String badDate() {
        return badDate;
    }

    /** How often a {@code value[x]} has more than one value: a parser keeps only one of them. */
    int secondChoices() {
        return secondChoices;
    }

    /** References to other resources, as written. */
    List<String> references() {
        return references;
    }

    void resource(JsonNode resource, String path) {
        var type = resource.path("resourceType").stringValue("");
        if (model.knows(type)) {
            members(resource, model.ofResource(type), path.isEmpty() ? type : path);
        }
    }

    private void members(JsonNode object, Map<String, Element> shape, String path) {
        @Nullable Set<String> chosen = null;
        for (var member : object.properties()) {
            var name = member.getKey();
            boolean beside = name.startsWith("_");
            var element = shape.get(beside ? name.substring(1) : name);
            if (element == null) {
                continue;
            }
            if (element.choice() != null && !beside) {
                chosen = chosen == null ? new HashSet<>() : chosen;
                if (!chosen.add(element.choice())) {
                    secondChoices++;
                }
            }
            value(member.getValue(), element, beside, path);
        }
    }

    private void value(JsonNode value, Element element, boolean beside, String path) {
        if (value.isArray()) {
            for (var each : value) {
                value(each, element, beside, path);
            }
            return;
        }
        switch (element.kind()) {
            case COMPOSITE -> {
                if (value.isObject()) {
                    reference(value, element);
                    members(value, model.within(element), path + "." + element.name());
                }
            }
            case RESOURCE -> resource(value, path + "." + element.name());
            case DATE, DATE_TIME, INSTANT -> {
                if (beside) {
                    besidePrimitive(value, element, path);
                } else if (!value.isNull()
                        && !(value.isString() && Dates.isDate(element.kind(), value.stringValue()))) {
                    badDate = badDate == null ? path + "." + element.name() : badDate;
                }
            }
            case TEXT, BOOLEAN, NUMBER -> {
                if (beside) {
                    besidePrimitive(value, element, path);
                }
            }
            case XHTML -> {}
        }
    }

    /** An attachment elsewhere in the world is never fetched, so it is no reference; one to a Binary of the same source is. */
    private void reference(JsonNode value, Element element) {
        var definition = element.definition();
        var datatype = definition == null ? "" : definition.getName();
        if (datatype.equals("Reference")) {
            add(value.path("reference").stringValue(""));
        } else if (datatype.equals("Attachment")) {
            var url = value.path("url").stringValue("");
            if (url.startsWith("Binary/") || url.startsWith("urn:")) {
                add(url);
            }
        }
    }

    private void add(String reference) {
        if (Reference.pointsOut(reference)) {
            references.add(reference);
        }
    }

    private void besidePrimitive(JsonNode beside, Element element, String path) {
        if (beside.isObject()) {
            members(beside, Map.of("extension", model.extension()), path + "." + element.name());
        }
    }
}
