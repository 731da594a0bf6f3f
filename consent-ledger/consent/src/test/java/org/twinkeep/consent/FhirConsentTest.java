package org.twinkeep.consent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.strings;
import static org.twinkeep.consent.AConsent.TWIN;
import static org.twinkeep.consent.AConsent.aConsent;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.twinkeep.consent.durable.Hex;
import org.twinkeep.crypto.Chapter;

class FhirConsentTest {

    private static final ConsentHandle HANDLE = new ConsentHandle("0f".repeat(32));
    private static final Instant AT = Instant.parse("2026-03-01T10:00:00Z");

    @Test
    void its_form_is_frozen() throws IOException {
        try (var frozen = FhirConsentTest.class.getResourceAsStream("consent.json")) {
            assertThat(text(full())).isEqualTo(new String(frozen.readAllBytes(), StandardCharsets.UTF_8).strip());
        }
    }

    @Test
    void its_commitment_is_frozen() {
        var commitment = FhirConsent.commitment(new byte[32], full().bytes());
        assertThat(Hex.of(commitment)).isEqualTo("bdb2763bd14df35232071c387c801380490f5993e2f50d0b8df6b9b772ad620c");
    }

    @Test
    void what_was_written_is_understood() {
        assertThat(FhirConsent.read(full().bytes())).contains(full());
        var open = consent(aConsent().terms());
        assertThat(FhirConsent.read(open.bytes())).contains(open);
    }

    @Test
    void whatever_a_name_holds_comes_back() {
        qt().withFixedSeed(5)
                .forAll(
                        strings().basicMultilingualPlaneAlphabet().ofLengthBetween(0, 20),
                        integers().between(1, (1 << 21) - 1))
                .assuming((name, _) -> name.codePoints().noneMatch(c -> c >= 0xd800 && c <= 0xdfff))
                .checkAssert((name, bits) -> {
                    var chapters = Arrays.stream(Chapter.values())
                            .filter(c -> (bits >> c.ordinal() & 1) == 1)
                            .collect(Collectors.toSet());
                    var consent = consent(new Terms(
                            name,
                            name,
                            name,
                            Purpose.RESEARCH,
                            chapters,
                            null,
                            false,
                            new Period(null, null, ZoneId.of("UTC"))));
                    assertThat(FhirConsent.read(consent.bytes())).contains(consent);
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"status\":\"active\"|\"status\":\"inactive\"",
                "\"type\":\"permit\"|\"type\":\"deny\"",
                "\"code\":\"TREAT\"|\"code\":\"ETREATX\"",
                "\"code\":\"labs\"|\"code\":\"laboratories\"",
                "\"code\":\"OPTOUT\"|\"code\":\"OPTIN\"",
                "\"type\":\"permit\"|\"securityLabel\":[{\"code\":\"R\"}],\"type\":\"permit\"",
                "\"url\":\"https://twinkeep.org/fhir/StructureDefinition/includes-later\"|\"url\":\"https://example.org/narrower\"",
                "\"system\":\"http://terminology.hl7.org/CodeSystem/v3-ActReason\"|\"system\":\"urn:other\"",
                "\"start\":\"2026-03-01\"|\"start\":\"2026-03\"",
                "\"end\":\"2026-12-31\"|\"end\":\"2025-12-31\"",
                "Europe/Berlin|Europe/Nowhere",
                "\"resourceType\":\"Consent\"|\"resourceType\":\"Contract\"",
                "consent/1|consent/2",
            })
    void anything_else_in_it_makes_it_count_for_nothing(String known, String unknown) {
        var text = text(full());
        assertThat(text).contains(known);
        assertThat(FhirConsent.read(text.replace(known, unknown).getBytes(StandardCharsets.UTF_8)))
                .isEmpty();
    }

    @Test
    void white_space_or_a_name_given_twice_is_not_what_was_committed_to() {
        var text = text(full());
        assertThat(read(text.replace("\"status\":", "\"status\": "))).isEmpty();
        assertThat(read(text.replace("\"status\":\"active\"", "\"status\":\"active\",\"status\":\"active\"")))
                .isEmpty();
        assertThat(read("")).isEmpty();
        assertThat(read("null")).isEmpty();
        assertThat(read("[]")).isEmpty();
    }

    @Test
    void a_consent_that_names_no_chapter_cannot_be_written() {
        assertThatThrownBy(() -> consent(new Terms(
                        "a", "b", "c", Purpose.TREATMENT, Set.of(), null, true, new Period(null, null, AConsent.ZONE))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void it_tells_nothing_of_itself() {
        assertThat(full().toString()).isEqualTo("FhirConsent");
        assertThat(full().terms().toString()).isEqualTo("Terms");
    }

    private static FhirConsent full() {
        return consent(aConsent()
                .chapters(Chapter.LABS, Chapter.VITALS, Chapter.CONDITIONS)
                .dataBetween("2020-01-01", null)
                .withoutLaterEntries()
                .from("2026-03-01")
                .until("2026-12-31")
                .terms());
    }

    private static FhirConsent consent(Terms terms) {
        return new FhirConsent(HANDLE, TWIN, terms, AT);
    }

    private static String text(FhirConsent consent) {
        return new String(consent.bytes(), StandardCharsets.UTF_8);
    }

    private static Optional<FhirConsent> read(String text) {
        return FhirConsent.read(text.getBytes(StandardCharsets.UTF_8));
    }
}
