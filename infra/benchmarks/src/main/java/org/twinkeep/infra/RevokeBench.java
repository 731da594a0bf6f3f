package org.twinkeep.infra;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.Period;
import org.twinkeep.consent.Purpose;
import org.twinkeep.consent.Terms;
import org.twinkeep.consent.ledger.ConsentLedger.Kept;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.portal.accounts.AccountId;
import org.twinkeep.portal.accounts.Grant;
import org.twinkeep.portal.accounts.Opened;
import org.twinkeep.portal.accounts.Person;
import org.twinkeep.portal.accounts.Role;
import org.twinkeep.portal.wiring.House;
import org.twinkeep.portal.wiring.ServedHouse;

/**
 * {@code bench revoke}: from the moment at which a patient's browser sends the end of a consent until the clinician's
 * browser holds the page that refuses, over HTTP, on a served house. The clinician read the page just before. A page that
 * is still shown after the patient was answered does not hold, however soon it is gone. With {@code TWINKEEP_LEDGER=fabric}
 * the house is on that network, and the figures are only printed.
 */
final class RevokeBench {
    private static final int WARM_UP = 40;
    private static final int ROUNDS = 200;
    private static final double GOAL_MS = 50;
    static final String PASSWORD = "seven slow herons";

    private final Path scratch;

    RevokeBench(Path scratch) {
        this.scratch = scratch;
    }

    BenchResult run() throws IOException {
        var house = Houses.open(scratch.resolve("data"));
        var twin =
                Houses.read(house, Infra.demoPerson(scratch)).twins().getFirst().twin();
        var patient = open(house, Role.PATIENT, "bench-patient", twin);
        var clinician = open(house, Role.CLINICIAN, "bench-clinician", null);
        try (var seed = Objects.requireNonNull(patient.seed());
                var served = new ServedHouse(house, 0);
                var patients = new Browser(served.url());
                var clinicians = new Browser(served.url())) {
            patients.signIn("bench-patient", PASSWORD);
            clinicians.signIn("bench-clinician", PASSWORD);
            var page = "/patients/" + twin;
            clinicians.post(page + "/purpose", clinicians.token(page + "/purpose"), Map.of("purpose", "TREAT"));
            return measured(house, seed, twin, clinician.account().id(), patients, clinicians);
        }
    }

    private BenchResult measured(
            House house, Secret seed, TwinId twin, AccountId grantee, Browser patients, Browser clinicians)
            throws IOException {
        var page = "/patients/" + twin;
        var whole = new double[ROUNDS];
        var acknowledged = new double[ROUNDS];
        int shownAfter = 0;
        for (int round = -WARM_UP; round < ROUNDS; round++) {
            var handle = grant(house, seed, twin, grantee);
            require(clinicians.get(page).statusCode() == 200, "the granted page was not shown");
            var token = patients.token("/consents");
            long sent = System.nanoTime();
            var answer = patients.post("/consents/" + handle.value() + "/end", token, Map.of());
            long ended = System.nanoTime();
            require(answer.statusCode() == 302, "the end of the consent was not taken");
            int status = clinicians.get(page).statusCode();
            int tries = 1;
            while (status == 200) {
                status = clinicians.get(page).statusCode();
                tries++;
            }
            long refused = System.nanoTime();
            if (round >= 0) {
                whole[round] = (refused - sent) / 1e6;
                acknowledged[round] = (ended - sent) / 1e6;
                shownAfter += tries - 1;
            }
        }
        Arrays.sort(whole);
        Arrays.sort(acknowledged);
        boolean embedded = house.consents().standing().kept() == Kept.EMBEDDED;
        var ledger = embedded ? "embedded" : "fabric";
        double p99 = at(whole, 0.99);
        return new BenchResult(
                "revoke",
                BenchResult.Machine.here(),
                List.of(
                        embedded
                                ? BenchResult.Figure.atMost("embedded_p99_ms", p99, GOAL_MS, "ms")
                                : BenchResult.Figure.plain("fabric_p99_ms", p99, "ms"),
                        BenchResult.Figure.plain(ledger + "_p50_ms", at(whole, 0.50), "ms"),
                        BenchResult.Figure.plain(ledger + "_answered_p99_ms", at(acknowledged, 0.99), "ms"),
                        BenchResult.Figure.atMost("shown_after_the_answer", shownAfter, 0, "pages"),
                        BenchResult.Figure.plain("rounds", ROUNDS, "")));
    }

    private static double at(double[] sorted, double share) {
        return sorted[Math.min(sorted.length - 1, (int) Math.ceil(sorted.length * share) - 1)];
    }

    static ConsentHandle grant(House house, Secret seed, TwinId twin, AccountId grantee) {
        var today = LocalDate.now(ZoneOffset.UTC);
        var terms = new Terms(
                grantee.toString(),
                "Dr Bench",
                "Hill Hospital",
                Purpose.TREATMENT,
                Set.of(Chapter.PROFILE, Chapter.LABS, Chapter.VITALS, Chapter.CONDITIONS),
                null,
                true,
                new Period(today, today.plusDays(7), ZoneOffset.UTC));
        var consent = house.consents().grant(twin, terms, seed);
        house.accounts().granted(grantee, new Grant(twin, consent.handle(), "Bench", null));
        return consent.handle();
    }

    static Opened open(House house, Role role, String name, @Nullable TwinId twin) {
        var person = new Person(name, "Hill Hospital", ZoneOffset.UTC, Locale.ENGLISH);
        return house.accounts().open(role, name, person, twin, PASSWORD.toCharArray());
    }

    private static void require(boolean so, String otherwise) {
        if (!so) {
            throw new IllegalStateException(otherwise);
        }
    }
}
