package org.twinkeep.consent.delegation;

import java.time.Instant;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.crypto.Chapter;

/**
 * One delegation as it stands.
 *
 * @param confirmed who has confirmed what is open; whoever filed a document is the first
 * @param asked SHA-256 of the document with which the start was asked for, or null
 * @param consents what the delegate shared
 * @param endedAt when somebody ended it, or null
 */
public record Delegation(
        ConsentHandle handle,
        Appointment appointment,
        State state,
        List<Hand> confirmed,
        @Nullable String asked,
        Set<ConsentHandle> consents,
        Instant appointedAt,
        @Nullable Instant endedAt) {

    /** What somebody has made of it; the clock may have ended it besides ({@link #standingAt}). */
    public enum State {
        /** A document is filed; a second person has to confirm it. */
        FILED,
        /** Chosen in advance; nobody has asked for its start. */
        WAITING,
        /** Its start was asked for; two people have to confirm it. */
        ASKED,
        LIVE,
        REFUSED,
        ENDED
    }

    /** How it stands at a time. */
    public enum Standing {
        /** Two people have not confirmed it yet. */
        UNCONFIRMED,
        /** For when the patient can no longer decide. */
        IN_ADVANCE,
        /** Its first day has not come. */
        NOT_YET,
        LIVE,
        REFUSED,
        /** Somebody ended it. */
        ENDED,
        /** Its last day is over. */
        EXPIRED,
        /** The child is of age. */
        OF_AGE
    }

    public Delegation {
        confirmed = List.copyOf(confirmed);
        consents = Set.copyOf(consents);
    }

    static Delegation of(DelegationEvent.Appointed event) {
        var kind = event.appointment().authority().kind();
        var state = kind.byDocument() ? State.FILED : kind == Authority.Kind.ADVANCE ? State.WAITING : State.LIVE;
        var first = state == State.FILED ? List.of(event.by()) : List.<Hand>of();
        return new Delegation(event.handle(), event.appointment(), state, first, null, Set.of(), event.at(), null);
    }

    public Standing standingAt(Instant at, AgePolicy ages) {
        var term = appointment.term();
        return switch (state) {
            case REFUSED -> Standing.REFUSED;
            case ENDED -> Standing.ENDED;
            case FILED, WAITING, ASKED, LIVE -> {
                if (term.endedBy(at)) {
                    yield Standing.EXPIRED;
                }
                var born = appointment.birthDate();
                if (born != null && ages.isOfAge(born, dayOf(at))) {
                    yield Standing.OF_AGE;
                }
                if (state != State.LIVE) {
                    yield state == State.WAITING ? Standing.IN_ADVANCE : Standing.UNCONFIRMED;
                }
                yield term.beginsAfter(at) ? Standing.NOT_YET : Standing.LIVE;
            }
        };
    }

    /** What the delegate may see at this time; nothing while the delegation does not live. */
    public Set<Chapter> chaptersAt(Instant at, AgePolicy ages) {
        if (standingAt(at, ages) != Standing.LIVE) {
            return Set.of();
        }
        var chapters = EnumSet.copyOf(appointment.chapters());
        var born = appointment.birthDate();
        if (born != null && ages.decidesAlone(born, dayOf(at))) {
            chapters.removeAll(AgePolicy.OWN);
        }
        return Set.copyOf(chapters);
    }

    /** Whether its day of review is past while it could still do something. */
    public boolean isReviewOverdue(Instant at, AgePolicy ages) {
        var standing = standingAt(at, ages);
        return (standing == Standing.LIVE || standing == Standing.IN_ADVANCE)
                && dayOf(at).isAfter(appointment.review());
    }

    /** The day there is at the patient's place. */
    public LocalDate dayOf(Instant at) {
        return LocalDate.ofInstant(at, appointment.term().zone());
    }

    /** Whether it is two people's turn. */
    public boolean isOpen() {
        return state == State.FILED || state == State.ASKED;
    }

    /** Whether this hand may be one of the two: the right office, not the delegate, and nobody twice. */
    public boolean mayConfirm(Hand hand) {
        if (!isOpen()
                || hand.account().equals(appointment.delegate())
                || confirmed.stream().anyMatch(other -> other.account().equals(hand.account()))) {
            return false;
        }
        return state == State.FILED
                ? hand.as() == Hand.As.OVERSIGHT
                : isClinician(hand)
                        ? confirmed.stream().noneMatch(Delegation::isClinician)
                        : isHouse(hand) && confirmed.stream().noneMatch(Delegation::isHouse);
    }

    /** Whoever may not confirm does not count, however it came to be written down. */
    Delegation confirmedBy(Hand hand) {
        if (!mayConfirm(hand)) {
            return this;
        }
        var both = Stream.concat(confirmed.stream(), Stream.of(hand)).toList();
        return both.size() < 2 ? in(state, both, asked) : in(State.LIVE, both, asked);
    }

    /** A document that is refused is refused for good; a start may be asked for again. */
    Delegation refused() {
        return state == State.ASKED ? in(State.WAITING, List.of(), null) : in(State.REFUSED, confirmed, asked);
    }

    Delegation asked(String document) {
        return in(State.ASKED, List.of(), document);
    }

    Delegation ended(Instant at) {
        return new Delegation(handle, appointment, State.ENDED, confirmed, asked, consents, appointedAt, at);
    }

    Delegation with(Appointment other) {
        return new Delegation(handle, other, state, confirmed, asked, consents, appointedAt, endedAt);
    }

    Delegation noting(ConsentHandle consent) {
        var all = new LinkedHashSet<>(consents);
        all.add(consent);
        return new Delegation(handle, appointment, state, confirmed, asked, all, appointedAt, endedAt);
    }

    private Delegation in(State next, List<Hand> hands, @Nullable String document) {
        return new Delegation(handle, appointment, next, hands, document, consents, appointedAt, endedAt);
    }

    static boolean isClinician(Hand hand) {
        return hand.as() == Hand.As.CLINICIAN;
    }

    static boolean isHouse(Hand hand) {
        return hand.as() == Hand.As.CUSTODIAN || hand.as() == Hand.As.OVERSIGHT;
    }

    @Override
    public String toString() {
        return "Delegation " + state;
    }

    /** The day on which the child is of age; nothing is asked of a delegation for an adult. */
    public LocalDate majority(AgePolicy ages) {
        return ages.majorityOn(Objects.requireNonNull(appointment.birthDate()));
    }
}
