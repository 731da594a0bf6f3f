package org.twinkeep.projections.reading;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.List;
import org.twinkeep.crypto.Tampered;

/** Whatever a view or its catalogue may hold is read or refused. The seeds are run by every build. */
class ViewFuzzTest {

    private static final byte[] FINGERPRINT = new byte[2];

    /** Behind its version and fingerprint, which are right. */
    @FuzzTest(maxDuration = "10m")
    void a_view_reads_the_same_once_written_or_is_refused(byte[] rest) {
        var start = new byte[] {0, 0, 0, ViewBytes.VERSION, 0, 0, 0, 2, 0, 0};
        var all = Arrays.copyOf(start, start.length + rest.length);
        System.arraycopy(rest, 0, all, start.length, rest.length);
        try {
            var whole = ViewBytes.read(List.of(all), FINGERPRINT).orElseThrow();
            var again = ViewBytes.read(ViewBytes.blocks(whole, FINGERPRINT), FINGERPRINT)
                    .orElseThrow();
            assertThat(again.rows()).isEqualTo(whole.rows());
            assertThat(again.profile()).isEqualTo(whole.profile());
        } catch (Tampered e) {
            assertThat(e).hasNoCause();
        }
    }

    @FuzzTest(maxDuration = "10m")
    void a_view_of_anything_is_not_this_one_or_refused(byte[] bytes) {
        // Whatever fingerprint the bytes hold, this is another.
        var other = Arrays.copyOfRange(bytes, Math.min(8, bytes.length), Math.min(8, bytes.length) + 32);
        other[0] ^= 1;
        try {
            assertThat(ViewBytes.read(List.of(bytes), other)).isEmpty();
        } catch (Tampered e) {
            assertThat(e).hasNoCause();
        }
    }

    @FuzzTest(maxDuration = "10m")
    void a_catalogue(byte[] bytes) {
        try {
            var shelves = Catalogue.read(bytes);
            assertThat(Catalogue.read(Catalogue.written(shelves))).isEqualTo(shelves);
        } catch (Tampered e) {
            assertThat(e).hasNoCause();
        }
    }
}
