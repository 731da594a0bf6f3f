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
import org.twinkeep.consent.decision.Item;
import org.twinkeep.consent.decision.Ruling;
import org.twinkeep.consent.decision.Vocabulary;
import org.twinkeep.crypto.Chapter;

/**
 * Decides, purely: same consents, request and time, same verdict. No is the default.
 *
 * <p>The consents are those of one ledger position; the request's time decides on their terms only. So the answer to "could
 * they have seen it on that day" is the consents as of that day's position, with that day's request.
 */
public final class ConsentPolicy {

    /** The version of these rules; every grant names it. */
    public static final String VERSION = "1";

    /** Where the codes of our roles are from. */
    public static final String ROLE_SYSTEM = "https://twinkeep.org/fhir/CodeSystem/role";

    /** Roles that may look by a consent. The patient needs none; auditors and operators see no clinical content by one. */
    private static final Set<String> ROLES = Set.of("clinician", "insurer", "researcher");

    /** Every consent of this process is compiled with the words of one vocabulary: grantees of the directory, chapters. */
    static final Vocabulary VOCABULARY = new Vocabulary();

    static final CompiledConsents NO_RULES = CompiledConsents.none(VOCABULARY);

    /** Whatever was not labelled is handed over as the closest (docs/formats/consent-decision.md, 1). */
    private static final Code NOT_LABELLED = new Code("http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "V");

    private static final Comparator<Consent> NEWEST_FIRST = comparing(Consent::grantedAt)
            .reversed()
            .thenComparing(c -> c.handle().value());

    private ConsentPolicy() {}

    /** By these consents alone: no other consent of the twin is known, and no implicit policy is in force. */
    public static Verdict decide(Collection<Consent> ofTheTwin, AccessRequest request) {
        var purpose = request.purpose();
        if (purpose == null) {
            return new Denied(Reason.UNKNOWN_PURPOSE);
        }
        var rules = NO_RULES;
        for (var consent : ofTheTwin.stream().sorted(NEWEST_FIRST).toList()) {
            if (consent.twin().equals(request.twin()) && !wasEnded(consent) && consent.status() != Status.PROPOSED) {
                rules = rules.with(consent.rules());
            }
        }
        return decide(ofTheTwin, request, Ruling.of(rules, ask(request, purpose)));
    }

    /**
     * As the ruling says; the consents tell by which of them, or why not.
     *
     * @param ofTheTwin its consents of our own shape, live or ended
     * @param ruling on this request, by whatever is live
     */
    static Verdict decide(Collection<Consent> ofTheTwin, AccessRequest request, Ruling ruling) {
        var purpose = request.purpose();
        if (purpose == null) {
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
        if (ruling.mayPermit()) {
            var by = theirs.stream()
                    .filter(c -> !wasEnded(c) && Decisions.mayPermit(c.rules(), ruling.ask()))
                    .toList();
            return new Permitted(by, ruling);
        }
        var forThis =
                theirs.stream().filter(c -> c.terms().purpose() == purpose).toList();
        var reason = mostTelling(forThis, theirs, request.at());
        boolean otherwise = reason == Reason.NO_CONSENT
                || theirs.stream().anyMatch(c -> !wasEnded(c) && Decisions.mayPermit(c.rules(), ruling.ask()));
        if (otherwise && ruling.notUnderstood().isPresent()) {
            return new Denied(Reason.NOT_UNDERSTOOD);
        }
        return new Denied(otherwise && ruling.deniesAll() ? Reason.DENIED : reason);
    }

    /** When it ended or will end: with the last day of its term, or before that; nothing while no end is known. */
    public static Optional<Instant> endOf(Consent consent) {
        var endedAt = consent.endedAt();
        var term = consent.terms().term();
        return endedAt != null && !term.endedBy(endedAt) ? Optional.of(endedAt) : term.end();
    }

    /** Whether the consent, in its term, covers the entry for its grantee: the engine's answer. */
    public static boolean covers(Consent consent, Facts entry) {
        return ruling(consent).decide(item(entry)).visible();
    }

    /** What the consent alone, in its term, says to its grantee. */
    public static Ruling ruling(Consent consent) {
        var terms = consent.terms();
        var inTerm = terms.term().start().or(() -> terms.term().end().map(end -> end.minusNanos(1)));
        return Ruling.of(consent.rules(), ask(terms.granteeId(), terms.purpose(), inTerm.orElse(consent.grantedAt())));
    }

    /** The request, as the engine takes it: by the account or directory id of who asks, and their role. */
    public static Ask ask(AccessRequest request, Purpose purpose) {
        return new Ask(
                Set.of(FhirConsent.GRANTEE_SYSTEM + "|" + request.granteeId()),
                Set.of(new Code(ROLE_SYSTEM, request.role())),
                new Code(FhirConsent.PURPOSE_SYSTEM, purpose.code()),
                Ask.ACCESS,
                request.at());
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

    /** The same, with what else the engine may be asked about. @param type its FHIR type @param labels its security labels */
    public static Item item(Facts entry, String reference, String type, Set<Code> labels) {
        var known = item(entry);
        return new Item(
                reference,
                type,
                Set.of(),
                known.classes(),
                Set.of(),
                labels,
                known.start(),
                known.end(),
                Set.of(),
                null,
                Set.of(),
                Set.of(),
                known.recordedAt());
    }

    /** Any entry of a chapter that touches no other, whenever it is of. */
    public static Item item(Chapter chapter) {
        return new Item(
                "",
                "",
                Set.of(),
                Set.of(new Code(FhirConsent.CHAPTER_SYSTEM, chapter.code())),
                Set.of(),
                Set.of(NOT_LABELLED),
                null,
                null,
                Set.of(),
                null,
                Set.of(),
                Set.of(),
                null);
    }

    /** A consent that is not of our shape, alone. */
    public static CompiledConsents rules(KeptConsent kept) {
        return NO_RULES.with(kept.dialect(), kept.consent(), Instant.EPOCH);
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
