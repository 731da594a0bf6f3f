package org.twinkeep.portal.emergency;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.twinkeep.consent.Purpose;
import org.twinkeep.consent.ledger.ConsentLedger;
import org.twinkeep.consent.trail.Looker;
import org.twinkeep.consent.trail.Trail;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.sealing.OpenedBody;
import org.twinkeep.portal.emergency.Findable.Person;
import org.twinkeep.twin.EntryId;
import org.twinkeep.twin.TwinEvent;
import org.twinkeep.twin.TwinHistory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Finds exactly one person by their whole name and birth date, as their records give them. Whoever is new is read first:
 * one leaf a twin, with its reason, which the patient sees. All of that is done whatever was typed.
 */
public final class FindingPeople implements EmergencyEntrance.Finder {
    private static final Looker READER = new Looker("system:emergency", "Twinkeep", "This service", "system");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Findable findable;
    private final TwinHistory history;
    private final Trail trail;
    private final Supplier<ConsentLedger.Position> reliedOn;

    public FindingPeople(
            Findable findable, TwinHistory history, Trail trail, Supplier<ConsentLedger.Position> reliedOn) {
        this.findable = findable;
        this.history = history;
        this.trail = trail;
        this.reliedOn = reliedOn;
    }

    @Override
    public Optional<TwinId> exactly(String name, LocalDate born) {
        var known = findable.known().keySet();
        history.twins().stream().filter(twin -> !known.contains(twin)).forEach(this::read);
        return findable.exactly(name, born).filter(history::exists);
    }

    /** Reads anew whose profile moved since it was read; for the clockwork. */
    public void refresh() {
        var known = findable.known();
        for (var twin : history.twins()) {
            if (!Long.valueOf(eventsOf(twin)).equals(known.get(twin))) {
                read(twin);
            }
        }
    }

    private long eventsOf(TwinId twin) {
        return history.heads(twin).getOrDefault(Chapter.PROFILE, 0L);
    }

    private synchronized void read(TwinId twin) {
        long events = eventsOf(twin);
        var receipt = trail.permitted(
                twin,
                READER,
                Purpose.OPERATIONS.code(),
                "so that this person can be found in an emergency",
                List.of(),
                Set.of(Chapter.PROFILE),
                reliedOn.get());
        var persons = new LinkedHashMap<EntryId, Person>();
        history.replay(receipt, twin, Chapter.PROFILE, opened -> {
            if (opened.event() instanceof TwinEvent.EntryErased erased) {
                persons.remove(erased.entry());
            } else if (isVersion(opened.event())
                    && opened.event() instanceof TwinEvent.OfChapter event
                    && opened.body() instanceof OpenedBody.Present(var body)) {
                persons.remove(event.entry());
                person(JSON.readTree(new String(body.content(), StandardCharsets.UTF_8)))
                        .ifPresent(person -> persons.put(event.entry(), person));
            }
        });
        findable.remember(twin, persons.values(), events);
    }

    private static boolean isVersion(TwinEvent event) {
        return event instanceof TwinEvent.EntryRecorded || event instanceof TwinEvent.EntryRevised;
    }

    /** Each name with all its given names, and with the first of them; nobody whose birth date is not a whole date. */
    private static Optional<Person> person(JsonNode resource) {
        if (!resource.path("resourceType").asString("").equals("Patient")) {
            return Optional.empty();
        }
        var names = new LinkedHashSet<String>();
        for (var name : resource.path("name")) {
            var given = new ArrayList<String>();
            name.path("given").forEach(each -> given.add(each.asString("")));
            var family = name.path("family").asString("");
            names.add(joined(given.stream(), family));
            names.add(joined(given.stream().limit(1), family));
            names.add(name.path("text").asString(""));
        }
        names.removeIf(name -> !name.strip().contains(" "));
        try {
            return Optional.of(
                    new Person(names, LocalDate.parse(resource.path("birthDate").asString(""))));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static String joined(Stream<String> given, String family) {
        return Stream.concat(given, Stream.of(family))
                .filter(part -> !part.isBlank())
                .collect(Collectors.joining(" "));
    }
}
