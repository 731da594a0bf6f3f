package org.twinkeep.twin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.lists;
import static org.twinkeep.twin.TestTwins.NOON;
import static org.twinkeep.twin.TestTwins.PATIENT;
import static org.twinkeep.twin.TestTwins.body;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.twin.TwinCommand.CreateTwin;
import org.twinkeep.twin.TwinCommand.KeepConsentOpening;
import org.twinkeep.twin.TwinCommand.RequestTwinErasure;
import org.twinkeep.twin.TwinEvent.ConsentOpeningKept;
import org.twinkeep.twin.TwinEvent.TwinCreated;
import org.twinkeep.twin.TwinEvent.TwinErasureRequested;

class TwinTest {

    private static final TwinId TWIN = new TwinId(new UUID(1, 2));
    private static final CreateTwin CREATE = new CreateTwin(TWIN, NOON, PATIENT);
    private static final KeepConsentOpening KEEP = new KeepConsentOpening(TWIN, "handle", 1, body("{}"), NOON, PATIENT);
    private static final RequestTwinErasure ERASE = new RequestTwinErasure(TWIN, NOON, PATIENT);
    private static final TwinCreated CREATED = new TwinCreated(TWIN, NOON, PATIENT);
    private static final TwinErasureRequested ERASING = new TwinErasureRequested(NOON, PATIENT);

    @Test
    void a_twin_is_created() {
        assertThat(given().decide(CREATE)).containsExactly(Happened.of(CREATED));
    }

    @Test
    void a_twin_is_not_created_twice() {
        var again = new CreateTwin(TWIN, NOON.plusSeconds(1), PATIENT);
        assertThatThrownBy(() -> given(CREATED).decide(again)).isInstanceOf(TwinRefused.class);
    }

    @Test
    void the_same_command_to_create_again_changes_nothing() {
        assertThat(given(CREATED).decide(CREATE)).isEmpty();
    }

    @Test
    void a_living_twin_keeps_the_opening_of_a_consent() {
        assertThat(given(CREATED).decide(KEEP))
                .containsExactly(new Happened(new ConsentOpeningKept("handle", 1, NOON, PATIENT), KEEP.opening()));
    }

    @Test
    void an_opening_is_kept_again_only_when_it_comes_again_later() {
        var kept = given(CREATED, new ConsentOpeningKept("handle", 1, NOON, PATIENT));
        assertThat(kept.decide(KEEP)).isEmpty();
        var later = new KeepConsentOpening(TWIN, "handle", 1, body("{}"), NOON.plusSeconds(1), PATIENT);
        assertThat(kept.decide(later)).hasSize(1);
    }

    @Test
    void a_twin_that_is_not_born_keeps_nothing() {
        assertThatThrownBy(() -> given().decide(KEEP))
                .isInstanceOf(TwinRefused.class)
                .hasMessage("There is no such twin.");
    }

    @Test
    void a_living_twin_can_be_erased_and_asking_again_is_done() {
        assertThat(given(CREATED).decide(ERASE)).containsExactly(Happened.of(ERASING));
        assertThat(given(CREATED, ERASING).decide(ERASE)).isEmpty();
    }

    @Test
    void a_twin_that_is_not_born_cannot_be_erased() {
        assertThatThrownBy(() -> given().decide(ERASE)).isInstanceOf(TwinRefused.class);
    }

    @Test
    void an_erased_twin_stays_erased_whatever_is_asked_of_it() {
        qt().forAll(lists().of(integers().between(0, 2)).ofSizeBetween(0, 8)).checkAssert(asked -> {
            Twin twin = given(CREATED, ERASING);
            for (var command : commands(asked)) {
                try {
                    assertThat(twin.decide(command)).isEmpty();
                } catch (TwinRefused e) {
                    assertThat(e).hasMessage("There is no such twin.");
                }
            }
        });
    }

    private static List<TwinCommand.OfLife> commands(List<Integer> numbers) {
        var all = List.of(CREATE, KEEP, ERASE);
        var commands = new ArrayList<TwinCommand.OfLife>();
        numbers.forEach(number -> commands.add(all.get(number)));
        return commands;
    }

    private static Twin given(TwinEvent.OfLife... history) {
        var twin = Twin.unborn();
        for (var event : history) {
            twin = twin.evolve(event);
        }
        return twin;
    }
}
