package org.twinkeep.portal.delegates;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.twinkeep.consent.Certificate;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.Openings;
import org.twinkeep.consent.Openings.Opening;
import org.twinkeep.consent.delegation.AgePolicy;
import org.twinkeep.consent.delegation.Delegation;
import org.twinkeep.consent.delegation.DelegationCommand;
import org.twinkeep.consent.delegation.DelegationJson;
import org.twinkeep.consent.delegation.Delegations;
import org.twinkeep.consent.delegation.Delegations.Answer;
import org.twinkeep.consent.delegation.Hand;
import org.twinkeep.consent.durable.Hex;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.keys.TwinForgotten;
import org.twinkeep.crypto.keys.Vault;
import org.twinkeep.portal.accounts.AccountId;
import org.twinkeep.portal.tables.Tables;
import org.twinkeep.twin.EntryId;
import org.twinkeep.twin.erasure.Sweep;

/**
 * Who acts for whom. What happens is kept as openings in the patient's own sealed stream before anything follows from it;
 * what holds now is computed from there, by the house's clock. What cannot be read allows nothing.
 */
public final class Delegates implements Sweep, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Delegates.class);
    private static final int TWINS_IN_MEMORY = 10_000;

    private final Openings openings;
    private final DelegationPlaces places;
    private final AgePolicy ages;
    private final Clock clock;
    private final SecureRandom random;

    private final Map<TwinId, Delegations> inMemory = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<TwinId, Delegations> eldest) {
            return size() > TWINS_IN_MEMORY;
        }
    };

    /** A delegation that names an account, whatever became of it. */
    public record Named(TwinId twin, Delegation delegation) {
        @Override
        public String toString() {
            return "Named";
        }
    }

    public Delegates(Openings openings, Tables tables, Vault vault, AgePolicy ages, Clock clock, SecureRandom random) {
        this.openings = openings;
        this.places = new DelegationPlaces(tables, vault);
        this.ages = ages;
        this.clock = clock;
        this.random = random;
    }

    public AgePolicy ages() {
        return ages;
    }

    /** Everybody who acts for this patient. Nobody of a twin that is gone. */
    public synchronized Delegations of(TwinId twin) {
        var known = inMemory.get(twin);
        if (known == null) {
            try {
                known = Delegations.of(openings.of(twin), ages);
            } catch (TwinForgotten e) {
                return Delegations.none(ages);
            }
            inMemory.put(twin, known);
        }
        return known;
    }

    /** What the account may do for the patient at this moment; nothing where that cannot be read. */
    public Optional<Acting> acting(AccountId account, TwinId twin) {
        try {
            var now = clock.instant();
            return of(twin).answer(account.toString(), now) instanceof Answer.May(var by, var may, var sees)
                    ? Optional.of(new Acting(twin, by, may, sees, by.chaptersAt(now, ages)))
                    : Optional.empty();
        } catch (RuntimeException e) {
            LOG.warn(
                    "Nobody acts for somebody whose delegations cannot be read: {}",
                    e.getClass().getSimpleName());
            return Optional.empty();
        }
    }

    public boolean isDead(TwinId twin) {
        return of(twin).isDead();
    }

    /**
     * Does what is asked, under a fresh handle.
     *
     * @throws org.twinkeep.consent.delegation.DelegationRefused when the rules do not allow it
     */
    public ConsentHandle begin(TwinId twin, Function<ConsentHandle, DelegationCommand> command) {
        return begin(twin, command, _ -> Optional.empty());
    }

    /**
     * Does what is asked, under a fresh handle that somebody certifies.
     *
     * @throws org.twinkeep.consent.delegation.DelegationRefused when the rules do not allow it
     */
    ConsentHandle begin(
            TwinId twin,
            Function<ConsentHandle, DelegationCommand> command,
            Function<ConsentHandle, Optional<Certificate>> certify) {
        var handle = new ConsentHandle(Hex.of(randomBytes()));
        does(twin, command.apply(handle), certify.apply(handle).orElse(null));
        return handle;
    }

    /** @throws org.twinkeep.consent.delegation.DelegationRefused when the rules do not allow it */
    public void does(TwinId twin, DelegationCommand command) {
        does(twin, command, null);
    }

    private synchronized void does(TwinId twin, DelegationCommand command, @Nullable Certificate certificate) {
        inMemory.remove(twin);
        var before = of(twin);
        var events = before.decide(command);
        var after = before.evolve(events);
        for (var event : events) {
            remember(twin, event.handle(), after, true);
            int step = 1 + (int) stepsOf(twin, event.handle());
            openings.keep(
                    twin, new Opening(event.handle(), step, randomBytes(), DelegationJson.write(event), certificate));
            remember(twin, event.handle(), after, false);
        }
        inMemory.put(twin, after);
    }

    /** Every delegation that names this account, newest first. */
    public List<Named> naming(AccountId account) {
        return places.of(account.toString()).stream()
                .flatMap(place -> of(place.twin()).find(place.handle()).stream()
                        .filter(d -> d.appointment().delegate().equals(account.toString()))
                        .map(d -> new Named(place.twin(), d)))
                .sorted((one, other) -> other.delegation()
                        .appointedAt()
                        .compareTo(one.delegation().appointedAt()))
                .toList();
    }

    /** What waits for two people and for this one of them. */
    public List<Matter> waitingFor(Hand hand) {
        return waiting().stream().filter(matter -> matter.mayConfirm(hand)).toList();
    }

    /** Everything that waits for two people. */
    public List<Matter> waiting() {
        var matters = new ArrayList<Matter>();
        for (var place : places.waiting()) {
            var all = of(place.twin());
            all.find(place.handle())
                    .filter(Delegation::isOpen)
                    .filter(d -> d.standingAt(clock.instant(), ages) == Delegation.Standing.UNCONFIRMED)
                    .ifPresent(d -> matters.add(new Matter.Appointing(place.twin(), d)));
            var death = all.death();
            if (death != null && !death.isRecorded() && death.handle().equals(place.handle())) {
                matters.add(new Matter.Dying(place.twin(), death));
            }
        }
        return List.copyOf(matters);
    }

    /** Every twin for which somebody acts or acted: for what the clock brings about. */
    public Set<TwinId> everybody() {
        var twins = new LinkedHashSet<TwinId>();
        places.all().forEach(place -> twins.add(place.twin()));
        return twins;
    }

    /** Another server wrote something: all is read anew. */
    public synchronized void forgetAll() {
        inMemory.clear();
    }

    public Instant now() {
        return clock.instant();
    }

    private long stepsOf(TwinId twin, ConsentHandle handle) {
        return openings.of(twin).stream()
                .filter(opening -> opening.handle().equals(handle))
                .count();
    }

    /** Before the event is kept, so that nothing is kept that nobody finds; and after, as it then is. */
    private void remember(TwinId twin, ConsentHandle handle, Delegations after, boolean before) {
        var delegation = after.find(handle);
        var death = after.death();
        boolean waits = before
                || delegation.filter(Delegation::isOpen).isPresent()
                || death != null && death.handle().equals(handle) && !death.isRecorded();
        places.put(
                new DelegationPlaces.Place(twin, handle),
                delegation.map(d -> d.appointment().delegate()).orElse(""),
                waits);
    }

    private byte[] randomBytes() {
        var bytes = new byte[32];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Opens every row. @throws org.twinkeep.crypto.Tampered where one does not open */
    public void openAll() {
        places.all();
    }

    @Override
    public void entriesErased(TwinId twin, Map<Chapter, List<EntryId>> entries) {
        // A delegation speaks of chapters, never of an entry.
    }

    @Override
    public synchronized void twinErased(TwinId twin) {
        inMemory.remove(twin);
        places.forget(twin);
    }

    @Override
    public void close() {
        places.close();
    }
}
