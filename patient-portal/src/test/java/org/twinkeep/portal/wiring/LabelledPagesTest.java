package org.twinkeep.portal.wiring;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.portal.accounts.Opened;

/**
 * Under a grant without the sensitive chapters no word of a sensitive entry stands on any page that a link leads to, with
 * every attachment decoded; under a grant of everything the same walk finds them all.
 */
@Tag("slow")
class LabelledPagesTest {

    private static final Set<Chapter> SENSITIVE = EnumSet.of(
            Chapter.MENTAL_HEALTH, Chapter.SUBSTANCE_USE, Chapter.SEXUAL_HEALTH, Chapter.SAFETY, Chapter.GENOMICS);

    private static final String SNOMED = "http://snomed.info/sct";

    /** One of each kind of sensitive information that IHE PCF and HL7 DS4P name, and genetics. */
    private record Kind(String name, String system, String code, String display) {}

    private static final List<Kind> KINDS = List.of(
            new Kind("mental", SNOMED, "370143000", "Major depressive disorder"),
            new Kind("alcohol", SNOMED, "7200002", "Alcoholism"),
            new Kind("opioid", SNOMED, "5602001", "Opioid abuse (disorder)"),
            new Kind("reproductive", SNOMED, "240589008", "Chlamydia trachomatis infection"),
            new Kind("hiv", SNOMED, "86406008", "Human immunodeficiency virus infection (disorder)"),
            new Kind("violence", SNOMED, "706893006", "Victim of intimate partner abuse (finding)"),
            new Kind(
                    "genetic",
                    "http://hl7.org/fhir/sid/icd-10-cm",
                    "E84.0",
                    "Cystic fibrosis with pulmonary manifestations"));

    private static final Set<String> BY_REFERENCE = Set.of("procedure", "plan");
    private static final int LABS = 60;

    private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/]{16,}={0,2}");
    private static final Pattern NOT_A_WORD = Pattern.compile("[^\\p{L}\\p{N}]+");

    @TempDir
    Path temp;

    private final Set<String> marks = new LinkedHashSet<>();
    private Home home;
    private Opened oak;
    private Opened elm;

    @BeforeEach
    void aRecordOfEveryKind() throws IOException {
        home = new Home(temp, record());
        try (var house = home.open()) {
            oak = home.clinician(house, "oak", "Dr Rowan Oak");
            elm = home.clinician(house, "elm", "Dr Iris Elm");
        }
    }

    @AfterEach
    void close() {
        home.close();
    }

    @Test
    void a_grant_without_sensitive_labels_shows_no_labelled_word_and_a_grant_of_all_shows_every_one() throws Exception {
        home.serve(house -> {
            home.share(house, oak, EnumSet.complementOf(EnumSet.copyOf(SENSITIVE)));
            home.share(house, elm, EnumSet.allOf(Chapter.class));
        });
        var less = words(walked(home.treating("oak")));
        var all = words(walked(home.treating("elm")));
        System.out.printf("labelled words=%d%n", needles().size());
        assertThat(missing(needles(), all))
                .as("found where everything is shared")
                .isEmpty();
        assertThat(found(needles(), less)).as("found under the grant without").isEmpty();
        for (var number = 0; number < LABS; number++) {
            assertThat(less).as("what is not sensitive, to the last page").contains(" zqplain" + number + " ");
        }
    }

    @Test
    void who_acts_without_sensitive_chapters_reads_no_labelled_word_and_takes_none_along() throws Exception {
        var chapters = EnumSet.complementOf(EnumSet.copyOf(SENSITIVE));
        home.serve(house -> home.appoint(house, home.relative(house, "ben", "Ben Marrow"), chapters));
        var acting = home.acting("ben");
        var pages = new ArrayList<>(walked(acting).values());
        for (var needle : needles()) {
            pages.add(acting.reads("/timeline?q=" + URLEncoder.encode(needle, UTF_8))
                    .replace("value=\"" + needle + "\"", ""));
        }
        pages.add(acting.post("/download", "/download", Map.of()).body());
        var less = words(pages);
        assertThat(found(needles(), less)).isEmpty();
        assertThat(less).contains(" zqplain0 ", " zqplain59 ");
        var own = home.signedIn("ada");
        var whole = new ArrayList<>(walked(own).values());
        whole.add(own.post("/download", "/download", Map.of()).body());
        assertThat(missing(needles(), words(whole))).isEmpty();
    }

    private Map<String, String> walked(Browser browser) throws Exception {
        var from = new ArrayList<>(List.of("/", "/timeline", "/patients", "/patients/" + home.twin));
        for (var chapter : Chapter.values()) {
            from.add("/patients/" + home.twin + "/chapters/" + chapter.code());
        }
        return browser.crawl(from, path -> !path.startsWith("/sign-out") && !path.startsWith("/assets"));
    }

    private static String words(Map<String, String> pages) {
        return words(pages.values());
    }

    /** What stands there, and what stands in whatever looks like base64. */
    private static String words(Collection<String> pages) {
        var all = new StringBuilder();
        for (var page : pages) {
            var plain = page.replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&");
            all.append(normal(plain));
            BASE64.matcher(plain).results().forEach(match -> {
                for (var charset : List.<Charset>of(ISO_8859_1, StandardCharsets.UTF_16LE)) {
                    all.append(normal(new String(decoded(match.group()), charset)));
                }
            });
        }
        return all.toString();
    }

    private static byte[] decoded(String base64) {
        try {
            return Base64.getMimeDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    private static String normal(String text) {
        return ' ' + NOT_A_WORD.matcher(text.toLowerCase(Locale.ROOT)).replaceAll(" ") + ' ';
    }

    private static List<String> found(Set<String> needles, String text) {
        return needles.stream()
                .filter(needle -> text.contains(' ' + needle + ' '))
                .toList();
    }

    private static Set<String> missing(Set<String> needles, String text) {
        var missing = new TreeSet<>(needles);
        missing.removeAll(found(needles, text));
        return missing;
    }

    /** Every display and code, and a mark of its own in each entry that tells by more than a reference, which nobody else gets. */
    private Set<String> needles() {
        var needles = new LinkedHashSet<>(marks);
        KINDS.forEach(kind -> {
            needles.add(normal(kind.display()).strip());
            needles.add(normal(kind.code()).strip());
        });
        return needles;
    }

    // --- the record

    private String record() {
        var resources = new ArrayList<String>();
        resources.add("""
            {"resourceType":"Patient","id":"p1","identifier":[{"system":"urn:test:mrn","value":"4711"}],
             "name":[{"family":"Quill","given":["Ada"]}],"gender":"female","birthDate":"1971-02-03"}\
            """);
        for (var number = 0; number < LABS; number++) {
            resources.add("""
                {"resourceType":"Observation","id":"l%d","status":"final","identifier":[{"value":"zqplain%d"}],
                 "category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"laboratory"}]}],
                 "code":{"coding":[{"system":"http://loinc.org","code":"2345-7","display":"Glucose"}]},
                 "subject":{"reference":"Patient/p1"},"effectiveDateTime":"2026-01-%02d","valueQuantity":{"value":%d,"unit":"mg/dL"}}\
                """.formatted(number, number, 1 + number % 28, 70 + number));
        }
        KINDS.forEach(kind -> resources.addAll(of(kind)));
        return resources.stream()
                .map(resource -> "{\"resource\":" + resource + "}")
                .collect(Collectors.joining(
                        ",", "{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[", "]}"));
    }

    /** It, what restates it by code or reference, and what tells it in words, in each form that words come in. */
    private List<String> of(Kind kind) {
        var concept = "{\"coding\":[{\"system\":\"%s\",\"code\":\"%s\",\"display\":\"%s\"}]}"
                .formatted(kind.system(), kind.code(), kind.display());
        var its = "{\"reference\":\"Condition/%s-condition\"}".formatted(kind.name());
        var says = "Seen today, %s was talked about.".formatted(kind.display());
        var all = new ArrayList<String>();
        all.add(resource("Condition", kind, "condition", "\"code\":" + concept + ",\"onsetDateTime\":\"2026-02-01\""));
        all.add(resource(
                "Encounter",
                kind,
                "visit",
                "\"status\":\"finished\",\"class\":{\"code\":\"AMB\"},\"period\":{\"start\":\"2026-02-01\"},\"reasonCode\":["
                        + concept + "]"));
        all.add(resource(
                "Procedure",
                kind,
                "procedure",
                "\"status\":\"completed\",\"code\":{\"text\":\"Talk\"},\"performedDateTime\":\"2026-02-02\",\"reasonReference\":["
                        + its + "]"));
        all.add(resource(
                "MedicationRequest",
                kind,
                "medicine",
                "\"status\":\"active\",\"intent\":\"order\",\"medicationCodeableConcept\":{\"text\":\"Tablet\"},\"authoredOn\":\"2026-02-03\",\"reasonCode\":["
                        + concept + "]"));
        all.add(resource(
                "CarePlan",
                kind,
                "plan",
                "\"status\":\"active\",\"intent\":\"plan\",\"addresses\":[" + its
                        + "],\"period\":{\"start\":\"2026-02-04\"}"));
        all.add(resource(
                "Observation",
                kind,
                "remark",
                "\"status\":\"final\",\"code\":{\"text\":\"Remark\"},\"effectiveDateTime\":\"2026-02-05\",\"note\":[{\"text\":\""
                        + says + "\"}]"));
        all.add(resource(
                "Claim",
                kind,
                "bill",
                "\"status\":\"active\",\"created\":\"2026-02-06\",\"patient\":{\"reference\":\"Patient/p1\"},"
                        + "\"diagnosis\":[{\"sequence\":1,\"diagnosisCodeableConcept\":" + concept + "}]"));
        all.add(resource(
                "DiagnosticReport",
                kind,
                "report",
                "\"status\":\"final\",\"code\":{\"text\":\"Report\"},\"effectiveDateTime\":\"2026-02-07\",\"presentedForm\":["
                        + attached("text/html", "<p>" + says + "</p>", UTF_8) + "]"));
        all.add(note(kind, "plain", attached("text/plain; charset=utf-8", says, UTF_8)));
        all.add(note(kind, "latin", attached("text/plain", says + " \u00e9", ISO_8859_1)));
        all.add(note(kind, "wide", attached("text/plain; charset=utf-16le", says, StandardCharsets.UTF_16LE)));
        all.add(note(kind, "wide-unsaid", attached("text/plain", says, StandardCharsets.UTF_16LE)));
        all.add(note(kind, "rich", attached("text/rtf", "{\\rtf1 " + says.replace("e", "\\'65") + "}", UTF_8)));
        all.add(note(kind, "pdf", attached("application/pdf", "%PDF-1.7 " + says, UTF_8)));
        all.add(note(kind, "untyped", attached("", "%PDF-1.7 \u0000" + says.replace(" ", "\u0000"), UTF_8)));
        return all;
    }

    private String note(Kind kind, String form, String attachment) {
        return resource(
                "DocumentReference",
                kind,
                "note-" + form,
                "\"status\":\"current\",\"type\":{\"text\":\"Note\"},\"date\":\"2026-02-08T10:00:00Z\",\"content\":[{\"attachment\":"
                        + attachment + "}]");
    }

    private static String attached(String type, String text, Charset charset) {
        var said = type.isEmpty() ? "" : "\"contentType\":\"" + type + "\",";
        return "{" + said + "\"data\":\"" + Base64.getEncoder().encodeToString(text.getBytes(charset)) + "\"}";
    }

    private String resource(String type, Kind kind, String what, String rest) {
        var mark = "zq" + kind.name() + what.replace("-", "");
        if (!BY_REFERENCE.contains(what)) {
            marks.add(mark);
        }
        var whose = type.equals("Claim") ? "" : "\"subject\":{\"reference\":\"Patient/p1\"},";
        return "{\"resourceType\":\"%s\",\"id\":\"%s-%s\",\"identifier\":[{\"value\":\"%s\"}],%s%s}"
                .formatted(type, kind.name(), what, mark, whose, rest);
    }
}
