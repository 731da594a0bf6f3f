package org.twinkeep.projections.reading;

import java.util.EnumSet;
import java.util.Set;
import org.twinkeep.consent.decision.Obligation;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.projections.clinic.Tree;
import tools.jackson.databind.JsonNode;

/**
 * What whoever shows an entry to others has to do with it (docs/decisions/0404-what-has-to-be-done-with-it.md). Who does not
 * do all of it, does not show it.
 */
final class Obligations {

    private static final Set<String> ACT_CODE = Set.of(
            "http://terminology.hl7.org/CodeSystem/v3-ActCode",
            "http://hl7.org/fhir/v3/ActCode",
            "urn:oid:2.16.840.1.113883.5.4");

    /** HL7 v3-ActCode, ObligationPolicy, as a source writes them beside what it sends (HL7 DS4P). */
    private static final Set<String> NOT_AS_IT_IS = Set.of("MASK", "REDACT");

    private Obligations() {}

    static Set<Obligation> of(Kept kept) {
        var owed = EnumSet.of(Obligation.REDACT);
        owed.addAll(kept.asked());
        if (kept.labels().goWithANotice()) {
            owed.add(Obligation.NOTICE);
        }
        return owed;
    }

    /** What a chapter as a whole owes: whatever may come, and what its entries owe now. */
    static Set<Obligation> of(Chapter chapter, Whole whole) {
        var owed = EnumSet.of(Obligation.REDACT);
        if (chapter == Chapter.SUBSTANCE_USE) {
            owed.add(Obligation.NOTICE);
        }
        whole.entries().stream().filter(kept -> kept.row().chapter() == chapter).forEach(kept -> owed.addAll(of(kept)));
        return owed;
    }

    /**
     * What its source asks for, wherever it stands in the resource. What it wants left out, or masked, no page can tell
     * from the rest: both are owed as a mask.
     */
    static Set<Obligation> askedBySource(JsonNode resource) {
        return asks(resource) ? Set.of(Obligation.MASK) : Set.of();
    }

    private static boolean asks(JsonNode node) {
        if (NOT_AS_IT_IS.contains(Tree.string(node, "code")) && ACT_CODE.contains(Tree.string(node, "system"))) {
            return true;
        }
        for (var child : node) {
            if (child.isContainer() && asks(child)) {
                return true;
            }
        }
        return false;
    }
}
