package org.twinkeep.portal.tour;

import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.twinkeep.consent.Consent.Status;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.Purpose;
import org.twinkeep.consent.emergency.EmergencyEvent.Outcome;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.portal.accounts.Account;
import org.twinkeep.portal.accounts.Person;
import org.twinkeep.portal.accounts.Role;
import org.twinkeep.portal.emergency.EmergencyEntrance.Attempt;
import org.twinkeep.projections.care.CareView;
import org.twinkeep.projections.reading.Answer;
import org.twinkeep.projections.reading.Door;
import org.twinkeep.projections.timeline.Row;

/** A clinician to whom nothing was granted breaks the glass; the patient is told, it ends, and another person reviews it. */
final class BreakingGlass {
    private static final String NAME = "Ottilie Tourfrau";
    private static final LocalDate BORN = LocalDate.of(1971, 2, 3);
    private static final String REASON = "Brought in unconscious from the road.";
    private static final Duration LENGTH = Duration.ofMinutes(60);

    private final TourFolder folder;

    BreakingGlass(TourFolder folder) {
        this.folder = folder;
    }

    Map<String, Object> broken() {
        var house = folder.house();
        var patient = folder.patient().account();
        var clinician = account(Role.CLINICIAN, "tour-emergency", "Dr Emergency");
        house.accounts().letBreakGlass(clinician.id(), true);
        clinician = house.accounts().find(clinician.id()).orElseThrow();
        NotHeld.unless(!isShown(clinician), "something was shown before the glass was broken");
        NotHeld.unless(
                house.emergencyEntrance().attempt(clinician, "Ottilie", BORN, REASON, LENGTH)
                        instanceof Attempt.NotOpened,
                "a part of a name found somebody");
        int told = house.notices().unread(patient.id());
        NotHeld.unless(
                house.emergencyEntrance().attempt(clinician, NAME, BORN, REASON, LENGTH) instanceof Attempt.Broken,
                "the glass was not broken");
        NotHeld.unless(house.notices().unread(patient.id()) == told + 1, "the patient was not told");

        int seen = exactlyWhatAnEmergencyOpens(clinician);
        var handle = house.glass().open(clinician.looker()).orElseThrow().handle();
        house.glass().close(twin(), handle, clinician.looker());
        NotHeld.unless(!isShown(clinician), "something was shown after its end");

        var auditor = account(Role.AUDITOR, "tour-reviewer", "Rev Iewer");
        house.glass().review(twin(), handle, auditor.looker(), Outcome.JUSTIFIED, "The ward's book says the same.");
        house.glass().beat();
        NotHeld.unless(isOnLedger(handle), "the ledger does not know of the review");
        NotHeld.unless(house.notices().unread(patient.id()) == told + 2, "the patient was not told of the review");
        return Map.of("visible", seen, "minutes", LENGTH.toMinutes());
    }

    /** Of the hand-written list what stands in emergency chapters: no visit, no note. */
    private int exactlyWhatAnEmergencyOpens(Account clinician) {
        var expected = new TreeSet<String>();
        TourPerson.visible().stream()
                .filter(id -> !id.startsWith("Encounter/") && !id.startsWith("DocumentReference/"))
                .forEach(id -> expected.add(
                        TourPerson.entry(folder.house(), id).value().toString()));
        var seen = new TreeSet<String>();
        if (care(clinician) instanceof Answer.Shown<CareView>(var view, var _)) {
            view.timeline().rows().stream()
                    .map(Row::entry)
                    .forEach(id -> seen.add(id.value().toString()));
        }
        NotHeld.unless(seen.equals(expected), "shown were " + seen.size() + " entries, expected " + expected.size());
        return seen.size();
    }

    private boolean isOnLedger(ConsentHandle handle) {
        return folder.house()
                .ledger()
                .get(handle)
                .filter(record -> record.status() == Status.REVIEWED)
                .isPresent();
    }

    private boolean isShown(Account clinician) {
        return care(clinician) instanceof Answer.Shown;
    }

    private Answer<CareView> care(Account clinician) {
        Door door = folder.house().door();
        return door.care(clinician.looker(), Purpose.BREAK_THE_GLASS, twin());
    }

    private TwinId twin() {
        return TourPerson.twin(folder.house());
    }

    private Account account(Role role, String signIn, String name) {
        var person = new Person(name, "Westerquell Surgery", ZoneOffset.UTC, Locale.ENGLISH);
        return folder.house()
                .accounts()
                .open(role, signIn, person, null, "a tour needs no secrets".toCharArray())
                .account();
    }
}
