package org.twinkeep.consent.emergency;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.FhirConsent;
import org.twinkeep.consent.Openings;
import org.twinkeep.consent.Openings.Opening;
import org.twinkeep.consent.Purpose;
import org.twinkeep.consent.durable.Hex;
import org.twinkeep.consent.durable.Sha256;
import org.twinkeep.consent.emergency.EmergencyCommand.BreakGlass;
import org.twinkeep.consent.emergency.EmergencyCommand.CloseGlass;
import org.twinkeep.consent.emergency.EmergencyCommand.Narrow;
import org.twinkeep.consent.emergency.EmergencyCommand.Review;
import org.twinkeep.consent.emergency.EmergencyEvent.GlassBroken;
import org.twinkeep.consent.emergency.EmergencyEvent.Outcome;
import org.twinkeep.consent.emergency.EmergencyEvent.Reviewed;
import org.twinkeep.consent.emergency.EmergencyRefused.Why;
import org.twinkeep.consent.emergency.EmergencyRegister.Line;
import org.twinkeep.consent.ledger.ConsentLedger;
import org.twinkeep.consent.ledger.LedgerUnavailable;
import org.twinkeep.consent.trail.Look;
import org.twinkeep.consent.trail.Looker;
import org.twinkeep.consent.trail.Trail;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.KeyScope;
import org.twinkeep.crypto.TwinId;

/**
 * Breaks the glass, in this order: the rules, a line in the register, the verdict's leaf with the reason, the patient's
 * notice, the event in the patient's stream. Only the last one opens anything, so whatever fails or crashes before it shows
 * nothing, and what opens was told. The ledger hears of it when it can.
 *
 * <p>What an emergency opens is asked anew at each look: its end, the permission of whoever looks, what the patient closed.
 */
public final class BreakTheGlass {

    private static final Logger LOG = LoggerFactory.getLogger(BreakTheGlass.class);
    private static final String PURPOSE = Purpose.BREAK_THE_GLASS.code();

    private final Openings openings;
    private final Trail trail;
    private final EmergencyRegister register;
    private final EmergencyNews news;
    private final EmergencyDelivery delivery;
    private final Executor delivers;
    private final Predicate<Looker> entitled;
    private final Supplier<ConsentLedger.Position> reliedOn;
    private final Clock clock;
    private final SecureRandom random;

    /** Keeps a delivery from being made twice at a time; never held by whoever waits to be shown something. */
    private final Object delivering = new Object();

    /**
     * @param delivers on which the ledger is told, so that nobody waits for it
     * @param entitled whether the house lets this account break the glass; asked at each look
     */
    public BreakTheGlass(
            Openings openings,
            Trail trail,
            EmergencyRegister register,
            EmergencyNews news,
            EmergencyDelivery delivery,
            Executor delivers,
            Predicate<Looker> entitled,
            Supplier<ConsentLedger.Position> reliedOn,
            Clock clock,
            SecureRandom random) {
        this.openings = openings;
        this.trail = trail;
        this.register = register;
        this.news = news;
        this.delivery = delivery;
        this.delivers = delivers;
        this.entitled = entitled;
        this.reliedOn = reliedOn;
        this.clock = clock;
        this.random = random;
    }

    /** All emergencies of a twin, and what its patient keeps closed to them. */
    public Emergencies of(TwinId twin) {
        var events = new ArrayList<EmergencyEvent>();
        openings.of(twin)
                .forEach(opening -> EmergencyJson.read(opening.consent()).ifPresent(events::add));
        return Emergencies.of(events);
    }

    /** By which emergency this person may look at the twin now. */
    public Optional<Emergency> live(TwinId twin, Looker by) {
        return entitled.test(by) ? of(twin).live(by.id(), now()) : Optional.empty();
    }

    /** Only for whoever broke the glass of this twin: when the last time ended. */
    public Optional<Instant> endedOn(TwinId twin, Looker by) {
        return of(twin).endedOn(by.id(), now());
    }

    /** What this person has open now, of whichever patient. */
    public Optional<Line> open(Looker by) {
        return register.of(by.id()).stream().filter(this::isOpen).findFirst();
    }

    /** What of a wish can be refused before it is known whom it is about. @throws EmergencyRefused */
    public void requireFit(Looker by, String reason, Duration length) {
        Emergencies.requireFit(wish(by, open(by).isPresent(), reason, length));
    }

    /**
     * Breaks the glass of this twin. While an emergency of the same person and twin is open, it is that one: nothing gets
     * longer by asking again.
     *
     * @throws EmergencyRefused for everything that the rules do not allow; what they say of the twin is a leaf
     */
    public synchronized Emergency breakGlass(TwinId twin, Looker by, String reason, Duration length) {
        var state = of(twin);
        var elsewhere = open(by).filter(line -> !line.twin().equals(twin)).isPresent();
        var wish = wish(by, elsewhere, reason, length);
        Emergencies.requireFit(wish);
        var already = state.live(by.id(), wish.at());
        if (already.isPresent()) {
            return already.get();
        }
        var broken = decided(state, twin, wish);
        var emergency = Emergency.of(broken);
        var line = Line.of(twin, emergency);
        strikeWhatOpenedNothing(by);
        if (!register.list(line)) {
            throw new EmergencyRefused(Why.OTHER_PATIENT);
        }
        trail.permitted(
                twin,
                by,
                PURPOSE,
                broken.reason(),
                List.of(broken.handle().value()),
                Set.<KeyScope>copyOf(broken.chapters()),
                reliedOn.get());
        news.broken(twin, emergency);
        keep(twin, broken.handle(), 1, broken);
        register.update(line);
        deliverSoon(line.handle());
        return emergency;
    }

    /** Ends it before its time. */
    public synchronized void close(TwinId twin, ConsentHandle handle, Looker by) {
        var closed = of(twin).decide(new CloseGlass(handle, by, now()));
        keep(twin, handle, 1, closed);
        line(handle).ifPresent(line -> register.update(line.endedAt(closed.at())));
    }

    /** Another person says whether it was justified. */
    public synchronized void review(TwinId twin, ConsentHandle handle, Looker by, Outcome outcome, String note) {
        var state = of(twin);
        var reviewed = state.decide(new Review(handle, by, outcome, note, now()));
        keep(twin, handle, 2, reviewed);
        news.reviewed(twin, state.evolve(reviewed).find(handle).orElseThrow());
        line(handle).ifPresent(line -> {
            register.update(line.withReview());
            deliverSoon(handle);
        });
    }

    /**
     * What somebody who reviews needs to know.
     *
     * @param looks the leaves of what was done by it, newest first
     * @param receiptId of the leaf that says that they read it
     */
    public record ForReview(Emergency emergency, List<Look> looks, String receiptId) {
        public ForReview {
            looks = List.copyOf(looks);
        }

        @Override
        public String toString() {
            return "ForReview";
        }
    }

    /** Opens it for review, with the leaves that say so. @throws EmergencyRefused to everybody who does not review */
    public ForReview openForReview(Line line, Looker reviewer) {
        if (!reviewer.role().equals(Emergencies.REVIEWER)) {
            throw new EmergencyRefused(Why.NOT_A_REVIEWER);
        }
        var purpose = Purpose.OPERATIONS.code();
        var receipt = trail.permitted(
                line.twin(),
                reviewer,
                purpose,
                "reviews an emergency access",
                List.of(line.handle().value()),
                Set.of(KeyScope.Own.LIFE),
                reliedOn.get());
        var emergency = of(line.twin()).find(line.handle()).orElseThrow(() -> new EmergencyRefused(Why.UNKNOWN));
        var looks = trail.looks(line.twin()).stream()
                .filter(look -> look.who().id().equals(line.by().id()))
                .filter(look -> look.purpose().equals(PURPOSE))
                .filter(look -> !look.at().isBefore(line.at()) && !look.at().isAfter(line.until()))
                .toList();
        return new ForReview(emergency, looks, trail.disclosed(receipt, reviewer, purpose, 0, Sha256.of(new byte[0])));
    }

    /** The patient closes chapters to emergencies, or opens them again; one that is open shows them no longer at once. */
    public synchronized void narrow(TwinId twin, Set<Chapter> closed) {
        keep(twin, new ConsentHandle(Hex.of(randomBytes())), 1, of(twin).decide(new Narrow(closed, now())));
    }

    /** Every emergency in the house, newest first. */
    public List<Line> register() {
        return register.all();
    }

    public Optional<Line> line(ConsentHandle handle) {
        return register.all().stream()
                .filter(line -> line.handle().equals(handle))
                .findFirst();
    }

    /** Tells of reviews that are overdue, and the ledger of what it does not have yet. Again and again is fine. */
    public void beat() {
        for (var line : register.all()) {
            if (isLeftOver(line)) {
                register.strike(line.handle());
            } else {
                tellIfOverdue(line.handle());
                deliver(line.handle());
            }
        }
    }

    private boolean isLeftOver(Line line) {
        return !now().isBefore(line.until())
                && of(line.twin()).find(line.handle()).isEmpty();
    }

    private synchronized void tellIfOverdue(ConsentHandle handle) {
        line(handle)
                .filter(line -> line.review(now()) == Emergency.Review.OVERDUE && !line.overdueTold())
                .ifPresent(line -> {
                    of(line.twin()).find(handle).ifPresent(emergency -> news.overdue(line.twin(), emergency));
                    register.update(line.withOverdueTold());
                });
    }

    /** A line without its event: whatever came between the two struck before anybody was shown anything. */
    private void strikeWhatOpenedNothing(Looker by) {
        register.of(by.id()).stream()
                .filter(line -> of(line.twin()).find(line.handle()).isEmpty())
                .forEach(line -> register.strike(line.handle()));
    }

    private boolean isOpen(Line line) {
        return now().isBefore(line.until())
                && of(line.twin())
                        .find(line.handle())
                        .filter(each -> each.isLive(now()))
                        .isPresent();
    }

    private GlassBroken decided(Emergencies state, TwinId twin, BreakGlass wish) {
        try {
            return (GlassBroken) state.decide(wish);
        } catch (EmergencyRefused refused) {
            trail.denied(twin, wish.by(), PURPOSE, refused.why().plain(), reliedOn.get());
            throw refused;
        }
    }

    private BreakGlass wish(Looker by, boolean elsewhere, String reason, Duration length) {
        var handle = new ConsentHandle(Hex.of(randomBytes()));
        return new BreakGlass(handle, by, entitled.test(by), elsewhere, reason, length, now());
    }

    private void keep(TwinId twin, ConsentHandle handle, int step, EmergencyEvent event) {
        openings.keep(twin, new Opening(handle, step, randomBytes(), EmergencyJson.bytes(event)));
    }

    private void deliverSoon(ConsentHandle handle) {
        delivers.execute(() -> deliver(handle));
    }

    private void deliver(ConsentHandle handle) {
        synchronized (delivering) {
            line(handle).filter(line -> line.recorded() < steps(line)).ifPresent(this::deliver);
        }
    }

    private static int steps(Line line) {
        return line.reviewed() ? 2 : 1;
    }

    private void deliver(Line line) {
        try {
            openings.of(line.twin()).forEach(opening -> deliver(line, opening));
            recorded(line.handle(), steps(line));
        } catch (LedgerUnavailable e) {
            LOG.warn("An emergency waits for the ledger; its leaf in the trail counts ({})", e.getMessage());
        }
    }

    private synchronized void recorded(ConsentHandle handle, int steps) {
        line(handle).ifPresent(line -> register.update(line.withRecorded(steps)));
    }

    private void deliver(Line line, Opening opening) {
        var commitment = Hex.of(FhirConsent.commitment(opening.salt(), opening.consent()));
        switch (EmergencyJson.read(opening.consent()).orElse(null)) {
            case GlassBroken broken
            when broken.handle().equals(line.handle()) && line.recorded() < 1 ->
                delivery.broken(line.handle(), commitment, broken.until());
            case Reviewed reviewed
            when reviewed.handle().equals(line.handle()) && steps(line) == 2 ->
                delivery.reviewed(line.handle(), commitment);
            case null, default -> {
                // Of another emergency, or of a consent.
            }
        }
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }

    private byte[] randomBytes() {
        var bytes = new byte[32];
        random.nextBytes(bytes);
        return bytes;
    }
}
