package org.twinkeep.consent;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.twinkeep.consent.Consent.Status;
import org.twinkeep.consent.Verdict.Denied;
import org.twinkeep.consent.Verdict.Reason;
import org.twinkeep.consent.contract.Acts;
import org.twinkeep.consent.decision.Ask;
import org.twinkeep.consent.decision.Code;
import org.twinkeep.consent.decision.CompiledConsents;
import org.twinkeep.consent.decision.ConsentIndex;
import org.twinkeep.consent.decision.ConsentIndex.Answered;
import org.twinkeep.consent.decision.ConsentIndex.Past;
import org.twinkeep.consent.decision.Decision.Because;
import org.twinkeep.consent.decision.Dialect;
import org.twinkeep.consent.decision.Implicit;
import org.twinkeep.consent.decision.Item;
import org.twinkeep.consent.decision.Outcome;
import org.twinkeep.consent.decision.Ruling;
import org.twinkeep.consent.ledger.ConsentLedger;
import org.twinkeep.consent.ledger.ConsentRecord;
import org.twinkeep.consent.ledger.ConsentRecord.Kind;
import org.twinkeep.consent.ledger.LedgerRefused;
import org.twinkeep.consent.ledger.LedgerUnavailable;
import org.twinkeep.consent.ledger.Transaction.Enrol;
import org.twinkeep.consent.ledger.Transaction.RegisterPolicy;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.keys.TwinForgotten;

/**
 * The consents of all twins: joins the ledger's records with their openings, signs what patients decide, and answers who
 * may look. An opening that does not match its commitment, or says what is not understood, counts for nothing.
 *
 * <p>Openings are kept in memory once read; what the ledger says is asked anew each time, so a revocation counts at once.
 */
public final class Consents {

    private static final Logger LOG = LoggerFactory.getLogger(Consents.class);
    static final int TWINS_IN_MEMORY = 10_000;

    /** Under which the ledger registers what holds where no consent says anything. */
    public static final String IMPLICIT_POLICY = "implicit-policy";

    /** How long the ledger may be out of reach before nobody is let in. */
    private static final Duration OUT_OF_REACH = Duration.ofSeconds(5);

    private final ConsentLedger ledger;
    private final Clock clock;
    private final ConsentIndex index;
    private final Acts acts;
    private final Provenance provenance;
    private final OpenedConsents opened;
    private final Signing signing;
    private final Ends ends;
    private final OtherConsents others;

    /** @param undelivered ends that the ledger does not have yet; they are delivered now if it can take them */
    public Consents(
            ConsentLedger ledger, Openings openings, Undelivered undelivered, Clock clock, SecureRandom random) {
        this(ledger, openings, undelivered, clock, random, Signers.PATIENTS_ONLY, null);
    }

    /**
     * @param undelivered ends that the ledger does not have yet; they are delivered now if it can take them
     * @param delegates who may grant for a patient
     * @param organisations who answer for the new key of a patient who lost the first one; null where nobody does
     */
    public Consents(
            ConsentLedger ledger,
            Openings openings,
            Undelivered undelivered,
            Clock clock,
            SecureRandom random,
            Signers delegates,
            Acts.@Nullable Both organisations) {
        this.ledger = ledger;
        this.clock = clock;
        this.acts = new Acts(ledger.charter());
        this.provenance = new Provenance(ledger, delegates);
        this.index = new ConsentIndex(
                ledger,
                openings,
                undelivered,
                clock,
                OUT_OF_REACH,
                TWINS_IN_MEMORY,
                ConsentPolicy.VOCABULARY,
                provenance);
        this.opened = new OpenedConsents(ledger, openings, index, random);
        this.signing = new Signing(ledger, opened, index, provenance, acts, organisations);
        this.ends = new Ends(ledger, undelivered, index, clock);
        this.others = new OtherConsents(ledger, opened, signing, ends, provenance, clock);
        ends.deliver();
    }

    /**
     * Records the identity key of the patient, from the patient's seed. Nothing changes where it is recorded.
     *
     * @throws LedgerRefused where another key is: nobody but the patient, or a delegate as such, grants
     */
    public void enrol(TwinId twin, Secret patientSeed) {
        signing.enrol(twin, patientSeed);
    }

    /**
     * The patient signed in with another seed than the one that was enrolled, after password and recovery code were lost: the
     * organisations answer for the new key, and everybody reads that they did.
     *
     * @throws LedgerRefused where no organisations answer for it
     */
    public void enrolAgain(TwinId twin, Secret patientSeed) {
        signing.enrolAgain(twin, patientSeed);
    }

    /** Whether what the patient signs with the key that is enrolled now is provably the patient's. */
    public boolean isProved(TwinId twin) {
        return signing.isProved(twin);
    }

    /** Whether the key of this consent is derived from this seed: who holds the seed changes it and ends it. */
    public boolean isSignedWith(ConsentHandle handle, Secret seed) {
        return signing.isSignedWith(handle, seed);
    }

    /** Proves that the patient appoints this delegation: kept beside the opening that appoints. */
    public Certificate certify(TwinId twin, ConsentHandle delegation, Secret patientSeed) {
        return signing.certify(twin, delegation, patientSeed);
    }

    /** Whether the patient's own key recorded this delegation. */
    public boolean isOnLedgerByPatient(ConsentHandle delegation) {
        return signing.isOnLedgerByPatient(delegation);
    }

    /**
     * Records with the patient's own key what a delegation says now, after it was appointed or changed. Without that a delegate
     * shares on the organisations' word alone, or as it was recorded before.
     */
    public void recordDelegation(TwinId twin, ConsentHandle delegation, Secret patientSeed) {
        signing.recordDelegation(twin, delegation, patientSeed);
    }

    /** Grants; the key of the consent is derived from the patient's seed and the fresh handle. Returns once recorded. */
    public Consent grant(TwinId twin, Terms terms, Secret patientSeed) {
        signing.enrolProved(twin, patientSeed);
        return grant(twin, terms, patientSeed, Enrol.handleOf(twin));
    }

    /**
     * Grants for the patient, with the seed of a delegate's own account. The organisations answer on the ledger for the
     * delegation that nobody recorded there yet.
     *
     * @param delegation its handle
     */
    public Consent grantFor(TwinId twin, Terms terms, Secret delegatesSeed, ConsentHandle delegation) {
        signing.record(twin, delegation);
        var now = now();
        var at = ledger.get(delegation)
                .map(ConsentRecord::at)
                .filter(now::isBefore)
                .orElse(now);
        Signing.requireProved(provenance.byDelegate(twin, delegation, terms.chapters(), at));
        return grant(twin, terms, delegatesSeed, delegation);
    }

    private Consent grant(TwinId twin, Terms terms, Secret seed, ConsentHandle signer) {
        ends.deliver();
        var handle = opened.freshHandle();
        return granted(twin, handle, Optional.empty(), terms, seed, signer);
    }

    private Consent granted(
            TwinId twin,
            ConsentHandle handle,
            Optional<ConsentRecord> proposal,
            Terms terms,
            Secret seed,
            ConsentHandle signer) {
        signing.grant(twin, handle, proposal, bytes(twin, handle, terms), seed, signer);
        return stands(twin, handle);
    }

    /**
     * What an organisation asks for: kept for the patient to read, and counts for no decision.
     *
     * @return the handle that it has, and keeps when it is granted
     */
    public ConsentHandle propose(TwinId twin, Terms terms, Acts.Signature provider) {
        var handle = opened.freshHandle();
        var opening = opened.keep(twin, handle, 1, bytes(twin, handle, terms), null);
        ledger.submit(acts.propose(handle, OpenedConsents.commitment(opening), provider));
        return handle;
    }

    /** Grants what was asked for, or less of it. @throws LedgerRefused when it is no longer asked for */
    public Consent accept(TwinId twin, ConsentHandle proposal, Terms terms, Secret patientSeed) {
        signing.enrolProved(twin, patientSeed);
        return granted(twin, proposal, Optional.of(ends.record(proposal)), terms, patientSeed, Enrol.handleOf(twin));
    }

    /** Declines what was asked for; the custodian signs for the patient's word. */
    public void decline(TwinId twin, ConsentHandle proposal, Acts.Signature custodian) {
        if (proposals(twin).containsKey(proposal)) {
            ledger.submit(acts.end(ends.record(proposal), custodian));
        }
    }

    /** What was asked of the patient and not answered. */
    public Map<ConsentHandle, Terms> proposals(TwinId twin) {
        var asked = new LinkedHashMap<ConsentHandle, Terms>();
        for (var each : opened.of(twin)) {
            var consent = each.consent();
            if (consent != null
                    && ledger.get(each.handle())
                            .filter(record -> record.status() == Status.PROPOSED && each.says(record))
                            .isPresent()) {
                asked.put(each.handle(), consent.terms());
            }
        }
        return asked;
    }

    /**
     * Changes what a consent says, in one signed step; decisions on the past keep to what it said then. The same terms
     * confirm a consent that had no certificate.
     */
    public Consent amend(TwinId twin, ConsentHandle handle, Terms terms, Secret patientSeed) {
        ends.deliver();
        signing.enrolProved(twin, patientSeed);
        signing.amend(twin, ends.record(handle), bytes(twin, handle, terms), patientSeed);
        return stands(twin, handle);
    }

    private byte[] bytes(TwinId twin, ConsentHandle handle, Terms terms) {
        return new FhirConsent(handle, twin, terms, now()).bytes();
    }

    /** What a consent said from then on. */
    public record Version(int step, Terms terms, Instant from) {
        @Override
        public String toString() {
            return "Version";
        }
    }

    /** Everything that a consent of the twin said, from the grant on. */
    public List<Version> versions(TwinId twin, ConsentHandle handle) {
        return ledger.historyOf(handle).stream()
                .filter(ConsentRecord::isActiveConsent)
                .flatMap(record -> opened.of(twin).stream()
                        .filter(each -> each.says(record))
                        .map(OpenedConsent::consent)
                        .filter(Objects::nonNull)
                        .limit(1)
                        .map(consent -> new Version(record.step(), consent.terms(), record.at())))
                .toList();
    }

    /** How a consent of the twin is proved to be the patient's. */
    public Provenance.Proof proof(TwinId twin, ConsentHandle handle) {
        return ledger.get(handle)
                .flatMap(record -> opened.openings(twin).stream()
                        .filter(opening -> opening.handle().equals(handle))
                        .filter(opening -> OpenedConsents.commitment(opening).equals(record.commitment()))
                        .findFirst()
                        .map(opening -> provenance.of(twin, opening, record)))
                .orElse(Provenance.Proof.NONE);
    }

    /** Keeps a denial, signed by the patient; from the next decision on it wins over what is granted. */
    public OtherConsent deny(TwinId twin, Denial denial, Secret patientSeed) {
        return others.deny(twin, denial, patientSeed);
    }

    /**
     * Keeps a denial for the patient, with the seed of a delegate's own account, as {@link #grantFor} does a grant.
     *
     * @param denial of chapters that the delegate could share: one that names none counts for nothing
     */
    public OtherConsent denyFor(TwinId twin, Denial denial, Secret delegatesSeed, ConsentHandle delegation) {
        return others.denyFor(twin, denial, delegatesSeed, delegation);
    }

    /**
     * Keeps a FHIR Consent that somebody else wrote, signed by the patient.
     *
     * @param dialect R4 or R5
     * @param text as received; whoever brings it has heard what {@link org.twinkeep.consent.decision.Intake} says of it
     */
    public OtherConsent bring(TwinId twin, Dialect dialect, String text, Secret patientSeed) {
        return others.bring(twin, dialect, text, patientSeed);
    }

    /** Changes what a denial says, in one signed step; decisions on the past keep to what it said then. */
    public OtherConsent amend(TwinId twin, ConsentHandle handle, Denial denial, Secret patientSeed) {
        return others.amend(twin, handle, denial, patientSeed);
    }

    /** Every consent of the twin that is not of our own shape, live or ended, newest first. */
    public List<OtherConsent> others(TwinId twin) {
        return others.of(twin);
    }

    /**
     * Ends what somebody else ended before: from now on it denies nothing. Counts once it is recorded.
     *
     * @return false where this seed is not provably the patient's: it denies still
     */
    public boolean release(TwinId twin, ConsentHandle ended, Secret patientSeed) {
        return others.release(twin, ended, patientSeed);
    }

    /** Whether an organisation ended it, and not its own key. */
    public boolean wasEndedByOthers(ConsentHandle handle) {
        var steps = ledger.historyOf(handle);
        return !steps.isEmpty() && ConsentRecord.isEndedConsent(steps) && !ledger.wasRevoked(handle);
    }

    /** Of what this block recorded, the consents that are over, whoever ended them. */
    public List<ConsentHandle> endedIn(long block) {
        return ledger.recordedBy(block).stream()
                .map(ConsentRecord::handle)
                .filter(handle -> ConsentRecord.isEndedConsent(ledger.historyOf(handle)))
                .toList();
    }

    /** Consents of the twin that cannot be read: while one stands, nobody is shown anything. */
    public List<ConsentHandle> unread(TwinId twin) {
        var live = index.of(twin);
        return IntStream.range(0, live.rules().count())
                .filter(number -> live.rules().notUnderstood(number).isPresent())
                .mapToObj(live.handles()::get)
                .toList();
    }

    /** What is live of the twin, of whatever shape, as decisions are made by it. */
    public ConsentIndex.OfTwin live(TwinId twin) {
        return index.of(twin);
    }

    /** Chapters of a live consent of ours that another live consent closes, whatever ordinary entry stands there. */
    public Set<Chapter> closed(Consent consent) {
        var ruling = ConsentPolicy.ruling(consent);
        var beside = new Ruling(live(consent.twin()), ruling.ask(), Implicit.DENY, ConsentLedger.Position.NONE);
        return consent.terms().chapters().stream()
                .filter(chapter -> {
                    var item = Item.of(
                            Set.of(new Code(FhirConsent.CHAPTER_SYSTEM, chapter.code())),
                            null,
                            null,
                            consent.grantedAt());
                    return beside.decide(item).because().stream()
                            .anyMatch(why -> why instanceof Because.OfConsent(int _, Outcome said, String _)
                                    && said == Outcome.DENY);
                })
                .collect(Collectors.toUnmodifiableSet());
    }

    private Consent stands(TwinId twin, ConsentHandle handle) {
        return of(twin).stream()
                .filter(consent -> consent.handle().equals(handle))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("what was recorded is read back"));
    }

    /**
     * Revokes; what it permits is over with the very next decision, even where the ledger has to be told later. What it
     * denies is over once the ledger was told.
     */
    public void revoke(TwinId twin, ConsentHandle handle, Secret patientSeed) {
        ends.end(handle, record -> acts.revoke(record, ConsentKey.of(patientSeed, handle)));
    }

    /** Revokes every consent of the twin that the ledger still holds active: before the twin goes. */
    public void endAll(TwinId twin, Secret patientSeed) {
        handles(twin).forEach(handle -> revoke(twin, handle, patientSeed));
    }

    /**
     * Ends one consent of the twin, or one delegation that is on the ledger, without the patient's seed: the custodian's stop.
     * It can only narrow: what the consent denies holds until the patient ends it.
     */
    public void stop(TwinId twin, ConsentHandle handle, Acts.Signature custodian) {
        boolean ofTwin = opened.of(twin).stream().anyMatch(each -> each.handle().equals(handle));
        boolean live = ledger.get(handle)
                .filter(record -> record.kind() == Kind.CONSENT || record.kind() == Kind.DELEGATION)
                .filter(record -> record.status() == Status.ACTIVE)
                .isPresent();
        if (ofTwin && live) {
            ends.end(handle, record -> acts.end(record, custodian));
        }
    }

    /** Ends every consent of the twin without the patient's seed, as {@link #stop} does one. */
    public void stopAll(TwinId twin, Acts.Signature custodian) {
        handles(twin).forEach(handle -> ends.end(handle, record -> acts.end(record, custodian)));
    }

    /** Every consent of the twin, live or ended, newest first, with its status at this moment. */
    public List<Consent> of(TwinId twin) {
        return join(opened.of(twin))
                .sorted(Comparator.comparing(Consent::grantedAt)
                        .reversed()
                        .thenComparing(c -> c.handle().value()))
                .toList();
    }

    /** What stands on the ledger and permits nothing, because only organisations in one hand vouch for it (decision 0329). */
    public List<Consent> inOneHand(TwinId twin) {
        return opened.of(twin).stream()
                .flatMap(each -> join(each, proof -> proof == Provenance.Proof.ONE_HAND).stream())
                .filter(consent -> consent.status() == Status.ACTIVE)
                .toList();
    }

    /** One consent of the twin with all that proves it. Nothing when the twin has no consent of that handle. */
    public Optional<Recorded> recorded(TwinId twin, ConsentHandle handle) {
        return of(twin).stream()
                .filter(consent -> consent.handle().equals(handle))
                .findFirst()
                .flatMap(consent -> {
                    var readUpTo = ledger.head();
                    var steps = ledger.historyOf(handle);
                    var commitment = steps.getLast().commitment();
                    return opened.openings(twin).stream()
                            .filter(opening -> opening.handle().equals(handle))
                            .filter(opening -> commitment.equals(OpenedConsents.commitment(opening)))
                            .findFirst()
                            .map(opening -> new Recorded(
                                    consent,
                                    opening,
                                    steps,
                                    ledger.charter(),
                                    readUpTo,
                                    provenance.of(twin, opening, steps.getLast())));
                });
    }

    /**
     * Unreadable ledger or openings: denied, with that reason. So is everything of a twin while one live consent of it is
     * not understood: it could be one that narrows.
     */
    public Verdict decide(AccessRequest request) {
        var purpose = request.purpose();
        if (purpose == null) {
            return new Denied(Reason.UNKNOWN_PURPOSE);
        }
        try {
            ledger.requireCurrent();
            var ruling = index.rule(request.twin(), ConsentPolicy.ask(request, purpose), implicitPolicy());
            return ConsentPolicy.decide(of(request.twin()), request, ruling);
        } catch (TwinForgotten e) {
            return new Denied(Reason.UNKNOWN_TWIN);
        } catch (RuntimeException e) {
            LOG.warn(
                    "Denied, because consents could not be read: {}",
                    e.getClass().getSimpleName());
            return new Denied(Reason.LEDGER_UNREADABLE);
        }
    }

    /**
     * May this be done to this one item of the twin? From the index, without asking the ledger; no while the ledger was not
     * heard of for too long, or the twin cannot be read.
     */
    public Answered decide(TwinId twin, Ask ask, Item item, Implicit implicit) {
        try {
            return index.decide(twin, ask, item, implicit);
        } catch (RuntimeException e) {
            LOG.warn(
                    "Denied, because consents could not be read: {}",
                    e.getClass().getSimpleName());
            return index.denied("consents", implicit);
        }
    }

    /**
     * What was answered when this block was the last one, made again: the same bytes.
     *
     * @throws RuntimeException when the consents cannot be read: then nothing is known of the past either
     */
    public Past asOf(TwinId twin, long block, Ask ask, Item item, Implicit implicit) {
        return index.asOf(twin, block, ask, item, implicit);
    }

    /** What holds where no consent says anything: deny, unless both organisations registered another on the ledger. */
    public Implicit implicitPolicy() {
        return implicit(registered(IMPLICIT_POLICY));
    }

    /** What held when this block was the last one. */
    public Implicit implicitPolicyAsOf(long block) {
        return implicit(
                ledger.asOf(RegisterPolicy.handleOf(IMPLICIT_POLICY), block).filter(Consents::isPolicy));
    }

    /** The version of this that is registered on the ledger, if one is: of a policy, a rule set, a catalogue. */
    public Optional<ConsentRecord> registered(String subject) {
        return ledger.get(RegisterPolicy.handleOf(subject)).filter(Consents::isPolicy);
    }

    private static boolean isPolicy(ConsentRecord record) {
        return record.kind() == ConsentRecord.Kind.POLICY && record.status() == Status.ACTIVE;
    }

    private static Implicit implicit(Optional<ConsentRecord> registered) {
        return registered
                .flatMap(record -> Implicit.ofCode(record.policyVersion())
                        .filter(policy -> policy.commitment().equals(record.commitment())))
                .orElse(Implicit.DENY);
    }

    /** The ledger's block that a decision made now relies on; none while the ledger cannot be read. */
    public ConsentLedger.Position position() {
        try {
            return ledger.head();
        } catch (LedgerUnavailable e) {
            return ConsentLedger.Position.NONE;
        }
    }

    /** How many ends wait until the ledger can take them. They deny already. */
    public int waiting() {
        return ends.waiting();
    }

    /** How the ledger stands. */
    public ConsentLedger.Standing standing() {
        return ledger.standing();
    }

    /** Tells the ledger of every end that it does not have yet. Once it cannot take one, the rest waits too. */
    public void deliver() {
        ends.deliver();
    }

    /** Forgets what is cached of the twin; called when it was erased. */
    public void forget(TwinId twin) {
        opened.forget(twin);
    }

    Instant now() {
        return clock.instant();
    }

    /** Of every consent that the ledger holds active, understood or not. */
    private List<ConsentHandle> handles(TwinId twin) {
        return opened.of(twin).stream()
                .map(OpenedConsent::handle)
                .distinct()
                .filter(handle -> ledger.get(handle)
                        .filter(ConsentRecord::isActiveConsent)
                        .isPresent())
                .toList();
    }

    private Stream<Consent> join(List<OpenedConsent> all) {
        return all.stream().flatMap(each -> join(each, Provenance.Proof::counts).stream());
    }

    private Optional<Consent> join(OpenedConsent each, Predicate<Provenance.Proof> wanted) {
        var consent = each.consent();
        return consent == null
                ? Optional.empty()
                : ledger.get(each.handle())
                        .filter(record -> record.kind() == Kind.CONSENT && record.status() != Status.PROPOSED)
                        .filter(each::matches)
                        .filter(record -> wanted.test(each.proof(provenance, record)))
                        .map(record -> joined(consent, each.rules(consent, opened.grantedAt(record)), record));
    }

    private Consent joined(FhirConsent consent, CompiledConsents rules, ConsentRecord record) {
        return new Consent(
                record.handle(),
                consent.twin(),
                record.step(),
                consent.terms(),
                rules,
                ends.status(record, consent.terms().term().endedBy(now())),
                opened.grantedAt(record),
                ends.endedAt(record));
    }
}
