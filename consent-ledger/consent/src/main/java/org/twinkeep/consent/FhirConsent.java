package org.twinkeep.consent;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.durable.CanonicalReader;
import org.twinkeep.consent.durable.CanonicalReader.NotCanonical;
import org.twinkeep.consent.durable.Sha256;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.KeyScope;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.json.CanonicalJson;

/**
 * A consent as a FHIR R4 Consent, and back (docs/formats/consent.md). The base rule is opt-out, {@code provision} has the
 * one nested permit, its {@code type} said explicitly, as R4 wants it.
 *
 * <p>Promise: {@link #read} understands exactly what {@link #bytes} writes. A consent with any other element, extension,
 * modifier or code is not understood, and so counts for nothing: it could narrow what we would grant.
 *
 * @param grantedOn when the patient said so, by the clock of the service
 */
public record FhirConsent(ConsentHandle handle, TwinId twin, Terms terms, Instant grantedOn) {

    private static final String OURS = "https://twinkeep.org/fhir/";
    /** What patients are told a consent means; the version is the ledger's. */
    public static final String POLICY = "https://twinkeep.org/policy/consent/" + ConsentPolicy.VERSION;
    /** Of the ledger's handles of consents. */
    public static final String HANDLE_SYSTEM = OURS + "NamingSystem/consent";

    /** Of those who keep a house: the name of its ledger's channel. */
    public static final String CUSTODIAN_SYSTEM = OURS + "NamingSystem/custodian";

    /** Of the identifiers of those to whom patients grant: their account or directory id. */
    public static final String GRANTEE_SYSTEM = OURS + "NamingSystem/grantee";

    public static final String CHAPTER_SYSTEM = OURS + "CodeSystem/chapter";
    private static final String ORGANISATION = OURS + "StructureDefinition/organisation";
    private static final String INCLUDES_LATER = OURS + "StructureDefinition/includes-later";

    /** http://hl7.org/fhir/R4/extension-tz-code.html, on the date of the consent. */
    private static final String ZONE = "http://hl7.org/fhir/StructureDefinition/tz-code";

    public static final String PURPOSE_SYSTEM = "http://terminology.hl7.org/CodeSystem/v3-ActReason";

    public FhirConsent {
        if (terms.chapters().isEmpty()) {
            throw new IllegalArgumentException("a consent names at least one chapter");
        }
        grantedOn = grantedOn.truncatedTo(ChronoUnit.SECONDS);
    }

    /** Canonical (RFC 8785) UTF-8. */
    public byte[] bytes() {
        return CanonicalJson.bytes(resource());
    }

    /** SHA-256 of the salt and the canonical bytes: what the ledger holds. */
    public static byte[] commitment(byte[] salt, byte[] canonicalConsent) {
        return Sha256.of(salt, canonicalConsent);
    }

    /** The consent that these bytes are; nothing when one element of them is not understood. */
    public static Optional<FhirConsent> read(byte[] canonical) {
        try {
            var consent = understood(CanonicalReader.of(canonical));
            return Arrays.equals(consent.bytes(), canonical) ? Optional.of(consent) : Optional.empty();
        } catch (NotCanonical | DateTimeException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private Map<String, Object> resource() {
        var json = new LinkedHashMap<String, Object>();
        json.put("resourceType", "Consent");
        json.put("identifier", List.of(identifier(HANDLE_SYSTEM, handle.value())));
        json.put("status", "active");
        json.put("scope", concept("http://terminology.hl7.org/CodeSystem/consentscope", "patient-privacy"));
        json.put("category", List.of(concept("http://loinc.org", "59284-0")));
        json.put("patient", Map.of("identifier", identifier("urn:ietf:rfc:3986", "urn:uuid:" + twin)));
        json.put("dateTime", grantedOn.toString());
        json.put("_dateTime", extension(ZONE, "valueCode", terms.term().zone().getId()));
        json.put("policy", List.of(Map.of("uri", POLICY)));
        json.put("policyRule", concept("http://terminology.hl7.org/CodeSystem/v3-ActCode", "OPTOUT"));
        json.put("provision", Map.of("provision", List.of(permit())));
        return json;
    }

    private Map<String, Object> permit() {
        var permit = new LinkedHashMap<String, Object>();
        permit.put("type", "permit");
        permit.put("modifierExtension", List.of(Map.of("url", INCLUDES_LATER, "valueBoolean", terms.includesLater())));
        putPeriod(permit, "period", terms.term());
        permit.put(
                "actor",
                List.of(Map.of(
                        "role",
                        concept("http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "IRCP"),
                        "reference",
                        grantee())));
        permit.put("purpose", List.of(coding(PURPOSE_SYSTEM, terms.purpose().code())));
        permit.put("class", chapters());
        putPeriod(permit, "dataPeriod", terms.dataPeriod());
        return permit;
    }

    private Map<String, Object> grantee() {
        var reference = new LinkedHashMap<String, Object>();
        reference.put("identifier", identifier(GRANTEE_SYSTEM, terms.granteeId()));
        reference.put("display", terms.granteeName());
        reference.putAll(extension(ORGANISATION, "valueString", terms.organisation()));
        return reference;
    }

    private List<Map<String, String>> chapters() {
        return terms.chapters().stream()
                .sorted(Comparator.comparing(KeyScope::number))
                .map(chapter -> coding(CHAPTER_SYSTEM, chapter.code()))
                .toList();
    }

    /** FHIR R4 Period: a date as its end includes that whole day. An open period is not written. */
    private static void putPeriod(Map<String, Object> into, String name, @Nullable Period period) {
        if (period == null) {
            return;
        }
        var json = new LinkedHashMap<String, Object>();
        if (period.from() != null) {
            json.put("start", period.from().toString());
        }
        if (period.to() != null) {
            json.put("end", period.to().toString());
        }
        if (!json.isEmpty()) {
            into.put(name, json);
        }
    }

    private static Map<String, Object> concept(String system, String code) {
        return Map.of("coding", List.of(coding(system, code)));
    }

    private static Map<String, String> coding(String system, String code) {
        return Map.of("system", system, "code", code);
    }

    private static Map<String, String> identifier(String system, String value) {
        return Map.of("system", system, "value", value);
    }

    private static Map<String, Object> extension(String url, String type, String value) {
        return Map.of("extension", List.of(Map.of("url", url, type, value)));
    }

    /** Takes what it needs from where it ought to stand; that nothing else stands there is seen by writing it again. */
    private static FhirConsent understood(CanonicalReader json) {
        var zone = ZoneId.of(only(json.object("_dateTime"), "extension").text("valueCode"));
        var permit = only(json.object("provision"), "provision");
        var grantee = only(permit, "actor").object("reference");
        var terms = new Terms(
                grantee.object("identifier").text("value"),
                grantee.text("display"),
                only(grantee, "extension").text("valueString"),
                Purpose.ofCode(only(permit, "purpose").text("code")).orElseThrow(FhirConsent::notUnderstood),
                permit.objects("class").stream().map(FhirConsent::chapter).collect(Collectors.toUnmodifiableSet()),
                permit.has("dataPeriod") ? period(permit.object("dataPeriod"), zone) : null,
                only(permit, "modifierExtension").flag("valueBoolean"),
                permit.has("period") ? period(permit.object("period"), zone) : new Period(null, null, zone));
        return new FhirConsent(
                new ConsentHandle(only(json, "identifier").text("value")),
                twin(json.object("patient").object("identifier").text("value")),
                terms,
                Instant.parse(json.text("dateTime")));
    }

    private static Chapter chapter(CanonicalReader coding) {
        return Chapter.ofCode(coding.text("code")).orElseThrow(FhirConsent::notUnderstood);
    }

    private static TwinId twin(String urn) {
        return new TwinId(UUID.fromString(urn.substring(Math.min(urn.length(), "urn:uuid:".length()))));
    }

    private static Period period(CanonicalReader json, ZoneId zone) {
        return new Period(
                json.has("start") ? LocalDate.parse(json.text("start")) : null,
                json.has("end") ? LocalDate.parse(json.text("end")) : null,
                zone);
    }

    private static CanonicalReader only(CanonicalReader json, String list) {
        var all = json.objects(list);
        if (all.size() != 1) {
            throw notUnderstood();
        }
        return all.getFirst();
    }

    private static NotCanonical notUnderstood() {
        return new NotCanonical("not understood");
    }

    @Override
    public String toString() {
        return "FhirConsent";
    }
}
