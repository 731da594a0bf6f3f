package org.twinkeep.consent.decision;

import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a consent says, as far as deciding goes. */
sealed interface Reading {

    /** It denies everything; the path tells because of which element. */
    record Unread(String path) implements Reading {}

    /** Not active, or not about who may look. */
    record Silent() implements Reading {}

    /**
     * FHIR R5: exceptions to a base decision.
     *
     * @param zone in which it reads dates
     * @param term when it says anything
     */
    record Alternating(ZoneId zone, Span term, boolean basePermits, List<Provision> exceptions) implements Reading {}

    /**
     * FHIR R4: types are written.
     *
     * @param basePermits null where there is no policyRule
     * @param root null where there is no provision
     * @param container the root says nothing itself: what matches nothing in it is decided by the base
     */
    record Typed(
            ZoneId zone,
            Span term,
            @Nullable Boolean basePermits,
            @Nullable Provision root,
            boolean container) implements Reading {}
}
