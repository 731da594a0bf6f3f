package org.twinkeep.portal.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.FilePayload;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
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
import org.twinkeep.portal.accounts.Person;
import org.twinkeep.portal.accounts.Role;
import org.twinkeep.portal.wiring.DataFolder;
import org.twinkeep.portal.wiring.House;
import org.twinkeep.portal.wiring.Kek;
import org.twinkeep.portal.wiring.ServedHouse;
import org.twinkeep.twin.Actor;

/** Delegation, lost capacity, growing up and a death in a browser over a real house, wide and narrow. */
@Tag("slow")
class DelegateJourneysTest {
    private static final String PASSWORD = "seven slow herons";
    private static final ZoneId ZONE = ZoneId.of("Europe/Berlin");
    private static final Path PICTURES = Path.of("target", "screenshots");
    private static final Path CHROMIUM =
            Path.of(Objects.requireNonNullElse(System.getenv("TWINKEEP_CHROMIUM"), "/usr/bin/chromium"));

    private static Playwright playwright;
    private static Browser browser;

    @TempDir
    Path folder;

    private final TestClock clock =
            new TestClock(Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    private ServedHouse served;
    private House house;
    private TwinId twin;
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
        try (var person = DelegateJourneysTest.class.getResourceAsStream("/tour/person.json")) {
            Files.copy(Objects.requireNonNull(person), file);
        }
        var report = house.fhirImport()
                .run(
                        List.of(file),
                        new FhirImport.Options(null, null, new Actor(Actor.Kind.OPERATOR, "operator:test")),
                        (_, _, _) -> {});
        twin = report.twins().getFirst().twin();
        open(Role.PATIENT, "del", "Del Hart", null);
        open(Role.CLINICIAN, "oak", "Dr Rowan Oak", null);
        open(Role.OPERATOR, "kit", "Kit Keeper", null);
        open(Role.AUDITOR, "rue", "Rue Ledger", null);
        served = new ServedHouse(house, 0);
    }

    private void open(Role role, String signIn, String name, TwinId whose) {
        house.accounts().open(role, signIn, new Person(name, "", ZONE, Locale.UK), whose, PASSWORD.toCharArray());
    }

    @AfterEach
    void stop() {
        served.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1280, 390})
    void what_is_given_to_a_delegate_opens_and_what_is_ended_is_over_on_the_next_request(int pixels) {
        width = pixels;
        open(Role.PATIENT, "ottilie", "Ottilie Stein", twin);
        var patient = signedIn("ottilie");
        var delegate = signedIn("del");
        appoints(patient, codeOf(delegate), "From today");
        picture(patient, "delegates");
        go(delegate, "/people");
        press(delegate, "Open the record");
        assertThat(delegate.locator(".tk-acting")).containsText("By Del Hart, for Ottilie Stein");
        assertThat(delegate.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setLevel(1)))
                .containsText("Timeline of Ottilie Stein");
        picture(delegate, "acting");
        go(patient, "/lookers");
        assertThat(patient.locator("main")).containsText("Del Hart");
        go(patient, "/delegates");
        press(patient, "End it");
        delegate.reload();
        assertThat(delegate.locator("main")).containsText("You can no longer act for this person");
        picture(delegate, "over");
    }

    @ParameterizedTest
    @ValueSource(ints = {1280, 390})
    void whoever_was_chosen_in_advance_acts_once_a_clinician_and_the_house_have_confirmed_it(int pixels) {
        width = pixels;
        open(Role.PATIENT, "ottilie", "Ottilie Stein", twin);
        var delegate = signedIn("del");
        appoints(signedIn("ottilie"), codeOf(delegate), "Only once I can no longer decide");
        go(delegate, "/people");
        delegate.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Say that the time has come"))
                .click();
        shows(delegate);
        picture(delegate, "start");
        press(delegate, "Ask for the confirmation");
        for (var who : List.of("oak", "kit")) {
            assertThat(signedInAt(delegate, "/people")).containsText("waits for two people");
            var confirming = signedIn(who);
            go(confirming, "/matters");
            if (who.equals("oak")) {
                assertThat(confirming.locator("main")).not().containsText("Ottilie Stein");
                shows(confirming);
                press(confirming, "Find what it is about");
            }
            picture(confirming, "confirming-" + who);
            press(confirming, "I confirm it");
        }
        go(delegate, "/people");
        press(delegate, "Open the record");
        assertThat(delegate.locator(".tk-acting")).containsText("By the representative, for Ottilie Stein");
        picture(delegate, "representative");
    }

    @ParameterizedTest
    @ValueSource(ints = {1280, 390})
    void a_parent_acts_for_a_child_is_told_before_the_child_is_of_age_and_then_no_longer_acts(int pixels) {
        width = pixels;
        var parent = signedIn("del");
        var code = codeOf(parent);
        var born = LocalDate.ofInstant(clock.instant(), ZONE).minusYears(17).minusMonths(6);
        var operator = signedIn("kit");
        go(operator, "/matters/appoint");
        press(operator, "File it");
        assertThat(operator.getByRole(AriaRole.ALERT)).containsText("There is no twin of this id");
        operator.getByLabel("Id of the twin").fill(twin.toString());
        operator.getByLabel("Name of the patient").fill("Ottilie Stein");
        operator.getByLabel("Their code").fill(code);
        operator.getByLabel("Parent of a child").check();
        day(operator, "born", born);
        shows(operator);
        fills(operator);
        operator.getByLabel("share with others").check();
        operator.getByLabel("answer those who ask").check();
        picture(operator, "filing");
        press(operator, "File it");
        var auditor = signedIn("rue");
        go(auditor, "/matters");
        press(auditor, "I confirm it");
        go(parent, "/people");
        press(parent, "Open the record");
        assertThat(parent.locator(".tk-acting")).containsText("By the parent, for the child");
        picture(parent, "parent");
        sharesTheLaboratory(parent);
        go(parent, "/requests");
        assertThat(parent.locator("main")).containsText("Nobody can ask to see something of Ottilie Stein");
        clock.pass(Duration.ofDays(100));
        house.clockwork().beat();
        go(parent, "/notices");
        assertThat(parent.locator("main")).containsText("will be of age");
        picture(parent, "majority-soon");
        clock.pass(Duration.ofDays(100));
        go(parent, "/timeline");
        assertThat(parent.locator("main")).containsText("over, because the child is of age");
        picture(parent, "of-age");
        open(Role.PATIENT, "ottilie", "Ottilie Stein", twin);
        var grown = signedIn("ottilie");
        go(grown, "/delegates");
        assertThat(grown.locator("main")).containsText("You have been of age since");
        press(grown, "Keep it");
        assertThat(grown.getByRole(AriaRole.STATUS)).containsText("It stays shared, now by your own signature");
        go(grown, "/consents");
        assertThat(grown.locator("main")).containsText("Whoever shared it no longer acts for you");
        go(grown, "/delegates");
        picture(grown, "grown-up");
    }

    @ParameterizedTest
    @ValueSource(ints = {1280, 390})
    void a_death_that_two_people_signed_stops_what_is_new_and_the_page_says_what_becomes_of_the_rest(int pixels) {
        width = pixels;
        open(Role.PATIENT, "ottilie", "Ottilie Stein", twin);
        sharesTheLaboratory(signedIn("ottilie"));
        var operator = signedIn("kit");
        go(operator, "/matters/death");
        operator.getByLabel("Id of the twin").fill(twin.toString());
        operator.getByLabel("Name of the patient").fill("Ottilie Stein");
        day(operator, "died", LocalDate.ofInstant(clock.instant(), ZONE).minusDays(1));
        shows(operator);
        picture(operator, "death-filing");
        press(operator, "File it");
        var auditor = signedIn("rue");
        go(auditor, "/matters");
        picture(auditor, "death-confirming");
        press(auditor, "I confirm it");
        var patient = signedIn("ottilie");
        go(patient, "/consents");
        assertThat(patient.locator("main")).containsText("A death is recorded");
        assertThat(patient.locator("main")).containsText("What is shared ends when a death is recorded");
        assertThat(patient.locator("main")).containsText("A death was recorded");
        go(patient, "/timeline?chapter=imaging");
        patient.locator("main a[href^='/entries/']").first().click();
        patient.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Say that it is wrong"))
                .click();
        patient.getByLabel("What is not right?").fill("It was never taken.");
        press(patient, "Add it to the entry");
        assertThat(patient.locator("main")).containsText("A death is recorded: nothing new is written");
        go(patient, "/consents");
        picture(patient, "death");
    }

    /** With the clinician, for a year. */
    private void sharesTheLaboratory(Page page) {
        go(page, "/consents/new");
        page.getByLabel("Dr Rowan Oak").check();
        for (var choice : List.of("Treatment", "Laboratory", "Any time", "One year")) {
            page.getByLabel(choice, new Page.GetByLabelOptions().setExact(true)).check();
        }
        page.getByLabel("Yes, include them").check();
        press(page, "See what this opens");
        press(page, "Share this");
        assertThat(page.getByRole(AriaRole.STATUS)).containsText("It is shared");
    }

    private void appoints(Page patient, String code, String when) {
        go(patient, "/delegates/new");
        patient.getByLabel("Their code").fill(code);
        patient.getByLabel(when).check();
        fills(patient);
        picture(patient, "appointing");
        press(patient, "Let them act for me");
        assertThat(patient.getByRole(AriaRole.STATUS)).containsText("It is done");
    }

    private void fills(Page page) {
        page.getByLabel("see the chapters named below").check();
        page.getByLabel("Laboratory").check();
        page.getByLabel("Conditions").check();
        var today = LocalDate.ofInstant(clock.instant(), ZONE);
        day(page, "until", today.plusYears(3));
        day(page, "review", today.plusYears(1));
    }

    private static void day(Page page, String field, LocalDate day) {
        page.locator("#" + field + "-day").fill(Integer.toString(day.getDayOfMonth()));
        page.locator("#" + field + "-month").fill(Integer.toString(day.getMonthValue()));
        page.locator("#" + field + "-year").fill(Integer.toString(day.getYear()));
    }

    private static void shows(Page page) {
        page.getByLabel("The document")
                .setInputFiles(new FilePayload(
                        "document.pdf", "application/pdf", "an invented document".getBytes(StandardCharsets.UTF_8)));
    }

    private String codeOf(Page delegate) {
        go(delegate, "/people");
        return delegate.locator("main code").last().textContent().strip();
    }

    private Locator signedInAt(Page page, String path) {
        go(page, path);
        return page.locator("main");
    }

    private void go(Page page, String path) {
        page.navigate(served.url() + path.substring(1));
    }

    private Page signedIn(String name) {
        var page = browser.newContext(new Browser.NewContextOptions()
                        .setJavaScriptEnabled(false)
                        .setViewportSize(width, 900))
                .newPage();
        page.navigate(served.url() + "sign-in");
        page.getByLabel("Sign-in name").fill(name);
        page.getByLabel("Password").fill(PASSWORD);
        press(page, "Sign in");
        return page;
    }

    private void picture(Page page, String name) {
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(PICTURES.resolve(name + "-" + width + ".png"))
                .setFullPage(true));
    }

    private static void press(Page page, String button) {
        page.locator("main button", new Page.LocatorOptions().setHasText(button))
                .first()
                .click();
    }
}
