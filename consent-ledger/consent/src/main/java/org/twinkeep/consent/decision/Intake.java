package org.twinkeep.consent.decision;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Whether a consent that somebody else wrote can be kept: it is read by the reader that decisions use, and what that does
 * not understand, or what would never say anything, is refused with the place. No value of it is repeated.
 */
public sealed interface Intake {

    /** Why not. */
    enum Why {
        /** More than a consent may have: bytes, rules, depth. */
        TOO_LARGE,
        /** No JSON, or no Consent. */
        NO_CONSENT,
        /** An element, a code or a modifier that is not known, or one that contradicts another. */
        NOT_UNDERSTOOD,
        /** It is a draft, or was ended, or is not about who may look. */
        SAYS_NOTHING,
        /** Its time is over. */
        OVER
    }

    /** @param path of what is in the way */
    record Refused(Why why, String path) implements Intake {}

    record Understood(Statement statement) implements Intake {}

    /** @param dialect R4 or R5 */
    static Intake of(Dialect dialect, byte[] json, Instant now) {
        try {
            var tree = JsonText.read(json).tree();
            return switch (Readings.of(dialect, json)) {
                case Reading.Unread(String path) -> new Refused(Why.NOT_UNDERSTOOD, path);
                case Reading.Silent() -> new Refused(Why.SAYS_NOTHING, "Consent");
                case Reading.Alternating consent -> inTerm(consent.term(), "Consent.period", dialect, tree, now);
                case Reading.Typed consent -> inTerm(consent.term(), "Consent.provision.period", dialect, tree, now);
            };
        } catch (NotUnderstood e) {
            return new Refused(why(e), e.path());
        }
    }

    /** What a consent says that was understood, also of one whose time is over; nothing where it is not. */
    static Optional<Statement> said(Dialect dialect, byte[] json) {
        return of(dialect, json, Instant.MIN) instanceof Understood(Statement statement)
                ? Optional.of(statement)
                : Optional.empty();
    }

    private static Why why(NotUnderstood e) {
        if (e.isTooLarge()) {
            return Why.TOO_LARGE;
        }
        return e.path().equals("Consent") || e.path().equals("Consent.resourceType")
                ? Why.NO_CONSENT
                : Why.NOT_UNDERSTOOD;
    }

    private static Intake inTerm(Span term, String path, Dialect dialect, Map<?, ?> tree, Instant now) {
        return now.isAfter(term.last()) ? new Refused(Why.OVER, path) : new Understood(Statement.of(dialect, tree));
    }
}
