package org.twinkeep.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class KeyScopeTest {

    /** They are bound into every envelope that was ever sealed. */
    @Test
    void numbers_and_codes_never_change() {
        assertThat(Stream.<KeyScope[]>of(Chapter.values(), KeyScope.Own.values())
                        .flatMap(Arrays::stream)
                        .map(scope -> scope.number() + " " + scope.code()))
                .containsExactly(
                        "1 profile",
                        "2 conditions",
                        "3 medications",
                        "4 allergies",
                        "5 immunizations",
                        "6 labs",
                        "7 vitals",
                        "8 procedures",
                        "9 encounters",
                        "10 documents",
                        "11 imaging",
                        "12 genomics",
                        "13 mental-health",
                        "14 sexual-health",
                        "15 substance-use",
                        "16 safety",
                        "17 wearables",
                        "18 lifestyle",
                        "19 social",
                        "20 coverage",
                        "21 insights",
                        "200 life",
                        "201 looks");
    }

    @Test
    void an_unknown_scope_is_never_guessed() {
        for (var chapter : Chapter.values()) {
            assertThat(Chapter.ofCode(chapter.code())).contains(chapter);
            assertThat(KeyScope.ofNumber(chapter.number())).contains(chapter);
        }
        assertThat(KeyScope.ofNumber(201)).contains(KeyScope.Own.LOOKS);
        for (var unknown : List.of("life", "Labs", "")) {
            assertThat(Chapter.ofCode(unknown)).isEmpty();
        }
        for (int unknown : new int[] {0, 22, 202, -1}) {
            assertThat(KeyScope.ofNumber(unknown)).isEmpty();
        }
    }

    @Test
    void a_twins_name_is_read_as_it_is_written() {
        var name = "00112233-4455-4677-8899-aabbccddeeff";
        assertThat(TwinId.of(name)).hasToString(name);
        assertThatThrownBy(() -> TwinId.of("Anna")).isInstanceOf(IllegalArgumentException.class);
    }
}
