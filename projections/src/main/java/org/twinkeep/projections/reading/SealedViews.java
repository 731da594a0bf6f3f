package org.twinkeep.projections.reading;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.twinkeep.consent.AccessRequest;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.Consents;
import org.twinkeep.consent.Purpose;
import org.twinkeep.consent.Verdict.Permitted;
import org.twinkeep.consent.trail.Looker;
import org.twinkeep.consent.trail.Trail;
import org.twinkeep.crypto.Box;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.KeyScope;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.Tampered;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.access.Receipt;
import org.twinkeep.crypto.keys.SlotId;
import org.twinkeep.crypto.keys.Vault;
import org.twinkeep.projections.clinic.ChapterTable;
import org.twinkeep.projections.clinic.LabelRules;
import org.twinkeep.twin.EntryId;
import org.twinkeep.twin.TwinHistory;
import org.twinkeep.twin.erasure.Sweep;

/**
 * The views at rest: each sealed in blocks under a random key of its own, which is a slot of the vault and in no backup. A
 * view holds only what its consents cover; it is built anew when a chapter moved, the consents changed or the tables did.
 * Opened, it stays in a small cache of this process, under the same conditions.
 *
 * <p>Destroying a view destroys its key first, then its rows.
 */
public final class SealedViews implements Views, Sweep, AutoCloseable {

    /** Who builds views: finding what an entry touches needs every chapter. */
    static final Looker BUILDER = new Looker("system:view-builder", "View builder", "this house", "system");

    static final String BUILDER_PURPOSE = "HOPERAT";

    private static final Logger LOG = LoggerFactory.getLogger(SealedViews.class);
    private static final int ROWS_IN_MEMORY = 40_000;
    private static final int LOCKS = 64;

    private final TwinHistory history;
    private final Consents consents;
    private final Trail trail;
    private final Vault vault;
    private final Clock clock;
    private final SecureRandom random;
    private final ViewFile file;
    private final Catalogue catalogue;
    private final List<ReentrantLock> locks =
            IntStream.range(0, LOCKS).mapToObj(_ -> new ReentrantLock()).toList();
    private final Map<ViewOf, Cached> cache = new LinkedHashMap<>(16, 0.75f, true);

    private record Cached(String fingerprint, Whole whole) {}

    /** @param path the file {@code views.db} */
    public SealedViews(
            Path path,
            TwinHistory history,
            Consents consents,
            Trail trail,
            Vault vault,
            Clock clock,
            SecureRandom random) {
        this.history = history;
        this.consents = consents;
        this.trail = trail;
        this.vault = vault;
        this.clock = clock;
        this.random = random;
        this.file = new ViewFile(path);
        this.catalogue = new Catalogue(file, vault.houseKey("views"), random);
    }

    // --- for the door

    /** The patient's own view: everything. */
    Whole ofPatient(Receipt receipt, TwinId twin) {
        return locked(twin, () -> everything(twin, () -> receipt));
    }

    /** What a delegate of the patient may see. Built, where it has to be, under the builder's own receipt. */
    Whole ofDelegate(TwinId twin, Set<Chapter> chapters) {
        return Coverage.within(
                locked(
                        twin,
                        () -> everything(
                                twin, () -> freshReceipt(twin, List.of()).get())),
                chapters);
    }

    /** What is permitted. Built, where it has to be, under the builder's own receipt. */
    Whole ofCare(Looker looker, TwinId twin, Purpose purpose, Permitted permitted) {
        return locked(twin, () -> {
            var view = new ViewOf(twin, looker.id(), purpose);
            var print = fingerprint(twin, consents(permitted));
            var known = kept(view, print);
            if (known.isPresent()) {
                return known.get();
            }
            var handles = permitted.ruling().permitting();
            var whole = Coverage.of(everything(twin, freshReceipt(twin, handles)), permitted.ruling());
            if (stillPermits(looker, view, permitted)) {
                store(view, print, whole, handles);
            }
            return whole;
        });
    }

    /** Everything, under the builder's own receipt: for deciding about it again. Nothing of it may leave. */
    Whole known(TwinId twin) {
        return locked(twin, () -> everything(twin, freshReceipt(twin, List.of())));
    }

    /**
     * Everything, to be filtered by what the emergency opens. What an emergency shows is made for each look and never
     * stored: nothing of it is left when it ends.
     */
    Whole ofEmergency(TwinId twin, ConsentHandle handle) {
        return locked(
                twin,
                () -> everything(twin, () -> {
                    var scopes = Set.<KeyScope>copyOf(history.chapters(twin));
                    return trail.permitted(
                            twin,
                            BUILDER,
                            BUILDER_PURPOSE,
                            "finds what entries touch, for an emergency",
                            List.of(handle.value()),
                            scopes,
                            consents.position());
                }));
    }

    /** Everything, for counting and for linking; nothing of it may leave unfiltered. */
    private Whole everything(TwinId twin, Supplier<Receipt> receipt) {
        var view = ViewOf.patient(twin);
        var print = fingerprint(twin, List.of());
        return kept(view, print).orElseGet(() -> {
            var whole = Built.of(history, receipt.get(), twin, clock);
            if (history.exists(twin)) {
                store(view, print, whole, List.of());
            }
            return whole;
        });
    }

    // --- Views

    @Override
    public Rebuilt rebuild(Progress progress) {
        var twins = List.copyOf(history.twins());
        var built = 0;
        var entries = 0;
        var destroyed = 0;
        for (var done = 0; done < twins.size(); done++) {
            progress.at(done, twins.size());
            var twin = twins.get(done);
            var rebuilt = locked(twin, () -> rebuild(twin));
            built += rebuilt.views();
            entries += rebuilt.entries();
            destroyed += rebuilt.destroyed();
        }
        sweepOrphans(twins);
        progress.at(twins.size(), twins.size());
        return new Rebuilt(twins.size(), built, entries, destroyed);
    }

    private Rebuilt rebuild(TwinId twin) {
        var stored = catalogue.of(twin);
        purge(twin);
        stored.stream().filter(shelf -> shelf.grantee() == null).forEach(shelf -> destroy(twin, shelf));
        var receipt = freshReceipt(twin, List.of()).get();
        var whole = everything(twin, () -> receipt);
        var views = 1;
        var entries = whole.entries().size();
        var destroyed = 0;
        for (var shelf : stored) {
            var grantee = shelf.grantee();
            if (grantee == null) {
                continue;
            }
            var request = new AccessRequest(twin, grantee, "clinician", shelf.purpose(), clock.instant());
            if (consents.decide(request) instanceof Permitted permitted) {
                var covered = Coverage.of(whole, permitted.ruling());
                store(
                        new ViewOf(twin, grantee, shelf.purpose()),
                        fingerprint(twin, consents(permitted)),
                        covered,
                        permitted.ruling().permitting());
                views++;
                entries += covered.entries().size();
            } else {
                destroy(twin, shelf);
                destroyed++;
            }
        }
        return new Rebuilt(1, views, entries, destroyed);
    }

    @Override
    public void consentEnded(TwinId twin, ConsentHandle handle) {
        locked(twin, () -> {
            for (var shelf : catalogue.of(twin)) {
                if (shelf.consents().contains(handle.value())) {
                    destroy(twin, shelf);
                }
            }
            return twin;
        });
    }

    @Override
    public void forget(TwinId twin) {
        locked(twin, () -> {
            purge(twin);
            catalogue.of(twin).forEach(shelf -> destroy(twin, shelf));
            file.delete(catalogue.handle(twin));
            return twin;
        });
    }

    @Override
    public List<String> problems() {
        var problems = new ArrayList<String>();
        if (!file.isSound()) {
            problems.add("its structure is damaged; it is made anew when views are next built");
            return problems;
        }
        var known = new LinkedHashSet<String>();
        for (var twin : history.twins()) {
            known.add(catalogue.handle(twin));
            if (!catalogue.isSound(twin)) {
                problems.add("the list of a twin's views does not open; they are built again when they are needed");
            }
            for (var shelf : catalogue.of(twin)) {
                known.add(shelf.handle());
                if (!isSound(shelf)) {
                    problems.add("a sealed view does not open; it is built again when it is needed");
                }
            }
        }
        var strangers = new LinkedHashSet<>(file.handles());
        strangers.removeAll(known);
        if (!strangers.isEmpty()) {
            problems.add(strangers.size() + " sealed views belong to nobody; a rebuild removes them");
        }
        return problems;
    }

    @Override
    public String fileName() {
        return file.name();
    }

    // --- Sweep

    @Override
    public void entriesErased(TwinId twin, Map<Chapter, List<EntryId>> entries) {
        forget(twin);
    }

    @Override
    public void twinErased(TwinId twin) {
        forget(twin);
    }

    @Override
    public void close() {
        synchronized (cache) {
            cache.clear();
        }
        file.close();
    }

    // --- storing

    private Optional<Whole> kept(ViewOf view, byte[] print) {
        var hex = HexFormat.of().formatHex(print);
        synchronized (cache) {
            var cached = cache.get(view);
            if (cached != null && cached.fingerprint().equals(hex)) {
                return Optional.of(cached.whole());
            }
        }
        var stored = catalogue.find(view).flatMap(shelf -> open(shelf, print));
        stored.ifPresent(whole -> cache(view, hex, whole));
        return stored;
    }

    private Optional<Whole> open(Shelf shelf, byte[] print) {
        try {
            return opened(shelf).flatMap(blocks -> ViewBytes.read(blocks, print));
        } catch (Tampered e) {
            LOG.warn("A view in {} does not open and is built again", file.name());
            return Optional.empty();
        }
    }

    /** What is not there is not damaged: a crash came between its key and its rows, and it is built when it is needed. */
    private boolean isSound(Shelf shelf) {
        try {
            opened(shelf);
            return true;
        } catch (Tampered e) {
            return false;
        }
    }

    /** @throws Tampered when a block is not what was sealed, or one is missing */
    private Optional<List<byte[]>> opened(Shelf shelf) {
        var sealed = file.read(shelf.handle());
        var found = vault.read(new SlotId(shelf.slot()));
        if (found.isEmpty() || sealed.isEmpty()) {
            return Optional.empty();
        }
        try (var key = found.get()) {
            var blocks = new ArrayList<byte[]>();
            for (var number = 0; number < sealed.size(); number++) {
                blocks.add(Box.open(key, place(shelf, number, sealed.size()), sealed.get(number)));
            }
            return Optional.of(blocks);
        }
    }

    private void store(ViewOf view, byte[] print, Whole whole, List<ConsentHandle> by) {
        var shelf = catalogue.list(view, by.stream().map(ConsentHandle::value).toList());
        try (var key = Secret.random(random)) {
            file.delete(shelf.handle());
            vault.replace(new SlotId(shelf.slot()), key);
            var blocks = ViewBytes.blocks(whole, print);
            var sealed = new ArrayList<byte[]>();
            for (var number = 0; number < blocks.size(); number++) {
                sealed.add(Box.seal(key, place(shelf, number, blocks.size()), blocks.get(number)));
            }
            file.replace(shelf.handle(), sealed);
        }
        cache(view, HexFormat.of().formatHex(print), whole);
    }

    /** Bound into each block: of which view it is the how manyth of how many. */
    private static byte[] place(Shelf shelf, int number, int of) {
        var handle = HexFormat.of().parseHex(shelf.handle());
        return ByteBuffer.allocate(handle.length + 8)
                .put(handle)
                .putInt(number)
                .putInt(of)
                .array();
    }

    /** The key first, then the rows. */
    private void destroy(TwinId twin, Shelf shelf) {
        vault.erase(new SlotId(shelf.slot()));
        synchronized (cache) {
            cache.remove(new ViewOf(twin, shelf.grantee(), shelf.purpose()));
        }
        file.delete(shelf.handle());
        catalogue.strike(twin, shelf);
    }

    private void purge(TwinId twin) {
        synchronized (cache) {
            cache.keySet().removeIf(view -> view.twin().equals(twin));
        }
    }

    private void cache(ViewOf view, String print, Whole whole) {
        synchronized (cache) {
            cache.put(view, new Cached(print, whole));
            var rows = cache.values().stream()
                    .mapToInt(c -> c.whole().entries().size())
                    .sum();
            var eldest = cache.entrySet().iterator();
            while (rows > ROWS_IN_MEMORY && cache.size() > 1 && eldest.hasNext()) {
                rows -= eldest.next().getValue().whole().entries().size();
                eldest.remove();
            }
        }
    }

    private void sweepOrphans(List<TwinId> twins) {
        Set<String> known = new LinkedHashSet<>();
        for (var twin : twins) {
            known.add(catalogue.handle(twin));
            catalogue.of(twin).forEach(shelf -> known.add(shelf.handle()));
        }
        file.handles().stream().filter(handle -> !known.contains(handle)).forEach(file::delete);
    }

    // --- consents and time

    private Supplier<Receipt> freshReceipt(TwinId twin, List<ConsentHandle> by) {
        var why = by.isEmpty() ? "builds the views anew" : "finds what entries touch, for a shared view";
        var scopes = Set.<KeyScope>copyOf(history.chapters(twin));
        var handles = by.stream().map(ConsentHandle::value).toList();
        var receipt = trail.permitted(twin, BUILDER, BUILDER_PURPOSE, why, handles, scopes, consents.position());
        return () -> receipt;
    }

    private boolean stillPermits(Looker looker, ViewOf view, Permitted then) {
        var request = new AccessRequest(view.twin(), looker.id(), looker.role(), view.purpose(), clock.instant());
        return consents.decide(request) instanceof Permitted now
                && consents(now).equals(consents(then));
    }

    /** Every live consent of the twin, those that deny among them; with how often it was changed. */
    private static List<String> consents(Permitted permitted) {
        var named = new ArrayList<String>();
        permitted.by().forEach(c -> named.add(c.handle().value() + '.' + c.step()));
        var live = permitted.ruling().consents();
        for (int number = 0; number < live.rules().count(); number++) {
            named.add(live.handles().get(number).value());
        }
        named.add(permitted.ruling().implicit().code());
        return named.stream().sorted().toList();
    }

    /** What a view was built from: the chapters' heads, the consents and the tables. */
    private byte[] fingerprint(TwinId twin, List<String> live) {
        var heads = new TreeMap<String, Long>();
        history.heads(twin).forEach((scope, head) -> {
            if (scope instanceof Chapter) {
                heads.put(scope.code(), head);
            }
        });
        var text = ViewBytes.VERSION + "\n" + ChapterTable.fingerprint() + "\n" + LabelRules.sha256() + "\n" + heads
                + "\n" + live;
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private <T> T locked(TwinId twin, Supplier<T> work) {
        var lock = locks.get(Math.floorMod(twin.hashCode(), LOCKS));
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }
}
