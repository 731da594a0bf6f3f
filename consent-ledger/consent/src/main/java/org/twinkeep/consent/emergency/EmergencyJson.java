package org.twinkeep.consent.emergency;

import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.durable.CanonicalReader;
import org.twinkeep.consent.durable.CanonicalReader.NotCanonical;
import org.twinkeep.consent.emergency.EmergencyEvent.GlassBroken;
import org.twinkeep.consent.emergency.EmergencyEvent.GlassClosed;
import org.twinkeep.consent.emergency.EmergencyEvent.Narrowed;
import org.twinkeep.consent.emergency.EmergencyEvent.Outcome;
import org.twinkeep.consent.emergency.EmergencyEvent.Reviewed;
import org.twinkeep.consent.trail.Looker;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.json.CanonicalJson;

/**
 * The events as canonical JSON (RFC 8785; docs/formats/emergency.md): what is sealed in the patient's stream, and what the
 * ledger's commitments are made of.
 */
final class EmergencyJson {

    private static final String WHAT = "emergency";

    private EmergencyJson() {}

    static byte[] bytes(EmergencyEvent event) {
        return CanonicalJson.bytes(
                switch (event) {
                    case GlassBroken(var handle, var by, var reason, var chapters, var at, var until) -> {
                        var json = common("broken", at);
                        json.put("handle", handle.value());
                        json.put("by", looker(by));
                        json.put("reason", reason);
                        json.put("chapters", codes(chapters));
                        json.put("until", until.toEpochMilli());
                        yield json;
                    }
                    case GlassClosed(var handle, var at) -> {
                        var json = common("closed", at);
                        json.put("handle", handle.value());
                        yield json;
                    }
                    case Reviewed(var handle, var by, var outcome, var note, var at) -> {
                        var json = common("reviewed", at);
                        json.put("handle", handle.value());
                        json.put("by", looker(by));
                        json.put("outcome", outcome.name());
                        json.put("note", note);
                        yield json;
                    }
                    case Narrowed(var closed, var at) -> {
                        var json = common("narrowed", at);
                        json.put("chapters", codes(closed));
                        yield json;
                    }
                });
    }

    /**
     * The event; nothing where the opening is of something else.
     *
     * @throws NotCanonical when it is of an emergency and not, to the last byte, what {@link #bytes} writes
     */
    static Optional<EmergencyEvent> read(byte[] opening) {
        var json = CanonicalReader.of(opening);
        if (!json.has(WHAT)) {
            return Optional.empty();
        }
        try {
            var event = read(json);
            if (!Arrays.equals(bytes(event), opening)) {
                throw new NotCanonical("an element that is not known");
            }
            return Optional.of(event);
        } catch (IllegalArgumentException e) {
            throw new NotCanonical("not an event of an emergency");
        }
    }

    private static EmergencyEvent read(CanonicalReader json) {
        var at = Instant.ofEpochMilli(json.number("at"));
        return switch (json.text(WHAT)) {
            case "broken" ->
                new GlassBroken(
                        handle(json),
                        looker(json.object("by")),
                        json.text("reason"),
                        chapters(json),
                        at,
                        Instant.ofEpochMilli(json.number("until")));
            case "closed" -> new GlassClosed(handle(json), at);
            case "reviewed" ->
                new Reviewed(
                        handle(json),
                        looker(json.object("by")),
                        Outcome.valueOf(json.text("outcome")),
                        json.text("note"),
                        at);
            case "narrowed" -> new Narrowed(chapters(json), at);
            default -> throw new NotCanonical("an event of an emergency that this version does not know");
        };
    }

    private static Map<String, Object> common(String what, Instant at) {
        var json = new LinkedHashMap<String, Object>();
        json.put(WHAT, what);
        json.put("at", at.toEpochMilli());
        return json;
    }

    private static Map<String, Object> looker(Looker by) {
        return Map.of("id", by.id(), "name", by.name(), "organisation", by.organisation(), "role", by.role());
    }

    private static Looker looker(CanonicalReader json) {
        return new Looker(json.text("id"), json.text("name"), json.text("organisation"), json.text("role"));
    }

    private static ConsentHandle handle(CanonicalReader json) {
        return new ConsentHandle(json.text("handle"));
    }

    private static List<String> codes(Set<Chapter> chapters) {
        return chapters.stream().sorted().map(Chapter::code).toList();
    }

    private static Set<Chapter> chapters(CanonicalReader json) {
        return json.list("chapters").stream()
                .map(code -> Chapter.ofCode(String.valueOf(code))
                        .orElseThrow(() -> new NotCanonical("a chapter that is not known")))
                .collect(Collectors.toUnmodifiableSet());
    }
}
