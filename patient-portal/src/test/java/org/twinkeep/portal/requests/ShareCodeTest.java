package org.twinkeep.portal.requests;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class ShareCodeTest {
    private static final String ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private final SecureRandom random = new SecureRandom();

    @Test
    void a_code_is_read_as_it_is_shown_and_as_people_type_it() {
        for (int i = 0; i < 200; i++) {
            var shown = ShareCode.fresh(random).show();
            assertThat(shown).matches("[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}");
            var typed = " "
                    + shown.toLowerCase(Locale.ROOT)
                            .replace('-', ' ')
                            .replace('0', 'o')
                            .replace('1', 'l');
            assertThat(ShareCode.typed(typed).orElseThrow().show()).isEqualTo(shown);
        }
    }

    @Test
    void one_wrong_character_is_found_wherever_it_stands() {
        var code = ShareCode.fresh(random).characters();
        for (int at = 0; at < code.length(); at++) {
            for (char other : ALPHABET.toCharArray()) {
                var wrong = code.substring(0, at) + other + code.substring(at + 1);
                assertThat(ShareCode.typed(wrong).isPresent()).isEqualTo(wrong.equals(code));
            }
        }
    }

    @Test
    void what_is_no_code_is_none_and_a_code_says_nothing_of_itself() {
        for (var text : new String[] {"", "ABCD", "U".repeat(12), "0".repeat(13), "ÄÖÜ", "1".repeat(4000)}) {
            assertThat(ShareCode.typed(text)).isEmpty();
        }
        assertThat(ShareCode.fresh(random).toString()).isEqualTo("ShareCode");
    }
}
