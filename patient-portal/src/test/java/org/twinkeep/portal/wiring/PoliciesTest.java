package org.twinkeep.portal.wiring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.twinkeep.consent.Consents;
import org.twinkeep.consent.Period;
import org.twinkeep.consent.Purpose;
import org.twinkeep.consent.Terms;
import org.twinkeep.consent.decision.Implicit;
import org.twinkeep.consent.trail.Looker;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.sealing.Body;
import org.twinkeep.integrations.fhir.FhirImport;
import org.twinkeep.portal.accounts.Opened;
import org.twinkeep.portal.accounts.Person;
import org.twinkeep.portal.accounts.Role;
import org.twinkeep.projections.care.CareView;
import org.twinkeep.projections.clinic.LabelRules;
import org.twinkeep.projections.reading.Answer.NotShown;
import org.twinkeep.projections.reading.Answer.Shown;
import org.twinkeep.projections.timeline.Row;
import org.twinkeep.projections.timeline.Timeline;
import org.twinkeep.twin.Actor;
import org.twinkeep.twin.TwinCommand.CorrectEntry;

/** What the organisations register for all, and what a patient says of one entry, on what a clinician is shown. */
class PoliciesTest {

    private static final Clock NOON = Clock.fixed(Instant.parse("2026-11-21T12:00:00Z"), ZoneOffset.UTC);
    private static final Looker OAK = new Looker("oak", "Dr Oak", "Hill Hospital", "clinician");
    private static final String RECORD = """
            {"resourceType":"Bundle","type":"collection","entry":[
             {"resource":{"resourceType":"Patient","id":"p1","identifier":[{"system":"urn:test:mrn","value":"4711"}],
              "name":[{"family":"Quill","given":["Ada"]}],"birthDate":"1971-02-03"}},
             {"resource":{"resourceType":"Condition","id":"c1","subject":{"reference":"Patient/p1"},"onsetDateTime":"2026-03-01",
              "code":{"coding":[{"system":"http://snomed.info/sct","code":"38341003","display":"Hypertension"}]}}},
             {"resource":{"resourceType":"Condition","id":"c2","subject":{"reference":"Patient/p1"},"onsetDateTime":"2026-03-02",
              "code":{"coding":[{"system":"http://snomed.info/sct","code":"370143000","display":"Major depressive disorder"}]}}}]}""";

    @TempDir
    Path temp;

    private House house;
    private TwinId ada;

    @BeforeEach
    void open() throws IOException {
        var kek = new Kek(temp.resolve("key"), false, _ -> new char[0], _ -> {});
        house = House.open(new DataFolder(temp.resolve("data")), kek, "test", NOON);
        var file = Files.writeString(temp.resolve("record.json"), RECORD);
        var by = new Actor(Actor.Kind.OPERATOR, "operator:test");
        ada = house.fhirImport()
                .run(List.of(file), new FhirImport.Options(null, null, by), (_, _, _) -> {})
                .twins()
                .getFirst()
                .twin();
    }

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    void without_a_consent_nothing_is_shown_unless_both_organisations_registered_it_and_then_every_leaf_says_so() {
        assertThat(house.consents().implicitPolicy()).isEqualTo(Implicit.DENY);
        assertThat(house.door().care(OAK, Purpose.TREATMENT, ada)).isInstanceOf(NotShown.class);
        register(Implicit.BASIC_NORMAL);
        assertThat(titles())
                .anyMatch(title -> title.contains("Hypertension"))
                .noneMatch(title -> title.contains("depress"));
        assertThat(house.trail().looks(ada).getFirst().consents()).isEmpty();
        assertThat(house.trail().looks(ada)).anyMatch(look -> "implicit policy basic-normal".equals(look.why()));
        assertThat(house.door().care(OAK, Purpose.PAYMENT, ada)).isInstanceOf(NotShown.class);
        assertThat(house.trail().looks(ada).getFirst().why()).endsWith("implicit policy basic-normal");
        register(Implicit.DENY);
        assertThat(house.door().care(OAK, Purpose.TREATMENT, ada)).isInstanceOf(NotShown.class);
    }

    @Test
    void a_text_under_the_name_that_is_not_its_own_permits_nothing() {
        house.register(Consents.IMPLICIT_POLICY, "all-normal", Implicit.DENY.commitment());
        assertThat(house.consents().implicitPolicy()).isEqualTo(Implicit.DENY);
        house.register(Consents.IMPLICIT_POLICY, "everything", "00".repeat(32));
        assertThat(house.consents().implicitPolicy()).isEqualTo(Implicit.DENY);
    }

    @Test
    void a_house_whose_label_rules_are_not_the_registered_ones_denies_and_says_so() {
        share();
        house.register(LabelRules.SUBJECT, "1", LabelRules.sha256());
        assertThat(titles()).isNotEmpty();
        house.register(LabelRules.SUBJECT, "2", "00".repeat(32));
        assertThat(house.door().care(OAK, Purpose.TREATMENT, ada)).isInstanceOf(NotShown.class);
        assertThat(house.trail().looks(ada).getFirst().why()).contains("label rules");
    }

    @Test
    void what_the_patient_keeps_closer_is_gone_from_the_next_view_and_comes_back() {
        share();
        var patient = open(house, ada);
        assertThat(titles()).anyMatch(title -> title.contains("Hypertension"));
        keep(patient, true);
        assertThat(titles()).noneMatch(title -> title.contains("Hypertension"));
        assertThat(own(patient).keptCloser()).isTrue();
        assertThat(own(patient).disputed()).isFalse();
        keep(patient, false);
        assertThat(titles()).anyMatch(title -> title.contains("Hypertension"));
        assertThat(own(patient).keptCloser()).isFalse();
    }

    private void keep(Opened patient, boolean closer) {
        var row = own(patient);
        var body = new Body(
                1, "{\"statement\":1}".getBytes(UTF_8), ("{\"says\":\"\",\"closer\":" + closer + "}").getBytes(UTF_8));
        var at = NOON.instant().plusSeconds(closer ? 1 : 2);
        var by = new Actor(Actor.Kind.PATIENT, patient.account().id().toString());
        house.twins().correct(new CorrectEntry(ada, row.chapter(), row.entry(), body, at, by));
    }

    private Row own(Opened patient) {
        return ((Shown<Timeline>) house.door().timeline(patient.account().looker(), ada))
                .what().rows().stream()
                        .filter(row -> row.title().contains("Hypertension"))
                        .findFirst()
                        .orElseThrow();
    }

    private List<String> titles() {
        return ((Shown<CareView>) house.door().care(OAK, Purpose.TREATMENT, ada))
                .what().timeline().rows().stream().map(Row::title).toList();
    }

    private void register(Implicit policy) {
        house.register(Consents.IMPLICIT_POLICY, policy.code(), policy.commitment());
    }

    private void share() {
        var today = LocalDate.ofInstant(NOON.instant(), ZoneOffset.UTC);
        try (var seed = Secret.copyOf(new byte[32])) {
            house.consents()
                    .grant(
                            ada,
                            new Terms(
                                    OAK.id(),
                                    OAK.name(),
                                    OAK.organisation(),
                                    Purpose.TREATMENT,
                                    EnumSet.complementOf(EnumSet.of(
                                            Chapter.MENTAL_HEALTH,
                                            Chapter.SEXUAL_HEALTH,
                                            Chapter.SUBSTANCE_USE,
                                            Chapter.SAFETY)),
                                    null,
                                    true,
                                    new Period(today, today.plusDays(30), ZoneOffset.UTC)),
                            seed);
        }
    }

    private static Opened open(House house, TwinId twin) {
        var person = new Person("Ada Quill", "", ZoneOffset.UTC, Locale.ENGLISH);
        var opened = house.accounts().open(Role.PATIENT, "ada", person, twin, "correct horse".toCharArray());
        Objects.requireNonNull(opened.seed()).close();
        return opened;
    }
}
