package org.twinkeep.portal.tour;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import org.twinkeep.consent.Period;
import org.twinkeep.consent.delegation.AgePolicy;
import org.twinkeep.consent.delegation.Appointment;
import org.twinkeep.consent.delegation.Authority;
import org.twinkeep.consent.delegation.DelegationCommand;
import org.twinkeep.consent.delegation.Hand;
import org.twinkeep.consent.delegation.Power;
import org.twinkeep.consent.trail.Look;
import org.twinkeep.consent.trail.Looker;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.portal.accounts.Account;
import org.twinkeep.portal.accounts.Person;
import org.twinkeep.portal.accounts.Role;
import org.twinkeep.portal.wiring.House;
import org.twinkeep.projections.reading.Answer;
import org.twinkeep.projections.timeline.Timeline;

/** A parent acts for a child: not before two people have confirmed it, never in the chapter on safety, and not after its end. */
final class Acting {
    private static final Hand CUSTODIAN = new Hand("tour-custodian", Hand.As.CUSTODIAN);
    private static final Hand OVERSIGHT = new Hand("tour-oversight", Hand.As.OVERSIGHT);
    private static final String CHILD = "the hand-written person";
    private static final String DOCUMENT = "d0".repeat(32);

    private final TourFolder folder;

    Acting(TourFolder folder) {
        this.folder = folder;
    }

    Map<String, Object> byTheParentForTheChild() {
        var house = folder.house();
        var twin = TourPerson.twin(house);
        var parent = parent(house);
        var looker = new Looker(parent.id().toString(), parent.name(), "", "delegate");
        NotHeld.unless(seen(house, looker, twin) == 0, "somebody without a delegation saw something");
        var desk = house.delegateDesk();
        var handle = desk.appoint(twin, appointment(house, parent), CUSTODIAN);
        NotHeld.unless(seen(house, looker, twin) == 0, "one signature was enough");
        desk.does(
                twin,
                new DelegationCommand.Confirm(handle, OVERSIGHT, house.clock().instant()));
        int entries = seen(house, looker, twin);
        NotHeld.unless(entries > 0, "the parent sees nothing of the child");
        NotHeld.unless(
                house.trail().looks(twin).stream().anyMatch(look -> isOf(parent, look)),
                "the trail does not name the parent and for whom");
        desk.does(
                twin, new DelegationCommand.End(handle, CUSTODIAN, house.clock().instant()));
        NotHeld.unless(seen(house, looker, twin) == 0, "the parent saw something after the end");
        return Map.of("entries", entries);
    }

    private static boolean isOf(Account parent, Look look) {
        return look.who().id().equals(parent.id().toString())
                && look.permitted()
                && ("as the parent, for " + CHILD).equals(look.why());
    }

    private static Account parent(House house) {
        return house.accounts()
                .open(
                        Role.PATIENT,
                        "tour-parent",
                        new Person("Tour Parent", "", ZoneOffset.UTC, Locale.ENGLISH),
                        null,
                        "a parent on tour".toCharArray())
                .account();
    }

    private static Appointment appointment(House house, Account parent) {
        var today = LocalDate.ofInstant(house.clock().instant(), ZoneOffset.UTC);
        var born = today.minusYears(8);
        return new Appointment(
                parent.id().toString(),
                parent.name(),
                house.accounts().identityKey(parent.id()).orElseThrow(),
                CHILD,
                new Authority(Authority.Kind.PARENT, DOCUMENT),
                EnumSet.allOf(Power.class),
                EnumSet.complementOf(EnumSet.of(Chapter.SAFETY)),
                new Period(today, AgePolicy.DEFAULT.majorityOn(born), ZoneOffset.UTC),
                today.plusYears(1),
                born);
    }

    /** How many entries; each in a chapter that is open, and touching no other. */
    private static int seen(House house, Looker looker, TwinId twin) {
        if (house.door().timeline(looker, twin) instanceof Answer.Shown<Timeline>(var timeline, var _)) {
            for (var row : timeline.rows()) {
                NotHeld.unless(
                        row.chapter() != Chapter.SAFETY && !row.touches().contains(Chapter.SAFETY),
                        "a delegate saw something of the chapter on safety");
            }
            return timeline.rows().size();
        }
        return 0;
    }
}
