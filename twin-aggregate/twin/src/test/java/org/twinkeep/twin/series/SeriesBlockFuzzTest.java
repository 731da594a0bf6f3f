package org.twinkeep.twin.series;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.twinkeep.crypto.Tampered;

/** Any bytes at all are a block that is written as it was, or refused. The seeds are run by every build. */
class SeriesBlockFuzzTest {

    @FuzzTest(maxDuration = "10m")
    void a_block(byte[] bytes) {
        try {
            assertThat(SeriesBlock.read(bytes).bytes()).isEqualTo(bytes);
        } catch (Tampered e) {
            assertThat(e).hasNoCause();
        }
    }
}
