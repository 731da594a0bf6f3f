package org.twinkeep.consent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.lists;
import static org.twinkeep.consent.AConsent.GRANTED_AT;
import static org.twinkeep.consent.AConsent.GRANTEE;
import static org.twinkeep.consent.AConsent.TWIN;
import static org.twinkeep.consent.AConsent.aConsent;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quicktheories.core.Gen;
import org.twinkeep.consent.Consent.Status;
import org.twinkeep.consent.Verdict.Denied;
import org.twinkeep.consent.Verdict.Permitted;
import org.twinkeep.consent.Verdict.Reason;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.TwinId;

class ConsentPolicyTest {

    private static final String NOON = "2026-05-10T12:00:00Z";

    @Test
    void a_live_consent_for_this_person_and_purpose_permits() {
        var consent = aConsent().build();
        assertThat(((Permitted) decide(NOON, consent)).by()).containsExactly(consent);
    }

    @Test
    void nothing_permits_without_a_consent() {
        assertThat(decide(NOON)).isEqualTo(new Denied(Reason.NO_CONSENT));
    }

    @Test
    void the_consent_of_another_twin_or_to_another_person_permits_nothing() {
        assertThat(decide(NOON, aConsent().ofTwin(new TwinId(new UUID(8, 8))).build()))
                .isEqualTo(new Denied(Reason.NO_CONSENT));
        assertThat(decide(NOON, aConsent().to("practitioner-bob").build())).isEqualTo(new Denied(Reason.NO_CONSENT));
    }

    @Test
    void an_undeclared_purpose_is_denied_before_anything_else() {
        assertThat(ConsentPolicy.decide(List.of(aConsent().build()), request(NOON, "clinician", null)))
                .isEqualTo(new Denied(Reason.UNKNOWN_PURPOSE));
    }

    @Test
    void the_same_person_with_another_purpose_is_denied_and_told_apart() {
        assertThat(decide(NOON, aConsent().forPurpose(Purpose.RESEARCH).build()))
                .isEqualTo(new Denied(Reason.OTHER_PURPOSE));
    }

    @Test
    void emergency_treatment_is_not_silently_treatment() {
        assertThat(decide(
                        NOON, aConsent().forPurpose(Purpose.EMERGENCY_TREATMENT).build()))
                .isEqualTo(new Denied(Reason.OTHER_PURPOSE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"auditor", "operator", "system", "patient", "", "Clinician"})
    void a_role_that_does_not_look_by_consent_is_denied(String role) {
        assertThat(ConsentPolicy.decide(List.of(aConsent().build()), request(NOON, role, Purpose.TREATMENT)))
                .isEqualTo(new Denied(Reason.ROLE));
    }

    @Test
    void a_proposal_permits_nothing() {
        assertThat(decide(NOON, aConsent().status(Status.PROPOSED).build())).isEqualTo(new Denied(Reason.NO_CONSENT));
    }

    @Test
    void a_term_ends_with_the_last_second_of_its_last_day_where_the_patient_lives() {
        var consent = aConsent().until("2026-05-31").build();
        assertThat(decide("2026-05-31T21:59:59.999Z", consent)).isInstanceOf(Permitted.class);
        assertThat(decide("2026-05-31T22:00:00Z", consent)).isEqualTo(new Denied(Reason.EXPIRED));
    }

    @Test
    void the_patients_zone_counts_not_ours() {
        var inAuckland = aConsent().until("2026-05-31").in("Pacific/Auckland").build();
        var inLosAngeles =
                aConsent().until("2026-05-31").in("America/Los_Angeles").build();
        assertThat(decide("2026-05-31T11:59:59Z", inAuckland)).isInstanceOf(Permitted.class);
        assertThat(decide("2026-05-31T12:00:00Z", inAuckland)).isEqualTo(new Denied(Reason.EXPIRED));
        assertThat(decide("2026-06-01T06:59:59Z", inLosAngeles)).isInstanceOf(Permitted.class);
        assertThat(decide("2026-06-01T07:00:00Z", inLosAngeles)).isEqualTo(new Denied(Reason.EXPIRED));
    }

    @Test
    void a_last_day_of_twenty_five_hours_has_all_of_them() {
        var consent = aConsent().until("2026-10-25").build();
        assertThat(decide("2026-10-25T22:59:59Z", consent)).isInstanceOf(Permitted.class);
        assertThat(decide("2026-10-25T23:00:00Z", consent)).isEqualTo(new Denied(Reason.EXPIRED));
    }

    @Test
    void a_day_that_begins_at_one_because_midnight_is_skipped_begins_then() {
        // America/Santiago, 2026-09-06: clocks go from 00:00 to 01:00.
        var consent = aConsent().from("2026-09-06").in("America/Santiago").build();
        assertThat(decide("2026-09-06T03:59:59Z", consent)).isEqualTo(new Denied(Reason.NOT_YET));
        assertThat(decide("2026-09-06T04:00:00Z", consent)).isInstanceOf(Permitted.class);
    }

    @Test
    void a_grant_that_starts_tomorrow_opens_tomorrow() {
        var consent = aConsent().from("2026-05-11").build();
        assertThat(decide(NOON, consent)).isEqualTo(new Denied(Reason.NOT_YET));
        assertThat(decide("2026-05-10T21:59:59Z", consent)).isEqualTo(new Denied(Reason.NOT_YET));
        assertThat(decide("2026-05-10T22:00:00Z", consent)).isInstanceOf(Permitted.class);
    }

    @Test
    void revoked_means_denied_whatever_the_clock_says() {
        var consent = aConsent().revokedAt("2026-05-10T12:00:00Z").build();
        assertThat(decide("2026-05-10T12:00:00Z", consent)).isEqualTo(new Denied(Reason.REVOKED));
        assertThat(decide("2026-05-10T11:59:59Z", consent)).isEqualTo(new Denied(Reason.REVOKED));
    }

    @Test
    void what_ran_out_before_it_was_revoked_has_expired() {
        var consent =
                aConsent().until("2026-04-30").revokedAt("2026-05-02T00:00:00Z").build();
        assertThat(decide(NOON, consent)).isEqualTo(new Denied(Reason.EXPIRED));
        assertThat(ConsentPolicy.endOf(consent)).contains(Instant.parse("2026-04-30T22:00:00Z"));
    }

    @Test
    void of_several_reasons_the_most_telling_is_given() {
        var expired = aConsent().handle("01").until("2026-03-31").build();
        var revoked = aConsent().handle("02").revokedAt("2026-04-15T00:00:00Z").build();
        var tomorrow = aConsent().handle("03").from("2026-05-11").build();
        var research = aConsent().handle("04").forPurpose(Purpose.RESEARCH).build();
        assertThat(decide(NOON, expired, revoked, tomorrow, research)).isEqualTo(new Denied(Reason.NOT_YET));
        assertThat(decide(NOON, expired, revoked, research)).isEqualTo(new Denied(Reason.REVOKED));
        assertThat(decide(NOON, expired, research)).isEqualTo(new Denied(Reason.EXPIRED));
        assertThat(decide(NOON, research)).isEqualTo(new Denied(Reason.OTHER_PURPOSE));
    }

    @Test
    void an_entry_is_covered_only_with_every_chapter_that_it_touches() {
        var consent = aConsent().chapters(Chapter.DOCUMENTS, Chapter.LABS).build();
        assertThat(ConsentPolicy.covers(consent, entry(Chapter.DOCUMENTS, Set.of(), null, null)))
                .isTrue();
        assertThat(ConsentPolicy.covers(consent, entry(Chapter.DOCUMENTS, Set.of(Chapter.LABS), null, null)))
                .isTrue();
        assertThat(ConsentPolicy.covers(
                        consent, entry(Chapter.DOCUMENTS, Set.of(Chapter.LABS, Chapter.SAFETY), null, null)))
                .isFalse();
        assertThat(ConsentPolicy.covers(consent, entry(Chapter.VITALS, Set.of(), null, null)))
                .isFalse();
    }

    @Test
    void entries_that_came_later_are_covered_only_when_the_patient_said_so() {
        var before = new Facts(Chapter.LABS, Set.of(), null, null, GRANTED_AT);
        var after = new Facts(Chapter.LABS, Set.of(), null, null, GRANTED_AT.plusMillis(1));
        assertThat(ConsentPolicy.covers(aConsent().build(), after)).isTrue();
        var frozen = aConsent().withoutLaterEntries().build();
        assertThat(ConsentPolicy.covers(frozen, before)).isTrue();
        assertThat(ConsentPolicy.covers(frozen, after)).isFalse();
    }

    @Test
    void an_undated_entry_is_in_no_period() {
        var undated = entry(Chapter.LABS, Set.of(), null, null);
        assertThat(ConsentPolicy.covers(aConsent().build(), undated)).isTrue();
        assertThat(ConsentPolicy.covers(aConsent().dataBetween(null, null).build(), undated))
                .isTrue();
        assertThat(ConsentPolicy.covers(
                        aConsent().dataBetween("2019-01-01", null).build(), undated))
                .isFalse();
    }

    @Test
    void a_partial_date_is_the_whole_interval() {
        var in2019 = entry(Chapter.LABS, Set.of(), "2018-12-31T23:00:00Z", "2019-12-31T23:00:00Z");
        assertThat(ConsentPolicy.covers(
                        aConsent().dataBetween("2019-06-01", "2019-06-30").build(), in2019))
                .isTrue();
        assertThat(ConsentPolicy.covers(
                        aConsent().dataBetween("2019-12-31", null).build(), in2019))
                .isTrue();
        assertThat(ConsentPolicy.covers(
                        aConsent().dataBetween("2020-01-01", null).build(), in2019))
                .isFalse();
        assertThat(ConsentPolicy.covers(
                        aConsent().dataBetween(null, "2018-12-31").build(), in2019))
                .isFalse();
    }

    @Test
    void an_instant_counts_on_the_first_and_the_last_day_of_a_period() {
        var consent = aConsent().dataBetween("2026-05-01", "2026-05-31").build();
        assertThat(ConsentPolicy.covers(consent, at("2026-04-30T21:59:59Z"))).isFalse();
        assertThat(ConsentPolicy.covers(consent, at("2026-04-30T22:00:00Z"))).isTrue();
        assertThat(ConsentPolicy.covers(consent, at("2026-05-31T21:59:59Z"))).isTrue();
        assertThat(ConsentPolicy.covers(consent, at("2026-05-31T22:00:00Z"))).isFalse();
    }

    @Test
    void what_goes_on_since_then_reaches_into_the_period() {
        var since2010 = entry(Chapter.CONDITIONS, Set.of(), "2010-01-01T00:00:00Z", null);
        var until2010 = entry(Chapter.CONDITIONS, Set.of(), null, "2010-01-01T00:00:00Z");
        var consent = aConsent().dataBetween("2026-01-01", null).build();
        assertThat(ConsentPolicy.covers(consent, since2010)).isTrue();
        assertThat(ConsentPolicy.covers(consent, until2010)).isFalse();
    }

    @Test
    void what_ends_before_it_begins_is_covered_by_no_period() {
        var nonsense = entry(Chapter.LABS, Set.of(), "2026-05-20T00:00:00Z", "2026-05-10T00:00:00Z");
        assertThat(ConsentPolicy.covers(
                        aConsent().dataBetween("2026-01-01", "2026-12-31").build(), nonsense))
                .isFalse();
    }

    @Test
    void the_order_of_the_consents_changes_nothing() {
        qt().withFixedSeed(1)
                .forAll(lists().of(consents()).ofSizeBetween(0, 6), integers().all())
                .checkAssert((consents, shuffle) -> {
                    var shuffled = new ArrayList<>(consents);
                    Collections.shuffle(shuffled, new Random(shuffle));
                    assertThat(said(decide(NOON, shuffled))).isEqualTo(said(decide(NOON, consents)));
                });
    }

    private static Object said(Verdict verdict) {
        return verdict instanceof Permitted permitted ? permitted.by() : verdict;
    }

    @Test
    void a_permit_always_names_consents_that_are_live_and_for_just_this() {
        qt().withFixedSeed(2).forAll(lists().of(consents()).ofSizeBetween(0, 6)).checkAssert(consents -> {
            if (decide(NOON, consents) instanceof Permitted(var by, var _)) {
                assertThat(by).isNotEmpty().isSubsetOf(consents).allSatisfy(consent -> {
                    assertThat(consent.status()).isNotIn(Status.REVOKED, Status.PROPOSED);
                    assertThat(consent.endedAt()).isNull();
                    assertThat(consent.terms().purpose()).isEqualTo(Purpose.TREATMENT);
                    assertThat(consent.terms().granteeId()).isEqualTo(GRANTEE);
                    assertThat(consent.terms().term().contains(Instant.parse(NOON)))
                            .isTrue();
                });
            }
        });
    }

    @Test
    void a_narrower_consent_never_covers_more() {
        qt().withFixedSeed(3)
                .forAll(
                        integers().between(0, 20),
                        integers().between(0, (1 << 21) - 1),
                        integers().between(0, 20))
                .checkAssert((chapter, touched, removed) -> {
                    var wide = EnumSet.allOf(Chapter.class);
                    var narrow = EnumSet.copyOf(wide);
                    narrow.remove(Chapter.values()[removed]);
                    var entry = entry(Chapter.values()[chapter], ofBits(touched), null, null);
                    boolean speaksOfIt = entry.chapter() == Chapter.values()[removed]
                            || entry.touches().contains(Chapter.values()[removed]);
                    assertThat(ConsentPolicy.covers(withChapters(wide), entry)).isTrue();
                    assertThat(ConsentPolicy.covers(withChapters(narrow), entry))
                            .isEqualTo(!speaksOfIt);
                });
    }

    @Test
    void a_period_contains_what_it_overlaps_an_instant_of() {
        qt().withFixedSeed(4)
                .forAll(
                        integers().between(0, 400),
                        integers().between(0, 400),
                        integers().between(0, 400 * 24))
                .assuming((from, to, hour) -> from <= to)
                .checkAssert((from, to, hour) -> {
                    var first = LocalDate.parse("2026-01-01");
                    var zone = ZoneId.of("America/New_York");
                    var period = new Period(first.plusDays(from), first.plusDays(to), zone);
                    var at = first.atStartOfDay(zone).toInstant().plusSeconds(3600L * hour);
                    var day = at.atZone(zone).toLocalDate();
                    boolean within = !day.isBefore(first.plusDays(from)) && !day.isAfter(first.plusDays(to));
                    assertThat(period.contains(at)).isEqualTo(within);
                    assertThat(period.overlaps(at, at)).isEqualTo(within);
                    assertThat(period.overlaps(at, at.plusMillis(1))).isEqualTo(within);
                });
    }

    private static Gen<Consent> consents() {
        return integers().between(0, 5).zip(integers().between(0, 3), integers().between(0, 200), (kind, who, n) -> {
            var consent = aConsent().handle(String.format("%02x", n));
            return switch (kind) {
                case 0 -> consent.until("2026-05-0" + (1 + n % 9)).build();
                case 1 ->
                    consent.revokedAt("2026-04-0" + (1 + n % 9) + "T00:00:00Z").build();
                case 2 -> consent.from("2026-05-1" + n % 10).build();
                case 3 -> consent.forPurpose(Purpose.RESEARCH).build();
                case 4 -> consent.status(Status.PROPOSED).build();
                default -> consent.to(who == 0 ? "somebody-else" : GRANTEE).build();
            };
        });
    }

    private static Set<Chapter> ofBits(int bits) {
        var chapters = EnumSet.noneOf(Chapter.class);
        for (var chapter : Chapter.values()) {
            if ((bits >> chapter.ordinal() & 1) == 1) {
                chapters.add(chapter);
            }
        }
        return chapters;
    }

    private static Consent withChapters(EnumSet<Chapter> chapters) {
        var all = chapters.toArray(Chapter[]::new);
        return aConsent().chapters(all[0], all).build();
    }

    private static Facts entry(Chapter chapter, Set<Chapter> touches, @Nullable String from, @Nullable String to) {
        return new Facts(
                chapter,
                touches,
                from == null ? null : Instant.parse(from),
                to == null ? null : Instant.parse(to),
                GRANTED_AT.minusSeconds(1));
    }

    private static Facts at(String instant) {
        return entry(Chapter.LABS, Set.of(), instant, instant);
    }

    private static Verdict decide(String at, Consent... consents) {
        return decide(at, List.of(consents));
    }

    private static Verdict decide(String at, List<Consent> consents) {
        return ConsentPolicy.decide(consents, request(at, "clinician", Purpose.TREATMENT));
    }

    private static AccessRequest request(String at, String role, @Nullable Purpose purpose) {
        return new AccessRequest(TWIN, GRANTEE, role, purpose, Instant.parse(at));
    }
}
