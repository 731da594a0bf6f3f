package org.twinkeep.consent.receipt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.twinkeep.consent.AConsent.aConsent;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.twinkeep.consent.Consent;
import org.twinkeep.consent.Consents;
import org.twinkeep.consent.FhirConsent;
import org.twinkeep.consent.InMemoryOpenings;
import org.twinkeep.consent.TestClock;
import org.twinkeep.consent.Undelivered;
import org.twinkeep.consent.embedded.EmbeddedLedger;
import org.twinkeep.consent.embedded.TestOrganisations;
import org.twinkeep.consent.ledger.ConsentLedger;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.TwinId;

class ConsentReceiptTest {
    private static final TwinId TWIN = aConsent().build().twin();

    /** Mandatory in ISO/IEC TS 27560:2023 (table of https://w3id.org/dpv/guides/consent-27560), and where it stands. */
    private static final Map<String, String> MANDATORY = Map.ofEntries(
            Map.entry("schema version", "/hasRecord/conformsTo"),
            Map.entry("record id", "/hasRecord/identifier"),
            Map.entry("receipt id", "/identifier"),
            Map.entry("schema version of the receipt", "/conformsTo"),
            Map.entry("pii principal id", "/hasRecord/hasDataSubject/@id"),
            Map.entry("privacy notice", "/hasRecord/hasProcess/hasNotice/@id"),
            Map.entry("language", "/hasRecord/hasProcess/language"),
            Map.entry("purpose", "/hasRecord/hasProcess/hasPurpose/@id"),
            Map.entry("pii information", "/hasRecord/hasProcess/hasPersonalData/0/@id"),
            Map.entry("pii type", "/hasRecord/hasProcess/hasPersonalData/0/@type"),
            Map.entry("pii controllers", "/hasRecord/hasProcess/hasDataController/@id"),
            Map.entry("storage locations", "/hasRecord/hasProcess/hasStorageCondition/hasLocation"),
            Map.entry("retention period", "/hasRecord/hasProcess/hasStorageCondition/hasDuration"),
            Map.entry("jurisdiction", "/hasRecord/hasProcess/hasJurisdiction"),
            Map.entry("recipient third parties", "/hasRecord/hasProcess/hasRecipient/0/@id"),
            Map.entry("withdrawal method", "/hasRecord/hasProcess/hasConsentControl/isExercisedAt"));

    private static final List<String> PARTIES = List.of(
            "/hasRecord/hasDataSubject",
            "/hasRecord/hasProcess/hasDataController",
            "/hasRecord/hasProcess/hasRecipient/0");

    private static final List<String> OF_A_PARTY = List.of("@id", "@type", "hasName", "hasAddress", "hasContact");

    private static final List<String> OF_AN_EVENT =
            List.of("date", "valid", "isImplementedByEntity", "hasLegalBasis", "hasConsentStatus");

    @TempDir
    Path folder;

    private final TestClock clock = new TestClock("2026-03-01T10:00:00Z");
    private final SecureRandom random = new SecureRandom();
    private final Secret seed = Secret.random(random);
    private EmbeddedLedger ledger;
    private Consents consents;

    @BeforeEach
    void open() {
        ledger = EmbeddedLedger.open(folder, TestOrganisations.three(), ConsentLedger.Position.NONE, clock);
        consents = new Consents(ledger, new InMemoryOpenings(), Undelivered.in(folder), clock, random);
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    @Test
    void every_field_that_27560_makes_mandatory_is_there() {
        var receipt = receipt(granted(aConsent().chapters(Chapter.LABS, Chapter.SOCIAL)));

        assertThat(MANDATORY)
                .allSatisfy((field, path) ->
                        assertThat(at(receipt, path)).as(field).isNotNull().isNotEqualTo(""));
        for (var party : PARTIES) {
            assertThat(names(at(receipt, party))).as(party).containsAll(OF_A_PARTY);
        }
        assertThat((List<?>) at(receipt, "/hasRecord/events"))
                .isNotEmpty()
                .allSatisfy(event -> assertThat(names(event)).containsAll(OF_AN_EVENT));
    }

    @Test
    void every_name_in_it_is_explained_inside_it() {
        var receipt = receipt(granted(aConsent().dataBetween("2020-01-01", null)));
        var context = at(receipt, "/@context");
        var names = new HashSet<String>();

        collect(receipt, names);

        assertThat(names(context)).isNotEmpty().containsAll(names);
    }

    @Test
    void what_it_carries_makes_the_commitment_on_the_ledger() {
        var consent = granted(aConsent().chapters(Chapter.LABS));
        var receipt = receipt(consent);

        var salt = HexFormat.of().parseHex(String.valueOf(at(receipt, "/opening/salt")));
        var text = String.valueOf(at(receipt, "/opening/consent")).getBytes(StandardCharsets.UTF_8);
        var onLedger = ledger.get(consent.handle()).orElseThrow();

        assertThat(HexFormat.of().formatHex(FhirConsent.commitment(salt, text)))
                .isEqualTo(onLedger.commitment())
                .isEqualTo(at(receipt, "/ledger/commitment"));
        assertThat(FhirConsent.read(text).orElseThrow().terms()).isEqualTo(consent.terms());
        assertThat(at(receipt, "/hasRecord/identifier"))
                .isEqualTo(consent.handle().value());
        assertThat(at(receipt, "/hasRecord/events/0/recordHash")).isEqualTo(onLedger.hash());
        assertThat(at(receipt, "/ledger/readUpToBlock")).isEqualTo(ledger.head().block());
        assertThat(at(receipt, "/ledger/readUpToHash")).isEqualTo(ledger.head().hash());
    }

    @Test
    void an_end_is_an_event_with_its_time_chained_to_the_grant() {
        var consent = granted(aConsent().chapters(Chapter.LABS));
        clock.pass(Duration.ofHours(2));
        consents.revoke(TWIN, consent.handle(), seed);

        var receipt = receipt(consent);

        assertThat(at(receipt, "/hasRecord/events/0/hasConsentStatus")).isEqualTo("dpv:ConsentGiven");
        assertThat(at(receipt, "/hasRecord/events/0/date")).isEqualTo("2026-03-01T10:00:00Z");
        assertThat(at(receipt, "/hasRecord/events/1/hasConsentStatus")).isEqualTo("dpv:ConsentWithdrawn");
        assertThat(at(receipt, "/hasRecord/events/1/date")).isEqualTo("2026-03-01T12:00:00Z");
        assertThat(at(receipt, "/hasRecord/events/1/previousRecordHash"))
                .isEqualTo(at(receipt, "/hasRecord/events/0/recordHash"));
    }

    @Test
    void a_term_that_ran_out_is_an_event_though_nobody_wrote_it_down() {
        var consent = granted(aConsent().until("2026-03-02").in("Europe/Berlin"));
        clock.pass(Duration.ofDays(3));

        var receipt = receipt(consent);

        assertThat((List<?>) at(receipt, "/hasRecord/events")).hasSize(2);
        assertThat(at(receipt, "/hasRecord/events/1/hasConsentStatus")).isEqualTo("dpv:ConsentExpired");
        assertThat(at(receipt, "/hasRecord/events/1/date")).isEqualTo("2026-03-02T23:00:00Z");
        assertThat(names(at(receipt, "/hasRecord/events/1"))).doesNotContain("recordHash");
        assertThat(at(receipt, "/hasRecord/hasProcess/valid/endDate")).isEqualTo("2026-03-02");
    }

    @Test
    void a_handle_of_another_twin_has_no_record() {
        var consent = granted(aConsent().chapters(Chapter.LABS));
        var other = TwinId.of("7e0f6f2a-0000-4000-8000-0000000000ff");

        assertThat(consents.recorded(other, consent.handle())).isEmpty();
        assertThat(consents.recorded(TWIN, aConsent().handle("cd").build().handle()))
                .isEmpty();
    }

    private Consent granted(org.twinkeep.consent.AConsent builder) {
        return consents.grant(TWIN, builder.terms(), seed);
    }

    private Map<String, Object> receipt(Consent consent) {
        return new ConsentReceipt(
                        consents.recorded(TWIN, consent.handle()).orElseThrow(),
                        new Custodian("Keepers", "1 Harbour Road", "privacy@keepers.example", "Germany", "Germany"),
                        "Ada Quill",
                        "https://keepers.example/consents",
                        clock.instant())
                .document();
    }

    /** By a JSON pointer. */
    private static Object at(Object json, String pointer) {
        var found = json;
        for (var step : pointer.substring(1).split("/")) {
            found = found instanceof List<?> list
                    ? list.get(Integer.parseInt(step))
                    : found instanceof Map<?, ?> map ? map.get(step) : null;
        }
        return found;
    }

    private static Set<String> names(Object json) {
        return json instanceof Map<?, ?> map
                ? map.keySet().stream().map(String::valueOf).collect(Collectors.toSet())
                : Set.of();
    }

    /** Names of members and types, without those that JSON-LD itself explains. */
    private static void collect(Object json, Set<String> into) {
        switch (json) {
            case Map<?, ?> map ->
                map.forEach((key, value) -> {
                    if (key.equals("@context")) {
                        return;
                    }
                    if (key.equals("@type")) {
                        into.addAll(types(value));
                    } else if (!String.valueOf(key).startsWith("@")) {
                        into.add(String.valueOf(key));
                    }
                    collect(value, into);
                });
            case List<?> list -> list.forEach(each -> collect(each, into));
            default -> {}
        }
    }

    private static List<String> types(Object value) {
        var types = new ArrayList<String>();
        for (var type : value instanceof List<?> list ? list : List.of(value)) {
            types.add(String.valueOf(type).split(":")[0]);
        }
        return types;
    }
}
