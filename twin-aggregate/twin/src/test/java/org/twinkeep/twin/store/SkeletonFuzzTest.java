package org.twinkeep.twin.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** What is sealed as a skeleton or as a snapshot is read as it was written, or refused. The seeds are run by every build. */
class SkeletonFuzzTest {

    @FuzzTest(maxDuration = "10m")
    void a_frame(byte[] bytes) {
        try {
            assertThat(SkeletonFrame.of(bytes).bytes()).isEqualTo(bytes);
        } catch (IllegalStateException e) {
            assertThat(e).hasMessageStartingWith("a skeleton");
        }
    }
}
