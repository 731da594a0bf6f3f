package org.twinkeep.consent.trail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.twinkeep.consent.durable.Sha256;
import org.twinkeep.consent.embedded.TestOrganisations;

class SignedNoteTest {

    /** The example of c2sp.org/signed-note. */
    private static final String KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

    private static final String NOTE = """
            This is an example message.

            \u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
            """;

    @Test
    void the_published_example_opens() {
        var verifier = SignedNote.verifier(KEY);
        assertThat(SignedNote.open(NOTE, verifier.name(), verifier.key())).contains("This is an example message.\n");
        assertThat(SignedNote.verifierKey(verifier.name(), verifier.key())).isEqualTo(KEY);
    }

    @Test
    void a_changed_byte_anywhere_closes_it() {
        var verifier = SignedNote.verifier(KEY);
        for (int i = 0; i < NOTE.length(); i++) {
            var changed = NOTE.substring(0, i) + (char) (NOTE.charAt(i) ^ 1) + NOTE.substring(i + 1);
            assertThat(SignedNote.open(changed, verifier.name(), verifier.key()))
                    .isEmpty();
        }
    }

    @Test
    void the_signatures_of_others_are_ignored() {
        var verifier = SignedNote.verifier(KEY);
        var witnessed = NOTE
                + "\u2014 witness.example Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n";
        assertThat(SignedNote.open(witnessed, verifier.name(), verifier.key())).isPresent();
        assertThat(SignedNote.open(NOTE, "example.com/bar", verifier.key())).isEmpty();
        assertThat(SignedNote.open(NOTE, verifier.name(), TestOrganisations.CUSTODIAN.verifyingKey()))
                .isEmpty();
    }

    @Test
    void a_verifier_key_with_another_id_is_refused() {
        assertThatThrownBy(() -> SignedNote.verifier(KEY.replace("530d903a", "530d903b")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SignedNote.verifier("nonsense")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_checkpoint_reads_as_it_was_signed() {
        var key = TestOrganisations.CUSTODIAN;
        var note = new Checkpoint("example.org/trail", 7, Sha256.of()).signed(key);
        assertThat(note)
                .startsWith(
                        "example.org/trail\n7\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n\u2014 example.org/trail ");
        assertThat(Checkpoint.open(note, "example.org/trail", key.verifyingKey()))
                .hasValueSatisfying(checkpoint -> assertThat(checkpoint.size()).isEqualTo(7));
        assertThat(Checkpoint.open(note, "example.org/other", key.verifyingKey()))
                .isEmpty();
    }

    @Test
    void a_size_with_a_leading_zero_is_no_checkpoint() {
        var key = TestOrganisations.CUSTODIAN;
        var note = SignedNote.sign(
                "example.org/trail\n07\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n", "example.org/trail", key);
        assertThat(Checkpoint.open(note, "example.org/trail", key.verifyingKey()))
                .isEmpty();
    }
}
