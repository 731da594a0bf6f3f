package org.twinkeep.twin.erasure;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.keys.StreamName;
import org.twinkeep.twin.EntryId;
import org.twinkeep.twin.erasure.ErasureRecord.Completed;
import org.twinkeep.twin.erasure.ErasureRecord.EntriesRequested;
import org.twinkeep.twin.erasure.ErasureRecord.KeysBackedUp;
import org.twinkeep.twin.erasure.ErasureRecord.Punctured;
import org.twinkeep.twin.erasure.ErasureRecord.Target;
import org.twinkeep.twin.erasure.ErasureRecord.TwinRequested;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The members of a record of the erasure ledger; {@code docs/formats/erasure-ledger.md} is the format. */
final class ErasureJson {

    private static final int VERSION = 2;
    private static final String REQUESTED = "requested";
    private static final String COMPLETED = "completed";
    private static final String KEYS_BACKED_UP = "keys-backed-up";
    private static final String NO_BACKUP = "none";

    private static final JsonMapper JSON = JsonMapper.shared();

    private ErasureJson() {}

    static Map<String, Object> members(ErasureRecord record) {
        var members = new LinkedHashMap<String, Object>();
        members.put("v", VERSION);
        members.put("erasure", record.id());
        members.put("at", record.at().toString());
        switch (record) {
            case EntriesRequested(var _, var _, var scope, var keysBefore, var twin, var targets, var punctured) -> {
                members.put("kind", REQUESTED);
                members.put("scope", scope.code());
                members.put("keysBefore", keysBefore);
                members.put("twin", twin.toString());
                members.put("targets", targets.stream().map(ErasureJson::target).toList());
                members.put(
                        "punctured",
                        punctured.stream().map(ErasureJson::punctured).toList());
            }
            case TwinRequested(var _, var _, var keysBefore, var twin, var streams, var events) -> {
                members.put("kind", REQUESTED);
                members.put("scope", ErasureScope.TWIN.code());
                members.put("keysBefore", keysBefore);
                members.put("twin", twin.toString());
                members.put("streams", streams.stream().map(StreamName::value).toList());
                members.put("events", events);
            }
            case Completed completed -> {
                members.put("kind", COMPLETED);
                members.put("scope", completed.scope().code());
                members.put("events", completed.events());
                members.put("keysBefore", completed.keysBefore());
                members.put("keysAfter", completed.keysAfter());
                members.put("keysVersion", completed.keysVersion());
                members.put(
                        "punctured",
                        completed.punctured().stream()
                                .map(ErasureJson::punctured)
                                .toList());
                members.put("trail", completed.trail());
                members.put("medium", completed.medium());
                members.put(
                        "backupsMayHoldKeysOf",
                        completed.horizon().map(Instant::toString).orElse(NO_BACKUP));
            }
            case KeysBackedUp _ -> members.put("kind", KEYS_BACKED_UP);
        }
        return members;
    }

    private static Map<String, Object> target(Target target) {
        return Map.of(
                "stream", target.stream().value(),
                "entries", target.entries().stream().map(EntryId::value).toList());
    }

    private static Map<String, Object> punctured(Punctured punctured) {
        return Map.of(
                "stream", punctured.stream().value(),
                "leaves", punctured.leaves().stream().map(Leaves::text).toList());
    }

    /** @throws RuntimeException when it is no record of this ledger */
    static ErasureRecord record(JsonNode json) {
        if (json.required("v").intValue() > VERSION) {
            throw new IllegalStateException("a record of a newer Twinkeep");
        }
        var id = text(json, "erasure");
        var at = Instant.parse(text(json, "at"));
        return switch (text(json, "kind")) {
            case REQUESTED -> requested(json, id, at);
            case COMPLETED ->
                new Completed(
                        id,
                        at,
                        ErasureScope.of(text(json, "scope")),
                        json.required("events").longValue(),
                        text(json, "keysBefore"),
                        text(json, "keysAfter"),
                        json.path("keysVersion").asLong(0),
                        punctured(json),
                        json.path("trail").asString(""),
                        text(json, "medium"),
                        Optional.of(text(json, "backupsMayHoldKeysOf"))
                                .filter(horizon -> !horizon.equals(NO_BACKUP))
                                .map(Instant::parse));
            case KEYS_BACKED_UP -> new KeysBackedUp(id, at);
            default -> throw new IllegalStateException("no record of this ledger");
        };
    }

    private static ErasureRecord requested(JsonNode json, String id, Instant at) {
        var scope = ErasureScope.of(text(json, "scope"));
        var keysBefore = text(json, "keysBefore");
        var twin = TwinId.of(text(json, "twin"));
        return scope == ErasureScope.TWIN
                ? new TwinRequested(
                        id,
                        at,
                        keysBefore,
                        twin,
                        json.required("streams")
                                .valueStream()
                                .map(stream -> new StreamName(stream.stringValue()))
                                .toList(),
                        json.required("events").longValue())
                : new EntriesRequested(id, at, scope, keysBefore, twin, targets(json), punctured(json));
    }

    private static List<Target> targets(JsonNode json) {
        return json.required("targets")
                .valueStream()
                .map(target -> new Target(
                        new StreamName(text(target, "stream")),
                        target.required("entries")
                                .valueStream()
                                .map(entry -> new EntryId(entry.stringValue()))
                                .toList()))
                .toList();
    }

    /** None in the records of version 1. */
    private static List<Punctured> punctured(JsonNode json) {
        return json.path("punctured")
                .valueStream()
                .map(punctured -> new Punctured(
                        new StreamName(text(punctured, "stream")),
                        punctured
                                .required("leaves")
                                .valueStream()
                                .map(run -> Leaves.parse(run.stringValue()))
                                .toList()))
                .toList();
    }

    static JsonNode parse(byte[] line) {
        return JSON.readTree(line);
    }

    /** The same members as {@link #members}, of a line that was read. */
    static Map<String, Object> plain(JsonNode json) {
        var members = new LinkedHashMap<String, Object>();
        json.propertyStream().forEach(member -> members.put(member.getKey(), value(member.getValue())));
        return members;
    }

    private static Object value(JsonNode json) {
        if (json.isArray()) {
            return json.valueStream().map(ErasureJson::value).toList();
        }
        if (json.isObject()) {
            return plain(json);
        }
        return json.isIntegralNumber() ? (Object) json.longValue() : json.stringValue();
    }

    static String text(JsonNode json, String member) {
        return json.required(member).stringValue();
    }
}
