package org.twinkeep.projections.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.twinkeep.projections.reading.Hospital.DOCTOR;
import static org.twinkeep.projections.reading.Hospital.PATIENT;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.twinkeep.consent.Denial;
import org.twinkeep.consent.Purpose;
import org.twinkeep.consent.Verdict.Reason;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.projections.care.CareView;
import org.twinkeep.projections.reading.Answer.NotShown;
import org.twinkeep.projections.reading.Answer.Shown;
import org.twinkeep.projections.timeline.Row;

/** What a patient never shows, at the door. */
class DenialDoorTest {

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
                Resources.note("n2", "", "Acute bronchitis is better."),
                Resources.allergy("a1"));
    }

    @AfterEach
    void close() {
        hospital.close();
    }

    @Test
    void a_denied_chapter_is_gone_at_the_next_look_with_whatever_restates_it_and_comes_back_when_it_is_taken_back() {
        hospital.grant(twin, Chapter.values());
        int before = seen();
        var denial = hospital.consents.deny(twin, of(Chapter.LABS), hospital.seed);
        assertThat(seen()).isLessThan(before);
        assertThat(chapters()).doesNotContain(Chapter.LABS);
        hospital.consents.revoke(twin, denial.handle(), hospital.seed);
        assertThat(seen()).isEqualTo(before);
    }

    @Test
    void a_denied_chapter_looks_like_one_that_was_never_shared() {
        hospital.grant(twin, Chapter.LABS, Chapter.ALLERGIES, Chapter.ENCOUNTERS, Chapter.VITALS);
        assertThat(view().shared()).contains(Chapter.LABS, Chapter.ALLERGIES, Chapter.VITALS);
        hospital.consents.deny(twin, of(Chapter.LABS), hospital.seed);
        assertThat(view().shared()).contains(Chapter.ALLERGIES, Chapter.VITALS).doesNotContain(Chapter.LABS);
    }

    @Test
    void who_is_denied_everything_reads_what_a_stranger_reads_and_the_patient_reads_why() {
        hospital.grant(twin, Chapter.values());
        hospital.consents.deny(twin, new Denial(DOCTOR.id(), DOCTOR.name(), null, Set.of()), hospital.seed);
        assertThat(hospital.door.care(DOCTOR, Purpose.TREATMENT, twin)).isInstanceOf(NotShown.class);
        assertThat(hospital.trail.leaves.getLast().why()).isEqualTo(Reason.DENIED.plain());
    }

    @Test
    void what_is_told_before_a_grant_is_what_the_door_then_shows() {
        for (var denied : List.of(Chapter.LABS, Chapter.CONDITIONS, Chapter.SAFETY, Chapter.DOCUMENTS)) {
            var denial = hospital.consents.deny(twin, of(denied), hospital.seed);
            var terms = Hospital.terms(EnumSet.allOf(Chapter.class), null, true);
            var beside = ((Shown<Beside>) hospital.door.beside(PATIENT, twin, terms, "clinician")).what();
            assertThat(beside.isWhole()).isFalse();
            assertThat(beside.open()).doesNotContain(denied);
            assertThat(beside.closed()).extracting(Beside.Closed::by).containsExactly(denial.handle());
            var grant = hospital.consents.grant(twin, terms, hospital.seed);
            assertThat(beside.left()).as(denied.code()).isEqualTo(seen());
            hospital.consents.revoke(twin, grant.handle(), hospital.seed);
            hospital.consents.revoke(twin, denial.handle(), hospital.seed);
        }
    }

    @Test
    void a_chapter_without_entries_is_in_the_way_only_of_a_grant_that_includes_what_comes() {
        hospital.consents.deny(twin, of(Chapter.GENOMICS), hospital.seed);
        assertThat(beside(true, Chapter.GENOMICS).isEmptied()).isTrue();
        assertThat(beside(false, Chapter.GENOMICS).isWhole()).isTrue();
        assertThat(beside(true, Chapter.LABS).isWhole()).isTrue();
    }

    private Beside beside(boolean later, Chapter chapter) {
        var terms = Hospital.terms(EnumSet.of(chapter), null, later);
        return ((Shown<Beside>) hospital.door.beside(PATIENT, twin, terms, "clinician")).what();
    }

    private int seen() {
        return rows().size();
    }

    private List<Chapter> chapters() {
        return rows().stream().map(row -> row.chapter()).toList();
    }

    private List<Row> rows() {
        return view().timeline().rows();
    }

    private CareView view() {
        return ((Shown<CareView>) hospital.door.care(DOCTOR, Purpose.TREATMENT, twin)).what();
    }

    private static Denial of(Chapter chapter) {
        return new Denial(null, "", null, Set.of(chapter));
    }
}
