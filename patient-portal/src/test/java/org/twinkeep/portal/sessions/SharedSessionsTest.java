package org.twinkeep.portal.sessions;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.twinkeep.crypto.KeyAccess;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.Tampered;
import org.twinkeep.twin.postgresql.OnPostgres;

@Tag("slow")
class SharedSessionsTest {

    private static final Duration INACTIVE = Duration.ofMinutes(20);

    @RegisterExtension
    static final OnPostgres POSTGRES = new OnPostgres();

    private final byte[] seed = new SecureRandom().generateSeed(32);
    private SharedSessions one;
    private SharedSessions other;

    @BeforeEach
    void twoServers() throws Exception {
        var address = POSTGRES.empty();
        one = at(address, 1);
        other = at(address, 1);
    }

    private static SharedSessions at(String address, int house) {
        var key = new byte[32];
        key[0] = (byte) house;
        return new SharedSessions(
                POSTGRES.connect(address), Secret.copyOf(key), INACTIVE, Clock.systemUTC(), new SecureRandom());
    }

    @Test
    void what_one_server_keeps_the_other_finds_the_seed_too() {
        var session = begun();
        var found = Objects.requireNonNull(other.findById(session.getId()));
        assertThat(found.<String>getAttribute("name")).isEqualTo("Ada Quill");
        assertThat(found.<Secret>getAttribute("seed")).isEqualTo(Secret.copyOf(seed));
        assertThat(found.getMaxInactiveInterval()).isEqualTo(INACTIVE);
        found.setAttribute("name", "Ada");
        other.save(found);
        assertThat(attribute(one.findById(session.getId()))).isEqualTo("Ada");
    }

    @Test
    void neither_id_nor_name_nor_seed_stands_in_the_database() throws Exception {
        var session = begun();
        var revealed = Secret.copyOf(seed).reveal(KeyAccess.TO_SHOW_ITS_OWNER, bytes -> new String(bytes, ISO_8859_1));
        assertThat(POSTGRES.server().everyByte())
                .contains("sessions") // the search finds what is there
                .doesNotContain(session.getId(), "Quill", revealed);
    }

    @Test
    void a_session_opens_by_its_own_id_and_in_its_own_house_only() throws Exception {
        var address = POSTGRES.empty();
        var mine = at(address, 1).createSession();
        mine.setAttribute("name", "Ada Quill");
        at(address, 1).save(mine);
        assertThat(at(address, 2).findById(mine.getId())).isNull();
        assertThat(at(address, 1).findById("guessed")).isNull();
        var hers = at(address, 1).createSession();
        at(address, 1).save(hers);
        // Somebody who may write to the database gives her row the other's content.
        POSTGRES.connect(address).change(connection -> {
            try (var statement = connection.createStatement()) {
                return statement.executeUpdate("UPDATE sessions SET sealed = (SELECT sealed FROM sessions AS o WHERE"
                        + " o.name <> sessions.name)");
            }
        });
        assertThatThrownBy(() -> at(address, 1).findById(hers.getId())).isInstanceOf(Tampered.class);
    }

    @Test
    void a_changed_id_is_the_only_one_that_opens_it() {
        var session = begun();
        var before = session.getId();
        session.changeSessionId();
        one.save(session);
        assertThat(other.findById(before)).isNull();
        assertThat(attribute(other.findById(session.getId()))).isEqualTo("Ada Quill");
    }

    @Test
    void an_ended_session_does_not_come_back_with_a_request_that_was_under_way() {
        var session = begun();
        var underWay = Objects.requireNonNull(other.findById(session.getId()));
        one.deleteById(session.getId());
        other.save(underWay);
        assertThat(one.findById(session.getId())).isNull();
        assertThat(other.findById(session.getId())).isNull();
    }

    @Test
    void a_session_that_nobody_used_for_too_long_is_gone() {
        var session = begun();
        session.setLastAccessedTime(Instant.now().minus(INACTIVE).minusSeconds(1));
        one.save(session);
        assertThat(other.findById(session.getId())).isNull();
    }

    private SharedSession begun() {
        var session = one.createSession();
        session.setAttribute("name", "Ada Quill");
        session.setAttribute("seed", Secret.copyOf(seed));
        one.save(session);
        return session;
    }

    private static @Nullable String attribute(@Nullable SharedSession session) {
        return Objects.requireNonNull(session).getAttribute("name");
    }
}
