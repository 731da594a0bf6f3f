package org.twinkeep.twin.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;

/** Any bytes at all are an event that reads the same once written, or refused. The seeds are run by every build. */
class EventFormFuzzTest {

    @FuzzTest(maxDuration = "10m")
    void an_event(byte[] skeleton) {
        for (var name : List.of(
                EventForm.TWIN_CREATED,
                EventForm.CONSENT_OPENING_KEPT,
                EventForm.TWIN_ERASURE_REQUESTED,
                EventForm.ENTRY_RECORDED,
                EventForm.ENTRY_REVISED,
                EventForm.ENTRY_DISPUTED,
                EventForm.ENTRY_ERASED)) {
            try {
                var event = EventForm.read(name, skeleton);
                assertThat(EventForm.nameOf(event)).isEqualTo(name);
                assertThat(EventForm.read(name, EventForm.write(event))).isEqualTo(event);
            } catch (IllegalStateException e) {
                assertThat(e).hasNoCause();
            }
        }
    }
}
