package org.twinkeep.portal.tour;

import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.twinkeep.portal.accounts.Person;
import org.twinkeep.portal.accounts.Role;
import org.twinkeep.portal.wiring.ServedHouse;
import org.twinkeep.twin.EntryId;

/** A clinician in a browser asks for an entry that is hidden from her and for one that is not there. */
final class AlikeOverHttp {
    private static final Pattern TOKEN = Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]+)\"");
    private static final String REQUEST_ID = "[0-9a-f]{64}";
    private static final String NAME = "tour-clinician";
    private static final String PASSWORD = "a long tour through the house";

    private final TourFolder folder;
    private final HttpClient browser =
            HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
    private String site = "";

    AlikeOverHttp(TourFolder folder) {
        this.folder = folder;
    }

    Map<String, Object> look(EntryId hidden) throws IOException, InterruptedException {
        var house = folder.house();
        var twin = TourPerson.twin(house);
        var person = new Person("Dr Http Tour", "Westerquell Surgery", ZoneOffset.UTC, Locale.ENGLISH);
        var account = house.accounts()
                .open(Role.CLINICIAN, NAME, person, null, PASSWORD.toCharArray())
                .account();
        house.consents().grant(twin, Sharing.terms(account.id().toString(), TourPerson.GRANTED), folder.seed());
        var granted = TourPerson.entry(house, "Condition/cond-htn");
        try (var served = new ServedHouse(folder.handOver(), 0)) {
            site = served.url().replaceAll("/$", "");
            post("/sign-in", "/sign-in", Map.of("name", NAME, "password", PASSWORD));
            var patient = "/patients/" + twin;
            post(patient + "/purpose", patient + "/purpose", Map.of("purpose", "TREAT"));
            NotHeld.unless(get(patient + "/entries/" + granted).statusCode() == 200, "a granted entry is not shown");
            var one = get(patient + "/entries/" + hidden);
            var other = get(patient + "/entries/" + "0123456789abcdef".repeat(2));
            NotHeld.unless(one.statusCode() == other.statusCode(), "the status tells which is there");
            NotHeld.unless(headers(one).equals(headers(other)), "a header tells which is there");
            NotHeld.unless(
                    one.body().replaceAll(REQUEST_ID, "").equals(other.body().replaceAll(REQUEST_ID, "")),
                    "the page tells which is there");
            return Map.of("status", one.statusCode(), "bytes", one.body().length());
        }
    }

    private static Map<String, String> headers(HttpResponse<?> response) {
        return response.headers().map().entrySet().stream()
                .filter(header -> !header.getKey().equalsIgnoreCase("date"))
                .collect(Collectors.toMap(
                        header -> header.getKey().toLowerCase(Locale.ROOT),
                        header -> String.join(",", header.getValue()),
                        (a, b) -> a + b,
                        TreeMap::new));
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return browser.send(HttpRequest.newBuilder(URI.create(site + path)).build(), BodyHandlers.ofString());
    }

    /** Fills in the form of a page and sends it. */
    private void post(String page, String to, Map<String, String> fields) throws IOException, InterruptedException {
        var token = TOKEN.matcher(get(page).body());
        NotHeld.unless(token.find(), "the page " + page + " has no form");
        var form = new TreeMap<>(fields);
        form.put("_csrf", token.group(1));
        var body = form.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        var request = HttpRequest.newBuilder(URI.create(site + to))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        var answer = browser.send(request, BodyHandlers.ofString());
        NotHeld.unless(answer.statusCode() < 400, "the form of " + page + " was refused");
    }
}
