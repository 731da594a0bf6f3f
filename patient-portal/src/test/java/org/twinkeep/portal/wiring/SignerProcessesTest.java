package org.twinkeep.portal.wiring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.portal.Twinkeep;
import org.twinkeep.portal.accounts.Opened;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Two signers and a house, each a process of its own with the commands that people type; one signer is killed at work. */
@Tag("slow")
@ResourceLock(Resources.SYSTEM_PROPERTIES)
class SignerProcessesTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Pattern SHARED = Pattern.compile("action=\"/consents/([0-9a-f]{64})/end\"");

    @TempDir
    Path temp;

    private final Map<String, Process> running = new HashMap<>();
    private final Map<String, JsonNode> said = new HashMap<>();
    private Home home;
    private Opened oak;

    @BeforeEach
    void signersAndAHouse() throws Exception {
        start("Oversight", signer("Oversight", "127.0.0.1:0"));
        start("Provider", signer("Provider", "127.0.0.1:0"));
        System.setProperty("twinkeep.signers.file", signersFile().toString());
        home = new Home(temp, Home.RECORD);
        try (var house = home.open()) {
            oak = home.clinician(house, "oak", "Dr Rowan Oak");
        }
        start("house", "serve", "--port", "0");
    }

    @AfterEach
    void end() throws Exception {
        System.clearProperty("twinkeep.signers.file");
        for (var process : running.values()) {
            process.destroyForcibly().waitFor();
        }
        home.close();
    }

    @Test
    void a_signer_that_is_killed_at_work_stops_what_is_new_and_nothing_else_and_goes_on_when_it_is_back()
            throws Exception {
        var url = address("house", "url");
        var ada = Browser.signedIn(url, "ada");
        assertThat(grant(ada, Chapter.LABS)).isEqualTo(302);
        var doctor = Browser.signedIn(url, "oak");
        var purpose = "/patients/" + home.twin + "/purpose";
        doctor.post(purpose, purpose, Map.of("purpose", "TREAT"));
        assertThat(doctor.reads("/patients/" + home.twin)).contains("Glucose");
        var first = shared(ada).iterator().next();

        var granted = new ArrayList<Chapter>();
        var killed = new CompletableFuture<Void>();
        for (var chapter : List.of(Chapter.CONDITIONS, Chapter.ALLERGIES, Chapter.VITALS, Chapter.PROCEDURES)) {
            if (granted.size() == 1) {
                killed = CompletableFuture.runAsync(this::kill);
            }
            if (grant(ada, chapter) == 302) {
                granted.add(chapter);
            }
        }
        killed.join();
        assertThat(running.get("Oversight").isAlive()).isFalse();

        var refused = ada.posts("/consents/new", "/consents", form(Chapter.IMAGING));
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.body())
                .contains("Not available at the moment", "Nothing was shown and nothing was lost")
                .doesNotContain("Exception", "127.0.0.1");
        assertThat(doctor.reads("/patients/" + home.twin)).contains("Glucose");
        assertThat(shared(ada)).hasSize(1 + granted.size());
        ada.post("/consents", "/consents/" + first + "/end", Map.of());
        assertThat(doctor.reads("/patients/" + home.twin)).doesNotContain("Glucose");

        start(
                "Oversight",
                signer(
                        "Oversight",
                        URI.create(address("Oversight", "oversight.address")).getAuthority()));
        assertThat(grant(ada, Chapter.IMAGING)).isEqualTo(302);
        assertThat(shared(ada)).hasSize(1 + granted.size());

        running.get("house").destroy();
        assertThat(running.get("house").waitFor(20, TimeUnit.SECONDS)).isTrue();
        start("verification", "verify");
        assertThat(running.get("verification").waitFor()).isZero();
        assertThat(said.get("verification").path("ok").booleanValue()).isTrue();
        try (var house = home.open()) {
            assertThat(house.consents().waiting()).isZero();
            assertThat(house.consents().standing().keys())
                    .containsEntry("Oversight", address("Oversight", "oversight.address"));
        }
    }

    private void kill() {
        try {
            running.get("Oversight").destroyForcibly().waitFor();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private int grant(Browser ada, Chapter chapter) throws IOException, InterruptedException {
        return ada.posts("/consents/new", "/consents", form(chapter)).statusCode();
    }

    private Map<String, String> form(Chapter chapter) {
        return Map.of(
                "grantee",
                oak.account().id().toString(),
                "purpose",
                "TREAT",
                "chapters",
                chapter.code(),
                "data",
                "any",
                "later",
                "yes",
                "term",
                "year");
    }

    private static TreeSet<String> shared(Browser ada) throws IOException, InterruptedException {
        var handles = new TreeSet<String>();
        SHARED.matcher(ada.reads("/consents")).results().forEach(found -> handles.add(found.group(1)));
        return handles;
    }

    // --- the processes

    private String[] signer(String organisation, String listen) {
        var key = temp.resolve(organisation + ".key").toString();
        return new String[] {"signer", "--organisation", organisation, "--key", key, "--listen", listen};
    }

    private String address(String process, String name) {
        return said.get(process).path(name).stringValue();
    }

    private Path signersFile() throws IOException {
        var lines = new StringBuilder();
        for (var organisation : List.of("Oversight", "Provider")) {
            var name = organisation.toLowerCase(Locale.ROOT);
            for (var line : List.of(name + ".address", name + ".key")) {
                lines.append(line)
                        .append('=')
                        .append(address(organisation, line))
                        .append('\n');
            }
            lines.append(Files.readString(Path.of(address(organisation, "secretFile"))));
        }
        return Files.writeString(temp.resolve("signers"), lines);
    }

    /** Starts a command, and waits for the document that it says. */
    private void start(String name, String... command) throws IOException {
        var all = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Twinkeep.class.getName()));
        all.addAll(List.of(command));
        all.add("--json");
        if (!command[0].equals("signer")) {
            all.addAll(List.of("--data", temp.resolve("data").toString()));
            all.addAll(List.of("--kek-file", temp.resolve("key").toString()));
        }
        var builder = new ProcessBuilder(all);
        builder.redirectError(temp.resolve(name + ".err").toFile());
        var signers = System.getProperty("twinkeep.signers.file");
        if (signers != null) {
            builder.environment().put("TWINKEEP_SIGNERS_FILE", signers);
        }
        var process = builder.start();
        running.put(name, process);
        var line = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8)).readLine();
        assertThat(line).as(() -> errors(name)).isNotNull();
        said.put(name, JSON.readTree(Objects.requireNonNull(line)));
    }

    private String errors(String name) {
        try {
            return Files.readString(temp.resolve(name + ".err"));
        } catch (IOException e) {
            return e.toString();
        }
    }
}
