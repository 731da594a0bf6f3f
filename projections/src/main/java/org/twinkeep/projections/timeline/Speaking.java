package org.twinkeep.projections.timeline;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.twinkeep.projections.clinic.Tree;
import tools.jackson.databind.JsonNode;

/** When a resource speaks of: the field of its type that says so, in the order of preference of FHIR's own pattern. */
final class Speaking {

    private static final List<String> FIELDS = List.of(
            "effective",
            "onset",
            "performed",
            "occurrence",
            "started",
            "period",
            "serviced",
            "billablePeriod",
            "authoredOn",
            "whenHandedOver",
            "date",
            "dateAsserted",
            "start",
            "identified",
            "created",
            "recordedDate",
            "assertedDate",
            "recorded",
            "issued",
            "dateTime",
            "sent",
            "effectiveInstant");

    private static final List<String> UNDATED =
            List.of("Patient", "Person", "RelatedPerson", "Device", "Medication", "Coverage");

    private Speaking() {}

    static When of(JsonNode resource) {
        var type = Tree.type(resource);
        if (type.equals("Condition")) {
            return condition(resource);
        }
        if (type.equals("DocumentReference")
                && resource.path("context").path("period").isObject()) {
            return period(resource.path("context").path("period"));
        }
        if (UNDATED.contains(type)) {
            return When.undated();
        }
        return byFields(resource);
    }

    /** A condition speaks of the time from its onset to its end; one that has not ended is still going on. */
    private static When condition(JsonNode resource) {
        var begun = choice(resource, "onset");
        var start = begun.isDated() ? begun : byFields(resource);
        if (!start.isDated()) {
            return start;
        }
        var ended = choice(resource, "abatement");
        var status = Concepts.code(resource.path("clinicalStatus"));
        var refuted = Concepts.hasCode(resource.path("verificationStatus"), "refuted");
        var to = ended.isDated() ? ended.to() : isOver(status) || refuted ? start.to() : When.ONGOING;
        var from = start.from();
        var later = to != null && from != null && to.isAfter(from) ? to : start.to();
        return new When(from, later, start.written());
    }

    private static boolean isOver(String clinicalStatus) {
        return List.of("resolved", "inactive", "remission").contains(clinicalStatus);
    }

    private static When byFields(JsonNode resource) {
        for (var field : FIELDS) {
            var when = choice(resource, field);
            if (when.written() != null || when.isDated()) {
                return when;
            }
        }
        return When.undated();
    }

    /** A field that may be written as a date, a dateTime, an instant or a period. */
    private static When choice(JsonNode resource, String field) {
        for (var suffix : List.of("DateTime", "", "Instant", "Date")) {
            var written = Tree.orNull(resource, field + suffix);
            if (written != null) {
                return When.of(written);
            }
        }
        for (var suffix : List.of("Period", "")) {
            var period = resource.path(field + suffix);
            if (period.isObject()) {
                return period(period);
            }
        }
        return When.undated();
    }

    private static When period(JsonNode period) {
        @Nullable String start = Tree.orNull(period, "start");
        return When.between(start, Tree.orNull(period, "end"));
    }
}
