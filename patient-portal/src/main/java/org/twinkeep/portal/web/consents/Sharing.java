package org.twinkeep.portal.web.consents;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Component;
import org.twinkeep.consent.Consent;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.Consents;
import org.twinkeep.consent.Denial;
import org.twinkeep.consent.OtherConsent;
import org.twinkeep.consent.OtherConsent.Counts;
import org.twinkeep.consent.Provenance.Proof;
import org.twinkeep.consent.Recorded;
import org.twinkeep.consent.Terms;
import org.twinkeep.consent.decision.Dialect;
import org.twinkeep.consent.decision.Implicit;
import org.twinkeep.consent.delegation.Death;
import org.twinkeep.consent.delegation.Power;
import org.twinkeep.consent.ledger.LedgerRefused;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.portal.accounts.AccountId;
import org.twinkeep.portal.accounts.Accounts;
import org.twinkeep.portal.accounts.Grant;
import org.twinkeep.portal.delegates.AfterDeath;
import org.twinkeep.portal.delegates.DelegateDesk;
import org.twinkeep.portal.endings.Endings;
import org.twinkeep.portal.web.Asker;
import org.twinkeep.projections.reading.Views;
import org.twinkeep.projections.timeline.Profile;

/** Granting and ending, with everything that follows from it: the grantee's list of patients, and the views. */
@Component
public final class Sharing {
    private final Consents consents;
    private final CustodiansStop custodian;
    private final Views views;
    private final Accounts accounts;
    private final DelegateDesk desk;
    private final Endings endings;
    private final DenialsFirst denials;

    Sharing(
            Consents consents,
            CustodiansStop custodian,
            Views views,
            Accounts accounts,
            DelegateDesk desk,
            Endings endings,
            DenialsFirst denials) {
        this.denials = denials;
        this.desk = desk;
        this.consents = consents;
        this.custodian = custodian;
        this.views = views;
        this.accounts = accounts;
        this.endings = endings;
    }

    /** What may be shared: by the patient everything, by somebody who acts for the patient what they may see. */
    public static Set<Chapter> open(Asker asker) {
        var acting = asker.acting();
        return acting == null ? EnumSet.allOf(Chapter.class) : acting.open();
    }

    /** The patient's death, where two people have signed it. */
    Optional<Death> death(TwinId twin) {
        return desk.death(twin);
    }

    /** What a recorded death means for what is shared. */
    AfterDeath afterDeath() {
        return desk.afterDeath();
    }

    /** Why it ended, as the key of a sentence. */
    String whyEnded(Consent consent) {
        return desk.whyOver(consent)
                .map(why -> "consents.over." + why)
                .orElseGet(() -> "consents.status." + consent.status());
    }

    /** What stands, and shows nothing to anybody, because nobody can prove that the patient signed it. */
    List<Consent> showingNothing(TwinId twin) {
        return consents.inOneHand(twin);
    }

    /** What holds where no consent says anything. */
    Implicit implicitPolicy() {
        return consents.implicitPolicy();
    }

    /** Every consent of the twin, newest first. */
    public List<Consent> of(TwinId twin) {
        return consents.of(twin);
    }

    /** Of those that rest on somebody else's word than the patient's key, in whose. */
    Map<ConsentHandle, Proof> onOthersWord(TwinId twin, List<Consent> all) {
        var proofs = new HashMap<ConsentHandle, Proof>();
        for (var consent : all) {
            var proof = consents.proof(twin, consent.handle());
            if (proof != Proof.PATIENT) {
                proofs.put(consent.handle(), proof);
            }
        }
        return proofs;
    }

    /** The twin's consent of this handle with all that proves it. */
    Optional<Recorded> recorded(TwinId twin, String handle) {
        return of(twin).stream()
                .map(Consent::handle)
                .filter(own -> own.value().equals(handle))
                .findFirst()
                .flatMap(own -> consents.recorded(twin, own));
    }

    /** What became of a grant: the key of the words that say so. */
    public record Granted(Consent consent, String done) {

        private static final String WHOLE = "consents.granted";

        /** Whether no denial closes anything of it. */
        public boolean isWhole() {
            return done.equals(WHOLE);
        }
    }

    /**
     * Grants, and puts the patient on the grantee's list. The same terms twice are one consent.
     *
     * @param answer what the patient said of an older denial that closes something of it
     * @throws DenialInTheWay where there is one and the patient has not said: nothing is stored, a page asks
     */
    public Granted grant(Asker asker, Profile patient, Terms wanted, Answer answer, Secret seed) {
        var twin = asker.twin();
        desk.requireAlive(twin);
        var settled = denials.settle(asker, wanted, answer);
        var terms = settled.terms();
        var acting = asker.acting();
        var consent = of(twin).stream()
                .filter(old -> live(old) && old.terms().equals(terms))
                .findFirst()
                .orElseGet(() -> acting == null
                        ? consents.grant(twin, terms, seed)
                        : consents.grantFor(twin, terms, seed, acting.by().handle()));
        if (acting != null) {
            desk.note(acting, consent, asker.account().id());
        }
        list(consent, patient);
        giveWay(twin, settled.narrowed(), settled.terms().chapters(), seed);
        if (!settled.narrowed().isEmpty()) {
            views.forget(twin);
        }
        return new Granted(
                consent,
                switch (settled.outcome()) {
                    case WHOLE -> Granted.WHOLE;
                    case LESS -> "consents.granted.less";
                    case NOTHING -> "consents.granted.nothing";
                });
    }

    /**
     * Takes out of the denials what is opened now; one of which nothing is left ends. Of what another key signed the rest is
     * said anew.
     */
    private void giveWay(TwinId twin, List<OtherConsent> denials, Set<Chapter> opened, Secret seed) {
        for (var denial : denials) {
            var left = denial.denial().orElseThrow().without(opened);
            if (left.isPresent() && denial.counts() == Counts.WHOLE && isOwn(denial.handle(), seed)) {
                consents.amend(twin, denial.handle(), left.get(), seed);
            } else {
                left.ifPresent(rest -> endings.watch(consents.deny(twin, rest, seed)));
                takeBack(twin, denial.handle(), seed);
            }
        }
    }

    /** Whether this seed signs what becomes of it. */
    boolean isOwn(ConsentHandle handle, Secret seed) {
        return consents.isSignedWith(handle, seed);
    }

    /** Denials, and consents that others wrote; newest first. */
    List<OtherConsent> others(TwinId twin) {
        return consents.others(twin);
    }

    /** What the patient never shows, from the next request on; views that were made without it are destroyed. */
    void never(Asker asker, Denial denial, Secret seed) {
        var twin = asker.twin();
        var acting = asker.acting();
        desk.requireAlive(twin);
        boolean said = others(twin).stream()
                .anyMatch(old -> old.status() == Consent.Status.ACTIVE
                        && old.denial().filter(denial::equals).isPresent());
        if (!said) {
            endings.watch(
                    acting == null
                            ? consents.deny(twin, denial, seed)
                            : consents.denyFor(twin, denial, seed, acting.by().handle()));
            views.forget(twin);
        }
    }

    /** Keeps what somebody else wrote. */
    void bring(TwinId twin, Dialect dialect, String text, Secret seed) {
        desk.requireAlive(twin);
        endings.watch(consents.bring(twin, dialect, text, seed));
        views.forget(twin);
    }

    /**
     * Whether this asker may end it: the patient all, somebody who acts for the patient what they said themselves and could
     * share, while nobody else ended it. The keys say the same: no other key lifts it.
     */
    boolean mayEnd(Asker asker, OtherConsent other) {
        var acting = asker.acting();
        return switch (other.counts()) {
            case WHOLE ->
                acting == null
                        || acting.may(Power.GRANT)
                                && acting.may(Power.REVOKE)
                                && acting.by().handle().equals(other.delegation());
            case DENIES_STILL -> acting == null && consents.isProved(asker.twin());
            case DENIES_UNTIL_RECORDED, NOTHING -> false;
        };
    }

    /** Who said it for the patient; nothing where the patient did. */
    Optional<String> saidBy(TwinId twin, OtherConsent other) {
        return Optional.ofNullable(other.delegation())
                .flatMap(delegation -> desk.find(twin, delegation))
                .map(delegation -> delegation.appointment().delegateName());
    }

    /** Whether what this asker shares is provably the patient's; who acts for a patient hears it when it is not. */
    boolean isProved(Asker asker) {
        return asker.acting() != null || consents.isProved(asker.twin());
    }

    /** What cannot be read, and closes everything. */
    List<ConsentHandle> unread(TwinId twin) {
        var told = others(twin).stream().map(OtherConsent::handle).toList();
        return consents.unread(twin).stream()
                .filter(handle -> !told.contains(handle))
                .toList();
    }

    /**
     * Takes a denial, or what somebody else wrote, back: by its own key, or the patient's alone, since it may open something.
     *
     * @return false where the key is not provably the patient's: what it denies holds
     */
    boolean endOther(Asker asker, ConsentHandle handle, Secret seed) {
        var twin = asker.twin();
        boolean over;
        if (asker.acting() == null) {
            over = takeBack(twin, handle, seed);
        } else {
            revokeOrStop(twin, handle, seed, false);
            over = !consents.wasEndedByOthers(handle);
        }
        views.forget(twin);
        return over;
    }

    /** By the patient, who alone can also end what somebody else said or ended. */
    private boolean takeBack(TwinId twin, ConsentHandle handle, Secret seed) {
        revokeOrStop(twin, handle, seed, true);
        return !consents.wasEndedByOthers(handle) || consents.release(twin, handle, seed);
    }

    /** What a denial closes of a chapter of the share whatever stands there; nothing of the twin is looked at. */
    Set<Chapter> closed(Consent consent) {
        return consents.closed(consent);
    }

    /**
     * Changes what a consent says, in one step that the patient signs. What was built of the old terms is destroyed.
     *
     * @param answer what the patient said of an older denial that closes something of the new terms
     * @throws DenialInTheWay where there is one and the patient has not said: nothing is stored, a page asks
     */
    void amend(Asker asker, Consent old, Terms wanted, Answer answer, Secret seed) {
        var twin = asker.twin();
        desk.requireAlive(twin);
        var settled = denials.settle(asker, wanted, answer);
        var consent = consents.amend(twin, old.handle(), settled.terms(), seed);
        views.consentEnded(twin, old.handle());
        endings.watch(consent);
        giveWay(twin, settled.narrowed(), settled.terms().chapters(), seed);
        if (!settled.narrowed().isEmpty()) {
            views.forget(twin);
        }
    }

    /** Everything that the consent said, from the grant on. */
    List<Consents.Version> versions(TwinId twin, ConsentHandle handle) {
        return consents.versions(twin, handle);
    }

    private void list(Consent consent, Profile patient) {
        accounts.granted(
                AccountId.of(consent.terms().granteeId()),
                new Grant(consent.twin(), consent.handle(), patient.name(), patient.birthDate()));
        endings.watch(consent);
    }

    /** What another seed signed, the house ends on the word of whoever asks. */
    private void revokeOrStop(TwinId twin, ConsentHandle handle, Secret seed, boolean byPatient) {
        if (byPatient) {
            endings.endedByPatient(handle);
        }
        try {
            consents.revoke(twin, handle, seed);
        } catch (LedgerRefused e) {
            if (e.why() != LedgerRefused.Why.BAD_SIGNATURE) {
                throw e;
            }
            custodian.stop(twin, handle);
        }
    }

    /** Ends a consent: the very next request is denied. */
    void end(Asker asker, ConsentHandle handle, Secret seed) {
        end(asker.twin(), handle, seed, asker.acting() == null);
    }

    private void end(TwinId twin, ConsentHandle handle, Secret seed, boolean byPatient) {
        revokeOrStop(twin, handle, seed, byPatient);
        views.consentEnded(twin, handle);
        accounts.grantEnded(handle);
    }

    /** Ends everything that is shared, before the twin goes. */
    public void endAll(TwinId twin, Secret seed) {
        of(twin).stream().filter(Sharing::live).forEach(consent -> end(twin, consent.handle(), seed, true));
    }

    /** Whether it may still open something, now or from its first day on. */
    public static boolean live(Consent consent) {
        return consent.status() == Consent.Status.ACTIVE;
    }
}
