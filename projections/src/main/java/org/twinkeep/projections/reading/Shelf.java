package org.twinkeep.projections.reading;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.Purpose;

/**
 * One stored view of a twin, as the twin's catalogue lists it.
 *
 * @param handle under which its blocks lie
 * @param slot where the vault keeps its key
 * @param grantee null for the patient's own
 * @param consents the handles it stands on
 */
record Shelf(
        String handle,
        UUID slot,
        @Nullable String grantee,
        @Nullable Purpose purpose,
        List<String> consents) {

    boolean isFor(ViewOf view) {
        return java.util.Objects.equals(grantee, view.grantee()) && purpose == view.purpose();
    }

    @Override
    public String toString() {
        return "Shelf";
    }
}
