package org.twinkeep.projections.reading;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Small hand-made resources. */
final class Resources {
    private Resources() {}

    static String patient() {
        return """
                {"resourceType":"Patient","id":"ada","name":[{"given":["Ada"],"family":"Kowalska"}],"gender":"female",
                 "birthDate":"1970-05-17","address":[{"line":["7 Linden Row"],"city":"Town"}],
                 "telecom":[{"system":"phone","value":"555-010-7788"}],
                 "identifier":[{"type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0203","code":"SS"}]},
                   "system":"http://hl7.org/fhir/sid/us-ssn","value":"999-36-7116"},
                  {"type":{"coding":[{"code":"DL"}]},"system":"urn:oid:2.16.840.1.113883.4.3.25","value":"S99980247"},
                  {"type":{"coding":[{"code":"PPN"}]},"value":"X12345678X"},{"value":"record-7"}],
                 "extension":[{"url":"http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName","valueString":"Nowakowska"}]}""";
    }

    static String visit(String id, String start) {
        return """
                {"resourceType":"Encounter","id":"%s","status":"finished","type":[{"coding":[{"system":"http://snomed.info/sct",
                 "code":"185345009","display":"Encounter for symptom"}]}],"subject":{"reference":"Patient/ada"},
                 "period":{"start":"%s","end":"%s"}}""".formatted(id, start, start);
    }

    static String condition(String id, String code, String display, String visit) {
        return """
                {"resourceType":"Condition","id":"%s","clinicalStatus":{"coding":[{"code":"active"}]},
                 "verificationStatus":{"coding":[{"code":"confirmed"}]},"code":{"coding":[{"system":"http://snomed.info/sct",
                 "code":"%s","display":"%s"}],"text":"%s"},"subject":{"reference":"Patient/ada"},
                 "encounter":{"reference":"urn:uuid:%s"},"onsetDateTime":"2020-03-04T10:00:00Z"}""".formatted(id, code, display, display, visit);
    }

    static String abuse(String id, String visit) {
        return condition(id, "706893006", "Victim of intimate partner abuse (finding)", visit);
    }

    static String bronchitis(String id, String visit) {
        return condition(id, "10509002", "Acute bronchitis (disorder)", visit);
    }

    static String laboratory(String id, String visit, String value) {
        return """
                {"resourceType":"Observation","id":"%s","status":"final","category":[{"coding":[{"code":"laboratory"}]}],
                 "code":{"coding":[{"system":"http://loinc.org","code":"2345-7","display":"Glucose [Mass/volume] in Serum or Plasma"}]},
                 "subject":{"reference":"Patient/ada"},"encounter":{"reference":"urn:uuid:%s"},
                 "effectiveDateTime":"2020-03-04T10:05:00Z","valueQuantity":{"value":%s,"unit":"mg/dL","code":"mg/dL"}}""".formatted(id, visit, value);
    }

    static String note(String id, String visit, String text) {
        return """
                {"resourceType":"DocumentReference","id":"%s","status":"current","type":{"coding":[{"system":"http://loinc.org",
                 "code":"34117-2","display":"History and physical note"}]},"subject":{"reference":"Patient/ada"},
                 "date":"2020-03-04T10:10:00Z","content":[{"attachment":{"contentType":"text/plain; charset=utf-8","data":"%s"}}],
                 "context":{"encounter":[{"reference":"urn:uuid:%s"}]}}""".formatted(id, base64(text), visit);
    }

    static String bill(String id, String visit, String diagnosis, String display) {
        return """
                {"resourceType":"Claim","id":"%s","status":"active","patient":{"reference":"Patient/ada"},"created":"2020-03-05",
                 "insurance":[{"sequence":1,"focal":true,"coverage":{"display":"Sunflower Mutual"}}],
                 "diagnosis":[{"sequence":1,"diagnosisReference":{"reference":"urn:uuid:%s"}}],
                 "item":[{"sequence":1,"productOrService":{"coding":[{"system":"http://snomed.info/sct","code":"185345009",
                 "display":"Encounter for symptom"}]},"encounter":[{"reference":"urn:uuid:%s"}]},
                 {"sequence":2,"productOrService":{"text":"%s"}}],"total":{"value":61.15,"currency":"USD"}}""".formatted(id, diagnosis, visit, display);
    }

    static String allergy(String id) {
        return """
                {"resourceType":"AllergyIntolerance","id":"%s","clinicalStatus":{"coding":[{"code":"active"}]},
                 "code":{"coding":[{"system":"http://snomed.info/sct","code":"762952008","display":"Peanut (substance)"}]},
                 "patient":{"reference":"Patient/ada"},"recordedDate":"2020-03-04"}""".formatted(id);
    }

    static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
