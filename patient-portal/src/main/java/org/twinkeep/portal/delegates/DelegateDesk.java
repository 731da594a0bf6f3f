package org.twinkeep.portal.delegates;

import java.time.Instant;
import java.time.LocalDate;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.twinkeep.consent.Consent;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.Consents;
import org.twinkeep.consent.delegation.Appointment;
import org.twinkeep.consent.delegation.Death;
import org.twinkeep.consent.delegation.Delegation;
import org.twinkeep.consent.delegation.Delegation.Standing;
import org.twinkeep.consent.delegation.DelegationCommand;
import org.twinkeep.consent.delegation.DelegationCommand.Appoint;
import org.twinkeep.consent.delegation.DelegationCommand.NoteConsent;
import org.twinkeep.consent.delegation.DelegationRefused;
import org.twinkeep.consent.delegation.Hand;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.sign.VerifyingKey;
import org.twinkeep.portal.accounts.Account;
import org.twinkeep.portal.accounts.AccountId;
import org.twinkeep.portal.accounts.Accounts;
import org.twinkeep.portal.accounts.Grant;
import org.twinkeep.portal.notices.Notice;
import org.twinkeep.portal.notices.Notices;
import org.twinkeep.projections.reading.Views;

/**
 * Does what is asked about delegates with everything that follows from it: what a delegate shared ends with the delegation,
 * a recorded death ends what the house's policy says it ends, and whoever it concerns is told. What the clock brings about
 * comes at each beat; doing it again changes nothing.
 */
public final class DelegateDesk {
    private final Delegates delegates;
    private final Consents consents;
    private final BiConsumer<TwinId, ConsentHandle> custodiansStop;
    private final Views views;
    private final Accounts accounts;
    private final Notices notices;
    private final AfterDeath afterDeath;

    /** Somebody who can be a delegate: an account whose key is known. */
    public record Candidate(Account account, VerifyingKey key) {
        @Override
        public String toString() {
            return "Candidate";
        }
    }

    /** @param custodiansStop ends a consent by the house's own key */
    public DelegateDesk(
            Delegates delegates,
            Consents consents,
            BiConsumer<TwinId, ConsentHandle> custodiansStop,
            Views views,
            Accounts accounts,
            Notices notices,
            AfterDeath afterDeath) {
        this.delegates = delegates;
        this.consents = consents;
        this.custodiansStop = custodiansStop;
        this.views = views;
        this.accounts = accounts;
        this.notices = notices;
        this.afterDeath = afterDeath;
    }

    /** Where two people have signed it. */
    public Optional<Death> death(TwinId twin) {
        return Optional.ofNullable(delegates.of(twin).death()).filter(Death::isRecorded);
    }

    public AfterDeath afterDeath() {
        return afterDeath;
    }

    public Optional<Delegation> find(TwinId twin, ConsentHandle handle) {
        return delegates.of(twin).find(handle);
    }

    /** Whoever has this code, which is the random name of their account: nobody can guess one or try names. */
    public Optional<Candidate> candidate(String code) {
        return AccountId.read(code)
                .flatMap(accounts::find)
                .filter(account -> account.state() == Account.State.OPEN)
                .flatMap(account -> accounts.identityKey(account.id()).map(key -> new Candidate(account, key)));
    }

    /** @throws DelegationRefused when the rules do not allow it */
    public ConsentHandle appoint(TwinId twin, Appointment appointment, Hand by) {
        var handle = delegates.begin(twin, fresh -> new Appoint(fresh, appointment, by, delegates.now()));
        tell(twin, delegates.of(twin).find(handle).orElseThrow(), Notice.Kind.DELEGATE_APPOINTED);
        return handle;
    }

    /**
     * Appoints whom the patient chose, with the patient's own signature: what they then share is provably shared by somebody
     * whom the patient wanted.
     *
     * @throws DelegationRefused when the rules do not allow it
     */
    public ConsentHandle appoint(TwinId twin, Appointment appointment, Hand by, Secret patientSeed) {
        var handle = delegates.begin(
                twin,
                fresh -> new Appoint(fresh, appointment, by, delegates.now()),
                fresh -> Optional.of(consents.certify(twin, fresh, patientSeed)));
        consents.recordDelegation(twin, handle, patientSeed);
        tell(twin, delegates.of(twin).find(handle).orElseThrow(), Notice.Kind.DELEGATE_APPOINTED);
        return handle;
    }

    /** Changes what a delegate may, with the patient's own signature. @throws DelegationRefused when the rules do not allow it */
    public void change(TwinId twin, DelegationCommand.Change change, Secret patientSeed) {
        var before = delegates.of(twin).find(change.handle()).map(Delegation::appointment);
        does(twin, change);
        var after = delegates.of(twin).find(change.handle()).map(Delegation::appointment);
        if (!after.equals(before) && consents.isOnLedgerByPatient(change.handle())) {
            consents.recordDelegation(twin, change.handle(), patientSeed);
        }
    }

    /** @throws DelegationRefused when the rules do not allow it */
    public ConsentHandle fileDeath(TwinId twin, String patientName, LocalDate day, String document, Hand by) {
        return delegates.begin(
                twin, fresh -> new DelegationCommand.FileDeath(fresh, patientName, day, document, by, delegates.now()));
    }

    /** @throws DelegationRefused when the rules do not allow it */
    public void does(TwinId twin, DelegationCommand command) {
        delegates.does(twin, command);
        settle(twin);
        delegates.of(twin).find(command.handle()).ifPresent(delegation -> tellOf(twin, delegation, command));
    }

    /** Remembers that a delegate shared something, so that it ends with the delegation. */
    public void note(Acting acting, Consent consent, AccountId by) {
        delegates.does(
                acting.twin(),
                new NoteConsent(
                        acting.by().handle(),
                        consent.handle(),
                        new Hand(by.toString(), Hand.As.DELEGATE),
                        delegates.now()));
    }

    /** @throws DelegationRefused after a recorded death */
    public void requireAlive(TwinId twin) {
        if (delegates.isDead(twin)) {
            throw new DelegationRefused(DelegationRefused.Why.DEAD);
        }
    }

    /** Why something that was shared was stopped, where it may have been another than the patient. */
    public enum WhyOver {
        /** A death was recorded. */
        DEATH,
        /** The delegation that it stood on was over. */
        DELEGATION,
        /** Whoever shared it for the patient took it back. */
        DELEGATE,
        /** The service: by itself, or because the patient or somebody who acts for the patient asked for it. */
        SERVICE
    }

    /** Nothing where its own key or its last day ended it, and that key is the patient's. */
    public Optional<WhyOver> whyOver(Consent consent) {
        if (consent.status() != Consent.Status.REVOKED || consent.endedAt() == null) {
            return Optional.empty();
        }
        var all = delegates.of(consent.twin());
        if (all.lapsed(consent.endedAt()).contains(consent.handle())) {
            return Optional.of(WhyOver.DELEGATION);
        }
        var death = all.death();
        if (death != null
                && death.isRecorded()
                && afterDeath == AfterDeath.END
                && !consent.endedAt().isBefore(death.filedAt())) {
            return Optional.of(WhyOver.DEATH);
        }
        if (consents.wasEndedByOthers(consent.handle())) {
            return Optional.of(WhyOver.SERVICE);
        }
        return switch (consents.proof(consent.twin(), consent.handle())) {
            case CHOSEN, DELEGATE -> Optional.of(WhyOver.DELEGATE);
            case PATIENT, RESET, ONE_HAND, BEFORE, NONE -> Optional.empty();
        };
    }

    /** Ends what no longer holds of what is shared, and on the ledger the delegations that somebody ended. */
    void settle(TwinId twin) {
        var all = delegates.of(twin);
        all.listed().stream()
                .filter(delegation -> delegation.state() == Delegation.State.ENDED)
                .forEach(delegation -> custodiansStop.accept(twin, delegation.handle()));
        var over = new LinkedHashSet<>(all.lapsed(delegates.now()));
        boolean everything = all.isDead() && afterDeath == AfterDeath.END;
        consents.of(twin).stream()
                .filter(consent -> consent.status() == Consent.Status.ACTIVE)
                .filter(consent -> everything || over.contains(consent.handle()))
                .forEach(consent -> end(twin, consent.handle()));
    }

    private void end(TwinId twin, ConsentHandle handle) {
        custodiansStop.accept(twin, handle);
        views.consentEnded(twin, handle);
        accounts.grantEnded(handle);
    }

    /** What guardians shared, and what the patient may keep: live until majority, or lapsed with it. */
    public List<Consent> ofGuardians(TwinId twin) {
        var handles = guardiansConsents(twin);
        return consents.of(twin).stream()
                .filter(consent -> handles.contains(consent.handle()))
                .filter(consent -> consent.status() == Consent.Status.ACTIVE
                        || whyOver(consent).filter(WhyOver.DELEGATION::equals).isPresent())
                .filter(consent -> consent.terms()
                        .term()
                        .end()
                        .filter(end -> !end.isAfter(delegates.now()))
                        .isEmpty())
                .filter(consent -> consents.of(twin).stream()
                        .noneMatch(other -> !other.handle().equals(consent.handle())
                                && other.status() == Consent.Status.ACTIVE
                                && other.terms().equals(consent.terms())))
                .toList();
    }

    private Set<ConsentHandle> guardiansConsents(TwinId twin) {
        var handles = new LinkedHashSet<ConsentHandle>();
        delegates.of(twin).listed().stream()
                .filter(d -> d.appointment().authority().kind().ofAChild())
                .filter(d -> isNearMajority(d, delegates.now()))
                .forEach(d -> handles.addAll(d.consents()));
        return handles;
    }

    private boolean isNearMajority(Delegation delegation, Instant at) {
        var born = delegation.appointment().birthDate();
        return born != null && delegates.ages().isToldOn(born, delegation.dayOf(at));
    }

    /** The patient keeps what a guardian shared: the same again, by the patient's own signature; the guardian's ends. */
    public void keep(TwinId twin, ConsentHandle handle, Secret patientSeed) {
        requireAlive(twin);
        var old = ofGuardians(twin).stream()
                .filter(consent -> consent.handle().equals(handle))
                .findFirst()
                .orElseThrow(() -> new DelegationRefused(DelegationRefused.Why.NO_SUCH));
        var listed = accounts.grantsTo(AccountId.of(old.terms().granteeId())).stream()
                .filter(grant -> grant.twin().equals(twin))
                .findFirst();
        var kept = consents.grant(twin, old.terms(), patientSeed);
        var own = accounts.ofTwin(twin).orElseThrow();
        accounts.granted(
                AccountId.of(old.terms().granteeId()),
                new Grant(
                        twin,
                        kept.handle(),
                        listed.map(Grant::patient).orElse(own.name()),
                        listed.map(Grant::birthDate).orElse(null)));
        if (old.status() == Consent.Status.ACTIVE) {
            end(twin, old.handle());
        }
    }

    // What the clock brings about

    /** One beat. */
    public void beat(Instant now) {
        for (var twin : delegates.everybody()) {
            settle(twin);
            for (var delegation : delegates.of(twin).listed()) {
                tellOfTime(twin, delegation, now);
            }
        }
    }

    private void tellOfTime(TwinId twin, Delegation delegation, Instant now) {
        var ages = delegates.ages();
        var standing = delegation.standingAt(now, ages);
        var appointment = delegation.appointment();
        var key = delegation.handle().value();
        var born = appointment.birthDate();
        if (born != null && standing == Standing.LIVE && isNearMajority(delegation, now)) {
            both(twin, delegation, Notice.Kind.MAJORITY_SOON, key, Notice.Word.day(ages.majorityOn(born)));
        }
        if (born != null && standing == Standing.LIVE && ages.decidesAlone(born, delegation.dayOf(now))) {
            both(twin, delegation, Notice.Kind.OWN_DECISIONS, key, Notice.Word.day(ages.ownDecisionOn(born)));
        }
        if (standing == Standing.OF_AGE) {
            both(twin, delegation, Notice.Kind.MAJORITY, key);
        }
        if (standing == Standing.EXPIRED) {
            both(twin, delegation, Notice.Kind.DELEGATION_ENDED, key);
        }
        if (delegation.isReviewOverdue(now, ages)) {
            both(
                    twin,
                    delegation,
                    Notice.Kind.DELEGATION_REVIEW,
                    key + " " + appointment.review(),
                    Notice.Word.day(appointment.review()));
        }
    }

    private void tellOf(TwinId twin, Delegation delegation, DelegationCommand command) {
        var key = delegation.handle().value() + " " + command.at();
        switch (command) {
            case DelegationCommand.End _ -> both(twin, delegation, Notice.Kind.DELEGATION_ENDED, key);
            case DelegationCommand.Change _ -> tell(twin, delegation, Notice.Kind.DELEGATION_CHANGED);
            case DelegationCommand.AskToStart _ -> both(twin, delegation, Notice.Kind.DELEGATION_ASKED, key);
            case DelegationCommand.Confirm _ -> {
                if (delegation.state() == Delegation.State.LIVE) {
                    both(twin, delegation, Notice.Kind.DELEGATION_STARTED, key);
                }
            }
            case DelegationCommand.Refuse _ -> tell(twin, delegation, Notice.Kind.DELEGATION_REFUSED);
            case Appoint _, DelegationCommand.Review _, NoteConsent _, DelegationCommand.FileDeath _ -> {}
        }
    }

    private void tell(TwinId twin, Delegation delegation, Notice.Kind kind) {
        var appointment = delegation.appointment();
        notices.tell(
                AccountId.of(appointment.delegate()),
                Notice.of(
                                kind,
                                "/people",
                                Notice.Word.text(appointment.delegateName()),
                                Notice.Word.text(appointment.patientName()))
                        .about(twin));
    }

    /** The delegate, and the patient where one signs in. */
    private void both(TwinId twin, Delegation delegation, Notice.Kind kind, String once, Notice.Word... more) {
        var appointment = delegation.appointment();
        var words = new Notice.Word[2 + more.length];
        words[0] = Notice.Word.text(appointment.delegateName());
        words[1] = Notice.Word.text(appointment.patientName());
        System.arraycopy(more, 0, words, 2, more.length);
        notices.tell(
                AccountId.of(appointment.delegate()),
                Notice.of(kind, "/people", words).about(twin).once(once));
        notices.tell(twin, Notice.of(kind, "/delegates", words).once(once));
    }
}
