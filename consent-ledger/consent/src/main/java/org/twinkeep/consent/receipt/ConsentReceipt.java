package org.twinkeep.consent.receipt;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.Consent;
import org.twinkeep.consent.Consent.Status;
import org.twinkeep.consent.FhirConsent;
import org.twinkeep.consent.Period;
import org.twinkeep.consent.Recorded;
import org.twinkeep.consent.Terms;
import org.twinkeep.consent.durable.Hex;
import org.twinkeep.consent.ledger.Charter;
import org.twinkeep.consent.ledger.ConsentRecord;
import org.twinkeep.crypto.KeyScope;

/**
 * The receipt of one consent in JSON-LD: ISO/IEC TS 27560:2023 in the terms of the W3C Data Privacy Vocabulary, profile
 * {@code dpv-27560} (docs/formats/consent-receipt.md).
 *
 * <p>Promise: it has every field that 27560 makes mandatory for a record; it explains its own terms, so that reading it
 * asks no network; and it can be checked against the ledger, because it carries what the commitment was made of.
 *
 * @param patient the name that the patient's account has
 * @param endAt the page on which the patient ends the consent
 */
public record ConsentReceipt(Recorded recorded, Custodian custodian, String patient, String endAt, Instant issued) {

    /** Of ISO/IEC TS 27560:2023, as https://w3id.org/dpv/schema/dpv-27560 names them. */
    private static final String RECEIPT_SCHEMA = "dpv-27560:receipt";

    private static final String RECORD_SCHEMA = "dpv-27560:record";

    /** Where a mandatory field has nothing that this service knows. */
    private static final String NOT_STATED = "not stated to this service";

    /** The whole document, in the order in which people read it. */
    public Map<String, Object> document() {
        var json = node("ConsentReceipt");
        json.putFirst("@context", ReceiptContext.CONTEXT);
        json.put("conformsTo", RECEIPT_SCHEMA);
        json.put("identifier", consent().handle().value() + "/" + issued);
        json.put("issued", issued.toString());
        json.put("hasRecord", record());
        json.put("ledger", ledger());
        json.put("opening", opening());
        return json;
    }

    private Map<String, Object> record() {
        var record = node("ConsentRecord");
        record.put("@id", FhirConsent.HANDLE_SYSTEM + "#" + consent().handle());
        record.put("conformsTo", RECORD_SCHEMA);
        record.put("identifier", consent().handle().value());
        record.put("hasDataSubject", dataSubject());
        record.put("hasProcess", process());
        record.put("events", events());
        return record;
    }

    private Map<String, Object> process() {
        var process = node("Process");
        process.put("hasNotice", notice());
        process.put("language", "en");
        process.put("hasPurpose", purpose());
        process.put("hasLegalBasis", "dpv:ExplicitlyExpressedConsent");
        process.put("hasPersonalData", chapters());
        var speaksOf = terms().dataPeriod();
        if (speaksOf != null) {
            process.put("temporal", period(speaksOf));
        }
        process.put("includesLaterEntries", terms().includesLater());
        process.put("valid", period(terms().term()));
        process.put("hasDataController", controller());
        process.put("hasRecipient", List.of(recipient()));
        process.put("hasStorageCondition", storage());
        process.put("hasJurisdiction", custodian.jurisdiction());
        process.put("hasConsentControl", withdrawal());
        return process;
    }

    private Map<String, Object> notice() {
        var notice = node("ConsentNotice");
        notice.put("@id", FhirConsent.POLICY);
        notice.put("description", "What would be shared was shown, counted by chapter, before it was shared.");
        return notice;
    }

    private Map<String, Object> purpose() {
        var purpose = node("Purpose");
        purpose.put("@id", FhirConsent.PURPOSE_SYSTEM + "#" + terms().purpose().code());
        purpose.put("title", terms().purpose().plain());
        return purpose;
    }

    private List<Map<String, Object>> chapters() {
        return terms().chapters().stream()
                .sorted(Comparator.comparingInt(KeyScope::number))
                .map(chapter -> {
                    var data = new LinkedHashMap<String, Object>();
                    data.put("@id", FhirConsent.CHAPTER_SYSTEM + "#" + chapter.code());
                    data.put("@type", List.of("SpecialCategoryPersonalData", "pd:MedicalHealth"));
                    data.put("identifier", chapter.code());
                    return (Map<String, Object>) data;
                })
                .toList();
    }

    private Map<String, Object> dataSubject() {
        return party("DataSubject", subjectId(), patient, NOT_STATED, "the patient's own account at this service");
    }

    private Map<String, Object> controller() {
        return party("DataController", controllerId(), custodian.name(), custodian.address(), custodian.contact());
    }

    private Map<String, Object> recipient() {
        var recipient = party(
                "Recipient",
                FhirConsent.GRANTEE_SYSTEM + "#" + terms().granteeId(),
                terms().granteeName(),
                NOT_STATED,
                "as in the directory of this service");
        recipient.put("organisation", terms().organisation());
        return recipient;
    }

    private static Map<String, Object> party(String role, String id, String name, String address, String contact) {
        var party = node(role);
        party.put("@id", id);
        party.put("hasName", name);
        party.put("hasAddress", address);
        party.put("hasContact", contact);
        return party;
    }

    private Map<String, Object> storage() {
        var storage = node("StorageCondition");
        storage.put("hasLocation", custodian.storedIn());
        storage.put("hasDuration", "until the patient deletes it");
        return storage;
    }

    private Map<String, Object> withdrawal() {
        var control = node("WithdrawConsent");
        control.put("isExercisedAt", endAt);
        control.put(
                "description",
                "Sign in, open the page of what you share, and stop sharing: one press, no reason asked. The very next"
                        + " request is refused.");
        return control;
    }

    private List<Map<String, Object>> events() {
        var events = new ArrayList<Map<String, Object>>();
        for (var step : recorded.steps()) {
            var event = event(step.status(), step.at());
            event.put("step", step.step());
            event.put("recordHash", step.hash());
            event.put("previousRecordHash", step.previousHash());
            events.add(event);
        }
        boolean endsUnrecorded = consent().status() != Status.ACTIVE
                && recorded.steps().getLast().status() == Status.ACTIVE;
        if (endsUnrecorded) {
            events.add(event(consent().status(), endedAt()));
        }
        return events;
    }

    /** An end that the ledger does not have yet, or a term that ran out by the clock. */
    private Instant endedAt() {
        var said = consent().endedAt();
        return said != null ? said : terms().term().end().orElse(issued);
    }

    private Map<String, Object> event(Status status, Instant at) {
        var event = new LinkedHashMap<String, Object>();
        event.put("date", at.toString());
        event.put(
                "hasConsentStatus",
                switch (status) {
                    case PROPOSED -> "dpv:ConsentRequested";
                    case ACTIVE -> "dpv:ConsentGiven";
                    case REVOKED -> "dpv:ConsentWithdrawn";
                    case EXPIRED -> "dpv:ConsentExpired";
                    case REVIEWED -> throw new IllegalStateException("a consent is not reviewed");
                });
        event.put("hasLegalBasis", "dpv:ExplicitlyExpressedConsent");
        event.put("isImplementedByEntity", status == Status.EXPIRED ? controllerId() : subjectId());
        event.put("valid", period(terms().term()));
        return event;
    }

    private Map<String, Object> ledger() {
        var stands = recorded.stands();
        var ledger = new LinkedHashMap<String, Object>();
        ledger.put("channel", recorded.charter().channel());
        ledger.put("readUpToBlock", recorded.readUpTo().block());
        ledger.put("readUpToHash", recorded.readUpTo().hash());
        ledger.put("commitment", stands.commitment());
        ledger.put("consentKey", Hex.of(Objects.requireNonNull(stands.key()).bytes()));
        ledger.put("policyVersion", stands.policyVersion());
        ledger.put("recordVersion", ConsentRecord.VERSION);
        ledger.put("proof", recorded.proof().name());
        ledger.put("proofInWords", recorded.proof().inWords());
        var custodianKey = recorded.charter().organisations().get(Charter.CUSTODIAN);
        if (custodianKey != null) {
            ledger.put("custodianKey", Hex.of(custodianKey.bytes()));
        }
        return ledger;
    }

    private Map<String, Object> opening() {
        var opening = new LinkedHashMap<String, Object>();
        opening.put("salt", Hex.of(recorded.opening().salt()));
        opening.put("consent", new String(recorded.opening().consent(), StandardCharsets.UTF_8));
        opening.put(
                "description",
                "The commitment is the SHA-256 of the 32 bytes of the salt followed by the UTF-8 bytes of the consent.");
        return opening;
    }

    private static Map<String, Object> period(Period period) {
        var json = node("PeriodOfTime");
        putDay(json, "startDate", period.from());
        putDay(json, "endDate", period.to());
        json.put("timeZone", period.zone().getId());
        return json;
    }

    private static void putDay(Map<String, Object> json, String name, @Nullable Object day) {
        if (day != null) {
            json.put(name, day.toString());
        }
    }

    private String subjectId() {
        return "urn:uuid:" + consent().twin();
    }

    private String controllerId() {
        return FhirConsent.CUSTODIAN_SYSTEM + "#" + recorded.charter().channel();
    }

    private Consent consent() {
        return recorded.consent();
    }

    private Terms terms() {
        return consent().terms();
    }

    private static LinkedHashMap<String, Object> node(String type) {
        var node = new LinkedHashMap<String, Object>();
        node.put("@type", type);
        return node;
    }

    @Override
    public String toString() {
        return "ConsentReceipt";
    }
}
