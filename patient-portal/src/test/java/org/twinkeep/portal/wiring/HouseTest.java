package org.twinkeep.portal.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.twinkeep.consent.AccessRequest;
import org.twinkeep.consent.Consent;
import org.twinkeep.consent.Period;
import org.twinkeep.consent.Purpose;
import org.twinkeep.consent.Terms;
import org.twinkeep.consent.Verdict;
import org.twinkeep.consent.ledger.LedgerUnavailable;
import org.twinkeep.consent.trail.Looker;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.keys.VaultUnavailable;
import org.twinkeep.integrations.fhir.FhirImport;
import org.twinkeep.portal.accounts.Opened;
import org.twinkeep.portal.accounts.Person;
import org.twinkeep.portal.accounts.Role;
import org.twinkeep.twin.Actor;

class HouseTest {
    private static final Clock NOON = Clock.fixed(Instant.parse("2026-11-21T12:00:00Z"), ZoneOffset.UTC);
    private static final Actor OPERATOR = new Actor(Actor.Kind.OPERATOR, "operator:test");
    private static final Looker LOOKER = new Looker("operator:test", "test", "This service", "operator");
    private static final String RECORD = """
            {"resourceType":"Bundle","type":"collection","entry":[
             {"fullUrl":"urn:uuid:00000000-0000-0000-0000-000000000001","resource":{"resourceType":"Patient","id":"p1",
              "identifier":[{"system":"urn:test:mrn","value":"4711"}],
              "name":[{"family":"Quill","given":["Petra"]}],"gender":"female","birthDate":"1980-02-03"}},
             {"fullUrl":"urn:uuid:00000000-0000-0000-0000-000000000002","resource":{"resourceType":"Observation","id":"o1","status":"final",
              "category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"laboratory"}]}],
              "code":{"coding":[{"system":"http://loinc.org","code":"2345-7","display":"Glucose"}],"text":"Glucose"},
              "subject":{"reference":"urn:uuid:00000000-0000-0000-0000-000000000001"},
              "effectiveDateTime":"2026-10-01T08:00:00+02:00","valueQuantity":{"value":6.10,"unit":"mmol/L"}}}]}""";

    @TempDir
    Path temp;

    private final List<String> told = new ArrayList<>();

    @Test
    void a_new_house_says_once_where_its_key_is() {
        open().close();
        assertThat(told).singleElement().asString().contains(temp.resolve("key").toString());
        open().close();
        assertThat(told).hasSize(1);
    }

    @Test
    void what_was_imported_is_there_after_a_restart_and_comes_out_again() throws IOException {
        var twin = imported();
        try (var house = open()) {
            assertThat(house.history().twins()).containsExactly(twin);
            var out = new ByteArrayOutputStream();
            house.fhirExport().write(twin, LOOKER, "asked for", out);
            assertThat(out.toString(StandardCharsets.UTF_8)).contains("6.10").contains("Quill");
            assertThat(house.trail().looks(twin))
                    .anySatisfy(look -> assertThat(look.who().id()).isEqualTo("operator:test"));
        }
    }

    @Test
    void a_folder_that_is_open_is_refused() {
        try (var _ = open()) {
            assertThatThrownBy(this::open).isInstanceOf(HouseRefused.class).hasMessageContaining("in use");
        }
        open().close();
    }

    @Test
    void another_key_opens_nothing() throws IOException {
        imported();
        Files.writeString(
                temp.resolve("key"), Files.readString(temp.resolve("key")).replaceAll("[0-9a-f]{64}", "0".repeat(64)));
        assertThatThrownBy(this::open).isInstanceOf(VaultUnavailable.class);
        assertThat(FolderLock.holder(folder())).isEmpty();
    }

    @Test
    void a_lost_key_is_never_made_anew() throws IOException {
        imported();
        Files.delete(temp.resolve("key"));
        assertThatThrownBy(this::open).isInstanceOf(VaultUnavailable.class).hasMessageContaining("missing");
        assertThat(temp.resolve("key")).doesNotExist();
    }

    @Test
    void a_revocation_denies_the_next_request_also_after_a_restart() throws IOException {
        var twin = imported();
        var request = new AccessRequest(twin, "clinician-1", "clinician", Purpose.TREATMENT, NOON.instant());
        try (var house = open();
                var seed = Objects.requireNonNull(patient(house, twin).seed())) {
            var consent = house.consents().grant(twin, terms(), seed);
            assertThat(house.consents().decide(request)).isInstanceOf(Verdict.Permitted.class);
            house.consents().revoke(twin, consent.handle(), seed);
            assertThat(house.consents().decide(request)).isInstanceOf(Verdict.Denied.class);
        }
        try (var house = open()) {
            assertThat(house.consents().decide(request)).isInstanceOf(Verdict.Denied.class);
            assertThat(house.consents().of(twin))
                    .singleElement()
                    .extracting(Consent::status)
                    .isEqualTo(Consent.Status.REVOKED);
        }
    }

    @Test
    void an_older_ledger_is_refused_because_the_trail_remembers() throws IOException {
        var twin = imported();
        try (var house = open();
                var seed = Objects.requireNonNull(patient(house, twin).seed())) {
            var consent = house.consents().grant(twin, terms(), seed);
            copy(folder().ledger(), temp.resolve("before"));
            house.consents().revoke(twin, consent.handle(), seed);
        }
        copy(temp.resolve("before"), folder().ledger());
        assertThatThrownBy(this::open).isInstanceOf(LedgerUnavailable.class);
    }

    @Test
    void an_erased_twin_is_gone_for_good_and_no_import_makes_it_anew() throws IOException {
        var twin = imported();
        try (var house = open()) {
            house.erasure().eraseTwin(twin, OPERATOR);
            assertThat(house.history().exists(twin)).isFalse();
        }
        try (var house = open()) {
            assertThat(house.history().twins()).isEmpty();
            var report = house.fhirImport().run(List.of(record()), options(), (_, _, _) -> {});
            assertThat(report.recorded()).isZero();
            assertThat(house.erasure().receipts()).hasSize(1);
        }
    }

    @Test
    void closing_signs_a_checkpoint_over_everything() throws IOException {
        imported();
        try (var house = open()) {
            assertThat(house.trail().checkpointNote()).contains("twinkeep/" + house.tenant());
        }
    }

    @Test
    void making_a_house_is_finished_wherever_a_crash_broke_it_off() throws IOException {
        open().close();
        var whole = HouseFile.read(folder());
        var slots = Files.readAllBytes(folder().slots());
        var key = Files.readAllBytes(temp.resolve("key"));
        for (var had : List.of(List.of(), List.of("key"), List.of("key", "slots"))) {
            emptied();
            new HouseFile(
                            whole.format(),
                            whole.tenant(),
                            whole.key(),
                            "",
                            false,
                            whole.events(),
                            whole.views(),
                            whole.ledger(),
                            whole.signers())
                    .write(folder());
            Files.deleteIfExists(temp.resolve("key"));
            if (had.contains("key")) {
                Files.write(temp.resolve("key"), key);
                Files.setPosixFilePermissions(temp.resolve("key"), PosixFilePermissions.fromString("rw-------"));
            }
            if (had.contains("slots")) {
                Files.createDirectories(folder().keys());
                Files.write(folder().slots(), slots);
            }
            imported();
            assertThat(HouseFile.read(folder()).unfinished()).isFalse();
            assertThat(HouseFile.read(folder()).tenant()).isEqualTo(whole.tenant());
        }
    }

    @Test
    void a_file_that_holds_no_key_is_refused_and_stays() throws IOException {
        Files.writeString(temp.resolve("key"), "a letter");
        Files.setPosixFilePermissions(temp.resolve("key"), PosixFilePermissions.fromString("rw-------"));
        for (int attempt = 0; attempt < 2; attempt++) {
            assertThatThrownBy(this::open).isInstanceOf(VaultUnavailable.class).hasMessageContaining("holds no key");
            assertThat(temp.resolve("key")).hasContent("a letter");
        }
    }

    private void emptied() throws IOException {
        try (var inside = Files.walk(folder().path())) {
            for (var path : new ArrayList<>(inside.toList()).reversed()) {
                if (!path.equals(folder().path())) {
                    Files.delete(path);
                }
            }
        }
    }

    private House open() {
        var kek = new Kek(temp.resolve("key"), false, _ -> new char[0], told::add);
        return House.open(folder(), kek, "test", NOON);
    }

    private DataFolder folder() {
        return new DataFolder(temp.resolve("data"));
    }

    private TwinId imported() throws IOException {
        try (var house = open()) {
            var report = house.fhirImport().run(List.of(record()), options(), (_, _, _) -> {});
            assertThat(report.refused()).isEmpty();
            return report.twins().getFirst().twin();
        }
    }

    private static FhirImport.Options options() {
        return new FhirImport.Options(null, null, OPERATOR);
    }

    private Path record() throws IOException {
        return Files.writeString(temp.resolve("record.json"), RECORD);
    }

    private static Opened patient(House house, TwinId twin) {
        var person = new Person("Petra Quill", "", ZoneOffset.UTC, Locale.ENGLISH);
        return house.accounts().open(Role.PATIENT, "petra", person, twin, "correct horse".toCharArray());
    }

    private static Terms terms() {
        var today = NOON.instant().atZone(ZoneOffset.UTC).toLocalDate();
        return new Terms(
                "clinician-1",
                "Dr Test",
                "Clinic",
                Purpose.TREATMENT,
                EnumSet.of(Chapter.PROFILE, Chapter.LABS),
                null,
                true,
                new Period(today, today.plusDays(30), ZoneOffset.UTC));
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (var files = Files.list(from)) {
            for (var file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}
