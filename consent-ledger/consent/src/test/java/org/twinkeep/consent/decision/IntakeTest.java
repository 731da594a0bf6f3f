package org.twinkeep.consent.decision;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.twinkeep.consent.decision.Intake.Refused;
import org.twinkeep.consent.decision.Intake.Understood;
import org.twinkeep.consent.decision.Intake.Why;

/** What is refused before it is kept, with which place; and what is read out of what is not. */
class IntakeTest {

    private static final Instant NOW = Instant.parse("2026-05-10T12:00:00Z");
    private static final String HEAD = """
            "resourceType":"Consent","status":"active",\
            "scope":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/consentscope","code":"patient-privacy"}]},\
            "category":[{"coding":[{"system":"http://loinc.org","code":"59284-0"}]}]""";
    private static final String ACTOR =
            "\"actor\":[{\"role\":{\"coding\":[{\"system\":\"http://terminology.hl7.org/CodeSystem/v3-ParticipationType\",\"code\":\"IRCP\"}]},"
                    + "\"reference\":{\"identifier\":{\"system\":\"urn:x\",\"value\":\"7\"},\"display\":\"Dr Oak\"}}]";

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "'\"type\":\"deny\",\"modifierExtension\":[{\"url\":\"x\"}]'; Consent.provision.modifierExtension",
                "'\"type\":\"deny\",\"extension\":[{\"url\":\"x\"}]'; Consent.provision.extension",
                "'\"type\":\"deny\",\"purpose\":[{\"system\":\"urn:hl7\",\"code\":\"SECRETVALUE\"}]'; Consent.provision.purpose[0]",
                "'\"type\":\"deny\",\"purpose\":[{\"system\":\"http://terminology.hl7.org/CodeSystem/v3-ActReason\",\"code\":\"SECRETVALUE\"}]'; Consent.provision.purpose[0]",
                "'\"type\":\"deny\",\"SECRET VALUE\":1'; Consent.provision.?",
                "'\"type\":\"deny\",\"period\":{\"start\":\"2027-01-01\",\"end\":\"2026-01-01\"}'; Consent.provision.period",
                "'\"type\":\"deny\",\"data\":[{\"meaning\":\"related\",\"reference\":{\"reference\":\"#SECRETVALUE\"}}]'; Consent.provision.data[0].reference.reference",
                "'\"type\":\"permit\",\"provision\":[{\"type\":\"permit\"}]'; Consent.provision.provision[0]",
                "'\"provision\":[{\"type\":\"deny\"}]'; Consent.provision.type",
            })
    void what_is_not_understood_is_refused_with_its_place_and_without_its_value(String provision, String path) {
        var refused = refused(Dialect.R4, "{" + HEAD + ",\"provision\":{" + provision + "}}");
        assertThat(refused).isEqualTo(new Refused(Why.NOT_UNDERSTOOD, path));
        assertThat(refused.toString()).doesNotContain("SECRET");
    }

    @Test
    void rules_that_only_their_writer_knows_are_refused() {
        assertThat(refused(Dialect.R4, "{" + HEAD + ",\"implicitRules\":\"urn:x\",\"provision\":{\"type\":\"deny\"}}"))
                .isEqualTo(new Refused(Why.NOT_UNDERSTOOD, "Consent.implicitRules"));
    }

    @ParameterizedTest
    @EnumSource(names = {"R4", "R5"})
    void what_is_no_consent_is_refused(Dialect dialect) {
        for (var text : new String[] {"", "{", "[]", "null", "{\"resourceType\":\"Patient\"}", "{\"a\":1,\"a\":2}"}) {
            assertThat(refused(dialect, text).why()).isEqualTo(Why.NO_CONSENT);
        }
    }

    @Test
    void more_than_ten_thousand_rules_or_a_megabyte_are_refused_in_bounded_time() {
        var rules = String.join(",", Collections.nCopies(10_000, "{\"type\":\"deny\"}"));
        var many = "{" + HEAD + ",\"provision\":{\"type\":\"permit\",\"provision\":[" + rules + "]}}";
        assertThat(refused(Dialect.R4, many))
                .isEqualTo(new Refused(Why.TOO_LARGE, "Consent.provision.provision[9999]"));
        assertThat(refused(Dialect.R4, "{" + " ".repeat(1 << 20) + HEAD + "}"))
                .isEqualTo(new Refused(Why.TOO_LARGE, "Consent"));
        var deep = "{\"type\":\"deny\",\"provision\":[".repeat(40) + "{\"type\":\"deny\"}" + "]}".repeat(40);
        assertThat(refused(Dialect.R4, "{" + HEAD + ",\"provision\":" + deep + "}")
                        .why())
                .isEqualTo(Why.TOO_LARGE);
    }

    @Test
    void what_would_never_say_anything_is_refused() {
        assertThat(refused(Dialect.R4, "{" + HEAD.replace("active", "draft") + ",\"provision\":{\"type\":\"deny\"}}"))
                .isEqualTo(new Refused(Why.SAYS_NOTHING, "Consent"));
        assertThat(refused(
                        Dialect.R4,
                        "{" + HEAD + ",\"provision\":{\"type\":\"deny\",\"period\":{\"end\":\"2026-05-09\"}}}"))
                .isEqualTo(new Refused(Why.OVER, "Consent.provision.period"));
        assertThat(Intake.of(
                        Dialect.R4,
                        ("{" + HEAD + ",\"provision\":{\"type\":\"deny\",\"period\":{\"end\":\"2026-05-10\"}}}")
                                .getBytes(UTF_8),
                        NOW))
                .as("its last day")
                .isInstanceOf(Understood.class);
    }

    @Test
    void one_version_of_fhir_is_never_read_as_the_other() {
        assertThat(refused(Dialect.R5, "{" + HEAD + ",\"provision\":{\"type\":\"deny\"}}")
                        .why())
                .isEqualTo(Why.NOT_UNDERSTOOD);
    }

    @Test
    void what_is_understood_is_told_rule_by_rule() {
        var text = "{" + HEAD + ",\"provision\":{\"type\":\"deny\",\"period\":{\"start\":\"2026-01-01\"}," + ACTOR
                + ",\"provision\":[{\"type\":\"permit\",\"purpose\":"
                + "[{\"system\":\"http://terminology.hl7.org/CodeSystem/v3-ActReason\",\"code\":\"ETREAT\"}]}]}}";
        var statement = ((Understood) Intake.of(Dialect.R4, text.getBytes(UTF_8), NOW)).statement();
        assertThat(statement.base()).isNull();
        assertThat(statement.term()).isEqualTo(new Statement.Dates("2026-01-01", null));
        assertThat(statement.rules()).singleElement().satisfies(rule -> {
            assertThat(rule.permits()).isFalse();
            assertThat(rule.actors()).singleElement().satisfies(actor -> {
                assertThat(actor.reference()).isEqualTo("urn:x|7");
                assertThat(actor.path()).isEqualTo("Consent.provision.actor[0].reference");
                assertThat(actor.roles()).isEmpty();
            });
            assertThat(rule.rules()).singleElement().satisfies(exception -> {
                assertThat(exception.permits()).isTrue();
                assertThat(exception.purposes()).extracting(Code::code).containsExactly("ETREAT");
            });
        });
    }

    private static Refused refused(Dialect dialect, String text) {
        return (Refused) Intake.of(dialect, text.getBytes(UTF_8), NOW);
    }
}
