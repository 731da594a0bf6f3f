package org.twinkeep.consent.trail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.twinkeep.consent.Verdict;
import org.twinkeep.consent.durable.DurableFiles;
import org.twinkeep.consent.durable.GroupCommit;
import org.twinkeep.consent.durable.Hex;
import org.twinkeep.consent.durable.Sha256;
import org.twinkeep.consent.ledger.ConsentLedger.Position;
import org.twinkeep.consent.ledger.LedgerUnavailable;
import org.twinkeep.crypto.Box;
import org.twinkeep.crypto.KeyScope;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.Tampered;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.access.Receipt;
import org.twinkeep.crypto.access.ReceiptAuthority;
import org.twinkeep.crypto.keys.KeyRing;
import org.twinkeep.crypto.keys.ScopeForgotten;
import org.twinkeep.crypto.keys.StreamName;
import org.twinkeep.crypto.keys.TwinForgotten;
import org.twinkeep.crypto.sign.SigningKey;
import org.twinkeep.crypto.sign.VerifyingKey;

/**
 * The trail in the files of a C2SP tiled log (docs/formats/trail.md): any web server or object store can serve the folder
 * as it is, and any auditor can check it with {@link TrailCheck}.
 *
 * <p>Promise: a leaf is on the disk (fsync) before a method returns; a crash at any point leaves every acknowledged leaf.
 * Opening reads and verifies all of it, and refuses to continue what was altered. Everything that is kept in memory (which
 * leaf is whose, what the ledger had reached) is read from the leaves.
 */
public final class TileTrail implements Trail {

    private static final Logger LOG = LoggerFactory.getLogger(TileTrail.class);

    /** So many heads of streams stay well below the 65,535 bytes that an entry of the log may have. */
    private static final int HEADS_A_LEAF = 400;

    private static final String PERMIT = "permit";
    private static final String DENY = "deny";
    private static final String VERDICT = "verdict";
    private static final String DISCLOSURE = "disclosure";

    private final SigningKey key;
    private final KeyRing keys;
    private final ReceiptAuthority receipts;
    private final StreamHeads heads;
    private final Clock clock;
    private final SecureRandom random;

    private final GroupCommit<Draft, Written> commits = new GroupCommit<>(this::commit);
    private final Object checkpointing = new Object();
    private final TileLog log;

    /** What the leaves say; changed by the committing thread alone, and under its own monitor. */
    private final TrailMemory memory;

    /** A leaf to be, except for what only its place tells: its counter and time. */
    private sealed interface Draft {

        /** What it says of the ledger. */
        Position ledger();

        record About(
                String kind, String twin, String decision, Position ledger, int epoch, byte[] sealed, byte[] commitment)
                implements Draft {}

        record Heads(long position, boolean more, List<StreamHeads.Head> heads) implements Draft {
            @Override
            public Position ledger() {
                return Position.NONE;
            }
        }

        record LedgerAt(Position ledger) implements Draft {}
    }

    /** A leaf that is durable. */
    private record Written(long index, String hash, Instant at) {
        static final Written NOTHING = new Written(-1, "", Instant.EPOCH);
    }

    private TileTrail(
            TileLog log,
            TrailMemory memory,
            SigningKey key,
            KeyRing keys,
            ReceiptAuthority receipts,
            StreamHeads heads,
            Clock clock,
            SecureRandom random) {
        this.log = log;
        this.memory = memory;
        this.key = key;
        this.keys = keys;
        this.receipts = receipts;
        this.heads = heads;
        this.clock = clock;
        this.random = random;
    }

    /**
     * Opens the trail in this folder, or begins one in an empty folder.
     *
     * @param origin names the log in its checkpoints: no white space, no plus
     * @throws TrailUnwritable when it cannot be read, or was altered; the message names the file
     */
    public static TileTrail open(
            Path folder,
            String origin,
            SigningKey key,
            KeyRing keys,
            ReceiptAuthority receipts,
            StreamHeads heads,
            Clock clock,
            SecureRandom random) {
        if (!origin.matches("[^\\s+]+")) {
            throw new IllegalArgumentException("an origin has no white space and no plus");
        }
        try {
            DurableFiles.makeFolder(folder);
            var scan = TrailScan.of(folder, origin, key.verifyingKey(), false);
            if (!scan.problems().isEmpty()) {
                var first = scan.problems().getFirst();
                throw new TrailUnwritable(
                        folder.resolve(first.file()) + " " + first.what()
                                + ". Nobody is let in on it; put back the folder from a backup.",
                        null);
            }
            if (scan.torn()) {
                LOG.warn(
                        "{}: a leaf that was never acknowledged was cut off",
                        folder.resolve(Journal.path(scan.bundles())));
            }
            var log = TileLog.after(scan, folder, origin, key);
            return new TileTrail(log, scan.memory(), key, keys, receipts, heads, clock, random);
        } catch (IOException e) {
            throw new TrailUnwritable(folder + " cannot be read or written: check its owner and the disk.", e);
        }
    }

    @Override
    public Receipt permitted(
            TwinId twin,
            Looker who,
            String purpose,
            @Nullable String why,
            List<String> consents,
            Set<KeyScope> scopes,
            Position reliedOn) {
        var part = new PrivatePart(who, purpose, why, consents, scopes, 0, null, null);
        var leaf = commits.submit(about(twin, VERDICT, PERMIT, reliedOn, part));
        return receipts.issue(twin, scopes, leaf.index(), leaf.hash(), leaf.at());
    }

    @Override
    public String denied(TwinId twin, Looker who, String purpose, String reason, Position reliedOn) {
        return commits.submit(about(twin, VERDICT, DENY, reliedOn, denial(who, purpose, reason)))
                .hash();
    }

    /** Sealed under a key that nobody has, under a name that nobody bears. */
    @Override
    public String deniedUnknown(Looker who, String purpose, Position reliedOn) {
        var name = new byte[20];
        random.nextBytes(name);
        try (var nobody = Secret.random(random)) {
            var part = denial(who, purpose, Verdict.Reason.UNKNOWN_TWIN.plain());
            return commits.submit(about("hdt-" + Hex.of(name), nobody, 0, VERDICT, DENY, reliedOn, part))
                    .hash();
        }
    }

    @Override
    public String disclosed(Receipt receipt, Looker who, String purpose, int entries, byte[] envelopesHash) {
        var verdict = leaf(receipt.leafIndex()) instanceof Leaf.About about ? about.ledger() : Position.NONE;
        var part = new PrivatePart(
                who, purpose, null, List.of(), receipt.scopes(), entries, Hex.of(envelopesHash), receipt.leafIndex());
        return commits.submit(about(receipt.twin(), DISCLOSURE, PERMIT, verdict, part))
                .hash();
    }

    private static PrivatePart denial(Looker who, String purpose, String reason) {
        return new PrivatePart(who, purpose, reason, List.of(), Set.of(), 0, null, null);
    }

    private Draft about(TwinId twin, String kind, String decision, Position ledger, PrivatePart part) {
        var name = keys.streamOf(twin, KeyScope.Own.LOOKS);
        int epoch = keys.epochOf(twin, KeyScope.Own.LOOKS);
        try (var looks = keys.skeletonKey(twin, KeyScope.Own.LOOKS, epoch)) {
            return about(name.value(), looks, epoch, kind, decision, ledger, part);
        }
    }

    private Draft about(
            String twin, Secret looks, int epoch, String kind, String decision, Position ledger, PrivatePart part) {
        var plain = part.padded(random);
        return new Draft.About(
                kind, twin, decision, ledger, epoch, Box.seal(looks, associated(twin), plain), Sha256.of(plain));
    }

    private static byte[] associated(String twin) {
        return utf8("twinkeep-trail-1 " + twin);
    }

    @Override
    public void ledgerAdvanced(Position position) {
        if (!position.equals(remembersLedger())) {
            commits.submit(new Draft.LedgerAt(position));
        }
    }

    @Override
    public Position remembersLedger() {
        synchronized (memory) {
            return memory.ledger();
        }
    }

    @Override
    public void checkpoint() {
        synchronized (checkpointing) {
            writeHeads();
            commits.alone(() -> {
                try {
                    log.sign();
                    return log;
                } catch (IOException e) {
                    throw log.unwritable(e);
                }
            });
        }
    }

    private void writeHeads() {
        long since;
        synchronized (memory) {
            since = memory.position();
        }
        var moved = heads.movedSince(since);
        for (int from = 0; from < moved.heads().size(); from += HEADS_A_LEAF) {
            int to = Math.min(from + HEADS_A_LEAF, moved.heads().size());
            boolean more = to < moved.heads().size();
            commits.submit(new Draft.Heads(
                    moved.position(), more, List.copyOf(moved.heads().subList(from, to))));
        }
    }

    /** Appends what waits, bundle by bundle; what came before a failure is durable and stays so. */
    private List<Supplier<Written>> commit(List<Draft> drafts) {
        var outcomes = new ArrayList<Supplier<Written>>();
        try {
            while (outcomes.size() < drafts.size()) {
                int to = Math.min(drafts.size(), outcomes.size() + log.room());
                outcomes.addAll(append(drafts.subList(outcomes.size(), to)));
            }
        } catch (IOException e) {
            var failure = log.unwritable(e);
            while (outcomes.size() < drafts.size()) {
                outcomes.add(() -> {
                    throw failure;
                });
            }
        }
        return outcomes;
    }

    private List<Supplier<Written>> append(List<Draft> drafts) throws IOException {
        long at = Math.max(clock.millis(), memory.at());
        var ledger = memory.ledger();
        var counters = new HashMap<String, Long>();
        var entries = new ArrayList<byte[]>();
        var written = new ArrayList<Written>();
        var outcomes = new ArrayList<Supplier<Written>>();
        for (var draft : drafts) {
            var reached = draft.ledger();
            if (reached.block() == ledger.block() && !reached.equals(ledger)) {
                outcomes.add(() -> {
                    throw otherLedger(reached);
                });
            } else if (draft instanceof Draft.LedgerAt && reached.block() <= ledger.block()) {
                outcomes.add(() -> Written.NOTHING);
            } else {
                ledger = reached.block() > ledger.block() ? reached : ledger;
                int place = entries.size();
                entries.add(bytes(draft, at, counters));
                outcomes.add(() -> written.get(place));
            }
        }
        if (!entries.isEmpty()) {
            long first = log.append(entries);
            for (int i = 0; i < entries.size(); i++) {
                remember(entries.get(i));
                written.add(new Written(first + i, Leaf.hashOf(entries.get(i)), Instant.ofEpochMilli(at)));
            }
        }
        return outcomes;
    }

    private static LedgerUnavailable otherLedger(Position position) {
        return new LedgerUnavailable("block " + position.block() + " is not the one that the trail remembers", null);
    }

    private byte[] bytes(Draft draft, long at, Map<String, Long> counters) {
        return switch (draft) {
            case Draft.About about -> {
                long counter = counters.merge(about.twin(), memory.nextCounter(about.twin()), (last, _) -> last + 1);
                yield new Leaf.About(
                                about.kind(),
                                at,
                                about.twin(),
                                counter,
                                about.decision(),
                                about.ledger(),
                                about.epoch(),
                                Base64.getEncoder().encodeToString(about.sealed()),
                                Hex.of(about.commitment()))
                        .bytes();
            }
            case Draft.Heads(var position, var more, var moved) -> new Leaf.Heads(at, position, more, moved).bytes();
            case Draft.LedgerAt(var position) -> new Leaf.LedgerAt(at, position).bytes();
        };
    }

    private void remember(byte[] entry) {
        synchronized (memory) {
            try {
                memory.take(Leaf.readPublic(entry));
            } catch (Altered e) {
                throw new IllegalStateException("a leaf that was just written contradicts: " + e.what(), e);
            }
        }
    }

    @Override
    public List<Look> looks(TwinId twin) {
        try {
            var name = keys.streamOf(twin, KeyScope.Own.LOOKS).value();
            long[] numbers;
            synchronized (memory) {
                numbers = memory.of(name);
            }
            try (var looks = new LooksKeys(twin)) {
                return LongStream.of(numbers)
                        .boxed()
                        .sorted(Comparator.reverseOrder())
                        .flatMap(number -> look(number, looks).stream())
                        .toList();
            }
        } catch (TwinForgotten e) {
            return List.of();
        }
    }

    private Optional<Look> look(long number, LooksKeys looks) {
        var entry = log.entry(number);
        if (!(parsed(entry) instanceof Leaf.About about)) {
            return Optional.empty();
        }
        return looks.open(about)
                .map(part -> new Look(
                        number,
                        Leaf.hashOf(entry),
                        about.counter(),
                        Instant.ofEpochMilli(about.at()),
                        part.who(),
                        part.purpose(),
                        about.decision().equals(PERMIT),
                        part.why(),
                        part.consents(),
                        part.scopes(),
                        part.entries(),
                        part.verdictLeaf()));
    }

    @Override
    public long size() {
        return log.size();
    }

    @Override
    public List<PublicLeaf> leaves(long from, int count) {
        long newest = size() - 1 - Math.max(0, from);
        return LongStream.iterate(newest, number -> number >= 0, number -> number - 1)
                .limit(Math.max(0, count))
                .mapToObj(this::publicLeaf)
                .toList();
    }

    private PublicLeaf publicLeaf(long number) {
        var entry = log.entry(number);
        var hash = Leaf.hashOf(entry);
        return switch (parsed(entry)) {
            case Leaf.About about -> {
                var part = openedByOwner(about);
                yield new PublicLeaf(
                        number,
                        hash,
                        about.kind(),
                        Instant.ofEpochMilli(about.at()),
                        about.decision(),
                        about.twin(),
                        about.counter(),
                        about.ledger().block(),
                        part.map(PrivatePart::who).orElse(null),
                        part.map(PrivatePart::purpose).orElse(null),
                        part.map(PrivatePart::why).orElse(null));
            }
            case Leaf.Heads moved -> withoutTwin(number, hash, moved, Position.NONE.block());
            case Leaf.LedgerAt reached ->
                withoutTwin(number, hash, reached, reached.position().block());
        };
    }

    private static PublicLeaf withoutTwin(long number, String hash, Leaf leaf, long block) {
        return new PublicLeaf(
                number, hash, leaf.kind(), Instant.ofEpochMilli(leaf.at()), "", "", 0, block, null, null, null);
    }

    private Optional<PrivatePart> openedByOwner(Leaf.About about) {
        try {
            return keys.ownerOf(new StreamName(about.twin())).flatMap(owner -> {
                try (var looks = new LooksKeys(owner.twin())) {
                    return looks.open(about);
                }
            });
        } catch (TwinForgotten e) {
            return Optional.empty();
        }
    }

    @Override
    public String checkpointNote() {
        return log.note();
    }

    @Override
    public String proof(long leafIndex) {
        return log.proof(leafIndex);
    }

    @Override
    public VerifyingKey verifyingKey() {
        return key.verifyingKey();
    }

    @Override
    public void close() {
        commits.alone(() -> {
            log.close();
            return log;
        });
    }

    private Leaf leaf(long number) {
        return parsed(log.entry(number));
    }

    private static Leaf parsed(byte[] entry) {
        try {
            return Leaf.read(entry);
        } catch (Altered e) {
            throw new IllegalStateException("a leaf that was verified " + e.what(), e);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The keys that open one twin's private parts, fetched once an epoch, wiped in the end. */
    private final class LooksKeys implements AutoCloseable {
        private final TwinId twin;
        private final Map<Integer, Secret> ofEpoch = new HashMap<>();

        LooksKeys(TwinId twin) {
            this.twin = twin;
        }

        Optional<PrivatePart> open(Leaf.About about) {
            try {
                var looks = ofEpoch.computeIfAbsent(
                        about.epoch(), epoch -> keys.skeletonKey(twin, KeyScope.Own.LOOKS, epoch));
                var sealed = Base64.getDecoder().decode(about.sealed());
                return Optional.of(PrivatePart.read(Box.open(looks, associated(about.twin()), sealed)));
            } catch (ScopeForgotten | Tampered e) {
                return Optional.empty();
            }
        }

        @Override
        public void close() {
            ofEpoch.values().forEach(Secret::close);
        }
    }
}
