package org.twinkeep.consent.research;

import java.util.List;

/**
 * What came of matching a request with a data use, and why.
 *
 * @param rationale one reason for each term, by code; in the same order whatever order the terms had
 */
public record Match(Outcome outcome, List<Reason> rationale) {

    /**
     * @param code of the term, as written; empty when no term is the reason
     * @param decidedBy whose answer decided it
     * @param why in plain words; quotes no value
     */
    public record Reason(String code, Outcome outcome, Question decidedBy, String why) {}

    public Match {
        rationale = List.copyOf(rationale);
    }
}
