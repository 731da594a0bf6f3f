package org.twinkeep.portal.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.AriaRole;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
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
import org.twinkeep.portal.accounts.Person;
import org.twinkeep.portal.accounts.Role;
import org.twinkeep.portal.wiring.DataFolder;
import org.twinkeep.portal.wiring.House;
import org.twinkeep.portal.wiring.Kek;
import org.twinkeep.portal.wiring.ServedHouse;
import org.twinkeep.twin.Actor;

/**
 * Asking, answering, being told and renewing in a browser, wide and narrow, without JavaScript. With {@code
 * TWINKEEP_SCREENSHOTS} each page is kept as a picture in that folder.
 */
@Tag("slow")
class AskingJourneysTest {
    private static final String PASSWORD = "seven slow herons";
    private static final Path CHROMIUM =
            Path.of(Objects.requireNonNullElse(System.getenv("TWINKEEP_CHROMIUM"), "/usr/bin/chromium"));
    private static final @Nullable String PICTURES = System.getenv("TWINKEEP_SCREENSHOTS");

    private static Playwright playwright;
    private static Browser browser;

    @TempDir
    Path folder;

    private final TestClock clock =
            new TestClock(Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
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
        try (var person = AskingJourneysTest.class.getResourceAsStream("/tour/person.json")) {
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
        account(Role.CLINICIAN, "oak", "Dr Rowan Oak", "Harbour Clinic", null);
        account(Role.RESEARCHER, "reed", "Dr Sol Reed", "Coast University", null);
        served = new ServedHouse(house, 0);
    }

    private void account(Role role, String signIn, String name, String organisation, @Nullable TwinId twin) {
        var person = new Person(name, organisation, ZoneId.of("Pacific/Auckland"), Locale.UK);
        house.accounts().open(role, signIn, person, twin, PASSWORD.toCharArray());
    }

    @AfterEach
    void stop() {
        served.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1280, 390})
    void a_request_is_answered_with_less_seen_renewed_when_it_is_said_to_end_and_taken_back(int wide) {
        width = wide;
        var patient = signedIn("ottilie");
        go(patient, "/requests");
        press(patient, "Make a code");
        var code = patient.locator("strong.tk-number").textContent();

        var clinician = signedIn("oak");
        go(clinician, "/asked/new");
        press(clinician, "Send the request");
        assertThat(clinician.getByRole(AriaRole.ALERT)).containsText("Check the code");
        picture(clinician, "asking-errors");
        clinician.locator("#code").fill(code);
        for (var choice : List.of("#purpose-TREAT", "#chapter-labs", "#chapter-medications", "#later-yes")) {
            clinician.locator(choice).check();
        }
        clinician.locator("#length-QUARTER").check();
        clinician.locator("#why").fill("Your new dose depends on these values.");
        press(clinician, "Send the request");
        assertThat(clinician.getByRole(AriaRole.STATUS)).containsText("Your request was sent");
        picture(clinician, "asked");

        go(patient, "/notices");
        picture(patient, "notices");
        patient.getByRole(AriaRole.BUTTON, named("Open")).first().click();
        assertThat(patient.getByText("Your new dose depends on these values.")).isVisible();
        picture(patient, "request");
        patient.locator("#chapter-labs").check();
        patient.locator("#later-no").check();
        patient.locator("#length-QUARTER").check();
        press(patient, "Allow only this");
        assertThat(patient.getByRole(AriaRole.STATUS)).containsText("It is allowed");
        picture(patient, "requests");

        go(clinician, "/patients");
        clinician.getByRole(AriaRole.LINK, named("Ottilie")).first().click();
        clinician.getByLabel("Treatment", exactly()).check();
        press(clinician, "Open the record");
        assertThat(clinician.getByText("This is what the patient shares").first())
                .isVisible();
        assertThat(clinician.getByText("Potassium").first()).isVisible();

        clock.pass(Duration.ofDays(85));
        house.clockwork().beat();
        patient = signedIn("ottilie");
        go(patient, "/notices");
        assertThat(patient.getByText("You can renew it in one step").first()).isVisible();
        picture(patient, "notice-of-an-end");
        patient.getByRole(AriaRole.BUTTON, named("Open")).first().click();
        patient.locator("#length-WEEK").check();
        picture(patient, "renew");
        press(patient, "Share the same again");
        assertThat(patient.getByRole(AriaRole.STATUS)).containsText("It goes on");
        picture(patient, "consents");
        patient.getByRole(AriaRole.LINK, named("Change")).first().click();
        picture(patient, "amend");
        press(patient, "See what changes");
        assertThat(patient.getByRole(AriaRole.ALERT)).containsText("Nothing would change");
        patient.locator("#length-YEAR").check();
        press(patient, "See what changes");
        assertThat(patient.getByText("From now on").first()).isVisible();
        picture(patient, "amended");
        press(patient, "Change it");
        assertThat(patient.getByRole(AriaRole.STATUS)).containsText("It is changed");
        var link =
                patient.getByRole(AriaRole.LINK, named("Download the receipt")).first();
        var receipt = patient.waitForDownload(link::click);
        assertThat(receipt.suggestedFilename()).endsWith(".jsonld");
    }

    @ParameterizedTest
    @ValueSource(ints = {1280, 390})
    void a_research_request_is_read_with_its_match_and_refused(int wide) {
        width = wide;
        var patient = signedIn("ottilie");
        go(patient, "/research");
        patient.locator("#permission-DS").check();
        patient.locator("[id='disease-MONDO:0005015']").check();
        patient.locator("#modifier-IRB").check();
        patient.locator("#modifier-NCU").check();
        press(patient, "Keep this");
        assertThat(patient.getByRole(AriaRole.STATUS)).containsText("It is kept");
        picture(patient, "research");
        go(patient, "/requests");
        press(patient, "Make a code");
        var code = patient.locator("strong.tk-number").textContent();

        var researcher = signedIn("reed");
        go(researcher, "/asked/new");
        researcher.locator("#code").fill(code);
        for (var choice : List.of("#purpose-HRESCH", "#chapter-labs", "#later-no", "#length-YEAR", "#aim-BIOMEDICAL")) {
            researcher.locator(choice).check();
        }
        researcher.locator("[id='disease-MONDO:0005148']").check();
        researcher.locator("#ETHICS_APPROVAL-yes").check();
        researcher.locator("#why").fill("We study how blood sugar changes over years.");
        picture(researcher, "research-asking");
        press(researcher, "Send the request");

        go(patient, "/requests");
        patient.getByRole(AriaRole.LINK, named("Read and answer")).first().click();
        assertThat(patient.getByText("It cannot be told by rule")).isVisible();
        picture(patient, "research-request");
        press(patient, "Refuse");
        assertThat(patient.getByRole(AriaRole.STATUS)).containsText("You refused");
        go(researcher, "/asked");
        assertThat(researcher.getByText("refused", new Page.GetByTextOptions().setExact(true)))
                .isVisible();

        go(patient, "/purposes");
        picture(patient, "purposes");
    }

    private Page signedIn(String name) {
        var context = browser.newContext(
                new Browser.NewContextOptions().setJavaScriptEnabled(false).setViewportSize(width, 900));
        var page = context.newPage();
        page.navigate(served.url() + "sign-in");
        page.locator("#name").fill(name);
        page.locator("#password").fill(PASSWORD);
        press(page, "Sign in");
        return page;
    }

    private void go(Page page, String path) {
        page.navigate(served.url() + path.substring(1));
    }

    private static void press(Page page, String button) {
        page.getByRole(
                        AriaRole.BUTTON,
                        new Page.GetByRoleOptions().setName(button).setExact(true))
                .first()
                .click();
    }

    /** Nothing hangs over the edge, and the picture is kept where somebody wants to look at it. */
    private void picture(Page page, String name) {
        var size = page.locator("body").boundingBox();
        assertThat(size.width).as(name + " at " + width).isLessThanOrEqualTo(width);
        if (PICTURES != null) {
            page.screenshot(new Page.ScreenshotOptions()
                    .setPath(Path.of(PICTURES, name + "-" + width + ".png"))
                    .setFullPage(true));
        }
    }

    private static Page.GetByRoleOptions named(String name) {
        return new Page.GetByRoleOptions().setName(name);
    }

    private static Page.GetByLabelOptions exactly() {
        return new Page.GetByLabelOptions().setExact(true);
    }
}
