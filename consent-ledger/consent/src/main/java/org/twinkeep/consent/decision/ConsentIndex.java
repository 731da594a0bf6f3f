package org.twinkeep.consent.decision;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.twinkeep.consent.Consent.Status;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.FhirConsent;
import org.twinkeep.consent.KeptConsent;
import org.twinkeep.consent.Openings;
import org.twinkeep.consent.Openings.Opening;
import org.twinkeep.consent.Provenance;
import org.twinkeep.consent.Provenance.Proof;
import org.twinkeep.consent.Release;
import org.twinkeep.consent.Undelivered;
import org.twinkeep.consent.durable.Hex;
import org.twinkeep.consent.ledger.ConsentLedger;
import org.twinkeep.consent.ledger.ConsentLedger.Position;
import org.twinkeep.consent.ledger.ConsentRecord;
import org.twinkeep.consent.ledger.ConsentRecord.Kind;
import org.twinkeep.consent.ledger.LedgerUnavailable;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.keys.TwinForgotten;

/**
 * The live consents of twins, compiled, in memory: answers without asking the ledger, and says as of which block.
 *
 * <p>It follows the ledger, so whatever a block ends is gone from it before the block's transaction is acknowledged; what
 * is ended while the ledger is out of reach goes with {@link #ended}. A twin is read from its openings when first asked
 * for. A consent that the ledger holds active and that cannot be read denies everything of its twin.
 *
 * <p>Fails closed: when the ledger was not heard of for longer than the bound, every answer is no until it is. What it
 * holds can be forgotten at any time and is read again.
 */
public final class ConsentIndex {

    private static final Logger LOG = LoggerFactory.getLogger(ConsentIndex.class);
    private static final byte[] CANNOT_BE_READ = {};

    /** Handles of twins that are not kept any more stay in the table until there are this many for each that is. */
    private static final int MOST_HANDLES_A_TWIN = 200;

    private final ConsentLedger ledger;
    private final Openings openings;
    private final Undelivered undelivered;
    private final Clock clock;
    private final Duration bound;
    private final int mostTwins;
    private final Vocabulary vocabulary;
    private final Provenance provenance;

    private final Object lock = new Object();
    private final Map<TwinId, OfTwin> twins;
    /** Taken out of a twin that is in memory, before the ledger had it. */
    private final Set<ConsentHandle> gone = new HashSet<>();

    private HandleTable handles = new HandleTable();
    private long changes;
    private volatile Position position = Position.NONE;
    private volatile Instant heardAt = Instant.MIN;

    /**
     * @param bound how long the ledger may be silent and out of reach before every answer is no
     * @param mostTwins how many twins are kept; those read the longest ago are forgotten
     * @param provenance what is not provably the patient's counts for nothing
     */
    public ConsentIndex(
            ConsentLedger ledger,
            Openings openings,
            Undelivered undelivered,
            Clock clock,
            Duration bound,
            int mostTwins,
            Vocabulary vocabulary,
            Provenance provenance) {
        this.ledger = ledger;
        this.openings = openings;
        this.undelivered = undelivered;
        this.clock = clock;
        this.bound = bound;
        this.mostTwins = mostTwins;
        this.vocabulary = vocabulary;
        this.provenance = provenance;
        this.twins = new LinkedHashMap<>() {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<TwinId, OfTwin> eldest) {
                return size() > mostTwins;
            }
        };
        var head = ledger.head();
        hear(head);
        ledger.follow(head.block(), this::follow);
    }

    /** A decision, the consents that it was made on, and the block that they are as of. */
    public record Answered(Decision decision, OfTwin consents, Position asOf) {}

    /**
     * May this be done to this item of the twin?
     *
     * @throws RuntimeException of {@link Openings} when a twin that is not in memory cannot be read; that means no
     */
    public Answered decide(TwinId twin, Ask ask, Item item, Implicit implicit) {
        if (isBehind()) {
            return denied("ledger", implicit);
        }
        var found = find(twin);
        var consents = live(twin, found);
        return new Answered(Decisions.decide(consents.rules(), ask, item, implicit), consents, found.asOf());
    }

    /**
     * What the live consents of the twin say to this request, after a look at how far the ledger is.
     *
     * @throws LedgerUnavailable when the ledger was not heard of for longer than the bound
     * @throws RuntimeException of {@link Openings} when a twin that is not in memory cannot be read; that means no
     */
    public Ruling rule(TwinId twin, Ask ask, Implicit implicit) {
        ask(clock.instant());
        if (isBehind()) {
            throw new LedgerUnavailable("The ledger was not heard of for longer than " + bound + ".", null);
        }
        var found = find(twin);
        return new Ruling(live(twin, found), ask, implicit, found.asOf());
    }

    /** No, because no answer is possible. @param path of what it is not possible for */
    public Answered denied(String path, Implicit implicit) {
        var nothing = new OfTwin(CompiledConsents.none(vocabulary), Handles.of(List.of()));
        return new Answered(Decision.deniedBy(path, implicit), nothing, position);
    }

    /** A decision of the past, made again; or why not. */
    public sealed interface Past {

        /** The same bytes as then, from the same consents, question and policy. */
        record Again(Decision decision, OfTwin consents) implements Past {}

        /** What the consents said was erased with the twin. */
        record Erased() implements Past {}
    }

    /**
     * What was answered when this block was the last one. What was ended here but had not reached the ledger then is not
     * part of it: the trail tells of it.
     *
     * @param block not after the last one that was heard of
     */
    public Past asOf(TwinId twin, long block, Ask ask, Item item, Implicit implicit) {
        if (block > position.block()) {
            throw new IllegalArgumentException("a block that is not there yet");
        }
        try {
            var then = read(twin, block, _ -> false);
            return new Past.Again(Decisions.decide(then.rules(), ask, item, implicit), then);
        } catch (TwinForgotten e) {
            return new Past.Erased();
        }
    }

    /** The live consents of a twin. @param handles by the numbers of the rules */
    public record OfTwin(CompiledConsents rules, Handles handles) {

        /** Of consents that have no handle yet. */
        static OfTwin unrecorded(CompiledConsents rules) {
            return new OfTwin(rules, Handles.of(List.of()));
        }

        @Override
        public String toString() {
            return "OfTwin";
        }
    }

    /** What is live of the twin now; read from its openings where it is not in memory. */
    public OfTwin of(TwinId twin) {
        return live(twin, find(twin));
    }

    /** The last block that was heard of. */
    public Position position() {
        return position;
    }

    /** Whether the ledger was not heard of for longer than the bound; every answer is no then. */
    public boolean isBehind() {
        var now = clock.instant();
        if (now.isAfter(heardAt.plus(bound.dividedBy(2)))) {
            ask(now);
        }
        return now.isAfter(heardAt.plus(bound));
    }

    /** Before a grant is submitted: so that the block that records it is known to be the twin's. */
    public void expect(TwinId twin, ConsentHandle handle) {
        synchronized (lock) {
            handles.put(handle, twin);
            forgotten(twin);
        }
    }

    /** Ended, whether the ledger has it yet or not. */
    public void ended(ConsentHandle handle) {
        synchronized (lock) {
            handles.find(handle, twin -> {
                if (takeOut(twin, handle)) {
                    gone.add(handle);
                } else {
                    forgotten(twin);
                }
            });
            changes++;
        }
    }

    /** Reads the twin again when it is asked for next. */
    public void forget(TwinId twin) {
        synchronized (lock) {
            forgotten(twin);
        }
    }

    /** Forgets everything; each twin is read again when it is asked for next. */
    public void rebuild() {
        synchronized (lock) {
            twins.clear();
            handles = new HandleTable();
            changes++;
        }
    }

    /** What it takes in memory, about: the compiled consents, their handles, and the tables around them. */
    public long bytes() {
        synchronized (lock) {
            long perTwin = 64 + 48 + 24;
            return handles.bytes()
                    + twins.values().stream()
                            .mapToLong(each -> perTwin
                                    + each.rules().bytes()
                                    + each.handles().bytes())
                            .sum();
        }
    }

    // --- following

    private void follow(Position block) {
        synchronized (lock) {
            for (long next = position.block() + 1; next <= block.block(); next++) {
                ledger.recordedBy(next).forEach(this::recorded);
            }
            hear(block);
        }
    }

    private void recorded(ConsentRecord record) {
        var handle = record.handle();
        boolean known = handles.find(handle, twin -> {
            if (record.status() == Status.ACTIVE) {
                forgotten(twin);
            } else if (!gone.remove(handle) && !takeOut(twin, handle)) {
                forgotten(twin);
            }
        });
        changes++;
        if (!known && begins(record)) {
            twins.clear();
        }
    }

    /** Granted, of itself or of a proposal: of a twin that nobody knows yet. */
    private boolean begins(ConsentRecord record) {
        return record.isActiveConsent()
                && ledger.historyOf(record.handle()).stream()
                        .filter(ConsentRecord::isActiveConsent)
                        .findFirst()
                        .equals(Optional.of(record));
    }

    /** What only permits is over at once; what may deny still is read again. False where it has to be. */
    private boolean takeOut(TwinId twin, ConsentHandle handle) {
        var live = twins.get(twin);
        int number = live == null ? -1 : live.handles().numberOf(handle);
        if (live == null || number < 0 || !live.rules().isOurs(number)) {
            return false;
        }
        twins.put(twin, new OfTwin(live.rules().without(number), live.handles().without(number)));
        return true;
    }

    private void forgotten(TwinId twin) {
        twins.remove(twin);
        changes++;
    }

    private void hear(Position block) {
        if (block.block() > position.block()) {
            position = block;
        }
        heardAt = clock.instant();
    }

    /** A ledger that is shorter than what was heard is none that we know. */
    private void ask(Instant now) {
        try {
            var head = ledger.head();
            if (head.block() > position.block()) {
                follow(head);
            } else if (head.equals(position)) {
                heardAt = now;
            }
        } catch (LedgerUnavailable e) {
            LOG.warn("The ledger is out of reach since {}; after {} nobody is let in", heardAt, bound);
        }
    }

    // --- reading a twin

    /** @param changes what had changed until then: what is read as of a position is kept only if nothing did since */
    private record Found(@Nullable OfTwin live, Position asOf, long changes) {}

    private Found find(TwinId twin) {
        synchronized (lock) {
            return new Found(twins.get(twin), position, changes);
        }
    }

    private OfTwin live(TwinId twin, Found found) {
        var known = found.live();
        if (known != null) {
            return known;
        }
        long block = found.asOf().block();
        var read = read(twin, block, handle -> undelivered.since(handle).isPresent());
        synchronized (lock) {
            if (changes == found.changes()) {
                twins.put(twin, read);
            }
        }
        return read;
    }

    /** @param waits whether a consent was ended, and the ledger does not have that yet */
    private OfTwin read(TwinId twin, long block, Predicate<ConsentHandle> waits) {
        var byHandle = new LinkedHashMap<ConsentHandle, List<Opening>>();
        for (var opening : openings.of(twin)) {
            byHandle.computeIfAbsent(opening.handle(), _ -> new ArrayList<>()).add(opening);
        }
        synchronized (lock) {
            if (handles.size() / MOST_HANDLES_A_TWIN > mostTwins) {
                rebuild();
            }
            byHandle.keySet().forEach(handle -> handles.put(handle, twin));
        }
        var live = new LinkedHashMap<ConsentHandle, ConsentRecord>();
        var ended = new LinkedHashMap<ConsentHandle, ConsentRecord>();
        var released = new HashSet<ConsentHandle>();
        for (var entry : byHandle.entrySet()) {
            var record = ledger.asOf(entry.getKey(), block).filter(each -> each.kind() == Kind.CONSENT);
            var opening = record.flatMap(each -> opened(each, entry.getValue()));
            var release = opening.flatMap(each -> provenance.released(twin, each, record.orElseThrow()));
            if (release.isPresent()) {
                released.add(release.get());
            } else if (record.filter(ConsentRecord::isActiveConsent).isEmpty() || waits.test(entry.getKey())) {
                record.filter(this::mayStillDeny).ifPresent(each -> ended.put(entry.getKey(), each));
            } else if (opening.flatMap(each -> Release.read(each.consent())).isEmpty()) {
                live.put(entry.getKey(), record.orElseThrow());
            }
        }
        ended.keySet().removeAll(released);
        var rules = CompiledConsents.none(vocabulary);
        var counted = new ArrayList<ConsentHandle>();
        for (var each : live.entrySet()) {
            var record = each.getValue();
            var opening = opened(record, Objects.requireNonNull(byHandle.get(each.getKey())));
            var proof = opening.map(found -> provenance.of(twin, found, record)).orElse(Proof.NONE);
            var more = proof == Proof.ONE_HAND
                    ? withDenials(rules, twin, record, opening)
                    : with(rules, twin, record, opening.filter(_ -> proof.counts()));
            if (more.count() > rules.count()) {
                counted.add(each.getKey());
            }
            rules = more;
        }
        for (var each : ended.entrySet()) {
            var opening = opened(each.getValue(), Objects.requireNonNull(byHandle.get(each.getKey())));
            var left = withDenials(rules, twin, each.getValue(), opening);
            if (left.count() > rules.count()) {
                counted.add(each.getKey());
            }
            rules = left;
        }
        return new OfTwin(rules, Handles.of(counted));
    }

    /** Ended by somebody else than the patient, or by the patient and not recorded yet: either may open something. */
    private boolean mayStillDeny(ConsentRecord record) {
        return record.status() == Status.ACTIVE
                || !ledger.wasRevoked(record.handle())
                        && ConsentRecord.isEndedConsent(ledger.historyOf(record.handle()));
    }

    /**
     * What is of our own shape denies nothing by itself. Whose word the rest is, is not asked: what counts for nothing as a
     * grant may be a denial whose certificate was taken away.
     */
    private static CompiledConsents withDenials(
            CompiledConsents rules, TwinId twin, ConsentRecord record, Optional<Opening> opened) {
        var text = opened.map(Opening::consent);
        if (text.flatMap(FhirConsent::read).isPresent()
                || text.flatMap(Release::read).isPresent()) {
            return rules;
        }
        var other = text.flatMap(KeptConsent::read)
                .filter(c -> c.handle().equals(record.handle()) && c.twin().equals(twin));
        return other.isPresent()
                ? rules.withDenialsOf(other.get().dialect(), other.get().consent())
                : rules.withDenialsOf(Dialect.OURS, CANNOT_BE_READ);
    }

    private Instant grantedAt(ConsentRecord record) {
        return record.step() == 1 ? record.at() : ConsentRecord.grantedAt(ledger.historyOf(record.handle()));
    }

    private static Optional<Opening> opened(ConsentRecord record, List<Opening> openings) {
        return openings.stream()
                .filter(opening -> Hex.of(FhirConsent.commitment(opening.salt(), opening.consent()))
                        .equals(record.commitment()))
                .findFirst();
    }

    private CompiledConsents with(CompiledConsents rules, TwinId twin, ConsentRecord record, Optional<Opening> opened) {
        var ours = opened.map(Opening::consent)
                .filter(text -> FhirConsent.read(text)
                        .filter(c ->
                                c.handle().equals(record.handle()) && c.twin().equals(twin))
                        .isPresent());
        if (ours.isPresent()) {
            return rules.with(Dialect.OURS, ours.get(), grantedAt(record));
        }
        var other = opened.flatMap(opening -> KeptConsent.read(opening.consent()))
                .filter(c -> c.handle().equals(record.handle()) && c.twin().equals(twin));
        return other.isPresent()
                ? rules.with(other.get().dialect(), other.get().consent(), grantedAt(record))
                : rules.with(Dialect.OURS, CANNOT_BE_READ, grantedAt(record));
    }

    /** Handles of consents, by number; 32 bytes each. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Handles(byte[] bytes32) {

        private static final int SIZE = 32;

        static Handles of(List<ConsentHandle> handles) {
            var bytes = new byte[SIZE * handles.size()];
            for (int i = 0; i < handles.size(); i++) {
                System.arraycopy(Hex.parse(handles.get(i).value()), 0, bytes, i * SIZE, SIZE);
            }
            return new Handles(bytes);
        }

        public ConsentHandle get(int number) {
            return new ConsentHandle(Hex.of(Arrays.copyOfRange(bytes32, number * SIZE, (number + 1) * SIZE)));
        }

        int numberOf(ConsentHandle handle) {
            var wanted = Hex.parse(handle.value());
            for (int i = 0; i * SIZE < bytes32.length; i++) {
                if (Arrays.equals(bytes32, i * SIZE, (i + 1) * SIZE, wanted, 0, SIZE)) {
                    return i;
                }
            }
            return -1;
        }

        Handles without(int number) {
            var left = new byte[bytes32.length - SIZE];
            System.arraycopy(bytes32, 0, left, 0, number * SIZE);
            System.arraycopy(bytes32, (number + 1) * SIZE, left, number * SIZE, left.length - number * SIZE);
            return new Handles(left);
        }

        long bytes() {
            return 16 + 16 + bytes32.length;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Handles(byte[] theirs) && Arrays.equals(bytes32, theirs);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes32);
        }

        @Override
        public String toString() {
            return "Handles";
        }
    }
}
