package org.twinkeep.consent.emergency;

import org.twinkeep.crypto.TwinId;

/** Who is told of an emergency. What returned is durable: nothing is shown to anybody before the patient's notice is. */
public interface EmergencyNews {

    /** To the patient, to whoever acts for them, and to those who review. */
    void broken(TwinId twin, Emergency emergency);

    /** To the patient, and to whoever broke the glass. */
    void reviewed(TwinId twin, Emergency emergency);

    /** To those who review, and to the patient. Saying it again is harmless. */
    void overdue(TwinId twin, Emergency emergency);
}
