package org.twinkeep.consent.reference;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The code systems of docs/formats/consent-decision.md, written out once more. */
final class Words {

    private static final String HL7 = "http://terminology.hl7.org/CodeSystem/";
    static final String REASON = HL7 + "v3-ActReason";
    static final String ACTION = HL7 + "consentaction";
    static final String PARTICIPATION = HL7 + "v3-ParticipationType";
    static final String CONFIDENTIALITY = HL7 + "v3-Confidentiality";
    static final String ACT_CODE = HL7 + "v3-ActCode";
    static final String SCOPE = HL7 + "consentscope";
    static final String CATEGORY = HL7 + "consentcategorycodes";
    static final String LOINC = "http://loinc.org";
    static final String OUR_ROLE = "https://twinkeep.org/fhir/CodeSystem/role";
    static final String URI = "urn:ietf:rfc:3986";

    static final Set<String> ACTIONS = Set.of("collect", "access", "use", "disclose", "correct");
    static final Set<String> INVOLVED = Set.of("IRCP", "PRCP", "CST");
    static final Set<String> ROLES = Set.of(
            HL7 + "v3-RoleClass",
            HL7 + "v3-RoleCode",
            HL7 + "v3-ParticipationFunction",
            HL7 + "practitioner-role",
            OUR_ROLE);
    static final Set<String> TYPES = Set.of("http://hl7.org/fhir/resource-types", "http://hl7.org/fhir/fhir-types");
    static final Set<String> DOCUMENTS =
            Set.of("urn:ietf:bcp:13", LOINC, "http://snomed.info/sct", "https://twinkeep.org/fhir/CodeSystem/chapter");
    static final Set<String> MEANINGS = Set.of("instance", "related", "dependents", "authoredby");
    static final List<String> LEVELS = List.of("U", "L", "M", "N", "R", "V");
    static final Set<String> CLINICIANS =
            Set.of(OUR_ROLE + "#clinician", HL7 + "practitioner-role#doctor", HL7 + "practitioner-role#nurse");

    static final Set<String> R4_SILENT = Set.of("draft", "proposed", "rejected", "inactive", "entered-in-error");
    static final Set<String> R5_SILENT = Set.of("draft", "inactive", "not-done", "entered-in-error", "unknown");
    static final Set<String> PRIVACY_SCOPES = Set.of(SCOPE + "#patient-privacy", SCOPE + "#research");
    static final Set<String> CARE_SCOPES = Set.of(SCOPE + "#treatment", SCOPE + "#adr");
    static final Set<String> PRIVACY_CATEGORIES = union(
            PRIVACY_SCOPES,
            in(LOINC, "59284-0 57016-8 64292-6"),
            in(ACT_CODE, "INFA INFACC INFAO INFASO IDSCL IRDSCL RESEARCH RSDID RSREID"));
    static final Set<String> CARE_CATEGORIES = union(CARE_SCOPES, in(CATEGORY, "acd dnr hcd polst"), Set.of());

    /** Each purpose and the one above it. */
    static final Map<String, String> PURPOSES = tree(
            "PurposeOfUse: HMARKT HOPERAT HPAYMT HRESCH PATRQT PUBHLTH TREAT",
            "HOPERAT: CAREMGT DONAT FRAUD GOV HACCRED HCOMPL HDECD HDIRECT HDM HLEGAL HOUTCOMS HPRGRP HQUALIMP HSYSADMIN"
                    + " MEMADMIN MILCDM PATADMIN PATSFTY PERFMSR RECORDMGT SYSDEV TRAIN",
            "HSYSADMIN: LABELING METAMGT",
            "SYSDEV: HTEST",
            "HPAYMT: CLMATTCH COVAUTH COVERAGE REMITADV",
            "COVERAGE: ELIGDTRM ELIGVER ENROLLM MILDCRG",
            "HRESCH: BIORCH CLINTRCH DSRCH POARCH TRANSRCH",
            "CLINTRCH: CLINTRCHNPC CLINTRCHPC PRECLINTRCH",
            "PATRQT: FAMRQT PWATRNY SUPNWK",
            "PUBHLTH: DISASTER THREAT",
            "TREAT: CLINTRL COC ETREAT POPHLTH",
            "ETREAT: BTG ERTREAT");

    /** Each sensitivity and the one above it; the topmost are below "". */
    static final Map<String, String> SENSITIVITIES = tree(
            ": ETH GDIS HIV MST SCA SDV SEX STD TBOO VIO SICKLE DEMO DOB GENDER LIVARG MARST RACE REL B EMPL LOCIS SSP ADOL CEL"
                    + " DIA DRGIS EMP PDS PHY PRS SPI",
            "SPI: BH MH PSY PSYTHPN SUD",
            "BH: COGN DVD EMOTDIS",
            "SUD: ETHUD OPIOIDUD");

    private Words() {}

    static boolean isPurpose(String code) {
        return code.equals("PurposeOfUse") || PURPOSES.containsKey(code);
    }

    /** Whether what is stated is what is asked, or above it. */
    static boolean denialReaches(String stated, String asked) {
        for (String at = asked; at != null; at = PURPOSES.get(at)) {
            if (at.equals(stated)) {
                return true;
            }
        }
        return false;
    }

    /** Likewise, but never by a step into an emergency or through the glass. */
    static boolean permitReaches(String stated, String asked) {
        for (String at = asked; at != null; at = PURPOSES.get(at)) {
            if (at.equals(stated)) {
                return true;
            }
            if (at.equals("ETREAT") || at.equals("BTG")) {
                return false;
            }
        }
        return false;
    }

    static boolean sensitivityIsOrBelow(String label, String stated) {
        for (String at = label; at != null; at = SENSITIVITIES.get(at)) {
            if (at.equals(stated)) {
                return true;
            }
        }
        return false;
    }

    private static Map<String, String> tree(String... lines) {
        var above = new HashMap<String, String>();
        for (String line : lines) {
            var parts = line.split(": ");
            for (String child : parts[1].split(" ")) {
                above.put(child, parts[0]);
            }
        }
        return Map.copyOf(above);
    }

    private static Set<String> in(String system, String codes) {
        var all = new HashSet<String>();
        for (String code : codes.split(" ")) {
            all.add(system + "#" + code);
        }
        return all;
    }

    private static Set<String> union(Set<String> a, Set<String> b, Set<String> c) {
        var all = new HashSet<>(a);
        all.addAll(b);
        all.addAll(c);
        return Set.copyOf(all);
    }
}
