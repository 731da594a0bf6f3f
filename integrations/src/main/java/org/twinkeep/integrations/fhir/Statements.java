package org.twinkeep.integrations.fhir;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.twinkeep.crypto.sealing.Body;
import org.twinkeep.twin.EntryId;
import org.twinkeep.twin.TwinEvent;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The patient's statement about an entry as FHIR R4: a completed Communication of the patient, about the entry, and a Provenance
 * that says who made it, when, and from what. Made of entry and position alone, so that exporting twice gives the same ids.
 */
final class Statements {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final String PARTICIPANT = "http://terminology.hl7.org/CodeSystem/provenance-participant-type";
    private static final String ACTIVITY = "http://terminology.hl7.org/CodeSystem/v3-DataOperation";

    @SuppressWarnings("ArrayRecordComponent")
    record Written(String fullUrl, byte[] json) {
        @Override
        public String toString() {
            return "Written";
        }
    }

    private Statements() {}

    static List<Written> of(
            EntryId entry, long sequence, Instant at, Body body, String about, @Nullable String patient) {
        var communication = uuid("statement", entry, sequence);
        var statement = resource("Communication", communication).put("status", "completed");
        statement.putArray("category").addObject().put("text", "Correction by the patient");
        if (patient != null) {
            statement.putObject("subject").put("reference", patient);
        }
        statement.putArray("about").addObject().put("reference", about);
        statement.put("sent", at.toString());
        if (patient != null) {
            statement.putObject("sender").put("reference", patient);
        }
        var said = MAPPER.readTree(body.content());
        var reason = said.path("reason").stringValue("");
        if (!reason.isEmpty()) {
            statement.putArray("reasonCode").addObject().put("text", reason);
        }
        var payload = statement.putArray("payload");
        payload.addObject().put("contentString", said.path("says").stringValue(""));
        var value = said.path("value").stringValue("");
        if (!value.isEmpty()) {
            payload.addObject().put("contentString", "In the patient's words, the value is: " + value);
        }
        var provenance =
                provenance(uuid("provenance", entry, sequence), "urn:uuid:" + communication, at, "CREATE", patient);
        provenance
                .putArray("entity")
                .addObject()
                .put("role", "source")
                .putObject("what")
                .put("reference", about);
        return List.of(written(statement), written(provenance));
    }

    static Written ofOwnEntry(EntryId entry, TwinEvent event, String about, @Nullable String patient) {
        var activity = event instanceof TwinEvent.EntryRevised ? "UPDATE" : "CREATE";
        return written(provenance(uuid("own", entry, 0), about, event.at(), activity, patient));
    }

    private static ObjectNode provenance(
            UUID id, String target, Instant at, String activity, @Nullable String patient) {
        var provenance = resource("Provenance", id);
        provenance.putArray("target").addObject().put("reference", target);
        provenance.put("recorded", at.toString());
        provenance
                .putObject("activity")
                .putArray("coding")
                .addObject()
                .put("system", ACTIVITY)
                .put("code", activity);
        var agent = provenance.putArray("agent").addObject();
        agent.putObject("type")
                .putArray("coding")
                .addObject()
                .put("system", PARTICIPANT)
                .put("code", "author");
        var who = agent.putObject("who");
        if (patient == null) {
            who.put("display", "The patient");
        } else {
            who.put("reference", patient);
        }
        return provenance;
    }

    private static ObjectNode resource(String type, UUID id) {
        return MAPPER.createObjectNode().put("resourceType", type).put("id", id.toString());
    }

    private static Written written(ObjectNode resource) {
        return new Written("urn:uuid:" + resource.path("id").stringValue(""), MAPPER.writeValueAsBytes(resource));
    }

    /** A name-based UUID (RFC 9562, version 3). */
    private static UUID uuid(String what, EntryId entry, long sequence) {
        return UUID.nameUUIDFromBytes(
                ("twinkeep " + what + " " + entry.value() + " " + sequence).getBytes(StandardCharsets.UTF_8));
    }
}
