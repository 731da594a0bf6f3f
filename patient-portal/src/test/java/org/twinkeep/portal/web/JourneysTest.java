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
import java.time.Clock;
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
import org.twinkeep.integrations.fhir.FhirImport;
import org.twinkeep.portal.accounts.Person;
import org.twinkeep.portal.accounts.Role;
import org.twinkeep.portal.wiring.DataFolder;
import org.twinkeep.portal.wiring.House;
import org.twinkeep.portal.wiring.Kek;
import org.twinkeep.portal.wiring.ServedHouse;
import org.twinkeep.twin.Actor;

/** People in a browser over a real house, with JavaScript and without. */
@Tag("slow")
class JourneysTest {
    private static final String PASSWORD = "seven slow herons";
    private static final Path CHROMIUM =
            Path.of(Objects.requireNonNullElse(System.getenv("TWINKEEP_CHROMIUM"), "/usr/bin/chromium"));

    private static Playwright playwright;
    private static Browser browser;

    @TempDir
    Path folder;

    private ServedHouse served;
    private boolean script;

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
        var house = House.open(new DataFolder(folder.resolve("data")), kek, "journeys", Clock.systemUTC());
        var file = folder.resolve("person.json");
        try (var person = JourneysTest.class.getResourceAsStream("/tour/person.json")) {
            Files.copy(Objects.requireNonNull(person), file);
        }
        var report = house.fhirImport()
                .run(
                        List.of(file),
                        new FhirImport.Options(null, null, new Actor(Actor.Kind.OPERATOR, "operator:test")),
                        (_, _, _) -> {});
        var zone = ZoneId.of("Pacific/Auckland");
        house.accounts()
                .open(
                        Role.PATIENT,
                        "ottilie",
                        new Person("Ottilie", "", zone, Locale.UK),
                        report.twins().getFirst().twin(),
                        PASSWORD.toCharArray());
        house.accounts()
                .open(
                        Role.CLINICIAN,
                        "oak",
                        new Person("Dr Rowan Oak", "Harbour Clinic", zone, Locale.UK),
                        null,
                        PASSWORD.toCharArray());
        served = new ServedHouse(house, 0);
    }

    @AfterEach
    void stop() {
        served.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void what_is_granted_is_seen_and_what_is_revoked_is_refused_on_the_next_request(boolean javaScript) {
        script = javaScript;
        var patient = signedIn("ottilie");
        var clinician = signedIn("oak");
        assertThat(clinician.getByText("Nobody shares anything with you")).isVisible();

        go(patient, "Sharing");
        patient.getByRole(AriaRole.LINK, named("Share with somebody")).click();
        press(patient, "See what this opens");
        assertThat(patient.getByRole(AriaRole.ALERT)).containsText("Choose a person");
        for (var choice : List.of("Dr Rowan Oak, Harbour Clinic", "Treatment", "Laboratory", "Any time", "One week")) {
            patient.getByLabel(choice, new Page.GetByLabelOptions().setExact(true))
                    .check();
        }
        patient.getByLabel("Yes, include them").check();
        press(patient, "See what this opens");
        assertThat(patient.getByRole(AriaRole.TABLE)).containsText("Laboratory");
        press(patient, "Share this");
        assertThat(patient.getByRole(AriaRole.STATUS)).containsText("It is shared");

        go(clinician, "My patients");
        clinician.getByRole(AriaRole.TABLE).getByRole(AriaRole.LINK).first().click();
        clinician
                .getByLabel("Treatment", new Page.GetByLabelOptions().setExact(true))
                .check();
        press(clinician, "Open the record");
        assertThat(clinician.getByText("This is what the patient shares, not a complete record."))
                .isVisible();
        assertThat(clinician.locator("main")).not().containsText("hypertension");
        clinician
                .getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Potassium"))
                .first()
                .click();
        assertThat(clinician.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setLevel(1)))
                .containsText("Potassium");

        press(patient, "Stop sharing");
        assertThat(patient.getByRole(AriaRole.STATUS)).containsText("It is ended");

        clinician.reload();
        assertThat(clinician.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setLevel(1)))
                .hasText("This is not shown");
        assertThat(clinician.locator("main")).containsText("Your access ended on");
        assertThat(clinician.locator("main")).not().containsText("Potassium");
        go(patient, "Who looked");
        assertThat(patient.locator("main")).containsText("Dr Rowan Oak");
        assertThat(patient.locator("main")).containsText("refused");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void what_is_deleted_is_gone_with_what_repeats_it_and_then_the_whole_twin(boolean javaScript) throws IOException {
        script = javaScript;
        var patient = signedIn("ottilie");
        assertThat(everything(patient)).contains("hypertension");

        go(patient, "Timeline");
        patient.getByLabel("Search").fill("essential hypertension");
        press(patient, "Search");
        patient.getByRole(AriaRole.LINK, named("Essential hypertension"))
                .first()
                .click();
        patient.getByRole(AriaRole.LINK, named("Delete")).click();
        patient.getByLabel("Delete it and everything below").check();
        patient.getByLabel("I know that this cannot be undone").check();
        press(patient, "Delete for good");
        assertThat(patient.getByRole(AriaRole.STATUS)).containsText("The entries are deleted");
        assertThat(everything(patient)).doesNotContain("hypertension").contains("Potassium");

        go(patient, "Delete my twin");
        patient.getByLabel("To confirm, type").fill("delete my twin");
        press(patient, "Delete my twin for good");
        assertThat(patient.getByRole(AriaRole.STATUS)).containsText("Your twin is deleted");
        press(patient, "Sign out");

        var later = signedIn("ottilie");
        assertThat(later.getByRole(AriaRole.STATUS)).containsText("Your twin is deleted");
        assertThat(later.navigate(served.url() + "timeline").status()).isEqualTo(403);
    }

    private Page signedIn(String name) {
        var page = browser.newContext(new Browser.NewContextOptions().setJavaScriptEnabled(script))
                .newPage();
        page.navigate(served.url() + "sign-in");
        page.getByLabel("Sign-in name").fill(name);
        page.getByLabel("Password").fill(PASSWORD);
        press(page, "Sign in");
        return page;
    }

    /** The download of everything, as text, attachments decoded by nobody. */
    private static String everything(Page patient) throws IOException {
        go(patient, "Download");
        var download = patient.waitForDownload(() -> press(patient, "Download my record"));
        return Files.readString(download.path());
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

    private static Page.GetByRoleOptions named(String name) {
        return new Page.GetByRoleOptions().setName(name).setExact(true);
    }
}
