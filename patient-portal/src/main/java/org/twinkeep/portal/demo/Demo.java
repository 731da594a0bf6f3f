package org.twinkeep.portal.demo;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.function.Consumer;
import org.twinkeep.portal.accounts.Account;
import org.twinkeep.portal.web.entrance.DemoGuide;
import org.twinkeep.portal.web.entrance.DemoGuide.DemoPerson;
import org.twinkeep.portal.wiring.DataFolder;
import org.twinkeep.portal.wiring.House;
import org.twinkeep.portal.wiring.HouseFile;
import org.twinkeep.portal.wiring.Kek;

/**
 * A house with invented people in it: three patients and a child without a sign-in, two clinicians, an auditor, an operator, and what happened between
 * them in the last months. Everything in it came through the same doors as real records do.
 */
public final class Demo {
    static final String PASSWORD = "try-twinkeep";

    private Demo() {}

    /** Opens the demo in this folder; makes it where there is none, or where making it was broken off. */
    public static House open(DataFolder folder, Kek kek, boolean fresh, Clock clock, Consumer<String> progress) {
        DemoFolder.requireDemo(folder);
        if (fresh) {
            clear(folder, kek);
        }
        if (folder.isHouse()) {
            var house = House.open(folder, kek, "twinkeep demo", clock);
            if (DemoStory.isTold(house)) {
                return house;
            }
            house.close();
            clear(folder, kek);
        }
        var then = new StoryClock(clock.instant());
        try (var house = House.openDemo(folder, kek, then.daysAgo(DemoStory.LONG_AGO))) {
            new DemoStory(house, then, progress).tell();
        }
        giveBackMemory();
        return House.open(folder, kek, "twinkeep demo", clock);
    }

    /** Importing needs a few hundred megabytes that serving does not; the serial collector gives them back when asked. */
    private static void giveBackMemory() {
        System.gc();
    }

    private static void clear(DataFolder folder, Kek kek) {
        if (folder.isHouse()) {
            DemoFolder.clear(folder, keyOf(folder, kek));
        }
    }

    private static Path keyOf(DataFolder folder, Kek kek) {
        var named = kek.file();
        return named == null ? HouseFile.read(folder).usualKeyFile() : named;
    }

    /** What the first page says. */
    public static DemoGuide guide(House house) {
        return new DemoGuide(
                List.of(
                        person(
                                house,
                                DemoStory.OLD,
                                "a long history; shares a part of it with Dr Silva, and has corrected a value"),
                        person(house, DemoStory.YOUNG, "shared something and took it back"),
                        person(
                                house,
                                DemoStory.MIDDLE,
                                "shares nothing; acts for a child of eight, who has no sign-in; born on "
                                        + DemoStory.bornOf(DemoStory.MIDDLE)),
                        person(
                                house,
                                DemoStory.SILVA,
                                "sees what one patient shares; was refused by another; may break the glass"),
                        person(house, DemoStory.OKORO, "had access once; it expired"),
                        person(house, DemoStory.AUDITOR, "checks the trail; sees no clinical content"),
                        person(house, DemoStory.OPERATOR, "runs the service")),
                List.of(
                        "Sign in as the patient with the long history, open the timeline, and unfold one visit.",
                        "Look at what is shared, with whom, until when; give Dr Okoro a part of it, and take it back.",
                        "Answer the request of Dr Okoro that waits for the patient with the long history: allow less than asked.",
                        "See who looked, for what purpose, and who was refused.",
                        "Sign in as Dr Silva, name a purpose, and see the same person's care view; then try another"
                                + " patient.",
                        "As Dr Silva, break the glass for the patient who shares nothing; read the notice as that"
                                + " patient, and review it as the auditor.",
                        "Find the laboratory value that the patient disputes, as the patient and as Dr Silva.",
                        "As Aurelia, open “People I act for” and the record of Inés: by the parent, for the child.",
                        "Delete an entry, with whatever repeats it; download the whole record and look for it there.",
                        "As the auditor, download a proof for one leaf of the trail and verify it."));
    }

    private static DemoPerson person(House house, String signIn, String what) {
        Account account = house.accounts().bySignIn(signIn).orElseThrow();
        return new DemoPerson(account.name(), account.role().code(), signIn, PASSWORD, what);
    }
}
