package org.twinkeep.consent.trail;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.durable.Hex;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.KeyScope;
import org.twinkeep.crypto.json.CanonicalJson;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Who looked, why and at what: sealed inside the leaf. It carries a salt of its own, so that the commitment in the public
 * part says nothing, and is padded, so that its length says next to nothing.
 *
 * @param envelopes hash over the hashes of the sealed envelopes that were disclosed, hexadecimal; null in a verdict
 */
record PrivatePart(
        Looker who,
        String purpose,
        @Nullable String why,
        List<String> consents,
        Set<KeyScope> scopes,
        int entries,
        @Nullable String envelopes,
        @Nullable Long verdictLeaf) {

    private static final int SMALLEST = 512;

    /** Sealed and in base64 it still fits into an entry of the log, which is shorter than 65,536 bytes. */
    private static final int LARGEST = 32_768;

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};
    private static final Map<Integer, KeyScope> SCOPES = Stream.of(Chapter.values(), KeyScope.Own.values())
            .flatMap(Arrays::<KeyScope>stream)
            .collect(Collectors.toUnmodifiableMap(KeyScope::number, scope -> scope));

    /** Canonical JSON with a fresh salt, filled up with spaces to the next power of two. */
    byte[] padded(SecureRandom random) {
        var salt = new byte[32];
        random.nextBytes(salt);
        var json = new LinkedHashMap<String, Object>();
        json.put("salt", Hex.of(salt));
        json.put("who", who.id());
        json.put("name", who.name());
        json.put("organisation", who.organisation());
        json.put("role", who.role());
        json.put("purpose", purpose);
        json.put("consents", consents);
        json.put(
                "scopes",
                scopes.stream()
                        .map(KeyScope::number)
                        .sorted(Comparator.naturalOrder())
                        .toList());
        json.put("entries", entries);
        putIfThere(json, "why", why);
        putIfThere(json, "envelopes", envelopes);
        putIfThere(json, "verdict", verdictLeaf);
        return padded(CanonicalJson.bytes(json));
    }

    private static void putIfThere(Map<String, Object> json, String name, @Nullable Object value) {
        if (value != null) {
            json.put(name, value);
        }
    }

    private static byte[] padded(byte[] json) {
        if (json.length > LARGEST) {
            throw new IllegalArgumentException("a reason and its consents must fit into 32 KiB");
        }
        int size = SMALLEST;
        while (size < json.length) {
            size *= 2;
        }
        var padded = Arrays.copyOf(json, size);
        Arrays.fill(padded, json.length, size, (byte) ' ');
        return padded;
    }

    static PrivatePart read(byte[] padded) {
        var json = MAPPER.readValue(padded, OBJECT);
        return new PrivatePart(
                new Looker(text(json, "who"), text(json, "name"), text(json, "organisation"), text(json, "role")),
                text(json, "purpose"),
                (String) json.get("why"),
                list(json, "consents").stream().map(String.class::cast).toList(),
                list(json, "scopes").stream()
                        .map(number -> SCOPES.get(((Number) number).intValue()))
                        .flatMap(Stream::ofNullable)
                        .collect(Collectors.toUnmodifiableSet()),
                json.get("entries") instanceof Number entries ? entries.intValue() : 0,
                (String) json.get("envelopes"),
                json.get("verdict") instanceof Number verdict ? verdict.longValue() : null);
    }

    private static String text(Map<String, Object> json, String name) {
        return String.valueOf(json.get(name));
    }

    private static List<?> list(Map<String, Object> json, String name) {
        return json.get(name) instanceof List<?> list ? list : List.of();
    }

    @Override
    public String toString() {
        return "PrivatePart";
    }
}
