package org.twinkeep.consent;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.decision.Dialect;
import org.twinkeep.consent.durable.CanonicalReader;
import org.twinkeep.consent.durable.CanonicalReader.NotCanonical;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.KeyScope;
import org.twinkeep.crypto.json.CanonicalJson;

/**
 * What a patient never shows: to one person or to anybody, for one purpose or for any, of some chapters or of all. It is
 * written as a FHIR R4 Consent of one deny (docs/formats/consent.md) and wins over every grant while it stands.
 *
 * @param granteeId to whom not; null: to nobody
 * @param granteeName for people to read; empty where it names nobody
 * @param purpose for what not; null: for nothing
 * @param chapters what not, with whatever touches them; empty: nothing at all
 */
public record Denial(
        @Nullable String granteeId,
        String granteeName,
        @Nullable Purpose purpose,
        Set<Chapter> chapters) {

    /** FHIR R4: with no policyRule, a deny at the root says nothing of what it does not match. */
    public static final Dialect DIALECT = Dialect.R4;

    public Denial {
        chapters = Set.copyOf(chapters);
    }

    /** Without these chapters; nothing where no chapter would be left. */
    public Optional<Denial> without(Set<Chapter> opened) {
        var left = chapters.isEmpty() ? EnumSet.allOf(Chapter.class) : EnumSet.copyOf(chapters);
        left.removeAll(opened);
        return left.isEmpty() ? Optional.empty() : Optional.of(new Denial(granteeId, granteeName, purpose, left));
    }

    /** Canonical JSON of the Consent. */
    public String text() {
        var json = new LinkedHashMap<String, Object>();
        json.put("resourceType", "Consent");
        json.put("status", "active");
        json.put("scope", concept("http://terminology.hl7.org/CodeSystem/consentscope", "patient-privacy"));
        json.put("category", List.of(concept("http://loinc.org", "59284-0")));
        json.put("policy", List.of(Map.of("uri", FhirConsent.POLICY)));
        json.put("provision", deny());
        return new String(CanonicalJson.bytes(json), UTF_8);
    }

    private Map<String, Object> deny() {
        var deny = new LinkedHashMap<String, Object>();
        deny.put("type", "deny");
        if (granteeId != null) {
            deny.put(
                    "actor",
                    List.of(Map.of(
                            "role",
                            concept("http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "IRCP"),
                            "reference",
                            Map.of(
                                    "identifier",
                                    Map.of("system", FhirConsent.GRANTEE_SYSTEM, "value", granteeId),
                                    "display",
                                    granteeName))));
        }
        if (purpose != null) {
            deny.put("purpose", List.of(coding(FhirConsent.PURPOSE_SYSTEM, purpose.code())));
        }
        if (!chapters.isEmpty()) {
            deny.put(
                    "class",
                    chapters.stream()
                            .sorted(Comparator.comparing(KeyScope::number))
                            .map(chapter -> coding(FhirConsent.CHAPTER_SYSTEM, chapter.code()))
                            .toList());
        }
        return deny;
    }

    /** The denial that this is; nothing where it says anything else, or says it otherwise. */
    public static Optional<Denial> of(KeptConsent kept) {
        try {
            if (kept.dialect() != DIALECT) {
                return Optional.empty();
            }
            var deny = CanonicalReader.of(kept.consent()).object("provision");
            var actor = deny.has("actor") ? deny.objects("actor").getFirst().object("reference") : null;
            var chapters = new ArrayList<Chapter>();
            if (deny.has("class")) {
                deny.objects("class")
                        .forEach(coding -> Chapter.ofCode(coding.text("code")).ifPresent(chapters::add));
            }
            var denial = new Denial(
                    actor == null ? null : actor.object("identifier").text("value"),
                    actor == null ? "" : actor.text("display"),
                    deny.has("purpose")
                            ? Purpose.ofCode(deny.objects("purpose").getFirst().text("code"))
                                    .orElse(null)
                            : null,
                    Set.copyOf(chapters));
            return denial.text().equals(kept.text()) ? Optional.of(denial) : Optional.empty();
        } catch (NotCanonical e) {
            return Optional.empty();
        }
    }

    private static Map<String, Object> concept(String system, String code) {
        return Map.of("coding", List.of(coding(system, code)));
    }

    private static Map<String, String> coding(String system, String code) {
        return Map.of("system", system, "code", code);
    }

    @Override
    public String toString() {
        return "Denial";
    }
}
