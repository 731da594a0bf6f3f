package org.twinkeep.portal.wiring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Somebody at the pages of a served house, over HTTP: signs in, fills in forms, and follows every link there is. */
final class Browser {
    static final String PASSWORD = "seven slow herons";

    private static final Pattern TOKEN = Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]+)\"");
    private static final Pattern LINK = Pattern.compile("(?:href|src|action)=\"(/[^\"#]*)");

    private final String site;
    private final HttpClient client =
            HttpClient.newBuilder().cookieHandler(new CookieManager()).build();

    private Browser(String url) {
        this.site = url.replaceAll("/$", "");
    }

    static Browser signedIn(String url, String name) throws IOException, InterruptedException {
        var browser = new Browser(url);
        var answer = browser.post("/sign-in", "/sign-in", Map.of("name", name, "password", PASSWORD));
        assertThat(answer.headers().firstValue("Location").orElse("")).doesNotContain("sign-in");
        return browser;
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(URI.create(site + path)).build(), BodyHandlers.ofString());
    }

    /** What stands on a page that is there. */
    String reads(String path) throws IOException, InterruptedException {
        var answer = get(path);
        assertThat(answer.statusCode()).as(path).isEqualTo(200);
        return answer.body();
    }

    /** Fills in the form that a page has, rightly. */
    HttpResponse<String> post(String page, String to, Map<String, String> fields)
            throws IOException, InterruptedException {
        var answer = posts(page, to, fields);
        assertThat(answer.statusCode()).as(to).isLessThan(400);
        return answer;
    }

    /** Fills in the form that a page has, whatever the answer is. */
    HttpResponse<String> posts(String page, String to, Map<String, String> fields)
            throws IOException, InterruptedException {
        var token = TOKEN.matcher(reads(page));
        assertThat(token.find()).as(page).isTrue();
        var form = new LinkedHashMap<>(fields);
        form.put("_csrf", token.group(1));
        var body = form.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), UTF_8))
                .collect(Collectors.joining("&"));
        return client.send(
                HttpRequest.newBuilder(URI.create(site + to))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    /** Every page that some link leads to from these, by its address. @param followed which links are */
    Map<String, String> crawl(List<String> from, Predicate<String> followed) throws IOException, InterruptedException {
        var pages = new LinkedHashMap<String, String>();
        var seen = new LinkedHashSet<>(from);
        var next = new ArrayDeque<>(from);
        while (!next.isEmpty()) {
            var path = next.remove();
            var answer = get(path);
            if (answer.statusCode() >= 300) {
                continue;
            }
            pages.put(path, answer.body());
            LINK.matcher(answer.body())
                    .results()
                    .map(link -> link.group(1).replace("&amp;", "&"))
                    .filter(followed)
                    .filter(seen::add)
                    .forEach(next::add);
        }
        return pages;
    }
}
