package org.twinkeep.consent;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.twinkeep.consent.Consent.Status;
import org.twinkeep.consent.Openings.Opening;
import org.twinkeep.consent.Verdict.Denied;
import org.twinkeep.consent.Verdict.Reason;
import org.twinkeep.consent.contract.Acts;
import org.twinkeep.consent.contract.ConsentLife;
import org.twinkeep.consent.decision.Ask;
import org.twinkeep.consent.decision.CompiledConsents;
import org.twinkeep.consent.decision.ConsentIndex;
import org.twinkeep.consent.decision.ConsentIndex.Answered;
import org.twinkeep.consent.decision.ConsentIndex.Past;
import org.twinkeep.consent.decision.Implicit;
import org.twinkeep.consent.decision.Item;
import org.twinkeep.consent.durable.Hex;
import org.twinkeep.consent.ledger.ConsentLedger;
import org.twinkeep.consent.ledger.ConsentRecord;
import org.twinkeep.consent.ledger.LedgerRefused;
import org.twinkeep.consent.ledger.LedgerUnavailable;
import org.twinkeep.consent.ledger.Transaction;
import org.twinkeep.consent.ledger.Transaction.RegisterPolicy;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.keys.TwinForgotten;
import org.twinkeep.crypto.sign.SigningKey;

/**
 * The consents of all twins: joins the ledger's records with their openings, signs what patients decide, and answers who
 * may look. An opening that does not match its commitment, or says what is not understood, counts for nothing.
 *
 * <p>Openings are kept in memory once read; what the ledger says is asked anew each time, so a revocation counts at once.
 */
public final class Consents {

    private static final Logger LOG = LoggerFactory.getLogger(Consents.class);
    private static final int TWINS_IN_MEMORY = 10_000;

    /** Under which the ledger registers what holds where no consent says anything. */
    public static final String IMPLICIT_POLICY = "implicit-policy";

    /** How long the ledger may be out of reach before nobody is let in. */
    private static final Duration OUT_OF_REACH = Duration.ofSeconds(5);

    private final ConsentLedger ledger;
    private final Openings openings;
    private final Undelivered undelivered;
    private final Clock clock;
    private final SecureRandom random;
    private final ConsentIndex index;
    private final Acts acts;

    private final Map<TwinId, List<Opened>> inMemory = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<TwinId, List<Opened>> eldest) {
            return size() > TWINS_IN_MEMORY;
        }
    };
    private final AtomicLong forgotten = new AtomicLong();

    /** @param undelivered ends that the ledger does not have yet; they are delivered now if it can take them */
    public Consents(
            ConsentLedger ledger, Openings openings, Undelivered undelivered, Clock clock, SecureRandom random) {
        this.ledger = ledger;
        this.openings = openings;
        this.undelivered = undelivered;
        this.clock = clock;
        this.random = random;
        this.acts = new Acts(ledger.charter());
        this.index = new ConsentIndex(
                ledger, openings, undelivered, clock, OUT_OF_REACH, TWINS_IN_MEMORY, ConsentPolicy.VOCABULARY);
        deliver();
    }

    /** Grants; the key of the consent is derived from the patient's seed and the fresh handle. Returns once recorded. */
    public Consent grant(TwinId twin, Terms terms, Secret patientSeed) {
        deliver();
        var handle = new ConsentHandle(Hex.of(randomBytes()));
        var salt = randomBytes();
        var consent = new FhirConsent(handle, twin, terms, now());
        var bytes = consent.bytes();
        openings.keep(twin, new Opening(handle, 1, salt, bytes));
        forget(twin);
        index.expect(twin, handle);
        ledger.submit(acts.grant(
                handle,
                Hex.of(FhirConsent.commitment(salt, bytes)),
                Optional.empty(),
                ConsentKey.of(patientSeed, handle)));
        return joined(consent, ConsentPolicy.rules(bytes, grantedAt(record(handle))), record(handle));
    }

    /** Revokes; the very next decision denies, even where the ledger has to be told later. */
    public void revoke(TwinId twin, ConsentHandle handle, Secret patientSeed) {
        end(handle, record -> acts.revoke(record, ConsentKey.of(patientSeed, handle)));
    }

    /** Revokes every consent of the twin that the ledger still holds active: before the twin goes. */
    public void endAll(TwinId twin, Secret patientSeed) {
        handles(twin).forEach(handle -> revoke(twin, handle, patientSeed));
    }

    /** Ends one consent of the twin without the patient's seed: the custodian's stop. It can only narrow. */
    public void stop(TwinId twin, ConsentHandle handle, SigningKey custodian) {
        if (handles(twin).contains(handle)) {
            end(handle, record -> acts.end(record, custodian::sign));
        }
    }

    /** Ends every consent of the twin without the patient's seed: the custodian's stop. It can only narrow. */
    public void stopAll(TwinId twin, SigningKey custodian) {
        handles(twin).forEach(handle -> end(handle, record -> acts.end(record, custodian::sign)));
    }

    /** Every consent of the twin, live or ended, newest first, with its status at this moment. */
    public List<Consent> of(TwinId twin) {
        return join(opened(twin))
                .sorted(Comparator.comparing(Consent::grantedAt)
                        .reversed()
                        .thenComparing(c -> c.handle().value()))
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
                    var commitment = steps.getFirst().commitment();
                    return openings.of(twin).stream()
                            .filter(opening -> opening.handle().equals(handle))
                            .filter(opening -> commitment.equals(
                                    Hex.of(FhirConsent.commitment(opening.salt(), opening.consent()))))
                            .findFirst()
                            .map(opening -> new Recorded(consent, opening, steps, ledger.charter(), readUpTo));
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
        return implicit(ledger.asOf(RegisterPolicy.handleOf(IMPLICIT_POLICY), block).filter(Consents::isPolicy));
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
        return undelivered.all().size();
    }

    /** How the ledger stands. */
    public ConsentLedger.Standing standing() {
        return ledger.standing();
    }

    /** Tells the ledger of every end that it does not have yet. Once it cannot take one, the rest waits too. */
    public void deliver() {
        for (var end : undelivered.all()) {
            if (!deliver(end.transaction())) {
                return;
            }
        }
    }

    /** Forgets what is cached of the twin; called when it was erased. */
    public void forget(TwinId twin) {
        forgotten.incrementAndGet();
        synchronized (inMemory) {
            inMemory.remove(twin);
        }
        index.forget(twin);
    }

    Instant now() {
        return clock.instant();
    }

    private void end(ConsentHandle handle, Function<ConsentRecord, Transaction> how) {
        var record = record(handle);
        if (record.status() != Status.ACTIVE) {
            return;
        }
        var transaction = how.apply(record);
        ConsentLife.of(Optional.of(record)).decide(transaction, ledger.charter(), now());
        undelivered.add(transaction, now());
        index.ended(handle);
        deliver(transaction);
    }

    /**
     * False when the ledger cannot take it now. A refusal means that the consent ended otherwise meanwhile; any other would
     * have been heard before.
     */
    private boolean deliver(Transaction transaction) {
        try {
            ledger.submit(transaction);
        } catch (LedgerUnavailable e) {
            LOG.warn("The end of a consent waits for the ledger; it denies already ({})", e.getMessage());
            return false;
        } catch (LedgerRefused refused) {
            if (record(transaction.handle()).status() == Status.ACTIVE) {
                throw refused;
            }
        }
        undelivered.remove(transaction.handle());
        return true;
    }

    private ConsentRecord record(ConsentHandle handle) {
        return ledger.get(handle).orElseThrow(() -> new LedgerRefused(LedgerRefused.Why.UNKNOWN_HANDLE));
    }

    /** Of every consent that the ledger holds active, understood or not. */
    private List<ConsentHandle> handles(TwinId twin) {
        return opened(twin).stream()
                .map(Opened::handle)
                .distinct()
                .filter(handle -> ledger.get(handle)
                        .filter(ConsentRecord::isActiveConsent)
                        .isPresent())
                .toList();
    }

    private Stream<Consent> join(List<Opened> opened) {
        return opened.stream().flatMap(each -> join(each).stream());
    }

    private Optional<Consent> join(Opened opened) {
        var consent = opened.consent();
        return consent == null
                ? Optional.empty()
                : ledger.get(opened.handle())
                        .filter(opened::matches)
                        .map(record -> joined(consent, opened.rules(consent, grantedAt(record)), record));
    }

    private Consent joined(FhirConsent consent, CompiledConsents rules, ConsentRecord record) {
        return new Consent(
                record.handle(),
                consent.twin(),
                record.step(),
                consent.terms(),
                rules,
                status(consent.terms(), record),
                grantedAt(record),
                endedAt(record));
    }

    private Instant grantedAt(ConsentRecord record) {
        return record.step() == 1
                ? record.at()
                : ledger.historyOf(record.handle()).getFirst().at();
    }

    private @Nullable Instant endedAt(ConsentRecord record) {
        return record.status() == Status.ACTIVE
                ? undelivered.since(record.handle()).orElse(null)
                : record.at();
    }

    private Status status(Terms terms, ConsentRecord record) {
        if (record.status() != Status.ACTIVE) {
            return record.status();
        }
        if (undelivered.since(record.handle()).isPresent()) {
            return Status.REVOKED;
        }
        return terms.term().endedBy(now()) ? Status.EXPIRED : Status.ACTIVE;
    }

    private List<Opened> opened(TwinId twin) {
        synchronized (inMemory) {
            var known = inMemory.get(twin);
            if (known != null) {
                return known;
            }
        }
        long before = forgotten.get();
        var read = openings.of(twin).stream()
                .map(opening -> Opened.of(twin, opening))
                .toList();
        synchronized (inMemory) {
            if (forgotten.get() == before) {
                inMemory.put(twin, read);
            }
        }
        return read;
    }

    private byte[] randomBytes() {
        var bytes = new byte[32];
        random.nextBytes(bytes);
        return bytes;
    }

    /** An opening, read. */
    private static final class Opened {
        private final ConsentHandle handle;
        private final String commitment;
        private final @Nullable FhirConsent consent;
        private @Nullable CompiledConsents rules;

        private Opened(ConsentHandle handle, String commitment, @Nullable FhirConsent consent) {
            this.handle = handle;
            this.commitment = commitment;
            this.consent = consent;
        }

        static Opened of(TwinId twin, Opening opening) {
            var commitment = Hex.of(FhirConsent.commitment(opening.salt(), opening.consent()));
            var consent = FhirConsent.read(opening.consent())
                    .filter(c -> c.handle().equals(opening.handle()) && c.twin().equals(twin));
            return new Opened(opening.handle(), commitment, consent.orElse(null));
        }

        ConsentHandle handle() {
            return handle;
        }

        /** What it says; null when it is not understood or speaks of another consent or twin. */
        @Nullable
        FhirConsent consent() {
            return consent;
        }

        /** As the engine decides by what it says. @param grantedAt as the ledger has it, once and for all */
        CompiledConsents rules(FhirConsent said, Instant grantedAt) {
            var known = rules;
            if (known == null) {
                known = ConsentPolicy.rules(said.bytes(), grantedAt);
                rules = known;
            }
            return known;
        }

        boolean matches(ConsentRecord record) {
            return record.commitment().equals(commitment);
        }
    }
}
