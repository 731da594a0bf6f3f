package org.twinkeep.twin.json;

import java.io.ByteArrayOutputStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.twin.Actor;
import org.twinkeep.twin.EntryId;
import org.twinkeep.twin.TwinEvent;
import org.twinkeep.twin.TwinEvent.ConsentOpeningKept;
import org.twinkeep.twin.TwinEvent.EntryDisputed;
import org.twinkeep.twin.TwinEvent.EntryErased;
import org.twinkeep.twin.TwinEvent.EntryRecorded;
import org.twinkeep.twin.TwinEvent.EntryRevised;
import org.twinkeep.twin.TwinEvent.TwinCreated;
import org.twinkeep.twin.TwinEvent.TwinErasureRequested;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The stored form of an event: a stable name, a revision, and the JSON of its skeleton. Names and members never change
 * their meaning; a member may be added that is absent in older events. {@code docs/formats/events.md} says it in full.
 */
public final class EventForm {

    /** The revision in which every event is written today. */
    public static final String REVISION = "1";

    public static final String TWIN_CREATED = "twin.created";
    public static final String CONSENT_OPENING_KEPT = "twin.opening-kept";
    public static final String TWIN_ERASURE_REQUESTED = "twin.erasure-requested";
    public static final String ENTRY_RECORDED = "entry.recorded";
    public static final String ENTRY_REVISED = "entry.revised";
    public static final String ENTRY_DISPUTED = "entry.disputed";
    public static final String ENTRY_ERASED = "entry.erased";

    private static final Set<String> NAMES = Set.of(
            TWIN_CREATED,
            CONSENT_OPENING_KEPT,
            TWIN_ERASURE_REQUESTED,
            ENTRY_RECORDED,
            ENTRY_REVISED,
            ENTRY_DISPUTED,
            ENTRY_ERASED);

    private static final JsonMapper JSON = JsonMapper.shared();

    private EventForm() {}

    public static boolean isName(String name) {
        return NAMES.contains(name);
    }

    public static String nameOf(TwinEvent event) {
        return switch (event) {
            case TwinCreated _ -> TWIN_CREATED;
            case ConsentOpeningKept _ -> CONSENT_OPENING_KEPT;
            case TwinErasureRequested _ -> TWIN_ERASURE_REQUESTED;
            case EntryRecorded _ -> ENTRY_RECORDED;
            case EntryRevised _ -> ENTRY_REVISED;
            case EntryDisputed _ -> ENTRY_DISPUTED;
            case EntryErased _ -> ENTRY_ERASED;
        };
    }

    /** UTF-8 JSON, members in the order of the format. */
    public static byte[] write(TwinEvent event) {
        var bytes = new ByteArrayOutputStream(192);
        try (var json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            switch (event) {
                case TwinCreated(var twin, var _, var _) -> json.writeStringProperty("twin", twin.toString());
                case ConsentOpeningKept(var handle, var step, var _, var _) ->
                    json.writeStringProperty("handle", handle).writeNumberProperty("step", step);
                case TwinErasureRequested _ -> {}
                case EntryRecorded(var entry, var _, var _) -> json.writeStringProperty("entry", entry.value());
                case EntryRevised(var entry, var version, var _, var _) ->
                    json.writeStringProperty("entry", entry.value()).writeNumberProperty("version", version);
                case EntryDisputed(var entry, var statement, var _, var _) ->
                    json.writeStringProperty("entry", entry.value()).writeNumberProperty("statement", statement);
                case EntryErased(var entry, var receipt, var _, var _) -> {
                    json.writeStringProperty("entry", entry.value());
                    if (receipt != null) {
                        json.writeStringProperty("receipt", receipt);
                    }
                }
            }
            json.writeStringProperty("at", event.at().toString());
            json.writeObjectPropertyStart("by")
                    .writeStringProperty("kind", event.by().kind().name())
                    .writeStringProperty("id", event.by().id())
                    .writeEndObject();
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }

    /** Reads the present form; what older events lack was added by upcasters. @throws IllegalStateException else */
    public static TwinEvent read(String name, byte[] skeleton) {
        JsonNode json;
        try {
            json = JSON.readTree(skeleton);
        } catch (JacksonException e) {
            throw unreadable();
        }
        return read(name, json);
    }

    public static TwinEvent read(String name, JsonNode json) {
        if (!(json instanceof ObjectNode object)) {
            throw new IllegalStateException("a skeleton is a JSON object");
        }
        try {
            return event(name, object);
        } catch (JacksonException | IllegalArgumentException | DateTimeException e) {
            throw unreadable();
        }
    }

    private static TwinEvent event(String name, ObjectNode object) {
        var at = Instant.parse(text(object, "at"));
        var by = actor(object);
        return switch (name) {
            case TWIN_CREATED -> new TwinCreated(new TwinId(UUID.fromString(text(object, "twin"))), at, by);
            case CONSENT_OPENING_KEPT -> new ConsentOpeningKept(text(object, "handle"), number(object, "step"), at, by);
            case TWIN_ERASURE_REQUESTED -> new TwinErasureRequested(at, by);
            case ENTRY_RECORDED -> new EntryRecorded(entry(object), at, by);
            case ENTRY_REVISED -> new EntryRevised(entry(object), number(object, "version"), at, by);
            case ENTRY_DISPUTED -> new EntryDisputed(entry(object), number(object, "statement"), at, by);
            case ENTRY_ERASED -> new EntryErased(entry(object), optional(object, "receipt"), at, by);
            default -> throw new IllegalStateException("no event has this name: " + name);
        };
    }

    private static Actor actor(ObjectNode object) {
        if (!(object.get("by") instanceof ObjectNode by)) {
            throw missing("by");
        }
        return new Actor(Actor.Kind.valueOf(text(by, "kind")), text(by, "id"));
    }

    private static EntryId entry(ObjectNode object) {
        return new EntryId(text(object, "entry"));
    }

    private static String text(ObjectNode object, String member) {
        var text = optional(object, member);
        if (text == null) {
            throw missing(member);
        }
        return text;
    }

    private static @Nullable String optional(ObjectNode object, String member) {
        var value = object.get(member);
        return value == null ? null : value.stringValue();
    }

    private static int number(ObjectNode object, String member) {
        var value = object.get(member);
        if (value == null) {
            throw missing(member);
        }
        return value.intValue();
    }

    /** Without a cause: it would quote what it could not read. */
    private static IllegalStateException unreadable() {
        return new IllegalStateException("a stored event cannot be read");
    }

    private static IllegalStateException missing(String member) {
        return new IllegalStateException("a stored event lacks its member " + member);
    }
}
