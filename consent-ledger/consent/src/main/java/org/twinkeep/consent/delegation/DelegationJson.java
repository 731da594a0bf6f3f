package org.twinkeep.consent.delegation;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.Period;
import org.twinkeep.consent.delegation.DelegationEvent.Appointed;
import org.twinkeep.consent.delegation.DelegationEvent.Changed;
import org.twinkeep.consent.delegation.DelegationEvent.Confirmed;
import org.twinkeep.consent.delegation.DelegationEvent.ConsentNoted;
import org.twinkeep.consent.delegation.DelegationEvent.DeathFiled;
import org.twinkeep.consent.delegation.DelegationEvent.Ended;
import org.twinkeep.consent.delegation.DelegationEvent.Refused;
import org.twinkeep.consent.delegation.DelegationEvent.Reviewed;
import org.twinkeep.consent.delegation.DelegationEvent.StartAsked;
import org.twinkeep.consent.durable.CanonicalReader;
import org.twinkeep.consent.durable.CanonicalReader.NotCanonical;
import org.twinkeep.consent.durable.Hex;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.KeyScope;
import org.twinkeep.crypto.json.CanonicalJson;
import org.twinkeep.crypto.sign.VerifyingKey;

/** The frozen form of what happens about delegates (docs/formats/delegation.md): canonical JSON (RFC 8785). */
public final class DelegationJson {
    private static final int VERSION = 1;

    private DelegationJson() {}

    public static byte[] write(DelegationEvent event) {
        var json = new LinkedHashMap<String, Object>();
        json.put("delegation", VERSION);
        json.put("handle", event.handle().value());
        json.put("at", event.at().toEpochMilli());
        json.put(
                "by",
                Map.of("account", event.by().account(), "as", word(event.by().as())));
        switch (event) {
            case Appointed appointed -> {
                json.put("act", "appointed");
                json.put("appointment", appointment(appointed.appointment()));
            }
            case StartAsked asked -> {
                json.put("act", "start-asked");
                json.put("document", asked.document());
            }
            case Confirmed _ -> json.put("act", "confirmed");
            case Refused _ -> json.put("act", "refused");
            case Changed changed -> {
                json.put("act", "changed");
                json.put("powers", powers(changed.powers()));
                json.put("chapters", chapters(changed.chapters()));
            }
            case Reviewed reviewed -> {
                json.put("act", "reviewed");
                json.put("next", reviewed.next().toString());
            }
            case Ended _ -> json.put("act", "ended");
            case ConsentNoted noted -> {
                json.put("act", "consent-noted");
                json.put("consent", noted.consent().value());
            }
            case DeathFiled death -> {
                json.put("act", "death-filed");
                json.put("patient", death.patientName());
                json.put("day", death.day().toString());
                json.put("document", death.document());
            }
        }
        return CanonicalJson.bytes(json);
    }

    /** Whether these bytes speak of a delegation at all: a twin's openings are also those of other records. */
    public static boolean isOne(byte[] bytes) {
        try {
            return CanonicalReader.of(bytes).has("delegation");
        } catch (NotCanonical e) {
            return false;
        }
    }

    /** @throws NotCanonical when it is not, to the last byte, what {@link #write} writes */
    public static DelegationEvent read(byte[] bytes) {
        try {
            var event = understood(CanonicalReader.of(bytes));
            if (!Arrays.equals(write(event), bytes)) {
                throw new NotCanonical("an element that is not known");
            }
            return event;
        } catch (DateTimeException | IllegalArgumentException | DelegationRefused e) {
            throw new NotCanonical("not of a delegation");
        }
    }

    private static Map<String, Object> appointment(Appointment of) {
        var json = new LinkedHashMap<String, Object>();
        json.put("delegate", of.delegate());
        json.put("name", of.delegateName());
        json.put("key", Hex.of(of.key().bytes()));
        json.put("patient", of.patientName());
        json.put("authority", of.authority().kind().code());
        putIfThere(json, "document", of.authority().document());
        json.put("powers", powers(of.powers()));
        json.put("chapters", chapters(of.chapters()));
        json.put("from", String.valueOf(of.term().from()));
        json.put("to", String.valueOf(of.term().to()));
        json.put("zone", of.term().zone().getId());
        json.put("review", of.review().toString());
        putIfThere(json, "born", of.birthDate());
        return json;
    }

    private static void putIfThere(Map<String, Object> json, String name, @Nullable Object value) {
        if (value != null) {
            json.put(name, value.toString());
        }
    }

    private static List<String> powers(Collection<Power> powers) {
        return powers.stream().sorted().map(Power::code).toList();
    }

    private static List<String> chapters(Collection<Chapter> chapters) {
        return chapters.stream()
                .sorted(Comparator.comparing(KeyScope::number))
                .map(Chapter::code)
                .toList();
    }

    private static DelegationEvent understood(CanonicalReader json) {
        if (json.number("delegation") != VERSION) {
            throw new NotCanonical("a version that is not known");
        }
        var handle = new ConsentHandle(json.text("handle"));
        var at = Instant.ofEpochMilli(json.number("at"));
        var hand = json.object("by");
        var by = new Hand(hand.text("account"), as(hand.text("as")));
        return switch (json.text("act")) {
            case "appointed" -> new Appointed(handle, appointment(json.object("appointment")), by, at);
            case "start-asked" -> new StartAsked(handle, json.text("document"), by, at);
            case "confirmed" -> new Confirmed(handle, by, at);
            case "refused" -> new Refused(handle, by, at);
            case "changed" -> new Changed(handle, powersOf(json), chaptersOf(json), by, at);
            case "reviewed" -> new Reviewed(handle, LocalDate.parse(json.text("next")), by, at);
            case "ended" -> new Ended(handle, by, at);
            case "consent-noted" -> new ConsentNoted(handle, new ConsentHandle(json.text("consent")), by, at);
            case "death-filed" ->
                new DeathFiled(
                        handle, json.text("patient"), LocalDate.parse(json.text("day")), json.text("document"), by, at);
            default -> throw new NotCanonical("an act that is not known");
        };
    }

    private static Appointment appointment(CanonicalReader json) {
        var kind = Authority.Kind.ofCode(json.text("authority")).orElseThrow(DelegationJson::notKnown);
        return new Appointment(
                json.text("delegate"),
                json.text("name"),
                new VerifyingKey(json.hex("key")),
                json.text("patient"),
                new Authority(kind, json.has("document") ? json.text("document") : null),
                powersOf(json),
                chaptersOf(json),
                new Period(
                        LocalDate.parse(json.text("from")),
                        LocalDate.parse(json.text("to")),
                        ZoneId.of(json.text("zone"))),
                LocalDate.parse(json.text("review")),
                json.has("born") ? LocalDate.parse(json.text("born")) : null);
    }

    private static Set<Power> powersOf(CanonicalReader json) {
        return json.list("powers").stream()
                .map(code -> Power.ofCode(String.valueOf(code)).orElseThrow(DelegationJson::notKnown))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Power.class)));
    }

    private static Set<Chapter> chaptersOf(CanonicalReader json) {
        return json.list("chapters").stream()
                .map(code -> Chapter.ofCode(String.valueOf(code)).orElseThrow(DelegationJson::notKnown))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Chapter.class)));
    }

    private static String word(Hand.As as) {
        return as.name().toLowerCase(Locale.ROOT);
    }

    private static Hand.As as(String word) {
        return Arrays.stream(Hand.As.values())
                .filter(as -> word(as).equals(word))
                .findFirst()
                .orElseThrow(DelegationJson::notKnown);
    }

    private static NotCanonical notKnown() {
        return new NotCanonical("a word that is not known");
    }
}
