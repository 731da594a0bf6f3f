package org.twinkeep.integrations.fhir;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * How references are resolved within a bundle (FHIR R4, bundle.html#references): by the whole URL; a relative one against the
 * server of the entry that makes it, then by type and id alone.
 */
final class Reference {
    /** A RESTful URL: its server, its type and id. */
    private static final Pattern RESTFUL = Pattern.compile("(https?://.+/)([A-Z][A-Za-z]{1,60}/[A-Za-z0-9\\-.]{1,64})");

    private static final Pattern RELATIVE = Pattern.compile("[A-Z][A-Za-z]{1,60}/[A-Za-z0-9\\-.]{1,64}");
    private static final Pattern CONDITIONAL = Pattern.compile("([A-Z][A-Za-z]{1,60})\\?identifier=([^&]+)");

    private Reference() {}

    /** The server of an entry, or nothing when its full URL is no RESTful one. */
    static String serverOf(@Nullable String fullUrl) {
        if (fullUrl == null) {
            return "";
        }
        var url = RESTFUL.matcher(fullUrl);
        return url.matches() ? url.group(1) : "";
    }

    /** The names under which others may refer to a resource. */
    static List<String> namesOf(String type, @Nullable String id, @Nullable String fullUrl, String server) {
        var names = new LinkedHashSet<String>();
        if (fullUrl != null) {
            names.add(fullUrl);
        }
        if (id != null) {
            names.add(server + type + "/" + id);
            names.add(type + "/" + id);
        }
        return List.copyOf(names);
    }

    /** What a reference made on this server may mean, the nearest first. */
    static List<String> meanings(String reference, String server) {
        int history = reference.indexOf("/_history/");
        var plain = history < 0 ? reference : reference.substring(0, history);
        return server.isEmpty() || !RELATIVE.matcher(plain).matches() ? List.of(plain) : List.of(server + plain, plain);
    }

    /** Whether it can be looked up anywhere at all; a reference into the same resource cannot. */
    static boolean pointsOut(String reference) {
        return !reference.isEmpty() && reference.charAt(0) != '#';
    }

    /** A search by identifier in place of an id: {@code Type?identifier=system|value}. */
    static Optional<Conditional> conditional(String reference) {
        var match = CONDITIONAL.matcher(reference);
        if (!match.matches()) {
            return Optional.empty();
        }
        String token;
        try {
            token = URLDecoder.decode(match.group(2), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        int bar = token.indexOf('|');
        return bar <= 0 || bar == token.length() - 1
                ? Optional.empty()
                : Optional.of(new Conditional(match.group(1), token.substring(0, bar), token.substring(bar + 1)));
    }

    /** The name of an identifier among the names of resources. */
    static String byIdentifier(String type, String system, String value) {
        return type + "?" + system + "|" + value;
    }

    /** What a Reference element points at; by its identifier where it has no literal reference. */
    static List<String> meanings(JsonNode reference, String server, String identifiedType) {
        var literal = reference.path("reference").stringValue("");
        if (!literal.isEmpty()) {
            return conditional(literal)
                    .map(c -> List.of(byIdentifier(c.type(), c.system(), c.value())))
                    .orElseGet(() -> pointsOut(literal) ? meanings(literal, server) : List.of());
        }
        var identifier = reference.path("identifier");
        var system = identifier.path("system").stringValue("");
        var value = identifier.path("value").stringValue("");
        return system.isEmpty() || value.isEmpty() ? List.of() : List.of(byIdentifier(identifiedType, system, value));
    }

    record Conditional(String type, String system, String value) {
        @Override
        public String toString() {
            return "Conditional";
        }
    }
}
