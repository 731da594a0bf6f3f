package org.twinkeep.portal.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.AriaRole;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.twinkeep.consent.TestClock;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.integrations.fhir.FhirImport;
import org.twinkeep.portal.accounts.Account;
import org.twinkeep.portal.accounts.Person;
import org.twinkeep.portal.accounts.Role;
import org.twinkeep.portal.wiring.DataFolder;
import org.twinkeep.portal.wiring.House;
import org.twinkeep.portal.wiring.Kek;
import org.twinkeep.portal.wiring.ServedHouse;
import org.twinkeep.twin.Actor;

/** An emergency from the breaking of the glass to its review, in a browser, on a wide screen and on a telephone. */
@Tag("slow")
class EmergencyJourneyTest {
    private static final String PASSWORD = "seven slow herons";
    private static final ZoneId ZONE = ZoneId.of("Pacific/Auckland");
    private static final Path CHROMIUM =
            Path.of(Objects.requireNonNullElse(System.getenv("TWINKEEP_CHROMIUM"), "/usr/bin/chromium"));

    private static Playwright playwright;
    private static Browser browser;

    @TempDir
    Path folder;

    private final TestClock clock = new TestClock(Instant.now().toString());
    private House house;
    private ServedHouse served;
    private int width;

    @BeforeAll
    static void openTheBrowser() {
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(CHROMIUM)
                        .setArgs(List.of("--no-sandbox", "--disable-background-networking")));
    }

    @AfterAll
    static void closeTheBrowser() {
        playwright.close();
    }

    @BeforeEach
    void serve() throws IOException {
        var kek = new Kek(folder.resolve("kek"), false, _ -> new char[0], _ -> {});
        house = House.open(new DataFolder(folder.resolve("data")), kek, "journeys", clock);
        var file = folder.resolve("person.json");
        try (var person = EmergencyJourneyTest.class.getResourceAsStream("/tour/person.json")) {
            Files.copy(Objects.requireNonNull(person), file);
        }
        var report = house.fhirImport()
                .run(
                        List.of(file),
                        new FhirImport.Options(null, null, new Actor(Actor.Kind.OPERATOR, "operator:test")),
                        (_, _, _) -> {});
        account(
                Role.PATIENT,
                "ottilie",
                "Ottilie",
                "",
                report.twins().getFirst().twin());
        var oak = account(Role.CLINICIAN, "oak", "Dr Rowan Oak", "Harbour Clinic", null);
        house.accounts().letBreakGlass(oak.id(), true);
        account(Role.AUDITOR, "rue", "Rue Ledger", "Oversight Office", null);
        served = new ServedHouse(house, 0);
    }

    @AfterEach
    void stop() {
        served.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1280, 390})
    void the_glass_is_broken_in_front_of_the_patient_ends_by_itself_and_is_reviewed(int pixels) {
        width = pixels;
        var clinician = signedIn("oak");
        go(clinician, "Emergency");
        press(clinician, "Break the glass");
        assertThat(clinician.getByRole(AriaRole.ALERT)).containsText("Enter the full name");
        look(clinician, "form");
        clinician.getByLabel("full name").fill("ottilie  TOURFRAU");
        clinician.getByLabel("Day").fill("3");
        clinician.getByLabel("Month").fill("2");
        clinician.getByLabel("Year").fill("1971");
        clinician.getByLabel("Why must you see").fill("Brought in unconscious from the road.");
        clinician.getByLabel("60 minutes").check();
        clinician.getByLabel("I know that the patient is told").check();
        press(clinician, "Break the glass");
        assertThat(clinician.locator("main")).containsText("not a complete record");
        assertThat(clinician.locator("main")).containsText("in 60 minutes");
        assertThat(clinician.locator("main")).containsText("hypertension");
        assertThat(clinician.locator("main")).not().containsText("partner");
        look(clinician, "view");

        var patient = signedIn("ottilie");
        assertThat(patient.locator(".tk-count")).containsText("1");
        patient.locator("a[href='/notices']").click();
        look(patient, "notice");
        press(patient, "Open");
        assertThat(patient.locator("main")).containsText("Brought in unconscious");
        assertThat(patient.locator("main")).containsText("open now");
        look(patient, "patient");

        clock.pass(Duration.ofMinutes(60));
        clinician.reload();
        assertThat(clinician.locator("main")).containsText("Your access ended on");
        assertThat(clinician.locator("main")).not().containsText("hypertension");
        look(clinician, "ended");

        clock.pass(Duration.ofHours(72));
        house.glass().beat();
        var auditor = signedIn("rue");
        go(auditor, "Emergency reviews");
        assertThat(auditor.locator("main")).containsText("overdue");
        look(auditor, "reviews");
        auditor.locator("main").getByRole(AriaRole.LINK).first().click();
        assertThat(auditor.locator("main")).containsText("Brought in unconscious");
        assertThat(auditor.locator("main")).not().containsText("Tourfrau");
        auditor.getByLabel("It was justified").check();
        auditor.getByLabel("Why?").fill("The ward's book says the same.");
        look(auditor, "review");
        press(auditor, "Record the review");
        assertThat(auditor.getByRole(AriaRole.STATUS)).containsText("The review is recorded");

        go(patient, "Who looked");
        patient.locator("summary")
                .filter(new Locator.FilterOptions().setHasText("Dr Rowan Oak"))
                .last()
                .click();
        assertThat(patient.locator("main")).containsText("It was justified");
        look(patient, "lookers");
    }

    private Account account(Role role, String signIn, String name, String organisation, TwinId twin) {
        return house.accounts()
                .open(role, signIn, new Person(name, organisation, ZONE, Locale.UK), twin, PASSWORD.toCharArray())
                .account();
    }

    private Page signedIn(String name) {
        var page = browser.newContext(new Browser.NewContextOptions().setViewportSize(width, 900))
                .newPage();
        page.navigate(served.url() + "sign-in");
        page.getByLabel("Sign-in name").fill(name);
        page.getByLabel("Password").fill(PASSWORD);
        press(page, "Sign in");
        return page;
    }

    /** Nothing stands beside the page; a picture of it is kept where somebody names a folder for it. */
    private void look(Page page, String name) {
        var shots = System.getenv("TWINKEEP_SCREENSHOTS");
        if (shots != null) {
            page.screenshot(new Page.ScreenshotOptions()
                    .setFullPage(true)
                    .setPath(Path.of(shots, "emergency-" + name + "-" + width + ".png")));
        }
        assertThat((Integer) page.evaluate("document.documentElement.scrollWidth"))
                .as(name)
                .isLessThanOrEqualTo(width);
    }

    private static void go(Page page, String where) {
        var link = page.getByRole(AriaRole.NAVIGATION).getByText(where, new Locator.GetByTextOptions().setExact(true));
        if (!link.isVisible()) {
            page.locator(".tk-more > summary").click();
        }
        link.click();
    }

    private static void press(Page page, String button) {
        page.locator("button", new Page.LocatorOptions().setHasText(button))
                .first()
                .click();
    }
}
