package org.twinkeep.portal.wiring;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.twinkeep.consent.AccessRequest;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.Period;
import org.twinkeep.consent.Purpose;
import org.twinkeep.consent.Terms;
import org.twinkeep.consent.Verdict;
import org.twinkeep.consent.trail.Looker;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.KeyScope;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.sealing.Body;
import org.twinkeep.crypto.sealing.OpenedBody;
import org.twinkeep.twin.Actor;
import org.twinkeep.twin.EntryId;
import org.twinkeep.twin.TwinCommand;

/** A server of a house in a process of its own: does what each line of its input asks and answers a line. */
final class PortalChild {
    private static final Looker LOOKER = new Looker("operator:test", "test", "This service", "operator");
    private static final Actor OPERATOR = new Actor(Actor.Kind.OPERATOR, "operator:test");

    private final House house;

    private PortalChild(House house) {
        this.house = house;
    }

    public static void main(String... arguments) throws IOException {
        var kek = new Kek(Path.of(arguments[1]), false, _ -> new char[0], _ -> {});
        try (var house = House.open(new DataFolder(Path.of(arguments[0])), kek, "a test", Clock.systemUTC())) {
            say("ready");
            var child = new PortalChild(house);
            var in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
            for (var line = in.readLine(); line != null; line = in.readLine()) {
                try {
                    say("done " + child.answer(line.split(" ")));
                } catch (RuntimeException e) {
                    say("failed " + e);
                }
            }
        }
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }

    private String answer(String... words) {
        var twin = TwinId.of(words[1]);
        return switch (words[0]) {
            case "create" -> {
                house.twins()
                        .create(new TwinCommand.CreateTwin(twin, house.clock().instant(), OPERATOR));
                yield "created";
            }
            case "exists" -> String.valueOf(house.history().exists(twin));
            case "burst" -> {
                for (int i = 0; i < Integer.parseInt(words[3]); i++) {
                    record(twin, words[2] + "-" + i);
                    say("acked " + words[2] + "-" + i);
                }
                yield "burst";
            }
            case "list" ->
                house.history().entries(twin, Chapter.LABS).stream()
                        .map(entry -> entry.entry() + "=" + entry.versions().size())
                        .sorted(Comparator.naturalOrder())
                        .collect(Collectors.joining(","));
            case "id" -> entry(twin, words[2]).toString();
            case "read" -> read(twin, words[2]);
            case "erase" ->
                house.erasure()
                        .eraseEntries(twin, Map.of(Chapter.LABS, List.of(entry(twin, words[2]))), OPERATOR)
                        .medium();
            case "erase-twin" -> house.erasure().eraseTwin(twin, OPERATOR).scope();
            case "receipts" -> String.valueOf(house.erasure().receiptsOf(twin).size());
            case "grant" -> {
                try (var seed = seed()) {
                    yield house.consents().grant(twin, terms(), seed).handle().value();
                }
            }
            case "revoke" -> {
                try (var seed = seed()) {
                    house.consents().revoke(twin, new ConsentHandle(words[2]), seed);
                    yield "revoked";
                }
            }
            case "decide" -> {
                var request = new AccessRequest(
                        twin,
                        "clinician-1",
                        "clinician",
                        Purpose.TREATMENT,
                        house.clock().instant());
                yield house.consents().decide(request) instanceof Verdict.Permitted ? "permitted" : "denied";
            }
            default -> throw new IllegalArgumentException("not a word of this test");
        };
    }

    private void record(TwinId twin, String name) {
        var about = "{\"source\":\"test\",\"type\":\"Observation\",\"id\":\"%s\",\"format\":\"json\"}".formatted(name);
        var body = new Body(1, about.getBytes(UTF_8), ("{\"value\":\"" + name + "\"}").getBytes(UTF_8));
        house.twins()
                .record(new TwinCommand.RecordEntries(
                        twin,
                        Chapter.LABS,
                        List.of(new TwinCommand.Incoming(entry(twin, name), body)),
                        house.clock().instant(),
                        OPERATOR));
    }

    private EntryId entry(TwinId twin, String name) {
        return house.twins().entryId(twin, "test", "Observation", name);
    }

    private String read(TwinId twin, String name) {
        var receipt = house.trail()
                .permitted(
                        twin,
                        LOOKER,
                        "HOPERAT",
                        "a test",
                        List.of(),
                        Set.<KeyScope>of(Chapter.LABS),
                        house.consents().position());
        var id = entry(twin, name);
        return house.history().entries(twin, Chapter.LABS).stream()
                .filter(entry -> entry.entry().equals(id))
                .findFirst()
                .map(entry -> house.history()
                        .open(receipt, twin, Chapter.LABS, entry.versions().getLast()))
                .map(body -> switch (body) {
                    case OpenedBody.Present(var present) -> new String(present.content(), UTF_8);
                    case OpenedBody.Erased _ -> "erased";
                    case OpenedBody.None _ -> "nothing";
                })
                .orElse("unknown");
    }

    private static Secret seed() {
        return Secret.copyOf(new byte[32]);
    }

    private static Terms terms() {
        var today = LocalDate.now(ZoneOffset.UTC);
        return new Terms(
                "clinician-1",
                "Dr Test",
                "Clinic",
                Purpose.TREATMENT,
                Set.of(Chapter.LABS),
                null,
                true,
                new Period(today, today.plusDays(30), ZoneOffset.UTC));
    }
}
