package org.twinkeep.consent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.twinkeep.consent.AConsent.GRANTEE;
import static org.twinkeep.consent.AConsent.TWIN;
import static org.twinkeep.consent.AConsent.aConsent;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.twinkeep.consent.Consent.Status;
import org.twinkeep.consent.Openings.Opening;
import org.twinkeep.consent.OtherConsent.Counts;
import org.twinkeep.consent.Provenance.Proof;
import org.twinkeep.consent.Verdict.Denied;
import org.twinkeep.consent.Verdict.Permitted;
import org.twinkeep.consent.Verdict.Reason;
import org.twinkeep.consent.contract.Acts;
import org.twinkeep.consent.decision.ConsentIndex.Past;
import org.twinkeep.consent.decision.Dialect;
import org.twinkeep.consent.decision.Implicit;
import org.twinkeep.consent.durable.Hex;
import org.twinkeep.consent.embedded.EmbeddedLedger;
import org.twinkeep.consent.embedded.TestOrganisations;
import org.twinkeep.consent.ledger.ConsentLedger.Position;
import org.twinkeep.consent.ledger.Transaction.Enrol;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.keys.TestKeys;

/** Consents that are not of our own shape: denials, and what somebody else wrote. */
class OtherConsentsTest {

    private static final Secret SEED = TestOrganisations.seed(9);
    private static final Terms TERMS =
            aConsent().chapters(Chapter.VITALS, Chapter.LABS).terms();

    private static final Secret THIEF = TestOrganisations.seed(66);
    private static final Denial LABS = new Denial(null, "", null, Set.of(Chapter.LABS));

    /** Documents and laboratory results are for everybody, but no laboratory result is. */
    private static final String DOCUMENTS_BUT_NO_LABS = """
            {"resourceType":"Consent","status":"active",
             "category":[{"coding":[{"system":"http://loinc.org","code":"59284-0"}]}],"decision":"deny",
             "provision":[{"documentType":[{"system":"%1$s","code":"documents"},{"system":"%1$s","code":"labs"}],
               "provision":[{"documentType":[{"system":"%1$s","code":"labs"}]}]}]}
            """.formatted(FhirConsent.CHAPTER_SYSTEM);

    /** Nobody sees restricted things for research, until 2026-06-30. */
    private static final String R5 = """
            {"resourceType":"Consent","status":"active",
             "category":[{"coding":[{"system":"http://loinc.org","code":"59284-0"}]}],
             "period":{"end":"2026-06-30"},"decision":"permit",
             "provision":[{"purpose":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActReason","code":"TREAT"}]}]}
            """;

    @TempDir
    Path folder;

    private final TestClock clock = new TestClock("2026-05-10T12:00:00Z");
    private final InMemoryOpenings openings = new InMemoryOpenings();
    private EmbeddedLedger ledger;
    private Consents consents;

    @BeforeEach
    void start() {
        ledger = EmbeddedLedger.open(folder, TestOrganisations.three(), Position.NONE, clock);
        consents = new Consents(ledger, openings, Undelivered.in(folder), clock, TestKeys.seeded(1));
    }

    @AfterEach
    void stop() {
        ledger.close();
    }

    @Test
    void a_denial_wins_over_what_is_shared_from_the_next_decision_on_and_until_it_is_ended() {
        consents.grant(TWIN, TERMS, SEED);
        long before = ledger.head().block();
        assertThat(sees(Chapter.LABS)).isTrue();
        var denial = consents.deny(TWIN, new Denial(null, "", null, Set.of(Chapter.LABS)), SEED);
        assertThat(sees(Chapter.LABS)).isFalse();
        assertThat(sees(Chapter.VITALS)).isTrue();
        assertThat(saw(before, Chapter.LABS)).isTrue();
        assertThat(saw(ledger.head().block(), Chapter.LABS)).isFalse();
        assertThat(consents.proof(TWIN, denial.handle())).isEqualTo(Proof.PATIENT);
        long with = ledger.head().block();
        consents.revoke(TWIN, denial.handle(), SEED);
        assertThat(sees(Chapter.LABS)).isTrue();
        assertThat(saw(with, Chapter.LABS)).isFalse();
        assertThat(consents.others(TWIN)).extracting(OtherConsent::status).containsExactly(Status.REVOKED);
    }

    @Test
    void a_denial_is_read_back_as_what_the_patient_said() {
        var said = new Denial(GRANTEE, "Dr Rowan Oak, Harbour Clinic", Purpose.RESEARCH, Set.of(Chapter.GENOMICS));
        var kept = consents.deny(TWIN, said, SEED);
        assertThat(kept.denial()).contains(said);
        assertThat(kept.status()).isEqualTo(Status.ACTIVE);
        assertThat(consents.of(TWIN)).as("it is none of our own shape").isEmpty();
        assertThat(said.without(Set.of(Chapter.GENOMICS))).isEmpty();
        assertThat(new Denial(null, "", null, Set.of())
                        .without(Set.of(Chapter.LABS))
                        .orElseThrow()
                        .chapters())
                .doesNotContain(Chapter.LABS)
                .hasSize(Chapter.values().length - 1);
    }

    @Test
    void a_denial_is_about_one_person_and_one_purpose_where_it_says_so() {
        consents.grant(TWIN, TERMS, SEED);
        consents.deny(TWIN, new Denial("practitioner-bob", "Bob", null, Set.of()), SEED);
        consents.deny(TWIN, new Denial(GRANTEE, "Ada", Purpose.RESEARCH, Set.of()), SEED);
        assertThat(sees(Chapter.LABS)).isTrue();
        consents.deny(TWIN, new Denial(GRANTEE, "Ada", Purpose.TREATMENT, Set.of()), SEED);
        assertThat(sees(Chapter.LABS)).isFalse();
    }

    @Test
    void who_is_denied_everything_is_denied_and_not_shown_an_empty_record() {
        consents.grant(TWIN, TERMS, SEED);
        assertThat(verdict()).isInstanceOf(Permitted.class);
        var denial = consents.deny(TWIN, new Denial(GRANTEE, "Ada", null, Set.of()), SEED);
        assertThat(verdict()).isEqualTo(new Denied(Reason.DENIED));
        consents.revoke(TWIN, denial.handle(), SEED);
        assertThat(verdict()).isInstanceOf(Permitted.class);
    }

    @Test
    void a_denial_is_narrowed_in_one_signed_step() {
        consents.grant(TWIN, TERMS, SEED);
        var denial = consents.deny(TWIN, new Denial(null, "", null, Set.of(Chapter.LABS, Chapter.VITALS)), SEED);
        assertThat(sees(Chapter.VITALS)).isFalse();
        var narrowed = consents.amend(TWIN, denial.handle(), new Denial(null, "", null, Set.of(Chapter.LABS)), SEED);
        assertThat(narrowed.step()).isEqualTo(2);
        assertThat(sees(Chapter.VITALS)).isTrue();
        assertThat(sees(Chapter.LABS)).isFalse();
        assertThat(consents.others(TWIN)).hasSize(1);
    }

    @Test
    void what_somebody_else_wrote_is_kept_byte_for_byte_in_its_dialect_and_counts_in_its_term() {
        var brought = consents.bring(TWIN, Dialect.R5, R5, SEED);
        assertThat(brought.kept().text()).isEqualTo(R5);
        assertThat(brought.kept().dialect()).isEqualTo(Dialect.R5);
        consents.grant(TWIN, TERMS, SEED);
        assertThat(sees(Chapter.LABS)).isFalse();
        clock.pass(Duration.ofDays(60));
        assertThat(sees(Chapter.LABS)).isTrue();
        assertThat(consents.others(TWIN)).extracting(OtherConsent::status).containsExactly(Status.EXPIRED);
    }

    @Test
    void the_custodian_ends_what_a_consent_permits_and_nothing_that_it_denies() {
        consents.grant(TWIN, TERMS, SEED);
        var denial = consents.deny(TWIN, LABS, SEED);
        var both = consents.bring(TWIN, Dialect.R5, DOCUMENTS_BUT_NO_LABS, SEED);
        assertThat(sees(Chapter.DOCUMENTS)).isTrue();
        long before = ledger.head().block();
        consents.stop(TWIN, denial.handle(), TestOrganisations.CUSTODIAN::sign);
        consents.stop(TWIN, both.handle(), TestOrganisations.CUSTODIAN::sign);
        assertThat(sees(Chapter.LABS)).isFalse();
        assertThat(sees(Chapter.DOCUMENTS)).isFalse();
        assertThat(sees(Chapter.VITALS)).isTrue();
        assertThat(saw(before, Chapter.DOCUMENTS)).isTrue();
        assertThat(saw(ledger.head().block(), Chapter.LABS)).isFalse();
        assertThat(consents.others(TWIN))
                .extracting(OtherConsent::counts)
                .containsExactly(Counts.DENIES_STILL, Counts.DENIES_STILL);
        assertThat(consents.release(TWIN, both.handle(), SEED)).isTrue();
        assertThat(sees(Chapter.LABS)).as("the denial itself stands").isFalse();
        long with = ledger.head().block();
        assertThat(consents.release(TWIN, denial.handle(), SEED)).isTrue();
        assertThat(sees(Chapter.LABS)).isTrue();
        assertThat(saw(with, Chapter.LABS)).isFalse();
        assertThat(consents.others(TWIN))
                .extracting(OtherConsent::counts)
                .containsExactly(Counts.NOTHING, Counts.NOTHING);
    }

    @Test
    void nothing_but_its_own_key_and_the_ledger_lifts_a_denial() {
        consents.grant(TWIN, TERMS, SEED);
        var denial = consents.deny(TWIN, LABS, SEED);
        var acts = new Acts(ledger.charter());
        var record = ledger.get(denial.handle()).orElseThrow();
        // A mark in the house's own file, signed by nobody who may.
        var marks = Undelivered.in(folder);
        marks.add(acts.revoke(record, ConsentKey.of(THIEF, denial.handle())), clock.instant());
        var outage = new Outage(ledger);
        outage.fails = true;
        consents = new Consents(outage, openings, marks, clock, TestKeys.seeded(2));
        assertThat(sees(Chapter.LABS)).isFalse();
        marks.remove(denial.handle());
        // Written down as expired, which any organisation may.
        ledger.submit(acts.expire(record, "Provider", TestOrganisations.PROVIDER::sign));
        assertThat(sees(Chapter.LABS)).isFalse();
        // Released with a key that is not the patient's, as if it were, and by a key that both organisations put there.
        var release = new Release(new ConsentHandle("ab".repeat(32)), TWIN, denial.handle());
        var own = ConsentKey.of(THIEF, release.handle());
        var certificate = Certificate.of(
                TestOrganisations.CHANNEL,
                release.handle(),
                own.verifyingKey(),
                Enrol.handleOf(TWIN),
                IdentityKey.of(THIEF));
        openings.keep(TWIN, new Opening(release.handle(), 1, new byte[32], release.bytes(), certificate));
        ledger.submit(acts.grant(
                release.handle(),
                Hex.of(FhirConsent.commitment(new byte[32], release.bytes())),
                Optional.empty(),
                own));
        reopen();
        assertThat(sees(Chapter.LABS)).isFalse();
        // Its certificate taken away, and the same after a rebuild.
        openings.change(
                TWIN,
                opening -> new Opening(opening.handle(), opening.step(), opening.salt(), opening.consent(), null),
                denial.handle());
        reopen();
        assertThat(sees(Chapter.LABS)).isFalse();
        // Its opening lost.
        openings.change(TWIN, opening -> new Opening(opening.handle(), 1, new byte[0], new byte[0]), denial.handle());
        reopen();
        assertThat(sees(Chapter.LABS)).isFalse();
        assertThat(consents.release(TWIN, denial.handle(), SEED)).isTrue();
        assertThat(sees(Chapter.LABS)).isTrue();
    }

    @Test
    void a_denial_that_the_patient_ends_holds_until_the_ledger_has_recorded_that() {
        consents.grant(TWIN, TERMS, SEED);
        var denial = consents.deny(TWIN, LABS, SEED);
        var outage = new Outage(ledger);
        consents = new Consents(outage, openings, Undelivered.in(folder), clock, TestKeys.seeded(2));
        outage.fails = true;
        consents.revoke(TWIN, denial.handle(), SEED);
        assertThat(sees(Chapter.LABS)).isFalse();
        assertThat(consents.others(TWIN))
                .extracting(OtherConsent::counts)
                .containsExactly(Counts.DENIES_UNTIL_RECORDED);
        outage.fails = false;
        consents.deliver();
        assertThat(sees(Chapter.LABS)).isTrue();
        assertThat(consents.others(TWIN)).extracting(OtherConsent::counts).containsExactly(Counts.NOTHING);
    }

    @Test
    void a_denial_that_the_custodian_ended_is_over_with_its_own_last_day() {
        consents.grant(TWIN, TERMS, SEED);
        var brought = consents.bring(TWIN, Dialect.R5, R5, SEED);
        consents.stop(TWIN, brought.handle(), TestOrganisations.CUSTODIAN::sign);
        assertThat(sees(Chapter.LABS)).isFalse();
        clock.pass(Duration.ofDays(60));
        assertThat(sees(Chapter.LABS)).isTrue();
        assertThat(consents.others(TWIN)).extracting(OtherConsent::counts).containsExactly(Counts.NOTHING);
    }

    private void reopen() {
        consents = new Consents(ledger, openings, Undelivered.in(folder), clock, TestKeys.seeded(2));
    }

    @Test
    void its_form_is_frozen() throws IOException {
        var denial = new Denial(
                "practitioner-ada",
                "Dr Ada Oak, Harbour Clinic",
                Purpose.RESEARCH,
                Set.of(Chapter.MENTAL_HEALTH, Chapter.GENOMICS));
        var kept = new KeptConsent(
                new ConsentHandle("0f".repeat(32)), new TwinId(new UUID(7, 7)), Denial.DIALECT, denial.text());
        try (var frozen = OtherConsentsTest.class.getResourceAsStream("kept-consent.json")) {
            assertThat(new String(kept.bytes(), UTF_8)).isEqualTo(new String(frozen.readAllBytes(), UTF_8).strip());
        }
    }

    @Test
    void a_consent_kept_for_another_twin_or_in_another_dialect_is_not_that_consent() {
        var brought = consents.bring(TWIN, Dialect.R5, R5, SEED).kept();
        assertThat(KeptConsent.read(brought.bytes())).contains(brought);
        var commitment = FhirConsent.commitment(new byte[32], brought.bytes());
        for (var other : Set.of(
                new KeptConsent(brought.handle(), TWIN, Dialect.R4, R5),
                new KeptConsent(brought.handle(), new TwinId(new UUID(8, 8)), Dialect.R5, R5),
                new KeptConsent(new ConsentHandle("e".repeat(64)), TWIN, Dialect.R5, R5))) {
            assertThat(FhirConsent.commitment(new byte[32], other.bytes())).isNotEqualTo(commitment);
        }
        assertThat(KeptConsent.read(R5.getBytes(UTF_8))).isEmpty();
    }

    @Test
    void an_opening_that_is_no_longer_what_was_committed_to_closes_the_twin() {
        consents.grant(TWIN, TERMS, SEED);
        var brought = consents.bring(TWIN, Dialect.R5, R5, SEED).kept();
        var first = openings.of(TWIN);
        openings.forget();
        for (var opening : first) {
            boolean its = opening.handle().equals(brought.handle());
            var other = new KeptConsent(brought.handle(), TWIN, Dialect.R4, R5).bytes();
            openings.keep(
                    TWIN,
                    its
                            ? new Opening(
                                    opening.handle(), opening.step(), opening.salt(), other, opening.certificate())
                            : opening);
        }
        consents.forget(TWIN);
        assertThat(verdict()).isEqualTo(new Denied(Reason.NOT_UNDERSTOOD));
    }

    private Verdict verdict() {
        return consents.decide(request());
    }

    private boolean sees(Chapter chapter) {
        return verdict() instanceof Permitted(var _, var ruling)
                && ruling.decide(ConsentPolicy.item(chapter)).visible();
    }

    private boolean saw(long block, Chapter chapter) {
        var ask = ConsentPolicy.ask(request(), Purpose.TREATMENT);
        return consents.asOf(TWIN, block, ask, ConsentPolicy.item(chapter), Implicit.DENY)
                        instanceof Past.Again(var decision, var _)
                && decision.visible();
    }

    private AccessRequest request() {
        return new AccessRequest(TWIN, GRANTEE, "clinician", Purpose.TREATMENT, clock.instant());
    }
}
