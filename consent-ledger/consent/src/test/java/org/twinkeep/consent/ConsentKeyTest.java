package org.twinkeep.consent;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;
import org.junit.jupiter.api.Test;
import org.twinkeep.consent.durable.Hex;
import org.twinkeep.consent.embedded.TestOrganisations;

class ConsentKeyTest {

    /** RFC 5869, appendix A.3: SHA-256 without salt and info, as we use it. */
    @Test
    void the_platforms_hkdf_passes_the_published_vector() throws GeneralSecurityException {
        var ikm = HexFormat.of().parseHex("0b".repeat(22));
        var okm = KDF.getInstance("HKDF-SHA256")
                .deriveData(HKDFParameterSpec.ofExtract().addIKM(ikm).thenExpand(new byte[0], 42));
        assertThat(Hex.of(okm))
                .isEqualTo("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
    }

    @Test
    void a_seed_and_a_handle_make_the_same_key_for_ever() {
        var key = ConsentKey.of(TestOrganisations.seed(9), new ConsentHandle("0f".repeat(32)));
        assertThat(Hex.of(key.verifyingKey().bytes()))
                .isEqualTo("769b4296db3b620241cfa343721bbacdbca68c310a9566f86e63081dc5cec700");
    }

    @Test
    void another_handle_or_another_seed_makes_another_key() {
        var one = ConsentKey.of(TestOrganisations.seed(9), new ConsentHandle("0f".repeat(32)));
        var otherHandle = ConsentKey.of(TestOrganisations.seed(9), new ConsentHandle("0e".repeat(32)));
        var otherSeed = ConsentKey.of(TestOrganisations.seed(8), new ConsentHandle("0f".repeat(32)));
        assertThat(otherHandle.verifyingKey()).isNotEqualTo(one.verifyingKey());
        assertThat(otherSeed.verifyingKey()).isNotEqualTo(one.verifyingKey());
    }
}
