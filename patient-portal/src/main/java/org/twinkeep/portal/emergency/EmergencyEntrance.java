package org.twinkeep.portal.emergency;

import java.time.Duration;
import java.time.LocalDate;
import java.util.Optional;
import java.util.function.Supplier;
import org.twinkeep.consent.Purpose;
import org.twinkeep.consent.emergency.BreakTheGlass;
import org.twinkeep.consent.emergency.EmergencyRefused;
import org.twinkeep.consent.emergency.EmergencyRefused.Why;
import org.twinkeep.consent.ledger.ConsentLedger;
import org.twinkeep.consent.trail.Trail;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.portal.accounts.Account;
import org.twinkeep.portal.accounts.Accounts;

/**
 * The way to a patient who shares nothing: finding them and breaking the glass are one act, so that nobody learns that a
 * person is here without having broken the glass in front of them.
 *
 * <p>Promise: each attempt is a leaf, and attempts are slowed down. No such person, two such persons, a person who keeps
 * everything closed to emergencies, too many attempts: one and the same answer.
 */
public final class EmergencyEntrance {
    private final BreakTheGlass glass;
    private final Finder people;
    private final Accounts accounts;
    private final Trail trail;
    private final Supplier<ConsentLedger.Position> reliedOn;

    public EmergencyEntrance(
            BreakTheGlass glass,
            Finder people,
            Accounts accounts,
            Trail trail,
            Supplier<ConsentLedger.Position> reliedOn) {
        this.glass = glass;
        this.people = people;
        this.accounts = accounts;
        this.trail = trail;
        this.reliedOn = reliedOn;
    }

    /** Finds exactly one person by a whole name and a birth date, or nobody; in either case it does the same work. */
    @FunctionalInterface
    public interface Finder {
        Optional<TwinId> exactly(String name, LocalDate born);
    }

    /** What came of an attempt. */
    public sealed interface Attempt {

        record Broken(TwinId twin) implements Attempt {}

        /** One and the same, whatever the cause. */
        record NotOpened() implements Attempt {}
    }

    /** @throws EmergencyRefused for what is wrong with the asker or the reason, before anybody is looked for */
    public Attempt attempt(Account by, String name, LocalDate born, String reason, Duration length) {
        var looker = by.looker();
        glass.requireFit(looker, reason, length);
        if (!accounts.mayLookForSomebody(by.id())) {
            return nobody(by);
        }
        var found = people.exactly(name, born);
        if (found.isEmpty()) {
            return nobody(by);
        }
        try {
            glass.breakGlass(found.get(), looker, reason, length);
        } catch (EmergencyRefused refused) {
            if (refused.why() == Why.ALL_CLOSED) {
                return new Attempt.NotOpened();
            }
            throw refused;
        }
        accounts.foundSomebody(by.id());
        return new Attempt.Broken(found.get());
    }

    private Attempt nobody(Account by) {
        trail.deniedUnknown(by.looker(), Purpose.BREAK_THE_GLASS.code(), reliedOn.get());
        return new Attempt.NotOpened();
    }
}
