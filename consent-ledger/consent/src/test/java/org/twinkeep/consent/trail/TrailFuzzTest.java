package org.twinkeep.consent.trail;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.twinkeep.crypto.sign.VerifyingKey;

/** Whatever stands in the trail's files, or in a proof, is read or refused with words. The seeds are run by every build. */
class TrailFuzzTest {

    private static final VerifyingKey KEY = new VerifyingKey(new byte[32]);

    @FuzzTest
    void an_entry_is_a_leaf_or_refused(byte[] entry) {
        try {
            assertThat(Leaf.read(entry).kind()).isNotBlank();
        } catch (Altered refused) {
            assertThat(refused.what()).isNotBlank();
        }
    }

    @FuzzTest
    void a_bundle_is_cut_into_the_entries_that_make_it_or_refused(byte[] bundle) {
        try {
            assertThat(Bundle.bytes(Bundle.entries(bundle))).isEqualTo(bundle);
        } catch (Altered refused) {
            assertThat(refused.what()).isNotBlank();
        }
    }

    @FuzzTest
    void a_proof_that_nobody_signed_is_refused(byte[] bytes) {
        var text = new String(bytes, UTF_8);
        assertThat(Checkpoint.open(text, "twinkeep/house", KEY)).isEmpty();
        try {
            TlogProof.verified(text, "twinkeep/house", KEY);
            throw new AssertionError("verified");
        } catch (IllegalArgumentException refused) {
            assertThat(refused).hasMessageNotContaining("null");
        }
    }

    @FuzzTest
    void a_verifier_key_is_read_as_written_or_refused(byte[] bytes) {
        var text = new String(bytes, UTF_8);
        try {
            var verifier = SignedNote.verifier(text);
            assertThat(SignedNote.verifierKey(verifier.name(), verifier.key())).isEqualTo(text);
        } catch (IllegalArgumentException refused) {
            assertThat(refused).isNotNull();
        }
    }
}
