package org.twinkeep.portal.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.springframework.session.UuidSessionIdGenerator;

/** Whatever lies in the database as a session is one, or none: then it is over. The seeds are run by every build. */
class SessionFuzzTest {

    @FuzzTest(maxDuration = "10m")
    void a_session(byte[] bytes) {
        SessionForm.read("id", UuidSessionIdGenerator.getInstance(), bytes)
                .ifPresent(session -> assertThat(session.getId()).isEqualTo("id"));
    }
}
