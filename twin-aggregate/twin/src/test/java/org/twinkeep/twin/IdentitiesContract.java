package org.twinkeep.twin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.twin.Identities.Known;

/** What every store of identities does. An adapter extends it and says how it is opened. */
public abstract class IdentitiesContract {

    private static final TwinId ANNA = new TwinId(new UUID(0, 0xa));
    private static final TwinId BERT = new TwinId(new UUID(0, 0xb));

    protected Identities identities;

    /** A new, empty store. */
    protected abstract Identities create() throws Exception;

    /** The same store as another process would find it. */
    protected abstract Identities reopen() throws Exception;

    @BeforeEach
    void open() throws Exception {
        identities = create();
    }

    @Test
    void an_identifier_is_found_again_and_others_are_not() throws Exception {
        identities.link("urn:mrn", "123", ANNA);
        identities.link("urn:mrn", "123", ANNA);
        identities = reopen();
        assertThat(identities.find("urn:mrn", "123")).contains(new Known.Living(ANNA));
        assertThat(identities.find("urn:mrn1", "23")).isEmpty();
    }

    @Test
    void an_identifier_of_one_twin_is_not_linked_to_another() {
        identities.link("urn:mrn", "123", ANNA);
        assertThatThrownBy(() -> identities.link("urn:mrn", "123", BERT)).isInstanceOf(TwinRefused.class);
        assertThat(identities.find("urn:mrn", "123")).contains(new Known.Living(ANNA));
    }

    @Test
    void of_two_twins_that_claim_an_identifier_at_once_one_has_it() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = new ArrayList<Future<Boolean>>();
            for (int i = 0; i < 8; i++) {
                var twin = new TwinId(new UUID(1, i));
                running.add(threads.submit(() -> {
                    try {
                        identities.link("urn:mrn", "9", twin);
                        return identities.find("urn:mrn", "9").equals(Optional.of(new Known.Living(twin)));
                    } catch (TwinRefused e) {
                        return false;
                    }
                }));
            }
            int linked = 0;
            for (var each : running) {
                linked += each.get() ? 1 : 0;
            }
            assertThat(linked).isEqualTo(1);
        }
    }

    @Test
    void an_erased_twin_is_remembered_as_gone_and_never_linked_again() {
        identities.link("urn:mrn", "1", ANNA);
        identities.link("urn:mrn", "2", ANNA);
        identities.link("urn:mrn", "3", BERT);
        identities.erased(ANNA);
        identities.erased(ANNA);
        assertThat(identities.find("urn:mrn", "1")).contains(new Known.Gone());
        assertThat(identities.find("urn:mrn", "2")).contains(new Known.Gone());
        assertThat(identities.find("urn:mrn", "3")).contains(new Known.Living(BERT));
        assertThatThrownBy(() -> identities.link("urn:mrn", "1", BERT)).isInstanceOf(TwinRefused.class);
    }
}
