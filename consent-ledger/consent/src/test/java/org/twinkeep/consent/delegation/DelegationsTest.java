package org.twinkeep.consent.delegation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.Period;
import org.twinkeep.consent.delegation.Delegation.Standing;
import org.twinkeep.consent.delegation.DelegationCommand.Appoint;
import org.twinkeep.consent.delegation.DelegationCommand.AskToStart;
import org.twinkeep.consent.delegation.DelegationCommand.Change;
import org.twinkeep.consent.delegation.DelegationCommand.Confirm;
import org.twinkeep.consent.delegation.DelegationCommand.End;
import org.twinkeep.consent.delegation.DelegationCommand.FileDeath;
import org.twinkeep.consent.delegation.DelegationCommand.NoteConsent;
import org.twinkeep.consent.delegation.DelegationCommand.Refuse;
import org.twinkeep.consent.delegation.DelegationCommand.Review;
import org.twinkeep.consent.delegation.DelegationRefused.Why;
import org.twinkeep.consent.delegation.Delegations.Answer;
import org.twinkeep.consent.durable.CanonicalReader.NotCanonical;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.sign.VerifyingKey;

/** Each rule with one allowed and one refused case. */
class DelegationsTest {
    private static final ZoneId ZONE = ZoneId.of("Europe/Berlin");
    private static final LocalDate TODAY = LocalDate.of(2026, 11, 21);
    private static final Instant NOW = at(TODAY);
    private static final String DOCUMENT = "ab".repeat(32);
    private static final VerifyingKey KEY = new VerifyingKey(new byte[32]);

    private static final Hand PATIENT = new Hand("ada", Hand.As.PATIENT);
    private static final Hand DELEGATE = new Hand("ben", Hand.As.DELEGATE);
    private static final Hand OTHER_DELEGATE = new Hand("cy", Hand.As.DELEGATE);
    private static final Hand CLINICIAN = new Hand("oak", Hand.As.CLINICIAN);
    private static final Hand CUSTODIAN = new Hand("kit", Hand.As.CUSTODIAN);
    private static final Hand OVERSIGHT = new Hand("rue", Hand.As.OVERSIGHT);

    private static final Set<Chapter> MOST = Set.copyOf(EnumSet.complementOf(EnumSet.of(Chapter.SAFETY)));

    private Delegations all = Delegations.none(AgePolicy.DEFAULT);

    // Powers, one by one

    @ParameterizedTest
    @EnumSource(Power.class)
    void a_delegate_has_the_one_power_that_was_given_and_no_other(Power given) {
        does(new Appoint(handle(1), chosen(Set.of(given)), PATIENT, NOW));
        for (var power : Power.values()) {
            assertThat(all.may("ben", power, NOW)).as(power.name()).isEqualTo(power == given);
        }
    }

    @Test
    void who_sees_sees_the_chapters_of_the_delegation_and_who_only_revokes_sees_none() {
        does(new Appoint(handle(1), chosen(Set.of(Power.SEE)), PATIENT, NOW));
        assertThat(chapters(NOW)).isEqualTo(MOST);
        does(new Change(handle(1), Set.of(Power.REVOKE), MOST, PATIENT, NOW));
        assertThat(chapters(NOW)).isEmpty();
    }

    @Test
    void the_patient_takes_a_power_away_and_no_delegate_gives_one() {
        does(new Appoint(handle(1), chosen(Set.of(Power.SEE, Power.GRANT)), PATIENT, NOW));
        refuses(new Change(handle(1), Set.of(Power.values()), MOST, DELEGATE, NOW), Why.NOT_YOURS);
        does(new Change(handle(1), Set.of(Power.SEE), MOST, PATIENT, NOW));
        assertThat(all.may("ben", Power.GRANT, NOW)).isFalse();
        assertThat(all.may("ben", Power.SEE, NOW)).isTrue();
    }

    @Test
    void somebody_whom_nobody_appointed_may_nothing() {
        assertThat(all.answer("ben", NOW)).isEqualTo(new Answer.MayNot(Answer.Why.NO_DELEGATION));
        does(new Appoint(handle(1), chosen(Set.of(Power.SEE)), PATIENT, NOW));
        assertThat(all.answer("cy", NOW)).isEqualTo(new Answer.MayNot(Answer.Why.NO_DELEGATION));
        assertThat(all.answer("ben", NOW)).isInstanceOf(Answer.May.class);
    }

    @Test
    void no_power_deletes_appoints_or_touches_the_patient_s_sign_in() {
        assertThat(Arrays.stream(Power.values()).map(Power::code))
                .containsExactly("see", "see-trail", "download", "correct", "grant", "revoke", "answer");
    }

    @Test
    void safety_cannot_be_given_and_everything_else_can() {
        assertThat(appointment(Authority.Kind.CHOSEN, MOST).chapters()).doesNotContain(Chapter.SAFETY);
        assertThatThrownBy(() -> appointment(Authority.Kind.CHOSEN, Set.of(Chapter.LABS, Chapter.SAFETY)))
                .isInstanceOfSatisfying(
                        DelegationRefused.class, e -> assertThat(e.why()).isEqualTo(Why.SAFETY));
    }

    @Test
    void a_patient_appoints_and_a_delegate_does_not() {
        refuses(new Appoint(handle(1), chosen(Set.of(Power.SEE)), OTHER_DELEGATE, NOW), Why.NOT_YOURS);
        does(new Appoint(handle(1), chosen(Set.of(Power.SEE)), PATIENT, NOW));
        assertThat(standing(1, NOW)).isEqualTo(Standing.LIVE);
    }

    @Test
    void nobody_is_their_own_delegate() {
        refuses(
                new Appoint(handle(1), chosen(Set.of(Power.SEE)), new Hand("ben", Hand.As.PATIENT), NOW),
                Why.OWN_DELEGATE);
    }

    @Test
    void a_delegate_steps_down_and_removes_no_other() {
        does(new Appoint(handle(1), chosen(Set.of(Power.values())), PATIENT, NOW));
        refuses(new End(handle(1), OTHER_DELEGATE, NOW), Why.NOT_YOURS);
        does(new End(handle(1), DELEGATE, NOW));
        assertThat(all.answer("ben", NOW)).isEqualTo(new Answer.MayNot(Answer.Why.ENDED));
    }

    @Test
    void the_patient_ends_a_delegation_at_once_and_ending_it_twice_is_fine() {
        does(new Appoint(handle(1), chosen(Set.of(Power.SEE)), PATIENT, NOW));
        does(new End(handle(1), PATIENT, NOW));
        assertThat(all.may("ben", Power.SEE, NOW)).isFalse();
        assertThat(all.decide(new End(handle(1), PATIENT, NOW))).isEmpty();
    }

    // From when until when

    @Test
    void it_holds_from_the_first_instant_of_its_first_day_to_the_last_of_its_last_and_not_a_second_longer() {
        var from = TODAY.plusDays(1);
        var to = TODAY.plusDays(10);
        does(new Appoint(handle(1), appointment(Authority.Kind.CHOSEN, MOST, from, to, null), PATIENT, NOW));
        var first = from.atStartOfDay(ZONE).toInstant();
        var after = to.plusDays(1).atStartOfDay(ZONE).toInstant();
        assertThat(all.answer("ben", first.minusMillis(1))).isEqualTo(new Answer.MayNot(Answer.Why.NOT_STARTED));
        assertThat(all.may("ben", Power.SEE, first)).isTrue();
        assertThat(all.may("ben", Power.SEE, after.minusMillis(1))).isTrue();
        assertThat(all.answer("ben", after)).isEqualTo(new Answer.MayNot(Answer.Why.ENDED));
    }

    @Test
    void a_last_day_is_named_and_lies_within_twenty_years() {
        assertThat(appointment(Authority.Kind.CHOSEN, MOST, TODAY, TODAY.plusYears(20), null)
                        .end())
                .isEqualTo(TODAY.plusYears(20));
        assertThatThrownBy(() -> appointment(
                        Authority.Kind.CHOSEN, MOST, TODAY, TODAY.plusYears(20).plusDays(1), null))
                .isInstanceOfSatisfying(
                        DelegationRefused.class, e -> assertThat(e.why()).isEqualTo(Why.NO_END));
    }

    @Test
    void a_review_is_overdue_after_its_day_until_somebody_looked() {
        does(new Appoint(handle(1), chosen(Set.of(Power.SEE)), PATIENT, NOW));
        var review = all.find(handle(1)).orElseThrow().appointment().review();
        assertThat(all.find(handle(1)).orElseThrow().isReviewOverdue(at(review), AgePolicy.DEFAULT))
                .isFalse();
        var late = at(review.plusDays(1));
        assertThat(all.find(handle(1)).orElseThrow().isReviewOverdue(late, AgePolicy.DEFAULT))
                .isTrue();
        refuses(new Review(handle(1), review.plusDays(30), DELEGATE, late), Why.NOT_YOURS);
        does(new Review(handle(1), review.plusDays(30), PATIENT, late));
        assertThat(all.find(handle(1)).orElseThrow().isReviewOverdue(late, AgePolicy.DEFAULT))
                .isFalse();
    }

    // By document, two people

    @Test
    void a_parent_acts_once_a_second_person_has_confirmed_the_document() {
        does(new Appoint(handle(1), parentOfAChildBorn(2018), CUSTODIAN, NOW));
        assertThat(all.answer("ben", NOW)).isEqualTo(new Answer.MayNot(Answer.Why.NOT_STARTED));
        refuses(new Confirm(handle(1), new Hand("kit", Hand.As.OVERSIGHT), NOW), Why.SAME_PERSON);
        refuses(new Confirm(handle(1), new Hand("kim", Hand.As.CUSTODIAN), NOW), Why.NOT_YOURS);
        refuses(new Confirm(handle(1), new Hand("ben", Hand.As.OVERSIGHT), NOW), Why.SAME_PERSON);
        does(new Confirm(handle(1), OVERSIGHT, NOW));
        assertThat(all.may("ben", Power.SEE, NOW)).isTrue();
    }

    @Test
    void a_document_that_the_second_person_refuses_gives_nothing_for_good() {
        does(new Appoint(handle(1), parentOfAChildBorn(2018), CUSTODIAN, NOW));
        does(new Refuse(handle(1), OVERSIGHT, NOW));
        assertThat(standing(1, NOW)).isEqualTo(Standing.REFUSED);
        refuses(new Confirm(handle(1), OVERSIGHT, NOW), Why.NOT_NOW);
    }

    @Test
    void only_a_custodian_files_a_document_and_there_is_one_exactly_where_the_patient_cannot_sign() {
        refuses(new Appoint(handle(1), parentOfAChildBorn(2018), PATIENT, NOW), Why.NOT_YOURS);
        assertThatThrownBy(() -> new Authority(Authority.Kind.PARENT, null)).isInstanceOf(DelegationRefused.class);
        assertThatThrownBy(() -> new Authority(Authority.Kind.CHOSEN, DOCUMENT)).isInstanceOf(DelegationRefused.class);
        does(new Appoint(handle(1), parentOfAChildBorn(2018), CUSTODIAN, NOW));
    }

    // Growing up

    @Test
    void from_the_age_of_own_decision_the_sensitive_chapters_are_closed_to_guardians_and_not_a_day_before() {
        confirmedParent(LocalDate.of(2018, 3, 5));
        assertThat(chapters(at(LocalDate.of(2034, 3, 4)))).containsAll(AgePolicy.OWN);
        assertThat(chapters(at(LocalDate.of(2034, 3, 5))))
                .doesNotContainAnyElementsOf(AgePolicy.OWN)
                .contains(Chapter.LABS);
    }

    @Test
    void the_age_of_own_decision_is_policy() {
        var ages = new AgePolicy(14, 18, 90);
        all = Delegations.none(ages);
        confirmedParent(LocalDate.of(2018, 3, 5));
        assertThat(chapters(at(LocalDate.of(2032, 3, 5)))).doesNotContainAnyElementsOf(AgePolicy.OWN);
        assertThat(chapters(at(LocalDate.of(2032, 3, 4)))).containsAll(AgePolicy.OWN);
    }

    @Test
    void somebody_whom_a_grown_up_patient_chose_keeps_the_chapters_that_were_given() {
        does(new Appoint(handle(1), chosen(Set.of(Power.SEE)), PATIENT, NOW));
        assertThat(chapters(NOW)).containsAll(AgePolicy.OWN);
    }

    @Test
    void guardianship_ends_on_the_eighteenth_birthday_and_not_a_day_before() {
        confirmedParent(LocalDate.of(2018, 3, 5));
        assertThat(all.may("ben", Power.SEE, at(LocalDate.of(2036, 3, 4)))).isTrue();
        assertThat(all.answer("ben", at(LocalDate.of(2036, 3, 5)))).isEqualTo(new Answer.MayNot(Answer.Why.OF_AGE));
    }

    @Test
    void somebody_born_on_a_leap_day_is_of_age_on_the_first_of_march() {
        assertThat(AgePolicy.birthday(LocalDate.of(2016, 2, 29), 18)).isEqualTo(LocalDate.of(2034, 3, 1));
        assertThat(AgePolicy.birthday(LocalDate.of(2016, 2, 29), 16)).isEqualTo(LocalDate.of(2032, 2, 29));
    }

    @Test
    void the_notice_comes_ninety_days_before() {
        var born = LocalDate.of(2018, 3, 5);
        assertThat(AgePolicy.DEFAULT.isToldOn(born, LocalDate.of(2035, 12, 5))).isFalse();
        assertThat(AgePolicy.DEFAULT.isToldOn(born, LocalDate.of(2035, 12, 6))).isTrue();
    }

    @Test
    void nobody_becomes_the_guardian_of_somebody_who_is_of_age() {
        refuses(new Appoint(handle(1), parentOfAChildBorn(2008), CUSTODIAN, NOW), Why.OF_AGE);
        does(new Appoint(handle(1), parentOfAChildBorn(2009), CUSTODIAN, NOW));
    }

    @Test
    void what_a_guardian_consented_to_lapses_with_the_guardianship() {
        confirmedParent(LocalDate.of(2018, 3, 5));
        does(new NoteConsent(handle(1), handle(7), DELEGATE, NOW));
        assertThat(all.lapsed(at(LocalDate.of(2036, 3, 4)))).isEmpty();
        assertThat(all.lapsed(at(LocalDate.of(2036, 3, 5)))).containsExactly(handle(7));
    }

    @Test
    void what_a_delegate_shared_lapses_when_the_power_to_share_is_taken_and_stays_while_another_is() {
        does(new Appoint(handle(1), chosen(Set.of(Power.SEE, Power.GRANT, Power.DOWNLOAD)), PATIENT, NOW));
        does(new NoteConsent(handle(1), handle(7), DELEGATE, NOW));
        does(new Change(handle(1), Set.of(Power.SEE, Power.GRANT), MOST, PATIENT, NOW));
        assertThat(all.lapsed(NOW)).isEmpty();
        does(new Change(handle(1), Set.of(Power.SEE), MOST, PATIENT, NOW));
        assertThat(all.lapsed(NOW)).containsExactly(handle(7));
    }

    @Test
    void a_consent_is_noted_by_a_delegate_who_may_share_and_by_no_other() {
        does(new Appoint(handle(1), chosen(Set.of(Power.SEE)), PATIENT, NOW));
        refuses(new NoteConsent(handle(1), handle(7), DELEGATE, NOW), Why.NOT_NOW);
        refuses(new NoteConsent(handle(1), handle(7), OTHER_DELEGATE, NOW), Why.NOT_YOURS);
    }

    // Lost capacity

    @Test
    void somebody_chosen_in_advance_acts_once_a_clinician_and_the_house_confirm_and_not_before() {
        does(new Appoint(handle(1), appointment(Authority.Kind.ADVANCE, MOST), PATIENT, NOW));
        assertThat(all.answer("ben", NOW)).isEqualTo(new Answer.MayNot(Answer.Why.NOT_STARTED));
        refuses(new Confirm(handle(1), CLINICIAN, NOW), Why.NOT_NOW);
        refuses(new AskToStart(handle(1), DOCUMENT, OTHER_DELEGATE, NOW), Why.NOT_YOURS);
        does(new AskToStart(handle(1), DOCUMENT, DELEGATE, NOW));
        does(new Confirm(handle(1), CLINICIAN, NOW));
        assertThat(all.may("ben", Power.SEE, NOW)).isFalse();
        refuses(new Confirm(handle(1), new Hand("elm", Hand.As.CLINICIAN), NOW), Why.NOT_YOURS);
        refuses(new Confirm(handle(1), new Hand("oak", Hand.As.CUSTODIAN), NOW), Why.SAME_PERSON);
        refuses(new Confirm(handle(1), new Hand("ben", Hand.As.OVERSIGHT), NOW), Why.SAME_PERSON);
        does(new Confirm(handle(1), CUSTODIAN, NOW));
        assertThat(all.may("ben", Power.SEE, NOW)).isTrue();
    }

    @Test
    void the_two_may_come_in_the_other_order_but_never_both_from_the_house() {
        does(new Appoint(handle(1), appointment(Authority.Kind.ADVANCE, MOST), PATIENT, NOW));
        does(new AskToStart(handle(1), DOCUMENT, DELEGATE, NOW));
        does(new Confirm(handle(1), OVERSIGHT, NOW));
        refuses(new Confirm(handle(1), CUSTODIAN, NOW), Why.NOT_YOURS);
        does(new Confirm(handle(1), CLINICIAN, NOW));
        assertThat(standing(1, NOW)).isEqualTo(Standing.LIVE);
    }

    @Test
    void a_start_that_is_refused_may_be_asked_for_again() {
        does(new Appoint(handle(1), appointment(Authority.Kind.ADVANCE, MOST), PATIENT, NOW));
        does(new AskToStart(handle(1), DOCUMENT, DELEGATE, NOW));
        does(new Refuse(handle(1), CLINICIAN, NOW));
        assertThat(standing(1, NOW)).isEqualTo(Standing.IN_ADVANCE);
        does(new AskToStart(handle(1), DOCUMENT, DELEGATE, NOW));
    }

    @Test
    void a_representative_by_document_needs_two_people_as_well() {
        does(new Appoint(handle(1), appointment(Authority.Kind.REPRESENTATIVE, MOST), CUSTODIAN, NOW));
        assertThat(all.may("ben", Power.SEE, NOW)).isFalse();
        does(new Confirm(handle(1), OVERSIGHT, NOW));
        assertThat(all.may("ben", Power.SEE, NOW)).isTrue();
    }

    // A death

    @Test
    void a_death_with_two_signatures_stops_what_is_new_and_leaves_reading_and_revoking() {
        does(new Appoint(handle(1), chosen(Set.of(Power.values())), PATIENT, NOW));
        does(new FileDeath(handle(9), "Ada", TODAY, DOCUMENT, CUSTODIAN, NOW));
        assertThat(all.isDead()).isFalse();
        assertThat(all.may("ben", Power.GRANT, NOW)).isTrue();
        refuses(new Confirm(handle(9), new Hand("kit", Hand.As.OVERSIGHT), NOW), Why.SAME_PERSON);
        does(new Confirm(handle(9), OVERSIGHT, NOW));
        assertThat(all.isDead()).isTrue();
        for (var power : Power.values()) {
            assertThat(all.may("ben", power, NOW)).as(power.name()).isEqualTo(Power.AFTER_DEATH.contains(power));
        }
        refuses(new Appoint(handle(2), chosen(Set.of(Power.SEE)), PATIENT, NOW), Why.DEAD);
    }

    @Test
    void a_death_is_filed_by_a_custodian_with_a_document_and_by_nobody_else() {
        refuses(new FileDeath(handle(9), "Ada", TODAY, DOCUMENT, DELEGATE, NOW), Why.NOT_YOURS);
        refuses(new FileDeath(handle(9), "Ada", TODAY, "no hash", CUSTODIAN, NOW), Why.DOCUMENT);
        does(new FileDeath(handle(9), "Ada", TODAY, DOCUMENT, CUSTODIAN, NOW));
        does(new Refuse(handle(9), OVERSIGHT, NOW));
        assertThat(all.death()).isNull();
    }

    // The form

    @Test
    void every_event_is_read_as_it_was_written_and_one_more_element_is_refused() {
        confirmedParent(LocalDate.of(2018, 3, 5));
        for (var command : new DelegationCommand[] {
            new NoteConsent(handle(1), handle(7), DELEGATE, NOW),
            new Review(handle(1), TODAY.plusYears(2), OVERSIGHT, NOW),
            new End(handle(1), DELEGATE, NOW),
            new Appoint(handle(2), appointment(Authority.Kind.ADVANCE, MOST), PATIENT, NOW),
            new AskToStart(handle(2), DOCUMENT, DELEGATE, NOW),
            new Refuse(handle(2), CLINICIAN, NOW),
            new Change(handle(2), Set.of(Power.SEE), Set.of(Chapter.LABS), PATIENT, NOW),
            new FileDeath(handle(9), "Ada", TODAY, DOCUMENT, CUSTODIAN, NOW),
            new Confirm(handle(9), OVERSIGHT, NOW)
        }) {
            var events = all.decide(command);
            for (var event : events) {
                var bytes = DelegationJson.write(event);
                assertThat(DelegationJson.read(bytes)).isEqualTo(event);
                var more = new String(bytes, StandardCharsets.UTF_8)
                        .replace("\"delegation\":1,", "\"delegation\":1,\"deletion\":2,");
                assertThatThrownBy(() -> DelegationJson.read(more.getBytes(StandardCharsets.UTF_8)))
                        .isInstanceOf(NotCanonical.class);
            }
            all = all.evolve(events);
        }
    }

    @Test
    void the_form_is_frozen() {
        var event = new DelegationEvent.Appointed(handle(1), parentOfAChildBorn(2018), CUSTODIAN, NOW);
        assertThat(new String(DelegationJson.write(event), StandardCharsets.UTF_8))
                .isEqualTo("{\"act\":\"appointed\",\"appointment\":{\"authority\":\"parent\",\"born\":\"2018-03-05\","
                        + "\"chapters\":[\"labs\"],\"delegate\":\"ben\",\"document\":\"" + DOCUMENT
                        + "\",\"from\":\"2026-11-21\",\"key\":\"" + "00".repeat(32)
                        + "\",\"name\":\"Ben\",\"patient\":\"Ada\",\"powers\":[\"see\",\"see-trail\",\"download\",\"correct\","
                        + "\"grant\",\"revoke\",\"answer\"],\"review\":\"2027-11-21\",\"to\":\"2046-11-21\","
                        + "\"zone\":\"Europe/Berlin\"},\"at\":" + NOW.toEpochMilli()
                        + ",\"by\":{\"account\":\"kit\",\"as\":\"custodian\"},\"delegation\":1,\"handle\":\""
                        + handle(1).value()
                        + "\"}");
    }

    private void does(DelegationCommand command) {
        all = all.evolve(all.decide(command));
    }

    private void refuses(DelegationCommand command, Why why) {
        assertThatThrownBy(() -> all.decide(command))
                .isInstanceOfSatisfying(
                        DelegationRefused.class, e -> assertThat(e.why()).isEqualTo(why));
    }

    private void confirmedParent(LocalDate born) {
        does(new Appoint(
                handle(1), appointment(Authority.Kind.PARENT, MOST, TODAY, TODAY.plusYears(20), born), CUSTODIAN, NOW));
        does(new Confirm(handle(1), OVERSIGHT, NOW));
    }

    private Set<Chapter> chapters(Instant at) {
        return all.answer("ben", at) instanceof Answer.May may ? may.chapters() : Set.of();
    }

    private Standing standing(int number, Instant at) {
        return all.find(handle(number)).orElseThrow().standingAt(at, all.ages());
    }

    private static Appointment chosen(Set<Power> powers) {
        return appointment(Authority.Kind.CHOSEN, MOST).with(powers, MOST);
    }

    private static Appointment parentOfAChildBorn(int year) {
        return appointment(
                Authority.Kind.PARENT, Set.of(Chapter.LABS), TODAY, TODAY.plusYears(20), LocalDate.of(year, 3, 5));
    }

    private static Appointment appointment(Authority.Kind kind, Set<Chapter> chapters) {
        return appointment(kind, chapters, TODAY, TODAY.plusYears(5), null);
    }

    private static Appointment appointment(
            Authority.Kind kind, Set<Chapter> chapters, LocalDate from, LocalDate to, @Nullable LocalDate born) {
        return new Appointment(
                "ben",
                "Ben",
                KEY,
                "Ada",
                new Authority(kind, kind.byDocument() ? DOCUMENT : null),
                Set.of(Power.values()),
                chapters,
                new Period(from, to, ZONE),
                from.plusYears(1).isAfter(to) ? to : from.plusYears(1),
                born);
    }

    private static ConsentHandle handle(int number) {
        return new ConsentHandle("%064x".formatted(number));
    }

    private static Instant at(LocalDate day) {
        return day.atTime(12, 0).atZone(ZONE).toInstant();
    }
}
