package org.twinkeep.portal.wiring;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.twinkeep.consent.ledger.ConsentLedger;
import org.twinkeep.consent.ledger.ConsentLedger.Position;
import org.twinkeep.consent.ledger.LedgerUnavailable;
import org.twinkeep.consent.trail.Trail;
import org.twinkeep.consent.trail.TrailUnwritable;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.portal.keeper.Bulletin;
import org.twinkeep.portal.keeper.FarKeeper;
import org.twinkeep.portal.keeper.KeeperDoor;
import org.twinkeep.portal.keeper.KeeperUnreachable;
import org.twinkeep.portal.keeper.KeeperWire;
import org.twinkeep.portal.notices.Clockwork;
import org.twinkeep.twin.EntryId;
import org.twinkeep.twin.StoreUnavailable;
import org.twinkeep.twin.TwinRefused;
import org.twinkeep.twin.erasure.Erasure;
import org.twinkeep.twin.erasure.ErasureReceipt;
import org.twinkeep.twin.erasure.LedgeredErasure;
import org.twinkeep.twin.erasure.Sweep;

/**
 * Who of the servers of one house keeps what only one process may write: trail, ledger and erasures, in the folder that all
 * of them reach. It is who holds the folder's lock; the others ask it, and the first that finds it gone takes its place.
 * Where nobody keeps, nothing is shown, granted or erased.
 */
final class Keeping implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Keeping.class);
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(50);
    private static final Duration BETWEEN_NEWS = Duration.ofMillis(200);

    /**
     * The trail and the ledger, opened by the one process that may.
     *
     * @param witness lets the ledger bear witness of what lies in the folder
     */
    record Files(Trail trail, ConsentLedger ledger, Clockwork.Task witness) {}

    /** How a server of this house opens and reaches them. */
    record Means(DataFolder folder, String purpose, Clock clock, KeeperWire wire, Function<Closing, Files> files) {}

    private final class Kept {
        private final String name = UUID.randomUUID().toString();
        private final Closing closing = new Closing();
        private final List<TwinId> changed = new CopyOnWriteArrayList<>();
        private final Files files;
        private @Nullable Erasure erasure;
        private volatile boolean ready;

        Kept(FolderLock lock) {
            closing.keep(lock);
            try {
                files = means.files().apply(closing);
                files.ledger().follow(files.ledger().head().block(), Keeping.this::heard);
            } catch (RuntimeException e) {
                closing.close();
                throw e;
            }
        }

        private Map<Class<?>, Object> rooms() {
            return erasure == null
                    ? Map.of(Trail.class, files.trail(), ConsentLedger.class, files.ledger())
                    : Map.of(
                            Trail.class,
                            files.trail(),
                            ConsentLedger.class,
                            files.ledger(),
                            Erasure.class,
                            erasure,
                            Bulletin.class,
                            (Bulletin) this::since);
        }

        private Bulletin.News since(String keeper, int known) {
            var all = List.copyOf(changed);
            return new Bulletin.News(
                    name,
                    files.ledger().head(),
                    keeper.equals(name) ? all.subList(Math.min(known, all.size()), all.size()) : all);
        }
    }

    /** @param last the number of the last block that it took */
    private record Follower(AtomicLong last, Consumer<Position> eachBlock) {}

    /** What the house does once there is a whole of it. */
    private record Whole(Supplier<LedgeredErasure> erasure, Runnable otherBlock, Consumer<TwinId> changed) {}

    private final Means means;
    private final FarKeeper far;
    private final List<Follower> followers = new CopyOnWriteArrayList<>();
    private final ReentrantLock changing = new ReentrantLock();
    private final Trail trail = room(Trail.class);
    private final ConsentLedger ledger = room(ConsentLedger.class);
    private final Erasure erasure = room(Erasure.class);
    private final Bulletin bulletin = room(Bulletin.class);
    private volatile @Nullable Kept kept;
    private volatile boolean closed;
    private @Nullable Whole whole;
    private @Nullable Thread news;

    Keeping(Means means) {
        this.means = means;
        this.far = new FarKeeper(means.folder().keeper(), means.wire());
        takeOver();
    }

    /** Whoever keeps it. */
    Trail trail() {
        return trail;
    }

    /** Whoever keeps it. */
    ConsentLedger ledger() {
        return ledger;
    }

    /** Where this server keeps them; elsewhere whoever keeps them does it. */
    void witness(Instant now) {
        var mine = kept;
        if (mine != null && mine.ready) {
            mine.files.witness().run(now);
        }
    }

    /** Whoever carries it out. */
    Erasure erasure() {
        return erasure;
    }

    /** Tells the other servers of what was erased. */
    Sweep telling() {
        return new Sweep() {
            @Override
            public void entriesErased(TwinId twin, Map<Chapter, List<EntryId>> entries) {
                twinErased(twin);
            }

            @Override
            public void twinErased(TwinId twin) {
                var mine = kept;
                if (mine != null) {
                    mine.changed.add(twin);
                }
            }
        };
    }

    /**
     * Begins to serve: a keeper finishes what a crash interrupted and opens its door, any other listens for news.
     *
     * @param erasure opens the erasures in the folder, where this server keeps them
     * @param otherBlock is called when the ledger has got blocks that other servers asked for
     * @param changed is called with each twin of which something was erased elsewhere
     */
    void begin(Supplier<LedgeredErasure> erasing, Runnable otherBlock, Consumer<TwinId> changed) {
        changing.lock();
        try {
            whole = new Whole(erasing, otherBlock, changed);
            if (kept != null) {
                serve(kept, whole);
            }
        } finally {
            changing.unlock();
        }
        news = Thread.ofPlatform().daemon().name("keeper-news").start(this::listen);
    }

    /** @return whether this server keeps now */
    private boolean takeOver() {
        // Whoever waited here might hold what the other thread needs to finish.
        if (!changing.tryLock()) {
            return false;
        }
        try {
            if (closed || kept != null) {
                return kept != null;
            }
            var lock = FolderLock.takeIfFree(means.folder(), means.purpose(), means.clock());
            if (lock.isEmpty()) {
                return false;
            }
            var mine = new Kept(lock.get());
            kept = mine;
            if (whole == null) {
                mine.ready = true;
            } else {
                LOG.info("This server keeps trail, ledger and erasures from now on.");
                serve(mine, whole);
            }
            return true;
        } finally {
            changing.unlock();
        }
    }

    private void serve(Kept mine, Whole of) {
        try {
            var erasures = of.erasure().get();
            mine.erasure = erasures;
            erasures.refuseOlderKeys();
            erasures.resume();
            mine.files
                    .ledger()
                    .follow(
                            mine.files.ledger().head().block(),
                            _ -> of.otherBlock().run());
            mine.closing.keep(new CheckpointBeat(mine.files.trail()::checkpoint).start(House.BETWEEN_CHECKPOINTS));
            var door = mine.closing.keep(KeeperDoor.open(host(), means.wire(), mine.rooms()));
            PrivateFile.writeWhole(means.folder().keeper(), door.address().getBytes(StandardCharsets.UTF_8));
            mine.ready = true;
        } catch (IOException e) {
            giveUp(mine);
            throw new HouseRefused(
                    "The door for the other servers of this house cannot be opened at " + host()
                            + ": name an address of this machine in twinkeep.keeper.",
                    e);
        } catch (RuntimeException e) {
            giveUp(mine);
            throw e;
        }
    }

    private void giveUp(Kept mine) {
        kept = null;
        mine.closing.close();
    }

    private static String host() {
        return EventStore.setting("twinkeep.keeper", "TWINKEEP_KEEPER").orElse("127.0.0.1");
    }

    // --- asking whoever keeps

    private <T> T room(Class<T> type) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (_, method, values) -> switch (method.getName()) {
                    case "toString" -> type.getSimpleName() + " of whoever keeps it";
                    case "hashCode" -> System.identityHashCode(this);
                    case "equals" -> false;
                    case "follow" -> follow((Long) values[0], values[1]);
                    // The keeper checkpoints and closes its own.
                    case "checkpoint", "close" -> own(type, method);
                    default -> ask(type, method, values == null ? new Object[0] : values);
                }));
    }

    private @Nullable Object own(Class<?> type, Method method) throws Throwable {
        var mine = here();
        return mine == null || method.getName().equals("close") ? null : invoke(mine, type, method, new Object[0]);
    }

    /** Followers are this server's own, whoever keeps the ledger. Of several blocks they may hear of the last alone. */
    @SuppressWarnings("unchecked") // ConsentLedger.follow
    private @Nullable Object follow(long afterBlock, Object eachBlock) {
        followers.add(new Follower(new AtomicLong(afterBlock), (Consumer<Position>) eachBlock));
        heard(ledger.head());
        return null;
    }

    private void heard(Position head) {
        for (var follower : followers) {
            if (head.block() > follower.last().get()) {
                try {
                    follower.eachBlock().accept(head);
                    follower.last().accumulateAndGet(head.block(), Math::max);
                } catch (RuntimeException e) {
                    LOG.warn("A follower of the ledger could not take block {}: {}", head.block(), e.getMessage());
                }
            }
        }
    }

    private @Nullable Object ask(Class<?> type, Method method, Object[] values) throws Throwable {
        var answer = answer(type, method, values);
        if (method.getName().equals("submit") && answer instanceof Position position) {
            heard(position);
        }
        return answer;
    }

    private @Nullable Object answer(Class<?> type, Method method, Object[] values) throws Throwable {
        long until = System.nanoTime() + PATIENCE.toNanos();
        for (boolean again = false; ; again = true) {
            try {
                var mine = here();
                return mine == null ? far.ask(type, method, values) : invoke(mine, type, method, values);
            } catch (KeeperUnreachable e) {
                if (!takeOver()) {
                    if (closed || System.nanoTime() > until) {
                        throw unavailable(type, e);
                    }
                    LockSupport.parkNanos(BETWEEN_TRIES.toNanos());
                }
            } catch (TwinRefused e) {
                // The keeper that went away, or the one that came, has carried it out.
                if (again && method.getName().equals("eraseTwin")) {
                    return receiptOf((TwinId) values[0], e);
                }
                throw e;
            }
        }
    }

    private ErasureReceipt receiptOf(TwinId twin, TwinRefused refused) {
        return erasure.receiptsOf(twin).stream().findFirst().orElseThrow(() -> refused);
    }

    private static @Nullable Object invoke(Kept mine, Class<?> type, Method method, Object[] values) throws Throwable {
        try {
            return method.invoke(mine.rooms().get(type), values);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    /** What this server keeps; other threads may use it only when what was interrupted is finished. */
    private @Nullable Kept here() {
        var mine = kept;
        if (mine != null && !mine.ready && !changing.isHeldByCurrentThread()) {
            throw new KeeperUnreachable(null);
        }
        return mine;
    }

    private static RuntimeException unavailable(Class<?> type, KeeperUnreachable e) {
        var says =
                "The server that keeps trail and ledger does not answer, and holds the folder still. Nothing is shown,"
                        + " granted or erased until it answers or is stopped.";
        if (type.equals(Trail.class)) {
            return new TrailUnwritable(says, e);
        }
        return type.equals(ConsentLedger.class) ? new LedgerUnavailable(says, e) : new StoreUnavailable(says, e);
    }

    // --- hearing what others did

    private void listen() {
        var known = new Bulletin.News("", Position.NONE, List.of());
        int changed = 0;
        boolean failing = false;
        while (!closed) {
            try {
                var mine = kept;
                if (mine != null) {
                    heard(mine.files.ledger().head());
                } else {
                    var now = bulletin.since(known.keeper(), changed);
                    changed = now.keeper().equals(known.keeper()) ? changed : 0;
                    changed += now.changed().size();
                    hear(known, now);
                    known = now;
                }
                failing = false;
            } catch (RuntimeException e) {
                if (!failing && !closed) {
                    LOG.warn("No news of the server that keeps trail and ledger ({})", e.getMessage());
                }
                failing = true;
            }
            LockSupport.parkNanos(BETWEEN_NEWS.toNanos());
        }
    }

    private void hear(Bulletin.News before, Bulletin.News now) {
        var house = whole;
        if (house == null) {
            return;
        }
        now.changed().forEach(house.changed());
        heard(now.head());
        if (!before.head().equals(now.head()) || !before.keeper().equals(now.keeper())) {
            house.otherBlock().run();
        }
    }

    @Override
    public void close() {
        closed = true;
        if (news != null) {
            LockSupport.unpark(news);
        }
        changing.lock();
        try {
            var mine = kept;
            kept = null;
            if (mine != null) {
                mine.closing.close();
            }
        } finally {
            changing.unlock();
        }
        far.close();
        means.wire().close();
    }
}
