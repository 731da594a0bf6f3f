package org.twinkeep.twin.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.messaging.deadletter.GenericDeadLetter;
import org.twinkeep.crypto.Tampered;
import org.twinkeep.twin.axon.TwinSerializer;
import org.twinkeep.twin.json.EventForm;

/** Any bytes at all are a letter that reads the same once written, or refused. The seeds are run by every build. */
class DeadLetterFuzzTest {

    private static final DeadLetterForm FORM = new DeadLetterForm(new TwinSerializer());

    @FuzzTest(maxDuration = "10m")
    void a_dead_letter(byte[] bytes) {
        try {
            var letter = read(bytes);
            var again = read(FORM.write(letter));
            assertThat(again.message().getPayload()).isEqualTo(letter.message().getPayload());
            assertThat(again.enqueuedAt()).isEqualTo(letter.enqueuedAt());
        } catch (Tampered e) {
            assertThat(e).hasNoCause();
        }
    }

    private static GenericDeadLetter<EventMessage<?>> read(byte[] bytes) {
        return FORM.read("sequence", "id", EventForm.ENTRY_RECORDED, EventForm.REVISION, bytes);
    }
}
