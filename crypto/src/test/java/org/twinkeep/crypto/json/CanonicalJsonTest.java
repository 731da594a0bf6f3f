package org.twinkeep.crypto.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class CanonicalJsonTest {

    @Test
    void the_strings_of_rfc_8785() {
        // 3.2.2
        var object = new LinkedHashMap<String, Object>();
        object.put("string", "\u20ac$\u000F\nA'B\"\\\\\"/");
        object.put("literals", Arrays.asList(null, true, false));
        assertThat(text(object))
                .isEqualTo("{\"literals\":[null,true,false],\"string\":\"\u20ac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
    }

    @Test
    void the_order_of_rfc_8785() {
        // 3.2.3
        var object = new HashMap<String, Object>();
        object.put("\u20ac", "Euro Sign");
        object.put("\r", "Carriage Return");
        object.put("\ufb33", "Hebrew Letter Dalet With Dagesh");
        object.put("1", "One");
        object.put("\ud83d\ude00", "Emoji: Grinning Face");
        object.put("\u0080", "Control");
        object.put("\u00f6", "Latin Small Letter O With Diaeresis");
        assertThat(text(object))
                .isEqualTo("{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\","
                        + "\"\u00f6\":\"Latin Small Letter O With Diaeresis\",\"\u20ac\":\"Euro Sign\","
                        + "\"\ud83d\ude00\":\"Emoji: Grinning Face\","
                        + "\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}");
    }

    @Test
    void every_control_character_is_escaped_as_ecmascript_does() {
        assertThat(text(Map.of("c", "\b\t\n\f\r\u0000\u000e\u0010\u001f \u007f")))
                .isEqualTo("{\"c\":\"\\b\\t\\n\\f\\r\\u0000\\u000e\\u0010\\u001f \u007f\"}");
    }

    @Test
    void whole_numbers_stand_as_they_are() {
        assertThat(text(Map.of("n", List.of(0, -1, (short) 7, (byte) -8, 9007199254740992L, -9007199254740992L))))
                .isEqualTo("{\"n\":[0,-1,7,-8,9007199254740992,-9007199254740992]}");
    }

    @Test
    void nesting_and_emptiness() {
        assertThat(text(Map.of())).isEqualTo("{}");
        assertThat(text(Map.of("a", Map.of("b", List.of(List.of(), Map.of()))))).isEqualTo("{\"a\":{\"b\":[[],{}]}}");
    }

    @Test
    void what_has_no_canonical_form_here_is_refused_and_not_quoted() {
        var endless = new ArrayList<>();
        endless.add(endless);
        for (var refused : List.<Object>of(
                1.5,
                1f,
                9007199254740993L,
                -9007199254740993L,
                BigInteger.TEN,
                "\ud800",
                "\ude00\ud83d",
                "\ud83da",
                new int[0],
                Map.of(1, 2),
                endless)) {
            assertThatThrownBy(() -> CanonicalJson.bytes(Map.of("secret value", refused)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .message()
                    .doesNotContain("secret value");
        }
    }

    @Test
    void lists_and_objects_are_nested_128_deep_and_no_deeper() {
        for (var wrap : List.<UnaryOperator<Object>>of(List::of, inner -> Map.of("a", inner))) {
            Object nested = wrap.apply(1);
            for (int depth = 1; depth < 128; depth++) {
                nested = wrap.apply(nested);
            }
            var deepest = nested;
            assertThat(text(Map.of("a", deepest))).contains("1");
            assertThatThrownBy(() -> text(Map.of("a", wrap.apply(deepest))))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static String text(Map<String, ?> object) {
        return new String(CanonicalJson.bytes(object), StandardCharsets.UTF_8);
    }
}
