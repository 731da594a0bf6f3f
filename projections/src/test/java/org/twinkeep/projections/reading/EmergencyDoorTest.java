package org.twinkeep.projections.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.twinkeep.projections.reading.Hospital.DOCTOR;
import static org.twinkeep.projections.reading.Hospital.STRANGER;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.twinkeep.consent.Purpose;
import org.twinkeep.consent.emergency.EmergencyChapters;
import org.twinkeep.consent.trail.Looker;
import org.twinkeep.consent.trail.TrailUnwritable;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.projections.care.CareView;
import org.twinkeep.projections.reading.Answer.NotShown;
import org.twinkeep.projections.reading.Answer.Shown;
import org.twinkeep.projections.timeline.Row;
import org.twinkeep.twin.EntryId;

/** What a broken glass shows through the door, and what it leaves behind. */
class EmergencyDoorTest {

    private static final Purpose BTG = Purpose.BREAK_THE_GLASS;
    private static final String REASON = "Unconscious in the emergency room.";
    private static final Duration HOUR = Duration.ofMinutes(60);

    @TempDir
    Path folder;

    Hospital hospital;
    TwinId twin;

    @BeforeEach
    void open() throws Exception {
        hospital = new Hospital(folder);
        twin = hospital.aTwin(
                Resources.patient(),
                Resources.visit("v1", "2020-03-04T10:00:00Z"),
                Resources.bronchitis("c1", "v1"),
                Resources.abuse("c2", "v1"),
                Resources.laboratory("l1", "v1", "6.10"),
                Resources.note("n1", "v1", "Acute bronchitis. Victim of intimate partner abuse (finding)."),
                Resources.bill("b1", "v1", "c2", "Counselling"),
                Resources.allergy("a1"));
    }

    @AfterEach
    void close() {
        hospital.close();
    }

    @Test
    void it_shows_the_emergency_chapters_and_nothing_of_safety_and_no_note_or_bill() {
        breakGlass();
        var view = shown(care(DOCTOR));
        assertThat(view.shared()).isEqualTo(EmergencyChapters.LIST);
        assertThat(ids(view))
                .containsExactlyInAnyOrder(
                        entry("Patient", "ada"),
                        entry("Condition", "c1"),
                        entry("Observation", "l1"),
                        entry("AllergyIntolerance", "a1"));
        assertThat(hospital.door.careEntry(DOCTOR, BTG, twin, entry("Condition", "c1")))
                .isInstanceOf(Shown.class);
        for (var hidden : List.of(entry("Condition", "c2"), entry("DocumentReference", "n1"), entry("Claim", "b1"))) {
            assertThat(hospital.door.careEntry(DOCTOR, BTG, twin, hidden)).isInstanceOf(NotShown.class);
        }
    }

    @Test
    void each_look_is_two_leaves_with_the_reason() {
        breakGlass();
        hospital.trail.leaves.clear();
        shown(care(DOCTOR));
        assertThat(hospital.trail.leaves)
                .filteredOn(leaf -> leaf.who().equals(DOCTOR))
                .extracting(RememberedTrail.Leaf::kind)
                .containsExactly("permitted", "disclosed");
        assertThat(hospital.trail.leaves)
                .filteredOn(
                        leaf -> leaf.kind().equals("permitted") && leaf.who().equals(DOCTOR))
                .allSatisfy(leaf -> {
                    assertThat(leaf.why()).isEqualTo(REASON);
                    assertThat(leaf.purpose()).isEqualTo("BTG");
                });
    }

    @Test
    void without_break_glass_and_after_its_end_every_exit_is_closed() {
        assertClosed(DOCTOR, false);
        breakGlass();
        assertClosed(STRANGER, false);
        assertThat(care(DOCTOR)).isInstanceOf(Shown.class);

        hospital.later(HOUR);

        assertClosed(DOCTOR, true);
        assertClosed(STRANGER, false);
        assertThat(hospital.trail.leaves)
                .filteredOn(leaf -> leaf.who().equals(STRANGER))
                .extracting(RememberedTrail.Leaf::kind)
                .containsOnly("denied");
    }

    @Test
    void it_opens_nothing_for_another_purpose_and_a_grant_opens_nothing_for_it() {
        breakGlass();
        for (var purpose : Purpose.values()) {
            if (purpose != BTG) {
                assertThat(hospital.door.care(DOCTOR, purpose, twin)).isInstanceOf(NotShown.class);
            }
        }
        hospital.later(HOUR);
        hospital.grant(twin, Chapter.LABS);
        assertThat(care(DOCTOR)).isInstanceOf(NotShown.class);
    }

    @Test
    void what_the_patient_closes_meanwhile_is_gone_at_the_next_look() {
        breakGlass();
        hospital.glass.narrow(twin, Set.of(Chapter.CONDITIONS));
        var view = shown(care(DOCTOR));
        assertThat(view.shared()).doesNotContain(Chapter.CONDITIONS);
        assertThat(ids(view)).doesNotContain(entry("Condition", "c1")).contains(entry("AllergyIntolerance", "a1"));
        hospital.glass.narrow(twin, EmergencyChapters.LIST);
        assertThat(care(DOCTOR)).isInstanceOf(NotShown.class);
    }

    @Test
    void when_the_trail_cannot_be_written_nothing_is_shown() {
        breakGlass();
        hospital.trail.writable = false;
        assertThatThrownBy(() -> care(DOCTOR)).isInstanceOf(TrailUnwritable.class);
        assertThatThrownBy(() -> hospital.door.careEntry(DOCTOR, BTG, twin, entry("Condition", "c1")))
                .isInstanceOf(TrailUnwritable.class);
    }

    @Test
    void nothing_that_was_made_for_an_emergency_is_stored() throws Exception {
        breakGlass();
        shown(care(DOCTOR));
        var vault = hospital.store.keys.vault;
        var catalogue =
                new Catalogue(new ViewFile(hospital.viewsFile), vault.houseKey("views"), hospital.store.keys.random);
        assertThat(catalogue.of(twin)).extracting(Shelf::grantee).containsOnlyNulls();
        hospital.views.close();
        var text = new String(Files.readAllBytes(hospital.viewsFile), StandardCharsets.ISO_8859_1);
        assertThat(text).doesNotContain("doctor", "BTG", "Unconscious");
        hospital.open();
    }

    @Test
    void a_twin_that_is_not_there_and_one_that_is_not_open_answer_alike() {
        var nobody = new TwinId(UUID.randomUUID());
        assertThat(hospital.door.care(DOCTOR, BTG, nobody))
                .isInstanceOfSatisfying(
                        NotShown.class, a -> assertThat(a.endedOn()).isNull());
        assertThat(care(DOCTOR))
                .isInstanceOfSatisfying(
                        NotShown.class, a -> assertThat(a.endedOn()).isNull());
    }

    private void assertClosed(Looker looker, boolean toldSinceWhen) {
        for (var answer : List.<Answer<?>>of(
                care(looker), hospital.door.careEntry(looker, BTG, twin, entry("Condition", "c1")))) {
            assertThat(answer)
                    .isInstanceOfSatisfying(
                            NotShown.class, a -> assertThat(a.endedOn() != null).isEqualTo(toldSinceWhen));
        }
        assertThat(hospital.door.timeline(looker, twin)).isInstanceOf(NotShown.class);
        assertThat(hospital.door.entry(looker, twin, entry("Condition", "c1"))).isInstanceOf(NotShown.class);
        assertThat(hospital.door.preview(looker, twin, Hospital.terms(Set.of(Chapter.LABS), null, true)))
                .isInstanceOf(NotShown.class);
    }

    private void breakGlass() {
        hospital.glass.breakGlass(twin, DOCTOR, REASON, HOUR);
    }

    private Answer<CareView> care(Looker looker) {
        return hospital.door.care(looker, BTG, twin);
    }

    private List<EntryId> ids(CareView view) {
        return view.timeline().rows().stream().map(Row::entry).toList();
    }

    private EntryId entry(String type, String id) {
        return hospital.id(twin, type, id);
    }

    private static <T> T shown(Answer<T> answer) {
        if (answer instanceof Shown<T>(var what, var _)) {
            return what;
        }
        throw new AssertionError("not shown");
    }
}
