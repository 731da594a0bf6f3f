package org.twinkeep.consent.emergency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.Openings;
import org.twinkeep.consent.emergency.EmergencyEvent.Outcome;
import org.twinkeep.consent.emergency.EmergencyRefused.Why;
import org.twinkeep.consent.ledger.LedgerUnavailable;
import org.twinkeep.consent.trail.ATrail;
import org.twinkeep.consent.trail.Looker;
import org.twinkeep.consent.trail.TileTrail;
import org.twinkeep.consent.trail.TrailUnwritable;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.TwinId;

/** The whole act over a real trail: what is durable before anything opens, and what a failure in between leaves behind. */
class BreakTheGlassTest {

    private static final Looker OAK = EmergenciesTest.OAK;
    private static final Looker ELM = EmergenciesTest.ELM;
    private static final Looker RUE = EmergenciesTest.RUE;
    private static final String REASON = EmergenciesTest.REASON;
    private static final Duration HOUR = EmergenciesTest.HOUR;

    @TempDir
    Path folder;

    private ATrail trailFolder;
    private TileTrail trail;
    private final Kept openings = new Kept();
    private final InMemoryRegister register = new InMemoryRegister();
    private final Told told = new Told();
    private final Ledger ledger = new Ledger();
    private boolean entitled = true;
    private BreakTheGlass glass;
    private TwinId ada;
    private TwinId ben;

    @BeforeEach
    void open() throws Exception {
        trailFolder = new ATrail(Files.createDirectories(folder.resolve("trail")));
        ada = trailFolder.keys.twin();
        ben = trailFolder.keys.twin();
        trail = trailFolder.open();
        glass = new BreakTheGlass(
                openings,
                trail,
                register,
                told,
                ledger,
                Runnable::run,
                looker -> entitled && !looker.equals(ELM),
                () -> ATrail.BLOCK_ONE,
                trailFolder.clock,
                new SecureRandom());
    }

    @AfterEach
    void close() {
        trail.close();
    }

    @Test
    void the_leaf_the_notice_and_the_sealed_reason_are_there_before_anything_opens() {
        var emergency = glass.breakGlass(ada, OAK, REASON, HOUR);

        assertThat(told.said).containsExactly("broken");
        assertThat(trail.looks(ada)).singleElement().satisfies(look -> {
            assertThat(look.purpose()).isEqualTo("BTG");
            assertThat(look.why()).isEqualTo(REASON);
            assertThat(look.permitted()).isTrue();
            assertThat(look.consents()).containsExactly(emergency.handle().value());
        });
        assertThat(glass.of(ada).find(emergency.handle()).orElseThrow().broken().reason())
                .isEqualTo(REASON);
        assertThat(glass.live(ada, OAK)).isPresent();
        assertThat(glass.live(ben, OAK)).isEmpty();
        assertThat(glass.live(ada, ELM)).isEmpty();
        assertThat(ledger.acts).containsExactly("broken " + emergency.handle());
    }

    @Test
    void it_works_while_the_ledger_is_out_of_reach_and_is_delivered_later_once() {
        ledger.reachable = false;
        var emergency = glass.breakGlass(ada, OAK, REASON, HOUR);
        assertThat(glass.live(ada, OAK)).isPresent();
        glass.review(ada, emergency.handle(), RUE, Outcome.JUSTIFIED, "Admitted on that day, as it says.");
        assertThat(ledger.acts).isEmpty();

        ledger.reachable = true;
        glass.beat();
        glass.beat();

        assertThat(ledger.acts).containsExactly("broken " + emergency.handle(), "reviewed " + emergency.handle());
    }

    @Test
    void an_unwritable_trail_opens_nothing_and_tells_nobody() {
        trail.close();
        assertThatThrownBy(() -> glass.breakGlass(ada, OAK, REASON, HOUR)).isInstanceOf(TrailUnwritable.class);
        assertThat(told.said).isEmpty();
        assertThat(openings.kept).isEmpty();
        trail = trailFolder.open();
    }

    @Test
    void without_the_patients_notice_nothing_opens() {
        told.broken = true;
        assertThatThrownBy(() -> glass.breakGlass(ada, OAK, REASON, HOUR)).isInstanceOf(IllegalStateException.class);
        assertThat(glass.live(ada, OAK)).isEmpty();
        assertThat(glass.open(OAK)).isEmpty();

        told.broken = false;
        glass.breakGlass(ben, OAK, REASON, HOUR);
        assertThat(register.all()).as("what opened nothing is struck").hasSize(1);
    }

    @Test
    void a_crash_between_leaf_and_event_opens_nothing_and_the_next_try_is_another_emergency() {
        openings.broken = true;
        assertThatThrownBy(() -> glass.breakGlass(ada, OAK, REASON, HOUR)).isInstanceOf(IllegalStateException.class);
        openings.broken = false;
        assertThat(glass.live(ada, OAK)).isEmpty();
        assertThat(trail.looks(ada)).hasSize(1);

        var emergency = glass.breakGlass(ada, OAK, REASON, HOUR);
        assertThat(trail.looks(ada)).hasSize(2);
        assertThat(register.all())
                .singleElement()
                .satisfies(line -> assertThat(line.handle()).isEqualTo(emergency.handle()));
    }

    @Test
    void a_line_whose_event_never_came_is_struck_when_its_hour_is_over() {
        openings.broken = true;
        assertThatThrownBy(() -> glass.breakGlass(ada, OAK, REASON, HOUR)).isInstanceOf(IllegalStateException.class);
        openings.broken = false;
        trailFolder.clock.pass(HOUR);
        glass.beat();
        assertThat(register.all()).isEmpty();
    }

    @Test
    void one_patient_at_a_time_and_the_next_after_the_first_is_ended() {
        var first = glass.breakGlass(ada, OAK, REASON, HOUR);
        assertRefused(() -> glass.breakGlass(ben, OAK, REASON, HOUR), Why.OTHER_PATIENT);
        assertRefused(() -> glass.requireFit(OAK, REASON, HOUR), Why.OTHER_PATIENT);
        assertThat(trail.looks(ben)).as("nothing is said of the other patient").isEmpty();

        glass.close(ada, first.handle(), OAK);

        assertThat(glass.live(ada, OAK)).isEmpty();
        assertThat(glass.breakGlass(ben, OAK, REASON, HOUR)).isNotNull();
    }

    @Test
    void asked_again_while_it_is_open_it_is_the_same_and_gets_no_longer() {
        var first = glass.breakGlass(ada, OAK, REASON, Duration.ofMinutes(15));
        trailFolder.clock.pass(Duration.ofMinutes(10));
        assertThat(glass.breakGlass(ada, OAK, REASON, HOUR)).isEqualTo(first);
        trailFolder.clock.pass(Duration.ofMinutes(5));
        assertThat(glass.live(ada, OAK)).isEmpty();
        assertThat(glass.endedOn(ada, OAK)).contains(first.end());
        assertThat(glass.endedOn(ada, RUE)).isEmpty();
    }

    @Test
    void a_permission_that_was_taken_away_ends_what_is_open() {
        glass.breakGlass(ada, OAK, REASON, HOUR);
        entitled = false;
        assertThat(glass.live(ada, OAK)).isEmpty();
        assertRefused(() -> glass.breakGlass(ada, OAK, REASON, HOUR), Why.NOT_ENTITLED);
    }

    @Test
    void what_is_closed_to_emergencies_is_refused_with_a_leaf_that_the_patient_reads() {
        glass.narrow(ada, EmergencyChapters.LIST);
        assertRefused(() -> glass.breakGlass(ada, OAK, REASON, HOUR), Why.ALL_CLOSED);
        assertThat(trail.looks(ada)).singleElement().satisfies(look -> {
            assertThat(look.permitted()).isFalse();
            assertThat(look.why()).isEqualTo(Why.ALL_CLOSED.plain());
        });
        glass.narrow(ada, Set.of(Chapter.LABS));
        assertThat(glass.breakGlass(ada, OAK, REASON, HOUR).chapters())
                .isEqualTo(EmergencyChapters.without(Set.of(Chapter.LABS)));
    }

    @Test
    void an_overdue_review_is_told_of_once_and_a_done_one_never() {
        var late = glass.breakGlass(ada, OAK, REASON, HOUR);
        trailFolder.clock.pass(HOUR);
        var done = glass.breakGlass(ben, OAK, REASON, HOUR);
        glass.review(ben, done.handle(), RUE, Outcome.NOT_JUSTIFIED, "Nothing in the ward's book that day.");
        trailFolder.clock.pass(Duration.ofHours(72));
        told.said.clear();

        glass.beat();
        glass.beat();

        assertThat(told.said).containsExactly("overdue");
        assertThat(glass.line(late.handle()).orElseThrow().review(Instant.now(trailFolder.clock)))
                .isEqualTo(Emergency.Review.OVERDUE);
        glass.review(ada, late.handle(), RUE, Outcome.JUSTIFIED, "Late, but in order as it stands.");
        assertThat(told.said).containsExactly("overdue", "reviewed");
    }

    private static void assertRefused(Runnable act, Why why) {
        assertThatThrownBy(act::run)
                .isInstanceOfSatisfying(
                        EmergencyRefused.class,
                        refused -> assertThat(refused.why()).isEqualTo(why));
    }

    private static final class Kept implements Openings {
        final List<UUID> of = new ArrayList<>();
        final List<Opening> kept = new ArrayList<>();
        boolean broken;

        @Override
        public void keep(TwinId twin, Opening opening) {
            if (broken) {
                throw new IllegalStateException("crashed");
            }
            of.add(twin.value());
            kept.add(opening);
        }

        @Override
        public List<Opening> of(TwinId twin) {
            var theirs = new ArrayList<Opening>();
            for (int i = 0; i < kept.size(); i++) {
                if (of.get(i).equals(twin.value())) {
                    theirs.add(kept.get(i));
                }
            }
            return theirs;
        }
    }

    private static final class Told implements EmergencyNews {
        final List<String> said = new ArrayList<>();
        boolean broken;

        @Override
        public void broken(TwinId twin, Emergency emergency) {
            if (broken) {
                throw new IllegalStateException("no notice");
            }
            said.add("broken");
        }

        @Override
        public void reviewed(TwinId twin, Emergency emergency) {
            said.add("reviewed");
        }

        @Override
        public void overdue(TwinId twin, Emergency emergency) {
            said.add("overdue");
        }
    }

    private static final class Ledger implements EmergencyDelivery {
        final List<String> acts = new ArrayList<>();
        boolean reachable = true;

        @Override
        public void broken(ConsentHandle handle, String commitment, Instant until) {
            add("broken " + handle);
        }

        @Override
        public void reviewed(ConsentHandle handle, String commitment) {
            add("reviewed " + handle);
        }

        private void add(String act) {
            if (!reachable) {
                throw new LedgerUnavailable("out of reach", null);
            }
            acts.add(act);
        }
    }
}
