package org.twinkeep.consent;

import static java.util.Comparator.comparing;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.twinkeep.consent.Consent.Status;
import org.twinkeep.consent.Verdict.Denied;
import org.twinkeep.consent.Verdict.Permitted;
import org.twinkeep.consent.Verdict.Reason;

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
        var forThis = theirs.stream()
                .filter(c -> c.terms().purpose() == request.purpose())
                .toList();
        var live = forThis.stream().filter(c -> isLive(c, request.at())).toList();
        return live.isEmpty() ? new Denied(mostTelling(forThis, theirs, request.at())) : new Permitted(live);
    }

    /** When it ended or will end: with the last day of its term, or before that; nothing while no end is known. */
    public static Optional<Instant> endOf(Consent consent) {
        var endedAt = consent.endedAt();
        var term = consent.terms().term();
        return endedAt != null && !term.endedBy(endedAt) ? Optional.of(endedAt) : term.end();
    }

    /** Whether the consent covers the entry: its chapter, every chapter it touches, what it speaks of, when it came. */
    public static boolean covers(Consent consent, Facts entry) {
        var terms = consent.terms();
        return terms.chapters().contains(entry.chapter())
                && terms.chapters().containsAll(entry.touches())
                && coversWhatItSpeaksOf(terms, entry)
                && (terms.includesLater() || !entry.recordedAt().isAfter(consent.grantedAt()));
    }

    /** An undated entry is covered by no consent that names a period: nobody said that it belongs there. */
    private static boolean coversWhatItSpeaksOf(Terms terms, Facts entry) {
        if (terms.dataPeriod() == null) {
            return true;
        }
        boolean dated = entry.speaksFrom() != null || entry.speaksTo() != null;
        return dated && terms.dataPeriod().overlaps(entry.speaksFrom(), entry.speaksTo());
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
