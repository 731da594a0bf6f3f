package org.twinkeep.integrations.fhir;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the first reading of a resource notes: its names, whom it names, what it points at, and its content as a fingerprint.
 *
 * @param id the resource's own; else its full URL; else made from its content, so that the same content is known again
 * @param key server, type and id: what may occur once in a file
 * @param subjects for each reference to a patient, what it may mean
 */
record Facts(
        String where,
        String type,
        String id,
        String server,
        List<String> names,
        Fingerprint key,
        Fingerprint content,
        Whose.Line whose,
        List<List<String>> subjects,
        List<String> references,
        @Nullable PatientHere patient,
        OtherVersions.@Nullable Evidence otherVersion) {

    private static final JsonMapper MAPPER = new JsonMapper();

    /** The tree of a resource, or null where it cannot be read. */
    static @Nullable JsonNode tree(byte[] json) {
        try {
            var tree = MAPPER.readTree(json);
            return tree.isObject() ? tree : null;
        } catch (JacksonException e) {
            return null;
        }
    }

    /** @param source the name of the source that the user gave, or null */
    static @Nullable Facts of(Heard.Piece piece, Whose whose, OtherVersions versions, @Nullable String source) {
        var resource = tree(piece.json());
        var type = resource == null ? "" : resource.path("resourceType").stringValue("");
        if (resource == null || type.isEmpty()) {
            return null;
        }
        var own = resource.path("id").stringValue("");
        var server = serverOf(piece);
        var id = idOf(own, piece);
        var line = whose.of(type);
        boolean isPatient = type.equals("Patient");
        var names = namesOf(type, own, id, piece, server);
        var marked = piece.source() == null ? source : piece.source();
        var references = new ArrayList<String>();
        if (line.rule() != Whose.Rule.TARGETS && line.rule() != Whose.Rule.SHARED) {
            references(resource, references);
        }
        return new Facts(
                piece.where(),
                type,
                id,
                server,
                names,
                keyOf(server, type, id),
                Fingerprint.of(piece.json()),
                line,
                isPatient ? List.of() : subjects(resource, line, server),
                references,
                isPatient ? PatientHere.read(resource, piece.where(), piece.fullUrl(), marked) : null,
                versions.of(resource, type));
    }

    /** The names that others may use; where there is none, one that nobody uses. */
    static List<String> namesOf(String type, String own, String id, Heard.Piece piece, String server) {
        var names = Reference.namesOf(type, own.isEmpty() ? null : own, piece.fullUrl(), server);
        return names.isEmpty() ? List.of(id) : names;
    }

    /** Where the resource's relative references are at home: its source, where our export marked it; else its server. */
    static String serverOf(Heard.Piece piece) {
        return piece.source() == null ? Reference.serverOf(piece.fullUrl()) : piece.source() + " ";
    }

    static Fingerprint keyOf(String server, String type, String id) {
        return Fingerprint.of(server + "\n" + type + "\n" + id);
    }

    static String idOf(String own, Heard.Piece piece) {
        if (!own.isEmpty()) {
            return own;
        }
        return piece.fullUrl() != null
                ? piece.fullUrl()
                : "content:" + HexFormat.of().formatHex(Fingerprint.whole(piece.json()));
    }

    static List<List<String>> subjects(JsonNode resource, Whose.Line line, String server) {
        return line.references(resource).stream()
                .map(reference -> Reference.meanings(reference, server, "Patient"))
                .filter(meanings -> !meanings.isEmpty())
                .toList();
    }

    /** Every reference and address of an attachment, wherever it stands; cheaper than walking the model. */
    private static void references(JsonNode at, List<String> found) {
        if (at.isArray()) {
            at.forEach(each -> references(each, found));
        } else if (at.isObject()) {
            for (var member : at.properties()) {
                var value = member.getValue();
                if (!value.isString()) {
                    references(value, found);
                } else if (member.getKey().equals("reference") && Reference.pointsOut(value.stringValue())
                        || member.getKey().equals("url") && value.stringValue().startsWith("Binary/")
                        || member.getKey().equals("url") && value.stringValue().startsWith("urn:uuid:")) {
                    found.add(value.stringValue());
                }
            }
        }
    }

    @Override
    public String toString() {
        return "Facts " + where;
    }
}
