package org.twinkeep.integrations.fhir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quicktheories.WithQuickTheories;

class JsonTextTest implements WithQuickTheories {
    private static final String[] SCALARS = {
        "6.10",
        "-0",
        "0.000",
        "1e3",
        "1E+07",
        "-12.5e-3",
        "123456789012345678901234567890",
        "true",
        "false",
        "null",
        "\"\"",
        "\"a b\"",
        "\"\\u00e9\\n\\\"\"",
        "\"\\\\\"",
        "\"Zürich \uD83D\uDE00\"",
        "\"\\/\""
    };
    private static final String[] SPACES = {"", " ", "\n", "\r\n\t", "   "};

    @Test
    void only_white_space_between_tokens_goes() {
        qt().forAll(longs().all()).checkAssert(seed -> {
            var tokens = new ArrayList<String>();
            value(new Random(seed), 4, tokens);
            var spaced = new StringBuilder();
            var spaces = new Random(seed + 1);
            for (var token : tokens) {
                spaced.append(SPACES[spaces.nextInt(SPACES.length)]).append(token);
            }
            assertThat(minified(spaced.toString())).isEqualTo(String.join("", tokens));
        });
    }

    @Test
    void a_text_cut_off_anywhere_breaks_and_says_where() {
        var whole = "{\"a\":[1.50,{\"b\":\"c\\u00e9\"}],\"d\":null,\"e\":true}";
        for (int length = 0; length < whole.length(); length++) {
            var cut = whole.substring(0, length);
            assertThatThrownBy(() -> minified(cut))
                    .as("cut at %d", length)
                    .hasCauseInstanceOf(Broken.class)
                    .cause()
                    .satisfies(e -> assertThat(((Broken) e).where()).contains("line 1, column"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":01}",
                "{\"a\":1.}",
                "{\"a\":+1}",
                "{\"a\":.5}",
                "{\"a\":1e}",
                "{\"a\":tru}",
                "{\"a\":'b'}",
                "{a:1}",
                "{\"a\" 1}",
                "{\"a\":1 \"b\":2}",
                "[1 2]",
                "[1,]",
                "{\"a\":\"\\x\"}",
                "{\"a\":\"\\u12g4\"}",
                "{\"a\":\"line\nbreak\"}",
                "[}",
                "{]",
                "NaN"
            })
    void what_is_not_json_breaks(String text) {
        assertThatThrownBy(() -> minified(text)).hasCauseInstanceOf(Broken.class);
    }

    @Test
    void members_that_occur_twice_and_their_order_stay() {
        assertThat(minified("{ \"b\" : 1, \"a\" : 2,\n \"b\" : 3 }")).isEqualTo("{\"b\":1,\"a\":2,\"b\":3}");
    }

    @Test
    void a_place_is_told_by_line_column_and_byte() {
        assertThatThrownBy(() -> minified("{\n \"a\": 1,\n \"b\": what }"))
                .cause()
                .satisfies(e -> assertThat(((Broken) e).where()).isEqualTo("line 3, column 7 (byte 17)"));
    }

    @Test
    void deep_nesting_is_noticed_and_does_not_overflow_the_stack() throws IOException, Broken {
        var deep = "[".repeat(50_000) + "]".repeat(50_000);
        var kept = new Kept();
        new JsonText(new ByteArrayInputStream(deep.getBytes(StandardCharsets.UTF_8))).copy(kept);
        assertThat(kept.tooDeep()).isTrue();
    }

    private static void value(Random random, int depth, List<String> tokens) {
        int kind = depth == 0 ? 0 : random.nextInt(3);
        if (kind == 0) {
            tokens.add(SCALARS[random.nextInt(SCALARS.length)]);
            return;
        }
        tokens.add(kind == 1 ? "[" : "{");
        int members = random.nextInt(4);
        for (int i = 0; i < members; i++) {
            if (i > 0) {
                tokens.add(",");
            }
            if (kind == 2) {
                tokens.add("\"k" + random.nextInt(3) + "\"");
                tokens.add(":");
            }
            value(random, depth - 1, tokens);
        }
        tokens.add(kind == 1 ? "]" : "}");
    }

    private static String minified(String text) {
        try {
            var kept = new Kept();
            var json = new JsonText(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
            json.copy(kept);
            return new String(kept.copy(), StandardCharsets.UTF_8);
        } catch (IOException | Broken e) {
            throw new IllegalStateException(e);
        }
    }
}
