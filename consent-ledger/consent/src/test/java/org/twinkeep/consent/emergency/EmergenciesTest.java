package org.twinkeep.consent.emergency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.Facts;
import org.twinkeep.consent.durable.CanonicalReader.NotCanonical;
import org.twinkeep.consent.emergency.EmergencyCommand.BreakGlass;
import org.twinkeep.consent.emergency.EmergencyCommand.CloseGlass;
import org.twinkeep.consent.emergency.EmergencyCommand.Narrow;
import org.twinkeep.consent.emergency.EmergencyCommand.Review;
import org.twinkeep.consent.emergency.EmergencyEvent.GlassBroken;
import org.twinkeep.consent.emergency.EmergencyEvent.GlassClosed;
import org.twinkeep.consent.emergency.EmergencyEvent.Narrowed;
import org.twinkeep.consent.emergency.EmergencyEvent.Outcome;
import org.twinkeep.consent.emergency.EmergencyEvent.Reviewed;
import org.twinkeep.consent.emergency.EmergencyRefused.Why;
import org.twinkeep.consent.trail.Looker;
import org.twinkeep.crypto.Chapter;

/** The rules: each with a case that is allowed and one that is refused. */
class EmergenciesTest {

    static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    static final ConsentHandle HANDLE = new ConsentHandle("ab".repeat(32));
    static final Looker OAK = new Looker("oak", "Dr Rowan Oak", "Harbour Clinic", "clinician");
    static final Looker ELM = new Looker("elm", "Dr Iris Elm", "Hill Hospital", "clinician");
    static final Looker RUE = new Looker("rue", "Rue Ledger", "Oversight Office", "auditor");
    static final String REASON = "Found unconscious, no papers but a card.";
    static final Duration HOUR = Duration.ofMinutes(60);

    @Test
    void who_may_breaks_the_glass_and_the_emergency_chapters_are_open_for_an_hour() {
        var broken = (GlassBroken) Emergencies.NONE.decide(wish(OAK, true, REASON, HOUR));

        assertThat(broken.chapters()).isEqualTo(EmergencyChapters.LIST);
        assertThat(broken.until()).isEqualTo(NOON.plus(HOUR));
        var state = Emergencies.NONE.evolve(broken);
        assertThat(state.live("oak", NOON)).isPresent();
        assertThat(state.live("elm", NOON)).isEmpty();
    }

    @Test
    void an_account_without_the_permission_is_refused_and_so_is_every_other_role() {
        assertRefused(wish(OAK, false, REASON, HOUR), Why.NOT_ENTITLED);
        for (var role : List.of("patient", "auditor", "operator", "insurer", "researcher", "system")) {
            assertRefused(wish(new Looker("x", "X", "", role), true, REASON, HOUR), Why.NOT_ENTITLED);
        }
    }

    @Test
    void a_reason_in_words_is_needed() {
        assertRefused(wish(OAK, true, "", HOUR), Why.REASON_TOO_SHORT);
        assertRefused(wish(OAK, true, "   emergency            ", HOUR), Why.REASON_TOO_SHORT);
        assertRefused(wish(OAK, true, "x".repeat(1001), HOUR), Why.REASON_TOO_LONG);
        assertThat(Emergencies.NONE.decide(wish(OAK, true, "x".repeat(20), HOUR)))
                .isInstanceOf(GlassBroken.class);
        assertThat(Emergencies.NONE.decide(wish(OAK, true, "x".repeat(1000), HOUR)))
                .isInstanceOf(GlassBroken.class);
    }

    @Test
    void it_lasts_sixty_minutes_at_most() {
        assertRefused(wish(OAK, true, REASON, HOUR.plusMillis(1)), Why.TOO_LONG);
        assertRefused(wish(OAK, true, REASON, Duration.ZERO), Why.TOO_LONG);
        assertRefused(wish(OAK, true, REASON, Duration.ofMinutes(-5)), Why.TOO_LONG);
        assertThat(Emergencies.NONE.decide(wish(OAK, true, REASON, Duration.ofMinutes(15))))
                .extracting(event -> ((GlassBroken) event).until())
                .isEqualTo(NOON.plus(Duration.ofMinutes(15)));
    }

    @Test
    void it_is_over_at_its_end_by_the_clock_and_a_clock_that_was_set_back_opens_nothing() {
        var state = broken();
        assertThat(state.live("oak", NOON.plus(HOUR).minusMillis(1))).isPresent();
        assertThat(state.live("oak", NOON.plus(HOUR))).isEmpty();
        assertThat(state.live("oak", NOON.minusMillis(1))).isEmpty();
        assertThat(state.endedOn("oak", NOON)).isEmpty();
        assertThat(state.endedOn("oak", NOON.plus(HOUR))).contains(NOON.plus(HOUR));
        assertThat(state.endedOn("elm", NOON.plus(HOUR))).isEmpty();
    }

    @Test
    void one_patient_at_a_time() {
        assertRefused(new BreakGlass(HANDLE, OAK, true, true, REASON, HOUR, NOON), Why.OTHER_PATIENT);
        assertThat(Emergencies.NONE.decide(wish(OAK, true, REASON, HOUR))).isNotNull();
    }

    @Test
    void only_whoever_broke_the_glass_ends_it_and_only_once() {
        var state = broken();
        assertRefused(state, new CloseGlass(HANDLE, ELM, NOON), Why.NOT_YOURS);
        assertRefused(state, new CloseGlass(new ConsentHandle("cd".repeat(32)), OAK, NOON), Why.UNKNOWN);

        var at = NOON.plusSeconds(60);
        var closed = state.evolve(state.decide(new CloseGlass(HANDLE, OAK, at)));

        assertThat(closed.live("oak", at)).isEmpty();
        assertThat(closed.endedOn("oak", at)).contains(at);
        assertRefused(closed, new CloseGlass(HANDLE, OAK, at), Why.OVER);
        assertRefused(state, new CloseGlass(HANDLE, OAK, NOON.plus(HOUR)), Why.OVER);
    }

    @Test
    void another_person_who_is_an_auditor_reviews_it_once_with_a_sentence() {
        var state = broken();
        assertRefused(state, review(ELM, REASON), Why.NOT_A_REVIEWER);
        assertRefused(state, review(new Looker("oak", "Rowan", "", "auditor"), REASON), Why.OWN_REVIEW);
        assertRefused(state, review(RUE, "fine"), Why.NOTE_MISSING);
        assertRefused(
                state,
                new Review(new ConsentHandle("cd".repeat(32)), RUE, Outcome.JUSTIFIED, REASON, NOON),
                Why.UNKNOWN);

        var reviewed = state.evolve(state.decide(review(RUE, "The admission was on the same day.")));

        assertThat(reviewed.find(HANDLE).orElseThrow().review(NOON.plus(Duration.ofDays(9))))
                .isEqualTo(Emergency.Review.DONE);
        assertRefused(reviewed, review(RUE, REASON), Why.REVIEWED_ALREADY);
    }

    @Test
    void a_review_is_overdue_after_seventy_two_hours() {
        var emergency = broken().find(HANDLE).orElseThrow();
        var due = NOON.plus(Duration.ofHours(72));
        assertThat(emergency.review(due)).isEqualTo(Emergency.Review.OPEN);
        assertThat(emergency.review(due.plusMillis(1))).isEqualTo(Emergency.Review.OVERDUE);
    }

    @ParameterizedTest
    @EnumSource(Chapter.class)
    void only_the_listed_chapters_open_and_an_entry_must_be_covered_with_all_that_it_restates(Chapter chapter) {
        var emergency = broken().find(HANDLE).orElseThrow();
        boolean listed = EmergencyChapters.LIST.contains(chapter);
        assertThat(emergency.covers(facts(chapter, Set.of()))).isEqualTo(listed);
        assertThat(emergency.covers(facts(Chapter.MEDICATIONS, Set.of(chapter))))
                .isEqualTo(listed);
    }

    @Test
    void safety_and_the_sensitive_chapters_are_not_in_the_list() {
        assertThat(EmergencyChapters.LIST)
                .doesNotContain(
                        Chapter.SAFETY,
                        Chapter.MENTAL_HEALTH,
                        Chapter.SEXUAL_HEALTH,
                        Chapter.SUBSTANCE_USE,
                        Chapter.GENOMICS,
                        Chapter.DOCUMENTS,
                        Chapter.COVERAGE);
    }

    @Test
    void what_the_patient_closed_does_not_open_even_while_the_glass_is_broken() {
        var narrowed = Emergencies.NONE.evolve(Emergencies.NONE.decide(new Narrow(Set.of(Chapter.LABS), NOON)));
        var broken = (GlassBroken) narrowed.decide(wish(OAK, true, REASON, HOUR));
        assertThat(broken.chapters()).doesNotContain(Chapter.LABS).contains(Chapter.ALLERGIES);

        var open = broken();
        var later = open.evolve(open.decide(new Narrow(Set.of(Chapter.CONDITIONS), NOON)));
        assertThat(later.live("oak", NOON).orElseThrow().chapters())
                .doesNotContain(Chapter.CONDITIONS)
                .contains(Chapter.ALLERGIES);
    }

    @Test
    void who_closed_everything_is_not_opened_and_may_open_it_to_emergencies_again() {
        var shut = Emergencies.NONE.evolve(Emergencies.NONE.decide(new Narrow(EmergencyChapters.LIST, NOON)));
        assertRefused(shut, wish(OAK, true, REASON, HOUR), Why.ALL_CLOSED);
        var opened = shut.evolve(shut.decide(new Narrow(Set.of(), NOON)));
        assertThat(opened.decide(wish(OAK, true, REASON, HOUR))).isNotNull();

        var during = broken();
        during = during.evolve(during.decide(new Narrow(EmergencyChapters.LIST, NOON)));
        assertThat(during.live("oak", NOON)).isEmpty();
        during = during.evolve(during.decide(new Narrow(Set.of(), NOON)));
        assertThat(during.live("oak", NOON))
                .as("closed once, this emergency shows it no more")
                .isEmpty();
    }

    @Test
    void a_chapter_that_no_emergency_opens_cannot_be_closed_to_them() {
        assertRefused(Emergencies.NONE, new Narrow(EnumSet.of(Chapter.SAFETY), NOON), Why.NOT_A_CHAPTER);
        assertThat(Emergencies.NONE.decide(new Narrow(EnumSet.of(Chapter.LABS), NOON)))
                .isInstanceOf(Narrowed.class);
    }

    @Test
    void every_event_is_read_as_it_was_written_and_anything_else_is_not_understood() {
        var at = NOON;
        for (var event : List.of(
                (GlassBroken) Emergencies.NONE.decide(wish(OAK, true, REASON, HOUR)),
                new GlassClosed(HANDLE, at),
                new Reviewed(HANDLE, RUE, Outcome.NOT_JUSTIFIED, REASON, at),
                new Narrowed(Set.of(Chapter.LABS, Chapter.VITALS), at))) {
            assertThat(EmergencyJson.read(EmergencyJson.bytes(event))).contains(event);
            assertThat(event.toString()).doesNotContain("unconscious", "Oak", "LABS");
        }
        assertThat(EmergencyJson.read(utf8("{\"resourceType\":\"Consent\"}"))).isEmpty();
        for (var strange : List.of(
                "{\"at\":1,\"chapters\":[],\"emergency\":\"narrowed\",\"until\":2}",
                "{\"at\":1,\"chapters\":[\"moods\"],\"emergency\":\"narrowed\"}",
                "{\"at\":1,\"emergency\":\"widened\"}",
                "{\"at\":1,\"emergency\":\"closed\",\"handle\":\"x\"}")) {
            assertThatThrownBy(() -> EmergencyJson.read(utf8(strange))).isInstanceOf(NotCanonical.class);
        }
    }

    private static Emergencies broken() {
        return Emergencies.NONE.evolve(Emergencies.NONE.decide(wish(OAK, true, REASON, HOUR)));
    }

    private static BreakGlass wish(Looker by, boolean entitled, String reason, Duration length) {
        return new BreakGlass(HANDLE, by, entitled, false, reason, length, NOON);
    }

    private static Review review(Looker by, String note) {
        return new Review(HANDLE, by, Outcome.JUSTIFIED, note, NOON.plusSeconds(7200));
    }

    private static Facts facts(Chapter chapter, Set<Chapter> touches) {
        return new Facts(chapter, touches, null, null, NOON);
    }

    private static void assertRefused(EmergencyCommand command, Why why) {
        assertRefused(Emergencies.NONE, command, why);
    }

    private static void assertRefused(Emergencies state, EmergencyCommand command, Why why) {
        assertThatThrownBy(() -> state.decide(command))
                .isInstanceOfSatisfying(
                        EmergencyRefused.class,
                        refused -> assertThat(refused.why()).isEqualTo(why));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }
}
