package org.twinkeep.consent.delegation;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Set;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.crypto.Chapter;

/** Everything that can happen about those who act for a patient (docs/formats/delegation.md). */
public sealed interface DelegationEvent {

    ConsentHandle handle();

    Hand by();

    Instant at();

    record Appointed(ConsentHandle handle, Appointment appointment, Hand by, Instant at) implements DelegationEvent {}

    /** @param document SHA-256 of what the delegate showed, hexadecimal */
    record StartAsked(ConsentHandle handle, String document, Hand by, Instant at) implements DelegationEvent {}

    record Confirmed(ConsentHandle handle, Hand by, Instant at) implements DelegationEvent {}

    record Refused(ConsentHandle handle, Hand by, Instant at) implements DelegationEvent {}

    record Changed(ConsentHandle handle, Set<Power> powers, Set<Chapter> chapters, Hand by, Instant at)
            implements DelegationEvent {}

    record Reviewed(ConsentHandle handle, LocalDate next, Hand by, Instant at) implements DelegationEvent {}

    record Ended(ConsentHandle handle, Hand by, Instant at) implements DelegationEvent {}

    record ConsentNoted(ConsentHandle handle, ConsentHandle consent, Hand by, Instant at) implements DelegationEvent {}

    record DeathFiled(ConsentHandle handle, String patientName, LocalDate day, String document, Hand by, Instant at)
            implements DelegationEvent {
        @Override
        public String toString() {
            return "DeathFiled";
        }
    }
}
