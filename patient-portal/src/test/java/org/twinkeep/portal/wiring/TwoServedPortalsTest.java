package org.twinkeep.portal.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.portal.accounts.Person;
import org.twinkeep.portal.accounts.Role;
import org.twinkeep.twin.Actor;
import org.twinkeep.twin.TwinCommand;
import org.twinkeep.twin.kurrentdb.WireServer;
import org.twinkeep.twin.postgresql.OnPostgres;

/** A person's browser that is sent now to one server of a house, now to another. */
@Tag("slow")
class TwoServedPortalsTest {

    private static final TwinId ADA = TwinId.of("00000000-0000-4000-8000-00000000000a");
    private static final String PASSWORD = "seven slow herons";
    private static final Pattern TOKEN = Pattern.compile("name=\"_csrf\" value=\"([^\"]+)\"");

    @RegisterExtension
    static final OnPostgres POSTGRES = new OnPostgres();

    @TempDir
    Path temp;

    private final CookieManager cookies = new CookieManager();
    private final HttpClient browser = HttpClient.newBuilder()
            .cookieHandler(cookies)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    private WireServer events;
    private @Nullable ServedHouse one;
    private @Nullable ServedHouse other;

    @BeforeEach
    void twoServers() throws Exception {
        events = WireServer.alone();
        System.setProperty("twinkeep.events", "kurrentdb");
        System.setProperty("twinkeep.views", "postgresql");
        System.setProperty("twinkeep.kurrentdb.file", file("kurrentdb", events.connectionString()));
        System.setProperty("twinkeep.postgresql.file", file("postgresql", POSTGRES.empty()));
        var first = open();
        first.twins()
                .create(new TwinCommand.CreateTwin(ADA, first.clock().instant(), new Actor(Actor.Kind.OPERATOR, "o")));
        first.accounts()
                .open(
                        Role.PATIENT,
                        "ada",
                        new Person("Ada Quill", "", ZoneOffset.UTC, Locale.ENGLISH),
                        ADA,
                        PASSWORD.toCharArray());
        one = new ServedHouse(first, 0);
        other = new ServedHouse(open(), 0);
    }

    private String file(String name, String content) throws Exception {
        return Files.writeString(temp.resolve(name), content).toString();
    }

    private House open() {
        var kek = new Kek(temp.resolve("key"), false, _ -> new char[0], _ -> {});
        return House.open(new DataFolder(temp.resolve("data")), kek, "a test", Clock.systemUTC());
    }

    @AfterEach
    void away() {
        Stream.of(other, one).filter(Objects::nonNull).forEach(ServedHouse::close);
        browser.close();
        for (var name : new String[] {"events", "views", "kurrentdb.file", "postgresql.file"}) {
            System.clearProperty("twinkeep." + name);
        }
        events.close();
    }

    @Test
    void who_signed_in_at_one_is_known_at_the_other_stays_so_with_a_new_password_and_is_signed_out_at_both()
            throws Exception {
        assertThat(get(other, "/timeline").statusCode()).isEqualTo(302);
        var entered = post(one, "/sign-in", "/sign-in", Map.of("name", "ada", "password", PASSWORD));
        assertThat(entered.statusCode()).isEqualTo(302);
        assertThat(get(one, "/timeline").body()).contains("Ada Quill");
        assertThat(get(other, "/timeline").body()).contains("Ada Quill");
        assertThat(cookies.getCookieStore().getCookies()).singleElement().satisfies(cookie -> {
            assertThat(cookie.getName()).isEqualTo("twinkeep");
            assertThat(cookie.isHttpOnly()).isTrue();
        });

        var changed = post(
                other,
                "/account",
                "/account/password",
                Map.of("present", PASSWORD, "password", "eight quick herons", "again", "eight quick herons"));
        assertThat(changed.statusCode()).isEqualTo(302);
        assertThat(get(one, "/timeline").body()).contains("Ada Quill");

        assertThat(post(one, "/timeline", "/sign-out", Map.of()).statusCode()).isEqualTo(302);
        assertThat(get(one, "/timeline").statusCode()).isEqualTo(302);
        assertThat(get(other, "/timeline").statusCode()).isEqualTo(302);
    }

    private HttpResponse<String> get(ServedHouse server, String path) throws Exception {
        return browser.send(
                HttpRequest.newBuilder(at(server, path)).build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    /** As a form of this page sends it. */
    private HttpResponse<String> post(ServedHouse server, String page, String path, Map<String, String> fields)
            throws Exception {
        var token = TOKEN.matcher(get(server, page).body());
        assertThat(token.find()).isTrue();
        var form = fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&", "_csrf=" + token.group(1) + "&", ""));
        return browser.send(
                HttpRequest.newBuilder(at(server, path))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(form))
                        .build(),
                BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    private static URI at(ServedHouse server, String path) {
        return URI.create(server.url()).resolve(path);
    }
}
