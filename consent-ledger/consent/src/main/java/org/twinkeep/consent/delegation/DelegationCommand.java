package org.twinkeep.consent.delegation;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Set;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.crypto.Chapter;

/** What may be asked about those who act for a patient. Time and random handles come in with the command. */
public sealed interface DelegationCommand {

    ConsentHandle handle();

    Hand by();

    Instant at();

    /** The patient chooses somebody, or a custodian files a document that says who acts for somebody. */
    record Appoint(ConsentHandle handle, Appointment appointment, Hand by, Instant at) implements DelegationCommand {}

    /** Whoever was chosen in advance says that the patient can no longer decide, and shows a document. */
    record AskToStart(ConsentHandle handle, String document, Hand by, Instant at) implements DelegationCommand {}

    /** One of two people says that it is so. */
    record Confirm(ConsentHandle handle, Hand by, Instant at) implements DelegationCommand {}

    /** One of those who could confirm says that it is not so. */
    record Refuse(ConsentHandle handle, Hand by, Instant at) implements DelegationCommand {}

    /** The patient gives other powers or chapters to somebody whom the patient chose. */
    record Change(ConsentHandle handle, Set<Power> powers, Set<Chapter> chapters, Hand by, Instant at)
            implements DelegationCommand {}

    /** Somebody looked whether it is still right; the next look is due on this day. */
    record Review(ConsentHandle handle, LocalDate next, Hand by, Instant at) implements DelegationCommand {}

    record End(ConsentHandle handle, Hand by, Instant at) implements DelegationCommand {}

    /** A delegate shared something: what is shared so holds only while the delegation does. */
    record NoteConsent(ConsentHandle handle, ConsentHandle consent, Hand by, Instant at) implements DelegationCommand {}

    /** A custodian files the document of a death. */
    record FileDeath(ConsentHandle handle, String patientName, LocalDate day, String document, Hand by, Instant at)
            implements DelegationCommand {
        @Override
        public String toString() {
            return "FileDeath";
        }
    }
}
