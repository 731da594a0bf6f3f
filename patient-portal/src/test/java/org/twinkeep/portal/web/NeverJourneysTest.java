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
import java.time.Instant;
import java.time.ZoneId;
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
import org.twinkeep.consent.Consents;
import org.twinkeep.consent.TestClock;
import org.twinkeep.consent.decision.Implicit;
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
 * Saying never, meeting it again when something is shared, and bringing a consent that somebody else wrote; in a browser,
 * wide and narrow, without JavaScript. With {@code TWINKEEP_SCREENSHOTS} each page is kept as a picture in that folder.
 */
@Tag("slow")
class NeverJourneysTest {
    private static final String PASSWORD = "seven slow herons";
    private static final Path CHROMIUM =
            Path.of(Objects.requireNonNullElse(System.getenv("TWINKEEP_CHROMIUM"), "/usr/bin/chromium"));
    private static final @Nullable String PICTURES = System.getenv("TWINKEEP_SCREENSHOTS");

    private static final String V3 = "http://terminology.hl7.org/CodeSystem/v3-";
    private static final String R5 = """
        {"resourceType":"Consent","status":"active","decision":"permit",
         "category":[{"coding":[{"system":"http://loinc.org","code":"59284-0"}]}],
         "period":{"start":"2020-01-01","end":"2099-12-31"},
         "provision":[
          {"purpose":[{"system":"%sActReason","code":"HRESCH"}],
           "securityLabel":[{"system":"%sConfidentiality","code":"R"}]},
          {"purpose":[{"system":"%sActReason","code":"HPAYMT"}],
           "provision":[{"resourceType":[{"system":"http://hl7.org/fhir/fhir-types","code":"Claim"}]}]}]}
        """.formatted(V3, V3, V3);

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
        try (var person = NeverJourneysTest.class.getResourceAsStream("/tour/person.json")) {
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
    void what_is_never_shown_wins_until_the_patient_opens_it(int wide) {
        width = wide;
        var patient = signedIn("ottilie");
        go(patient, "/consents");
        picture(patient, "never-01-list");
        go(patient, "/consents/never");
        press(patient, "Never show this");
        picture(patient, "never-02-form-incomplete");
        patient.getByLabel("To nobody at all").check();
        patient.getByLabel("Whatever it is for").check();
        patient.getByLabel("Only these chapters").check();
        patient.locator("#chapter-conditions").check();
        patient.locator("#chapter-genomics").check();
        press(patient, "Never show this");
        assertThat(patient.getByText("It holds from the very next request on")).isVisible();
        picture(patient, "never-03-list-with");

        share(patient, "conditions", "medications");
        assertThat(patient.getByText("What you never show closes a part of this")
                        .first())
                .isVisible();
        picture(patient, "never-04-part-is-denied");
        press(patient, "Keep it, and share the rest");
        assertThat(patient.getByText("What you never show still wins")).isVisible();
        picture(patient, "never-05-kept");

        share(patient, "genomics");
        assertThat(patient.getByText("What you never show closes all of this").first())
                .isVisible();
        picture(patient, "never-06-all-is-denied");
        press(patient, "Open it, and share");
        assertThat(patient.getByText("It is shared")).isVisible();
        picture(patient, "never-07-opened");

        go(patient, "/consents/never");
        patient.getByLabel("Dr Rowan Oak").check();
        patient.getByLabel("Whatever it is for").check();
        patient.getByLabel("Everything, my name too").check();
        press(patient, "Never show this");
        picture(patient, "never-08-one-person");
    }

    @ParameterizedTest
    @ValueSource(ints = {1280, 390})
    void a_consent_that_somebody_else_wrote_is_read_refused_or_signed(int wide) throws IOException {
        width = wide;
        var patient = signedIn("ottilie");
        go(patient, "/consents/bring");
        picture(patient, "bring-01-form");
        bring(patient, "R5", "{\"resourceType\":\"Consent\",\"status\":\"active\",\"implicitRules\":\"urn:x\"}");
        picture(patient, "bring-02-refused");
        bring(patient, "R5", R5);
        assertThat(patient.getByText("What this consent says").first()).isVisible();
        picture(patient, "bring-03-told");
        press(patient, "Sign and keep it");
        picture(patient, "bring-04-kept");
    }

    @ParameterizedTest
    @ValueSource(ints = {1280, 390})
    void what_permits_without_a_consent_stands_on_top_in_words_that_say_who_and_what(int wide) {
        width = wide;
        var patient = signedIn("ottilie");
        for (var policy : Implicit.values()) {
            house.register(Consents.IMPLICIT_POLICY, policy.code(), policy.commitment());
            go(patient, "/consents");
            var said = patient.locator("main .tk-callout").getByText("While you say nothing");
            if (policy == Implicit.DENY) {
                assertThat(said).hasCount(0);
            } else {
                assertThat(said).isVisible();
                assertThat(patient.getByText("Besides that, nobody sees anything"))
                        .isVisible();
            }
            picture(patient, "implicit-" + policy.code());
        }
    }

    private void bring(Page page, String version, String text) throws IOException {
        var file = folder.resolve("consent.json");
        Files.writeString(file, text);
        page.locator("#consent-file").setInputFiles(file);
        page.locator("#version-" + version).check();
        press(page, "See what it says");
    }

    private void share(Page page, String... chapters) {
        go(page, "/consents/new");
        page.getByLabel("Dr Rowan Oak").check();
        page.locator("#purpose-TREAT").check();
        for (var chapter : chapters) {
            page.locator("#chapter-" + chapter).check();
        }
        page.locator("#data-any").check();
        page.locator("#later-yes").check();
        page.locator("#term-year").check();
        press(page, "See what this opens");
        press(page, "Share this");
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
}
