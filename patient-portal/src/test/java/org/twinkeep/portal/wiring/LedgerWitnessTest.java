package org.twinkeep.portal.wiring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.twinkeep.consent.ledger.LedgerUnavailable;
import org.twinkeep.consent.ledger.Transaction.Anchor;
import org.twinkeep.consent.ledger.Transaction.RecordErasure;
import org.twinkeep.consent.witness.Anchored;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.sealing.Body;
import org.twinkeep.portal.checks.Verification;
import org.twinkeep.twin.Actor;
import org.twinkeep.twin.TwinCommand;

/** What the ledger of a house says against older copies of its other files. */
class LedgerWitnessTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final Actor OPERATOR = new Actor(Actor.Kind.OPERATOR, "operator:test");

    @TempDir
    Path temp;

    private Instant now = NOON;

    @Test
    void a_trail_that_moved_is_anchored_once_an_hour_and_one_that_did_not_never_again() {
        try (var house = open()) {
            beat(house);
            assertThat(anchored()).isEmpty();
            aTwin(house);
            beat(house);
            assertThat(anchored()).hasSize(1);
            assertThat(house.ledger()
                            .get(Anchor.handleOf(Anchored.hashOf(anchored().getFirst()))))
                    .isPresent();
            aTwin(house);
            now = now.plus(Duration.ofMinutes(59));
            beat(house);
            assertThat(anchored()).hasSize(1);
            now = now.plus(Duration.ofMinutes(1));
            beat(house);
            assertThat(anchored()).hasSize(2);
            long head = house.ledger().head().block();
            now = now.plus(Duration.ofDays(1));
            beat(house);
            assertThat(house.ledger().head().block()).isEqualTo(head);
        }
        assertThat(problems()).isEmpty();
    }

    @Test
    void a_trail_put_back_from_before_an_anchor_is_named() throws IOException {
        try (var house = open()) {
            aTwin(house);
        }
        copy(folder().trail(), temp.resolve("older"));
        try (var house = open()) {
            aTwin(house);
            beat(house);
        }
        delete(folder().trail());
        copy(temp.resolve("older"), folder().trail());
        assertThat(problems()).anySatisfy(problem -> {
            assertThat(problem.file()).isEqualTo("trail/checkpoint");
            assertThat(problem.what()).contains("does not continue");
        });
    }

    @Test
    void an_anchor_whose_checkpoint_is_not_known_here_opens_nothing_until_it_is_given_up() throws IOException {
        try (var house = open()) {
            aTwin(house);
            beat(house);
        }
        var kept = folder().ledger().resolve(Anchored.FILE);
        Files.delete(kept);
        refusedThenGivenUp("checkpoints of its trail");
        assertThat(Files.readString(kept)).contains("\"lost\"");
    }

    @Test
    void a_flipped_bit_anywhere_in_what_explains_the_anchors_is_named() throws IOException {
        try (var house = open()) {
            aTwin(house);
            beat(house);
        }
        var kept = folder().ledger().resolve(Anchored.FILE);
        var whole = Files.readAllBytes(kept);
        for (int at = 0; at < whole.length; at++) {
            var flipped = whole.clone();
            flipped[at] ^= 0x10;
            Files.write(kept, flipped);
            assertThatThrownBy(() -> Anchored.in(folder().ledger()))
                    .as("byte " + at)
                    .isInstanceOf(LedgerUnavailable.class);
        }
        assertThat(problems()).extracting(Verification.Problem::file).containsOnly("ledger/" + Anchored.FILE);
    }

    @Test
    void a_deletion_is_on_the_ledger_and_a_list_of_deletions_without_it_opens_nothing() throws IOException {
        TwinId twin;
        try (var house = open()) {
            twin = aTwin(house);
            var labs = Map.of(Chapter.LABS, List.of(house.twins().entryId(twin, "test", "Observation", "alpha")));
            var receipt = house.erasure().eraseEntries(twin, labs, OPERATOR);
            assertThat(house.ledger().get(RecordErasure.handleOf(receipt.hash())))
                    .isEmpty();
            beat(house);
            beat(house);
            assertThat(house.ledger().historyOf(RecordErasure.handleOf(receipt.hash())))
                    .hasSize(1);
        }
        assertThat(problems()).isEmpty();
        Files.delete(folder().erasures());
        refusedThenGivenUp("deletions");
    }

    private void refusedThenGivenUp(String what) {
        assertThatThrownBy(this::open).isInstanceOf(LedgerUnavailable.class).hasMessageContaining(what);
        assertThat(problems()).anySatisfy(problem -> assertThat(problem.what()).contains("an older copy"));
        assertThatThrownBy(() -> restore(false))
                .isInstanceOf(HouseRefused.class)
                .hasMessageContaining(what);
        assertThat(restore(true).lost()).contains(what);
        open().close();
        assertThat(problems()).isEmpty();
    }

    private Restore restore(boolean lost) {
        return Restore.run(folder(), new Restore.Sources(null, null, List.of(), lost), kek(), clock(), _ -> {});
    }

    private static void beat(House house) {
        house.trail().checkpoint();
        house.clockwork().beat();
    }

    private List<String> anchored() {
        return Anchored.in(folder().ledger()).checkpoints();
    }

    private List<Verification.Problem> problems() {
        return Verification.of(folder(), kek(), clock()).problems();
    }

    private TwinId aTwin(House house) {
        var twin = new TwinId(UUID.randomUUID());
        house.twins().create(new TwinCommand.CreateTwin(twin, now, OPERATOR));
        var about = "{\"source\":\"test\",\"type\":\"Observation\",\"id\":\"alpha\",\"format\":\"json\"}";
        var content = "{\"resourceType\":\"Observation\",\"id\":\"alpha\",\"status\":\"final\"}";
        var entry = house.twins().entryId(twin, "test", "Observation", "alpha");
        var body = new Body(1, about.getBytes(UTF_8), content.getBytes(UTF_8));
        house.twins()
                .record(new TwinCommand.RecordEntries(
                        twin, Chapter.LABS, List.of(new TwinCommand.Incoming(entry, body)), now, OPERATOR));
        return twin;
    }

    private static void delete(Path folder) throws IOException {
        try (var all = Files.walk(folder)) {
            for (var path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var all = Files.walk(from)) {
            for (var path : all.toList()) {
                Files.copy(path, to.resolve(from.relativize(path)), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private House open() {
        return House.open(folder(), kek(), "a test", clock());
    }

    private Clock clock() {
        return new Clock() {
            @Override
            public Instant instant() {
                return now;
            }

            @Override
            public ZoneOffset getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(java.time.ZoneId zone) {
                return this;
            }
        };
    }

    private DataFolder folder() {
        return new DataFolder(temp.resolve("data"));
    }

    private Kek kek() {
        return new Kek(temp.resolve("key"), false, _ -> new char[0], _ -> {});
    }
}
