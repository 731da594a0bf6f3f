package org.twinkeep.consent.receipt;

import java.util.LinkedHashMap;
import java.util.Map;

/** The meaning of every name in a receipt, carried inside it (JSON-LD 1.1, section 3.1). */
final class ReceiptContext {
    static final Map<String, Object> CONTEXT = context();

    private ReceiptContext() {}

    private static Map<String, Object> context() {
        var context = new LinkedHashMap<String, Object>();
        context.put("@version", 1.1);
        context.put("dpv", "https://w3id.org/dpv#");
        context.put("pd", "https://w3id.org/dpv/pd#");
        context.put("dpv-27560", "https://w3id.org/dpv/schema/dpv-27560#");
        context.put("dct", "http://purl.org/dc/terms/");
        context.put("dcat", "http://www.w3.org/ns/dcat#");
        context.put("xsd", "http://www.w3.org/2001/XMLSchema#");
        context.put("twinkeep", "https://twinkeep.org/ns/receipt#");
        for (var type : new String[] {
            "ConsentReceipt",
            "ConsentRecord",
            "Process",
            "ConsentNotice",
            "Purpose",
            "SpecialCategoryPersonalData",
            "DataSubject",
            "DataController",
            "Recipient",
            "StorageCondition",
            "WithdrawConsent"
        }) {
            context.put(type, "dpv:" + type);
        }
        context.put("PeriodOfTime", "dct:PeriodOfTime");
        for (var node : new String[] {
            "hasRecord",
            "hasDataSubject",
            "hasProcess",
            "hasNotice",
            "hasPurpose",
            "hasLegalBasis",
            "hasPersonalData",
            "hasDataController",
            "hasRecipient",
            "hasStorageCondition",
            "hasConsentControl",
            "hasConsentStatus",
            "isImplementedByEntity",
            "isExercisedAt"
        }) {
            context.put(node, node("hasRecord".equals(node) ? "dct:subject" : "dpv:" + node));
        }
        for (var words :
                new String[] {"hasName", "hasAddress", "hasContact", "hasJurisdiction", "hasLocation", "hasDuration"}) {
            context.put(words, "dpv:" + words);
        }
        for (var words : new String[] {"identifier", "language", "title", "description", "temporal", "valid"}) {
            context.put(words, "dct:" + words);
        }
        context.put("conformsTo", node("dct:conformsTo"));
        context.put("issued", typed("dct:issued", "xsd:dateTime"));
        context.put("date", typed("dct:date", "xsd:dateTime"));
        context.put("startDate", typed("dcat:startDate", "xsd:date"));
        context.put("endDate", typed("dcat:endDate", "xsd:date"));
        context.put("events", Map.of("@id", "dct:hasPart", "@container", "@list"));
        for (var own : new String[] {
            "organisation",
            "includesLaterEntries",
            "timeZone",
            "step",
            "recordHash",
            "previousRecordHash",
            "ledger",
            "channel",
            "readUpToBlock",
            "readUpToHash",
            "commitment",
            "consentKey",
            "policyVersion",
            "recordVersion",
            "proof",
            "proofInWords",
            "custodianKey",
            "opening",
            "salt",
            "consent"
        }) {
            context.put(own, "twinkeep:" + own);
        }
        return context;
    }

    private static Map<String, Object> node(String id) {
        return typed(id, "@id");
    }

    private static Map<String, Object> typed(String id, String type) {
        return Map.of("@id", id, "@type", type);
    }
}
