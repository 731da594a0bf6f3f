package org.twinkeep.consent;

import static java.util.Comparator.comparing;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.Consent.Status;
import org.twinkeep.consent.Verdict.Denied;
import org.twinkeep.consent.Verdict.Permitted;
import org.twinkeep.consent.Verdict.Reason;
import org.twinkeep.consent.decision.Ask;
import org.twinkeep.consent.decision.Code;
import org.twinkeep.consent.decision.CompiledConsents;
import org.twinkeep.consent.decision.Decisions;
import org.twinkeep.consent.decision.Dialect;
import org.twinkeep.consent.decision.Implicit;
import org.twinkeep.consent.decision.Item;
import org.twinkeep.consent.decision.Vocabulary;

/**
 * Decides, purely: same consents, request and time, same verdict. No is the default.
 *
 * <p>The consents are those of one ledger position; the request's time decides on their terms only. So the answer to "could
 * they have seen it on that day" is the consents as of that day's position, with that day's request.
 */
public final class ConsentPolicy {

    /** The version of these rules; every grant names it. */
    public static final String VERSION = "1";

    /** Roles that may look by a consent. The patient needs none; auditors and operators see no clinical content by one. */
    private static final Set<String> ROLES = Set.of("clinician", "insurer", "researcher");

    /** Every consent of this process is compiled with the words of one vocabulary: grantees of the directory, chapters. */
    static final Vocabulary VOCABULARY = new Vocabulary();

    static final CompiledConsents NO_RULES = CompiledConsents.none(VOCABULARY);

    private static final Comparator<Consent> NEWEST_FIRST = comparing(Consent::grantedAt)
            .reversed()
            .thenComparing(c -> c.handle().value());

    private ConsentPolicy() {}

    public static Verdict decide(Collection<Consent> ofTheTwin, AccessRequest request) {
        if (request.purpose() == null) {
            return new Denied(Reason.UNKNOWN_PURPOSE);
        }
        if (!ROLES.contains(request.role())) {
            return new Denied(Reason.ROLE);
        }
        var theirs = ofTheTwin.stream()
                .filter(c -> c.twin().equals(request.twin()))
                .filter(c -> c.terms().granteeId().equals(request.granteeId()))
                .filter(c -> c.status() != Status.PROPOSED)
                .sorted(NEWEST_FIRST)
                .toList();
        var ask = ask(request.granteeId(), request.purpose(), request.at());
        var live = theirs.stream()
                .filter(c -> !wasEnded(c) && Decisions.mayPermit(c.rules(), ask))
                .toList();
        if (!live.isEmpty()) {
            return new Permitted(live);
        }
        var forThis = theirs.stream()
                .filter(c -> c.terms().purpose() == request.purpose())
                .toList();
        return new Denied(mostTelling(forThis, theirs, request.at()));
    }

    /** When it ended or will end: with the last day of its term, or before that; nothing while no end is known. */
    public static Optional<Instant> endOf(Consent consent) {
        var endedAt = consent.endedAt();
        var term = consent.terms().term();
        return endedAt != null && !term.endedBy(endedAt) ? Optional.of(endedAt) : term.end();
    }

    /** Whether the consent, in its term, covers the entry for its grantee: the engine's answer. */
    public static boolean covers(Consent consent, Facts entry) {
        var terms = consent.terms();
        var inTerm = terms.term().start().or(() -> terms.term().end().map(end -> end.minusNanos(1)));
        var ask = ask(terms.granteeId(), terms.purpose(), inTerm.orElse(consent.grantedAt()));
        return Decisions.decide(consent.rules(), ask, item(entry), Implicit.DENY)
                .visible();
    }

    /** Who asks, as the engine takes it: the grantee by their account or directory id. */
    public static Ask ask(String granteeId, Purpose purpose, Instant at) {
        return new Ask(
                Set.of(FhirConsent.GRANTEE_SYSTEM + "|" + granteeId),
                Set.of(),
                new Code(FhirConsent.PURPOSE_SYSTEM, purpose.code()),
                Ask.ACCESS,
                at);
    }

    /** An entry, as the engine takes it: its chapter and those that it touches are its classes. */
    public static Item item(Facts entry) {
        var chapters = new HashSet<Code>();
        chapters.add(new Code(FhirConsent.CHAPTER_SYSTEM, entry.chapter().code()));
        entry.touches().forEach(chapter -> chapters.add(new Code(FhirConsent.CHAPTER_SYSTEM, chapter.code())));
        return Item.of(chapters, text(entry.speaksFrom()), text(lastOf(entry)), entry.recordedAt());
    }

    static CompiledConsents rules(byte[] canonical, Instant grantedAt) {
        return NO_RULES.with(Dialect.OURS, canonical, grantedAt);
    }

    /** Of the interval that the entry speaks of, whose end is excluded, the last instant. */
    private static @Nullable Instant lastOf(Facts entry) {
        var to = entry.speaksTo();
        return to == null || to.equals(entry.speaksFrom()) ? to : to.minusNanos(1);
    }

    private static @Nullable String text(@Nullable Instant instant) {
        return instant == null ? null : instant.toString();
    }

    private static boolean isLive(Consent consent, Instant at) {
        return !wasEnded(consent) && consent.terms().term().contains(at);
    }

    private static boolean wasEnded(Consent consent) {
        return consent.status() == Status.REVOKED || consent.endedAt() != null;
    }

    /**
     * What the patient would want to read: of the consents for this purpose, that one starts later, else how the last one
     * ended; then that there is a live one for another purpose.
     */
    private static Reason mostTelling(List<Consent> forThis, List<Consent> theirs, Instant at) {
        if (forThis.stream().anyMatch(c -> !wasEnded(c) && c.terms().term().beginsAfter(at))) {
            return Reason.NOT_YET;
        }
        var lastEnded = forThis.stream().max(comparing(c -> endOf(c).orElse(Instant.MAX)));
        if (lastEnded.isPresent()) {
            return wasRevokedInItsTerm(lastEnded.get()) ? Reason.REVOKED : Reason.EXPIRED;
        }
        return theirs.stream().anyMatch(c -> isLive(c, at)) ? Reason.OTHER_PURPOSE : Reason.NO_CONSENT;
    }

    private static boolean wasRevokedInItsTerm(Consent consent) {
        return consent.status() == Status.REVOKED
                && (consent.endedAt() == null || !consent.terms().term().endedBy(consent.endedAt()));
    }
}
