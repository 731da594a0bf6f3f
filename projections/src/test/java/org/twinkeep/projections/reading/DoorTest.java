package org.twinkeep.projections.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.twinkeep.projections.reading.Hospital.DELEGATE;
import static org.twinkeep.projections.reading.Hospital.DOCTOR;
import static org.twinkeep.projections.reading.Hospital.PATIENT;
import static org.twinkeep.projections.reading.Hospital.STRANGER;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.twinkeep.consent.AccessRequest;
import org.twinkeep.consent.Period;
import org.twinkeep.consent.Purpose;
import org.twinkeep.consent.Verdict;
import org.twinkeep.consent.trail.TrailUnwritable;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.keys.SlotId;
import org.twinkeep.projections.reading.Answer.NotShown;
import org.twinkeep.projections.reading.Answer.Shown;
import org.twinkeep.projections.timeline.EntryPage;
import org.twinkeep.projections.timeline.Row;
import org.twinkeep.twin.EntryId;
import org.twinkeep.twin.TestTwins;
import org.twinkeep.twin.TwinCommand;

class DoorTest {

    private static final Purpose TREATMENT = Purpose.TREATMENT;

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
                Resources.bill("b1", "v1", "c2", "Counselling"),
                Resources.allergy("a1"));
    }

    @AfterEach
    void close() {
        hospital.close();
    }

    // --- the patient

    @Test
    void the_patient_sees_everything_and_two_leaves_say_so() {
        var timeline = shown(hospital.door.timeline(PATIENT, twin));
        assertThat(timeline.rows()).hasSize(9);
        assertThat(timeline.profile().name()).isEqualTo("Ada Kowalska");
        assertThat(kinds()).containsExactly("permitted", "disclosed");
        assertThat(hospital.trail.leaves.getLast().entries()).isEqualTo(9);
    }

    @Test
    void somebody_who_keeps_another_twin_is_not_shown_this_one() {
        assertThat(hospital.door.timeline(STRANGER, twin)).isInstanceOf(NotShown.class);
        assertThat(hospital.door.entry(STRANGER, twin, entry("Condition", "c1")))
                .isInstanceOf(NotShown.class);
        assertThat(hospital.door.preview(STRANGER, twin, Hospital.terms(Set.of(Chapter.LABS), null, true)))
                .isInstanceOf(NotShown.class);
        assertThat(kinds()).containsOnly("denied");
    }

    @Test
    void a_delegate_sees_the_chapters_of_the_delegation_and_nothing_that_touches_another() {
        hospital.delegated = EnumSet.complementOf(EnumSet.of(Chapter.MENTAL_HEALTH, Chapter.SAFETY));
        var all = shown(hospital.door.timeline(PATIENT, twin)).rows();
        hospital.trail.leaves.clear();
        var seen = shown(hospital.door.timeline(DELEGATE, twin)).rows();
        assertThat(seen).isNotEmpty().hasSizeLessThan(all.size());
        assertThat(seen)
                .allSatisfy(row ->
                        assertThat(hospital.delegated).contains(row.chapter()).containsAll(row.touches()));
        assertThat(hospital.trail.leaves.getLast().entries()).isEqualTo(seen.size());
        for (var row : all) {
            var page = hospital.door.entry(DELEGATE, twin, row.entry());
            if (seen.stream().anyMatch(r -> r.entry().equals(row.entry()))) {
                assertThat(page).isInstanceOf(Shown.class);
            } else {
                assertThat(page).isInstanceOf(NotShown.class);
            }
        }
    }

    @Test
    void the_leaf_of_a_delegate_names_the_delegation_and_in_whose_name() {
        hospital.delegated = Set.of(Chapter.LABS);
        shown(hospital.door.timeline(DELEGATE, twin));
        var verdict = hospital.trail.leaves.stream()
                .filter(leaf -> leaf.who().equals(DELEGATE) && leaf.kind().equals("permitted"))
                .findFirst()
                .orElseThrow();
        assertThat(verdict.why()).isEqualTo("as the parent, for Ada");
        assertThat(verdict.scopes()).isSubsetOf(Set.of(Chapter.LABS));
    }

    @Test
    void without_a_delegation_nothing_is_shown() {
        assertThat(hospital.door.timeline(DELEGATE, twin)).isInstanceOf(NotShown.class);
        assertThat(hospital.door.entry(DELEGATE, twin, entry("Condition", "c1")))
                .isInstanceOf(NotShown.class);
        assertThat(hospital.door.preview(DELEGATE, twin, Hospital.terms(Set.of(Chapter.LABS), null, true)))
                .isInstanceOf(NotShown.class);
        assertThat(kinds()).containsOnly("denied");
    }

    @Test
    void one_visit_is_one_row_that_unfolds() {
        var visits = shown(hospital.door.timeline(PATIENT, twin)).visits();
        var visit = visits.stream().filter(v -> !v.rows().isEmpty()).findFirst().orElseThrow();
        assertThat(visit.head().kind()).isEqualTo("Visit");
        assertThat(visit.rows()).hasSize(5);
        assertThat(visits).hasSize(4);
    }

    @Test
    void searching_finds_by_words_codes_and_values() {
        var timeline = shown(hospital.door.timeline(PATIENT, twin));
        assertThat(timeline.search("GLUCOSE 6.10").rows()).hasSize(1);
        assertThat(timeline.search("2345-7").rows()).hasSize(1);
        assertThat(timeline.search("nothing of the kind").rows()).isEmpty();
    }

    @Test
    void what_repeats_a_condition_is_offered_by_reference_code_and_wording() {
        var page = shown(hospital.door.entry(PATIENT, twin, entry("Condition", "c2")));
        assertThat(ids(page.repeatedBy()))
                .containsExactlyInAnyOrder(entry("DocumentReference", "n1"), entry("Claim", "b1"));
        var bronchitis = shown(hospital.door.entry(PATIENT, twin, entry("Condition", "c1")));
        assertThat(ids(bronchitis.repeatedBy()))
                .containsExactlyInAnyOrder(entry("DocumentReference", "n1"), entry("DocumentReference", "n2"));
    }

    @Test
    void a_page_shows_the_source_s_own_tree_to_the_patient_and_numbers_as_written() {
        var page = shown(hospital.door.entry(PATIENT, twin, entry("Observation", "l1")));
        assertThat(page.row().value()).isEqualTo("6.10 mg/dL");
        assertThat(page.json()).contains("6.10").contains("urn:uuid:v1");
    }

    // --- without a consent nothing comes out, whichever way one asks

    @Test
    void without_a_consent_every_exit_is_closed_and_nothing_is_opened() {
        var opened = hospital.store.history.bodiesOpened();
        for (var purpose : new Purpose[] {TREATMENT, Purpose.RESEARCH, null}) {
            assertThat(hospital.door.care(DOCTOR, purpose, twin)).isInstanceOf(NotShown.class);
            assertThat(hospital.door.careEntry(DOCTOR, purpose, twin, entry("Condition", "c1")))
                    .isInstanceOf(NotShown.class);
            assertThat(hospital.door.careEntry(DOCTOR, purpose, twin, new EntryId("f".repeat(32))))
                    .isInstanceOf(NotShown.class);
        }
        assertThat(hospital.door.timeline(DOCTOR, twin)).isInstanceOf(NotShown.class);
        assertThat(hospital.door.entry(DOCTOR, twin, entry("Condition", "c1"))).isInstanceOf(NotShown.class);
        assertThat(hospital.store.history.bodiesOpened()).isEqualTo(opened);
        assertThat(kinds()).containsOnly("denied");
    }

    @Test
    void never_granted_no_such_patient_and_no_such_entry_answer_alike() {
        var unknown = new TwinId(new UUID(1, 2));
        var never = hospital.door.care(DOCTOR, TREATMENT, twin);
        var nobody = hospital.door.care(DOCTOR, TREATMENT, unknown);
        assertThat(never)
                .isInstanceOfSatisfying(
                        NotShown.class, a -> assertThat(a.endedOn()).isNull());
        assertThat(nobody)
                .isInstanceOfSatisfying(
                        NotShown.class, a -> assertThat(a.endedOn()).isNull());
    }

    @Test
    void for_another_purpose_the_same_clinician_is_denied() {
        hospital.grant(twin, Chapter.LABS);
        assertThat(hospital.door.care(DOCTOR, Purpose.RESEARCH, twin)).isInstanceOf(NotShown.class);
        assertThat(hospital.door.care(DOCTOR, TREATMENT, twin)).isInstanceOf(Shown.class);
        assertThat(hospital.door.care(STRANGER, TREATMENT, twin)).isInstanceOf(NotShown.class);
    }

    @Test
    void where_the_trail_cannot_be_written_nothing_is_shown() {
        hospital.grant(twin, Chapter.LABS);
        hospital.trail.writable = false;
        assertThatThrownBy(() -> hospital.door.care(DOCTOR, TREATMENT, twin)).isInstanceOf(TrailUnwritable.class);
        assertThatThrownBy(() -> hospital.door.careEntry(DOCTOR, TREATMENT, twin, entry("Observation", "l1")))
                .isInstanceOf(TrailUnwritable.class);
        assertThatThrownBy(() -> hospital.door.timeline(PATIENT, twin)).isInstanceOf(TrailUnwritable.class);
        assertThatThrownBy(() -> hospital.door.entry(PATIENT, twin, entry("Observation", "l1")))
                .isInstanceOf(TrailUnwritable.class);
        assertThatThrownBy(() -> hospital.door.preview(PATIENT, twin, Hospital.terms(Set.of(Chapter.LABS), null, true)))
                .isInstanceOf(TrailUnwritable.class);
        assertThatThrownBy(() -> hospital.door.care(STRANGER, TREATMENT, twin)).isInstanceOf(TrailUnwritable.class);
    }

    @Test
    void a_trail_that_fills_between_verdict_and_disclosure_shows_nothing_either() {
        hospital.grant(twin, Chapter.LABS);
        shown(hospital.door.care(DOCTOR, TREATMENT, twin));
        hospital.trail.room = hospital.trail.leaves.size() + 1;
        assertThatThrownBy(() -> hospital.door.care(DOCTOR, TREATMENT, twin)).isInstanceOf(TrailUnwritable.class);
    }

    // --- with a consent

    @Test
    void a_grant_opens_its_chapters_and_nothing_that_restates_others() {
        hospital.grant(twin, Chapter.CONDITIONS, Chapter.LABS, Chapter.DOCUMENTS, Chapter.ENCOUNTERS, Chapter.COVERAGE);
        var view = shown(hospital.door.care(DOCTOR, TREATMENT, twin));
        assertThat(ids(view.timeline().rows()))
                .containsExactlyInAnyOrder(
                        entry("Condition", "c1"),
                        entry("Observation", "l1"),
                        entry("Encounter", "v1"),
                        entry("DocumentReference", "n2"));
        assertThat(view.timeline().counts().values().stream().mapToInt(n -> n).sum())
                .isEqualTo(4);
    }

    @Test
    void the_receipt_of_a_look_opens_no_chapter_outside_the_grant() {
        hospital.grant(twin, Chapter.LABS);
        shown(hospital.door.care(DOCTOR, TREATMENT, twin));
        var theirs = hospital.trail.leaves.stream()
                .filter(l -> l.who().equals(DOCTOR))
                .toList();
        assertThat(theirs.getFirst().scopes()).containsExactly(Chapter.LABS);
    }

    @Test
    void building_a_shared_view_writes_a_leaf_of_the_view_builder_once() {
        hospital.grant(twin, Chapter.LABS);
        shown(hospital.door.care(DOCTOR, TREATMENT, twin));
        shown(hospital.door.care(DOCTOR, TREATMENT, twin));
        assertThat(hospital.trail.leaves.stream().filter(l -> l.who().id().equals("system:view-builder")))
                .hasSize(1);
    }

    @Test
    void a_preview_counts_exactly_what_the_grant_then_opens() {
        for (var chapter : Chapter.values()) {
            var chapters = EnumSet.complementOf(EnumSet.of(chapter));
            var preview = shown(hospital.door.preview(PATIENT, twin, Hospital.terms(chapters, null, true)));
            var consent = hospital.grant(twin, chapters, null, true);
            assertThat(shown(hospital.door.care(DOCTOR, TREATMENT, twin))
                            .timeline()
                            .counts())
                    .isEqualTo(preview);
            hospital.revoke(twin, consent);
        }
    }

    @Test
    void an_entry_out_of_scope_and_one_that_does_not_exist_answer_alike() {
        hospital.grant(twin, Chapter.LABS);
        shown(hospital.door.care(DOCTOR, TREATMENT, twin));
        hospital.trail.leaves.clear();
        var hidden = hospital.door.careEntry(DOCTOR, TREATMENT, twin, entry("Condition", "c2"));
        var leavesOfHidden = List.copyOf(hospital.trail.leaves);
        hospital.trail.leaves.clear();
        var none = hospital.door.careEntry(DOCTOR, TREATMENT, twin, new EntryId("f".repeat(32)));
        assertThat(hidden).isEqualTo(none);
        assertThat(hospital.trail.leaves).isEqualTo(leavesOfHidden);
    }

    @Test
    void a_page_for_others_names_nothing_hidden() {
        hospital.grant(twin, Chapter.LABS);
        var page = shown(hospital.door.careEntry(DOCTOR, TREATMENT, twin, entry("Observation", "l1")));
        assertThat(page.row().visit()).isNull();
        assertThat(page.json()).doesNotContain("urn:uuid:v1").contains("6.10");
        assertThat(page.repeatedBy()).isEmpty();
    }

    @Test
    void numbers_of_state_and_the_mother_s_maiden_name_are_never_in_a_shared_page() {
        hospital.grant(twin, Chapter.PROFILE);
        var page = shown(hospital.door.careEntry(DOCTOR, TREATMENT, twin, entry("Patient", "ada")));
        assertThat(page.json() + page.facts())
                .contains("7 Linden Row", "record-7", "555-010-7788")
                .doesNotContain("999-36-7116", "S99980247", "X12345678X", "Nowakowska");
    }

    @Test
    void without_the_profile_only_name_birth_date_and_sex_are_shared() {
        hospital.grant(twin, Chapter.LABS);
        var view = shown(hospital.door.care(DOCTOR, TREATMENT, twin));
        assertThat(view.timeline().profile().name()).isEqualTo("Ada Kowalska");
        assertThat(view.timeline().profile().birthDate()).isEqualTo("1970-05-17");
        assertThat(ids(view.timeline().rows())).containsExactly(entry("Observation", "l1"));
    }

    @Test
    void a_correction_stands_beside_the_source_s_value_for_both() {
        hospital.dispute(twin, Chapter.LABS, entry("Observation", "l1"), "It was 5.10", "I saw the slip");
        hospital.grant(twin, Chapter.LABS);
        for (var page : List.of(
                shown(hospital.door.entry(PATIENT, twin, entry("Observation", "l1"))),
                shown(hospital.door.careEntry(DOCTOR, TREATMENT, twin, entry("Observation", "l1"))))) {
            assertThat(page.row().value()).isEqualTo("6.10 mg/dL");
            assertThat(page.row().remarks()).contains("disputed by the patient");
            assertThat(page.statements()).singleElement().satisfies(s -> {
                assertThat(s.says()).isEqualTo("It was 5.10");
                assertThat(s.reason()).isEqualTo("I saw the slip");
                assertThat(s.by()).isEqualTo("the patient");
                assertThat(s.at()).isEqualTo(Hospital.NOON);
            });
        }
    }

    @Test
    void a_new_version_of_the_source_replaces_and_the_old_one_stays_readable() {
        hospital.record(twin, Resources.laboratory("l1", "v1", "7.20"));
        var page = shown(hospital.door.entry(PATIENT, twin, entry("Observation", "l1")));
        assertThat(page.row().value()).isEqualTo("7.20 mg/dL");
        assertThat(page.history()).extracting(EntryPage.Version::value).containsExactly("6.10 mg/dL", "7.20 mg/dL");
    }

    @Test
    void what_its_source_withdrew_is_named_to_the_patient_and_not_shown_to_others() {
        hospital.record(twin, Resources.laboratory("l1", "v1", "6.10").replace("\"final\"", "\"entered-in-error\""));
        hospital.grant(twin, Chapter.LABS);
        assertThat(shown(hospital.door.entry(PATIENT, twin, entry("Observation", "l1")))
                        .row()
                        .remarks())
                .contains("withdrawn by its source");
        assertThat(shown(hospital.door.care(DOCTOR, TREATMENT, twin)).timeline().rows())
                .isEmpty();
    }

    @Test
    void what_cannot_be_shown_safely_shows_others_no_content_at_all() {
        hospital.record(
                twin,
                Resources.laboratory("l1", "v1", "6.10")
                        .replace(
                                "\"status\"",
                                "\"modifierExtension\":[{\"url\":\"http://example.org/x\",\"valueBoolean\":true}],\"status\""));
        hospital.grant(twin, Chapter.LABS);
        var page = shown(hospital.door.careEntry(DOCTOR, TREATMENT, twin, entry("Observation", "l1")));
        assertThat(page.row().title()).isEqualTo("This entry cannot be shown safely");
        assertThat(page.json()).isEqualTo("{}");
    }

    // --- consent in time

    @Test
    void after_a_revocation_the_very_next_request_is_denied_and_says_since_when() {
        var consent = hospital.grant(twin, Chapter.LABS);
        shown(hospital.door.care(DOCTOR, TREATMENT, twin));
        hospital.later(Duration.ofMinutes(5));
        hospital.consents.revoke(twin, consent.handle(), hospital.seed);
        assertThat(hospital.door.care(DOCTOR, TREATMENT, twin))
                .isInstanceOfSatisfying(
                        NotShown.class, a -> assertThat(a.endedOn()).isEqualTo(hospital.now));
        assertThat(hospital.door.care(STRANGER, TREATMENT, twin))
                .isInstanceOfSatisfying(
                        NotShown.class, a -> assertThat(a.endedOn()).isNull());
    }

    @Test
    void a_term_ends_with_its_last_day_although_the_view_is_still_there() {
        hospital.grant(twin, Chapter.LABS);
        shown(hospital.door.care(DOCTOR, TREATMENT, twin));
        hospital.now = Instant.parse("2026-12-31T22:59:59Z");
        assertThat(hospital.door.care(DOCTOR, TREATMENT, twin)).isInstanceOf(Shown.class);
        hospital.now = Instant.parse("2026-12-31T23:00:00Z");
        assertThat(hospital.door.care(DOCTOR, TREATMENT, twin)).isInstanceOf(NotShown.class);
    }

    @Test
    void a_second_consent_adds_and_its_end_takes_away() {
        hospital.grant(twin, Chapter.LABS);
        var second = hospital.grant(twin, Chapter.ALLERGIES);
        assertThat(careIds()).containsExactlyInAnyOrder(entry("Observation", "l1"), entry("AllergyIntolerance", "a1"));
        hospital.revoke(twin, second);
        assertThat(careIds()).containsExactly(entry("Observation", "l1"));
    }

    @Test
    void a_data_period_covers_what_overlaps_it_and_nothing_undated() {
        var year2020 = new Period(LocalDate.of(2020, 1, 1), LocalDate.of(2020, 12, 31), Hospital.ZONE);
        var year2019 = new Period(LocalDate.of(2019, 1, 1), LocalDate.of(2019, 12, 31), Hospital.ZONE);
        var consent = hospital.grant(twin, Set.of(Chapter.LABS, Chapter.PROFILE), year2020, true);
        assertThat(careIds()).containsExactly(entry("Observation", "l1"));
        hospital.revoke(twin, consent);
        hospital.grant(twin, Set.of(Chapter.LABS, Chapter.PROFILE), year2019, true);
        assertThat(careIds()).isEmpty();
    }

    @Test
    void what_comes_after_the_grant_is_covered_only_where_it_says_so() {
        var fixed = hospital.grant(twin, Set.of(Chapter.LABS), null, false);
        hospital.later(Duration.ofDays(1));
        hospital.record(twin, Resources.laboratory("l2", "v1", "5.00"));
        assertThat(careIds()).containsExactly(entry("Observation", "l1"));
        hospital.revoke(twin, fixed);
        hospital.grant(twin, Set.of(Chapter.LABS), null, true);
        assertThat(careIds()).containsExactlyInAnyOrder(entry("Observation", "l1"), entry("Observation", "l2"));
    }

    // --- the views at rest

    @Test
    void a_view_opens_again_after_a_restart_without_opening_a_body() {
        hospital.grant(twin, Chapter.LABS);
        var before = shown(hospital.door.care(DOCTOR, TREATMENT, twin));
        hospital.open();
        var opened = hospital.store.history.bodiesOpened();
        assertThat(shown(hospital.door.care(DOCTOR, TREATMENT, twin))).isEqualTo(before);
        assertThat(hospital.store.history.bodiesOpened()).isEqualTo(opened);
    }

    @Test
    void nothing_readable_lies_in_the_views_file() throws Exception {
        hospital.grant(twin, Chapter.LABS);
        shown(hospital.door.care(DOCTOR, TREATMENT, twin));
        hospital.views.close();
        for (var file : List.of("views.db", "views.db-wal")) {
            var path = folder.resolve(file);
            if (Files.exists(path)) {
                var text = new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1);
                assertThat(text)
                        .doesNotContain(
                                "Ada", "Glucose", "2345-7", "1970", "doctor", "Kowalska", "TREAT", twin.toString());
            }
        }
        hospital.open();
    }

    @Test
    void a_revocation_destroys_the_key_and_the_rows() {
        var consent = hospital.grant(twin, Chapter.LABS);
        shown(hospital.door.care(DOCTOR, TREATMENT, twin));
        var vault = hospital.store.keys.vault;
        var file = new ViewFile(hospital.viewsFile);
        var catalogue = new Catalogue(file, vault.houseKey("views"), hospital.store.keys.random);
        var shelf = catalogue.find(new ViewOf(twin, DOCTOR.id(), TREATMENT)).orElseThrow();
        assertThat(vault.read(new SlotId(shelf.slot()))).isPresent();
        assertThat(file.read(shelf.handle())).isNotEmpty();
        hospital.revoke(twin, consent);
        assertThat(vault.read(new SlotId(shelf.slot()))).isEmpty();
        assertThat(file.read(shelf.handle())).isEmpty();
        assertThat(catalogue.of(twin)).extracting(Shelf::grantee).containsOnlyNulls();
        assertThat(hospital.views.problems()).isEmpty();
    }

    @Test
    void after_an_erasure_nothing_of_the_entry_is_in_any_answer() {
        hospital.grant(twin, Chapter.CONDITIONS);
        var entry = entry("Condition", "c1");
        assertThat(careIds()).containsExactly(entry);
        shown(hospital.door.timeline(PATIENT, twin));
        hospital.store.twins.erase(new TwinCommand.EraseEntries(
                twin, Chapter.CONDITIONS, List.of(entry), hospital.now, TestTwins.PATIENT));
        hospital.views.entriesErased(twin, Map.of(Chapter.CONDITIONS, List.of(entry)));
        assertThat(new ViewFile(hospital.viewsFile).handles()).isEmpty();
        assertThat(careIds()).isEmpty();
        assertThat(hospital.door.careEntry(DOCTOR, TREATMENT, twin, entry)).isInstanceOf(NotShown.class);
        assertThat(hospital.door.entry(PATIENT, twin, entry)).isInstanceOf(NotShown.class);
        assertThat(ids(shown(hospital.door.timeline(PATIENT, twin)).rows()))
                .hasSize(8)
                .doesNotContain(entry);
    }

    @Test
    void an_older_version_that_told_more_and_the_patient_s_own_words_count_too() {
        hospital.grant(twin, Chapter.LABS);
        hospital.record(
                twin,
                Resources.laboratory("l1", "v1", "6.10")
                        .replace("\"status\"", "\"note\":[{\"text\":\"after rape\"}],\"status\""));
        hospital.record(twin, Resources.laboratory("l1", "v1", "6.20"));
        assertThat(careIds()).isEmpty();
        hospital.record(twin, Resources.laboratory("l2", "v1", "5.00"));
        assertThat(careIds()).containsExactly(entry("Observation", "l2"));
        hospital.dispute(twin, Chapter.LABS, entry("Observation", "l2"), "I was pregnant then", "so");
        assertThat(careIds()).isEmpty();
    }

    @Test
    void a_view_built_before_a_revocation_is_not_stored_after_it() {
        var consent = hospital.grant(twin, Chapter.LABS);
        var request = new AccessRequest(twin, DOCTOR.id(), DOCTOR.role(), TREATMENT, Hospital.NOON);
        var permitted = (Verdict.Permitted) hospital.consents.decide(request);
        hospital.revoke(twin, consent);
        hospital.views.ofCare(DOCTOR, twin, TREATMENT, permitted);
        hospital.open();
        assertThat(hospital.views.rebuild((_, _) -> {}).destroyed()).isZero();
    }

    @Test
    void a_damaged_block_is_named_and_the_view_built_again() throws Exception {
        shown(hospital.door.timeline(PATIENT, twin));
        assertThat(hospital.views.problems()).isEmpty();
        var file = new ViewFile(hospital.viewsFile);
        for (var handle : file.handles()) {
            var blocks = file.read(handle);
            blocks.getFirst()[blocks.getFirst().length / 2] ^= 1;
            file.replace(handle, blocks);
        }
        hospital.open();
        assertThat(hospital.views.problems()).isNotEmpty();
        assertThat(hospital.views.fileName()).isEqualTo("views.db");
        assertThat(shown(hospital.door.timeline(PATIENT, twin)).rows()).hasSize(9);
        hospital.views.rebuild((_, _) -> {});
        assertThat(hospital.views.problems()).isEmpty();
    }

    @Test
    void a_file_of_rubbish_is_named_and_made_anew() throws Exception {
        shown(hospital.door.timeline(PATIENT, twin));
        hospital.views.close();
        Files.write(hospital.viewsFile, new byte[10_000]);
        var rubbish = new byte[10_000];
        Arrays.fill(rubbish, (byte) 7);
        Files.deleteIfExists(folder.resolve("views.db-wal"));
        Files.write(hospital.viewsFile, rubbish);
        hospital.open();
        assertThat(hospital.views.problems()).isNotEmpty();
        assertThat(shown(hospital.door.timeline(PATIENT, twin)).rows()).hasSize(9);
        assertThat(hospital.views.problems()).isEmpty();
    }

    @Test
    void a_rebuild_honours_the_consents_of_today() {
        var consent = hospital.grant(twin, Chapter.LABS);
        shown(hospital.door.care(DOCTOR, TREATMENT, twin));
        shown(hospital.door.timeline(PATIENT, twin));
        hospital.consents.revoke(twin, consent.handle(), hospital.seed);
        var rebuilt = hospital.views.rebuild((_, _) -> {});
        assertThat(rebuilt).isEqualTo(new Views.Rebuilt(1, 1, 9, 1));
    }

    @Test
    void forgetting_a_twin_leaves_nothing() {
        shown(hospital.door.timeline(PATIENT, twin));
        hospital.views.forget(twin);
        assertThat(new ViewFile(hospital.viewsFile).handles()).isEmpty();
    }

    // --- words

    private List<EntryId> careIds() {
        return ids(shown(hospital.door.care(DOCTOR, TREATMENT, twin)).timeline().rows());
    }

    private List<String> kinds() {
        return hospital.trail.leaves.stream().map(RememberedTrail.Leaf::kind).toList();
    }

    private EntryId entry(String type, String id) {
        return hospital.id(twin, type, id);
    }

    private static List<EntryId> ids(List<Row> rows) {
        return rows.stream().map(Row::entry).toList();
    }

    private static <T> T shown(Answer<T> answer) {
        if (answer instanceof Shown<T>(T what, String _)) {
            return what;
        }
        throw new AssertionError("not shown");
    }
}
