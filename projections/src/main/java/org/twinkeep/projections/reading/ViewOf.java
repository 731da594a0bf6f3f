package org.twinkeep.projections.reading;

import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.Purpose;
import org.twinkeep.crypto.TwinId;

/** Which view: of which twin, for whom (null: the patient) and for which purpose. */
record ViewOf(
        TwinId twin, @Nullable String grantee, @Nullable Purpose purpose) {
    static ViewOf patient(TwinId twin) {
        return new ViewOf(twin, null, null);
    }

    @Override
    public String toString() {
        return "ViewOf " + twin;
    }
}
