package org.twinkeep.consent.durable;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.twinkeep.crypto.json.CanonicalJson;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads back what {@link CanonicalJson} wrote. Bytes that are not canonical (white space, another order, a name twice, an
 * unneeded escape) are not what was signed or hashed: they are refused, so nothing can be changed without being seen.
 */
public final class CanonicalReader {

    /** The bytes are not canonical JSON of the expected form. It quotes nothing. */
    public static final class NotCanonical extends RuntimeException {
        private static final long serialVersionUID = 1;

        public NotCanonical(String why) {
            super(why);
        }
    }

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

    private final Map<String, ?> object;

    private CanonicalReader(Map<String, ?> object) {
        this.object = object;
    }

    public static CanonicalReader of(byte[] bytes) {
        try {
            Map<String, Object> object = MAPPER.readValue(bytes, OBJECT);
            if (object == null || !Arrays.equals(CanonicalJson.bytes(object), bytes)) {
                throw new NotCanonical("not in canonical form");
            }
            return new CanonicalReader(object);
        } catch (JacksonException | IllegalArgumentException e) {
            throw new NotCanonical("not canonical JSON");
        }
    }

    public static CanonicalReader of(Map<String, ?> object) {
        return new CanonicalReader(object);
    }

    public Map<String, ?> map() {
        return object;
    }

    public boolean has(String name) {
        return object.containsKey(name);
    }

    public String text(String name) {
        return of(name, String.class);
    }

    public boolean flag(String name) {
        return of(name, Boolean.class);
    }

    public long number(String name) {
        return of(name, Number.class).longValue();
    }

    public int smallNumber(String name) {
        long number = number(name);
        if (number != (int) number) {
            throw new NotCanonical("a number is out of range");
        }
        return (int) number;
    }

    public byte[] hex(String name) {
        return Hex.parse(text(name));
    }

    public CanonicalReader object(String name) {
        return new CanonicalReader(objectOf(of(name, Map.class)));
    }

    public List<?> list(String name) {
        return of(name, List.class);
    }

    /** The objects of a list. */
    public List<CanonicalReader> objects(String name) {
        return list(name).stream()
                .map(each -> {
                    if (each instanceof Map<?, ?> map) {
                        return new CanonicalReader(objectOf(map));
                    }
                    throw new NotCanonical("an element is of another type");
                })
                .toList();
    }

    /** Of JSON the keys are always strings. */
    @SuppressWarnings("unchecked")
    private static Map<String, ?> objectOf(Map<?, ?> map) {
        return (Map<String, ?>) map;
    }

    private <T> T of(String name, Class<T> type) {
        var value = object.get(name);
        if (!type.isInstance(value)) {
            throw new NotCanonical("an element is missing or of another type");
        }
        return type.cast(value);
    }
}
