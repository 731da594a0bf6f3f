package org.twinkeep.consent.delegation;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.Openings.Opening;
import org.twinkeep.consent.delegation.Delegation.Standing;
import org.twinkeep.consent.delegation.Delegation.State;
import org.twinkeep.consent.delegation.DelegationCommand.Appoint;
import org.twinkeep.consent.delegation.DelegationCommand.AskToStart;
import org.twinkeep.consent.delegation.DelegationCommand.Change;
import org.twinkeep.consent.delegation.DelegationCommand.Confirm;
import org.twinkeep.consent.delegation.DelegationCommand.End;
import org.twinkeep.consent.delegation.DelegationCommand.FileDeath;
import org.twinkeep.consent.delegation.DelegationCommand.NoteConsent;
import org.twinkeep.consent.delegation.DelegationCommand.Refuse;
import org.twinkeep.consent.delegation.DelegationCommand.Review;
import org.twinkeep.consent.delegation.DelegationEvent.Appointed;
import org.twinkeep.consent.delegation.DelegationEvent.Changed;
import org.twinkeep.consent.delegation.DelegationEvent.Confirmed;
import org.twinkeep.consent.delegation.DelegationEvent.ConsentNoted;
import org.twinkeep.consent.delegation.DelegationEvent.DeathFiled;
import org.twinkeep.consent.delegation.DelegationEvent.Ended;
import org.twinkeep.consent.delegation.DelegationEvent.Refused;
import org.twinkeep.consent.delegation.DelegationEvent.Reviewed;
import org.twinkeep.consent.delegation.DelegationEvent.StartAsked;
import org.twinkeep.consent.delegation.DelegationRefused.Why;
import org.twinkeep.crypto.Chapter;

/**
 * Everybody who acts, acted or will act for one patient, and the patient's death where it is known. Its rules are pure: the
 * same state and command give the same events. No is the default.
 */
public record Delegations(
        Map<ConsentHandle, Delegation> all, @Nullable Death death, AgePolicy ages) {

    /** What somebody may do for the patient at a time. */
    public sealed interface Answer {

        /** @param by the delegation that says so @param chapters what may be seen by it */
        record May(Delegation by, Set<Power> powers, Set<Chapter> chapters) implements Answer {}

        record MayNot(Why why) implements Answer {}

        enum Why {
            /** Nobody made them a delegate. */
            NO_DELEGATION,
            /** Not confirmed, only for later, or its first day has not come. */
            NOT_STARTED,
            /** Ended, refused, or its last day is over. */
            ENDED,
            /** The child is of age. */
            OF_AGE
        }
    }

    public Delegations {
        all = Map.copyOf(all);
    }

    public static Delegations none(AgePolicy ages) {
        return new Delegations(Map.of(), null, ages);
    }

    /** What the openings of a twin say. A delegation of which one was erased is over: it may have been its end. */
    public static Delegations of(List<Opening> openings, AgePolicy ages) {
        return of(openings, ages, Instant.MAX, _ -> true);
    }

    /**
     * What they said then. When the erased one was written is not known: after what was heard of the delegation before it.
     *
     * @param counts whether what an opening says counts
     */
    static Delegations of(List<Opening> openings, AgePolicy ages, Instant at, Predicate<Opening> counts) {
        var state = none(ages);
        var heard = new HashMap<ConsentHandle, Instant>();
        var over = new HashSet<ConsentHandle>();
        for (var opening : openings) {
            var handle = opening.handle();
            var last = heard.get(handle);
            if (opening.isLost() && last != null && last.isBefore(at) && over.add(handle)) {
                state = state.over(handle, last);
            } else if (DelegationJson.isOne(opening.consent()) && counts.test(opening)) {
                var event = DelegationJson.read(opening.consent());
                heard.put(handle, event.at());
                if (!event.at().isAfter(at) && (!over.contains(handle) || event instanceof ConsentNoted)) {
                    state = state.evolve(event);
                }
            }
        }
        return state;
    }

    private Delegations over(ConsentHandle handle, Instant at) {
        return find(handle)
                .filter(delegation -> delegation.state() != State.REFUSED && delegation.state() != State.ENDED)
                .map(delegation -> with(delegation.ended(at)))
                .orElse(this);
    }

    public boolean isDead() {
        return death != null && death.isRecorded();
    }

    /** Newest first. */
    public List<Delegation> listed() {
        return all.values().stream()
                .sorted(Comparator.comparing(Delegation::appointedAt)
                        .reversed()
                        .thenComparing(d -> d.handle().value()))
                .toList();
    }

    public Optional<Delegation> find(ConsentHandle handle) {
        return Optional.ofNullable(all.get(handle));
    }

    /** What this account may do for the patient now: by the newest of its delegations that live. */
    public Answer answer(String account, Instant at) {
        var theirs = listed().stream()
                .filter(d -> d.appointment().delegate().equals(account))
                .toList();
        var live = theirs.stream()
                .filter(d -> d.standingAt(at, ages) == Standing.LIVE)
                .findFirst();
        if (live.isPresent()) {
            var powers = EnumSet.copyOf(live.get().appointment().powers());
            if (isDead()) {
                powers.retainAll(Power.AFTER_DEATH);
            }
            var chapters = powers.contains(Power.SEE) ? live.get().chaptersAt(at, ages) : Set.<Chapter>of();
            return new Answer.May(live.get(), Set.copyOf(powers), chapters);
        }
        return new Answer.MayNot(theirs.stream()
                .map(d -> switch (d.standingAt(at, ages)) {
                    case UNCONFIRMED, IN_ADVANCE, NOT_YET -> Answer.Why.NOT_STARTED;
                    case REFUSED, ENDED, EXPIRED, LIVE -> Answer.Why.ENDED;
                    case OF_AGE -> Answer.Why.OF_AGE;
                })
                .findFirst()
                .orElse(Answer.Why.NO_DELEGATION));
    }

    /** Whether this account may do this one thing for the patient now. */
    public boolean may(String account, Power power, Instant at) {
        return answer(account, at) instanceof Answer.May may && may.powers().contains(power);
    }

    /**
     * The consents that no longer hold: a delegate shared them, and that delegation does not live any more or lost the power
     * to share. What guardians consented to is among them from the day on which the child is of age.
     */
    public Set<ConsentHandle> lapsed(Instant at) {
        var lapsed = new LinkedHashSet<ConsentHandle>();
        all.values().stream()
                .filter(d -> d.standingAt(at, ages) != Standing.LIVE
                        || !d.appointment().powers().contains(Power.GRANT))
                .forEach(d -> lapsed.addAll(d.consents()));
        return Set.copyOf(lapsed);
    }

    /** @throws DelegationRefused when the rules do not allow it. What was done already gives no event. */
    public List<DelegationEvent> decide(DelegationCommand command) {
        return switch (command) {
            case Appoint appoint -> appointed(appoint);
            case AskToStart ask -> asked(ask);
            case Confirm confirm -> confirmed(confirm);
            case Refuse refuse -> refused(refuse);
            case Change change -> changed(change);
            case Review review -> reviewed(review);
            case End end -> ended(end);
            case NoteConsent note -> noted(note);
            case FileDeath filed -> filed(filed);
        };
    }

    private List<DelegationEvent> appointed(Appoint appoint) {
        requireAlive();
        require(!all.containsKey(appoint.handle()), Why.NOT_NOW);
        var appointment = appoint.appointment();
        var by = appoint.by();
        require(
                by.as() == (appointment.authority().kind().byDocument() ? Hand.As.CUSTODIAN : Hand.As.PATIENT),
                Why.NOT_YOURS);
        if (by.account().equals(appointment.delegate())) {
            throw new DelegationRefused(by.as() == Hand.As.PATIENT ? Why.OWN_DELEGATE : Why.SAME_PERSON);
        }
        require(!appointment.term().endedBy(appoint.at()), Why.NO_END);
        var born = appointment.birthDate();
        var today = LocalDate.ofInstant(appoint.at(), appointment.term().zone());
        require(born == null || !born.isAfter(today), Why.BIRTH_DATE);
        require(born == null || !ages.isOfAge(born, today), Why.OF_AGE);
        return List.of(new Appointed(appoint.handle(), appointment, by, appoint.at()));
    }

    private List<DelegationEvent> asked(AskToStart ask) {
        requireAlive();
        var delegation = known(ask.handle());
        requireOwn(delegation, ask.by());
        Authority.requireHash(ask.document());
        require(delegation.standingAt(ask.at(), ages) == Standing.IN_ADVANCE, Why.NOT_NOW);
        return List.of(new StartAsked(ask.handle(), ask.document(), ask.by(), ask.at()));
    }

    private List<DelegationEvent> confirmed(Confirm confirm) {
        if (death != null && death.handle().equals(confirm.handle())) {
            require(!death.isRecorded(), Why.NOT_NOW);
            requireEligible(death.maySign(confirm.by()), death.signed(), confirm.by(), null);
        } else {
            requireAlive();
            var delegation = known(confirm.handle());
            require(delegation.standingAt(confirm.at(), ages) == Standing.UNCONFIRMED, Why.NOT_NOW);
            requireEligible(
                    delegation.mayConfirm(confirm.by()),
                    delegation.confirmed(),
                    confirm.by(),
                    delegation.appointment().delegate());
        }
        return List.of(new Confirmed(confirm.handle(), confirm.by(), confirm.at()));
    }

    private List<DelegationEvent> refused(Refuse refuse) {
        if (death != null && death.handle().equals(refuse.handle())) {
            require(!death.isRecorded(), Why.NOT_NOW);
            requireEligible(death.maySign(refuse.by()), death.signed(), refuse.by(), null);
        } else {
            var delegation = known(refuse.handle());
            require(delegation.isOpen(), Why.NOT_NOW);
            requireEligible(
                    delegation.mayConfirm(refuse.by()),
                    delegation.confirmed(),
                    refuse.by(),
                    delegation.appointment().delegate());
        }
        return List.of(new Refused(refuse.handle(), refuse.by(), refuse.at()));
    }

    private List<DelegationEvent> changed(Change change) {
        requireAlive();
        var delegation = known(change.handle());
        require(change.by().as() == Hand.As.PATIENT, Why.NOT_YOURS);
        require(!delegation.appointment().authority().kind().byDocument(), Why.NOT_YOURS);
        requireNotOver(delegation, change.at());
        var next = delegation.appointment().with(change.powers(), change.chapters());
        return next.equals(delegation.appointment())
                ? List.of()
                : List.of(new Changed(change.handle(), next.powers(), next.chapters(), change.by(), change.at()));
    }

    private List<DelegationEvent> reviewed(Review review) {
        requireAlive();
        var delegation = known(review.handle());
        boolean byDocument = delegation.appointment().authority().kind().byDocument();
        require(review.by().as() == Hand.As.PATIENT || byDocument && Delegation.isHouse(review.by()), Why.NOT_YOURS);
        requireNotOver(delegation, review.at());
        var next = delegation.appointment().reviewedUntil(review.next());
        return next.equals(delegation.appointment())
                ? List.of()
                : List.of(new Reviewed(review.handle(), review.next(), review.by(), review.at()));
    }

    /** The patient, the delegate whose it is, or the house, which can only narrow; never another delegate. */
    private List<DelegationEvent> ended(End end) {
        var delegation = known(end.handle());
        boolean own = end.by().as() == Hand.As.DELEGATE
                && end.by().account().equals(delegation.appointment().delegate());
        require(own || end.by().as() == Hand.As.PATIENT || Delegation.isHouse(end.by()), Why.NOT_YOURS);
        return delegation.state() == State.ENDED || delegation.state() == State.REFUSED
                ? List.of()
                : List.of(new Ended(end.handle(), end.by(), end.at()));
    }

    private List<DelegationEvent> noted(NoteConsent note) {
        var delegation = known(note.handle());
        requireOwn(delegation, note.by());
        require(may(note.by().account(), Power.GRANT, note.at()), Why.NOT_NOW);
        return delegation.consents().contains(note.consent())
                ? List.of()
                : List.of(new ConsentNoted(note.handle(), note.consent(), note.by(), note.at()));
    }

    private List<DelegationEvent> filed(FileDeath filed) {
        require(death == null, Why.NOT_NOW);
        require(filed.by().as() == Hand.As.CUSTODIAN, Why.NOT_YOURS);
        Authority.requireHash(filed.document());
        return List.of(new DeathFiled(
                filed.handle(), filed.patientName(), filed.day(), filed.document(), filed.by(), filed.at()));
    }

    public Delegations evolve(DelegationEvent event) {
        return switch (event) {
            case Appointed appointed -> with(Delegation.of(appointed));
            case StartAsked asked -> with(known(asked.handle()).asked(asked.document()));
            case Confirmed confirmed ->
                isOfDeath(confirmed)
                        ? new Delegations(all, ofDeath().signedBy(confirmed.by()), ages)
                        : with(known(confirmed.handle()).confirmedBy(confirmed.by()));
            case Refused refused ->
                isOfDeath(refused)
                        ? new Delegations(all, null, ages)
                        : with(known(refused.handle()).refused());
            case Changed changed -> {
                var delegation = known(changed.handle());
                yield with(delegation.with(delegation.appointment().with(changed.powers(), changed.chapters())));
            }
            case Reviewed reviewed -> {
                var delegation = known(reviewed.handle());
                yield with(delegation.with(delegation.appointment().reviewedUntil(reviewed.next())));
            }
            case Ended ended -> with(known(ended.handle()).ended(ended.at()));
            case ConsentNoted noted -> with(known(noted.handle()).noting(noted.consent()));
            case DeathFiled(var handle, var name, var day, var document, var by, var at) ->
                new Delegations(all, new Death(handle, name, day, document, List.of(by), at), ages);
        };
    }

    public Delegations evolve(List<DelegationEvent> events) {
        var state = this;
        for (var event : events) {
            state = state.evolve(event);
        }
        return state;
    }

    private Delegations with(Delegation changed) {
        var next = new LinkedHashMap<>(all);
        next.put(changed.handle(), changed);
        return new Delegations(next, death, ages);
    }

    private boolean isOfDeath(DelegationEvent event) {
        return death != null && death.handle().equals(event.handle());
    }

    private Death ofDeath() {
        return Objects.requireNonNull(death);
    }

    private Delegation known(ConsentHandle handle) {
        return find(handle).orElseThrow(() -> new DelegationRefused(Why.NO_SUCH));
    }

    private void requireAlive() {
        require(!isDead(), Why.DEAD);
    }

    private void requireNotOver(Delegation delegation, Instant at) {
        var standing = delegation.standingAt(at, ages);
        require(
                standing == Standing.LIVE || standing == Standing.NOT_YET || standing == Standing.IN_ADVANCE,
                Why.NOT_NOW);
    }

    private static void requireOwn(Delegation delegation, Hand hand) {
        require(
                hand.as() == Hand.As.DELEGATE
                        && hand.account().equals(delegation.appointment().delegate()),
                Why.NOT_YOURS);
    }

    private static void requireEligible(boolean may, List<Hand> before, Hand hand, @Nullable String delegate) {
        if (!may) {
            boolean same = hand.account().equals(delegate)
                    || before.stream().anyMatch(other -> other.account().equals(hand.account()));
            throw new DelegationRefused(same ? Why.SAME_PERSON : Why.NOT_YOURS);
        }
    }

    private static void require(boolean holds, Why otherwise) {
        if (!holds) {
            throw new DelegationRefused(otherwise);
        }
    }
}
