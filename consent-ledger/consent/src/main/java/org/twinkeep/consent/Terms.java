package org.twinkeep.consent;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.twinkeep.crypto.Chapter;

/**
 * What a consent says: who may look, why, at what, from when to when.
 *
 * @param granteeId the account or directory id of the grantee
 * @param granteeName and organisation, as the patient picked them from the directory
 * @param chapters an entry is covered only when its chapter and every chapter it touches are in here
 * @param dataPeriod what the covered entries speak of must overlap it; null for any time. Undated entries are then not covered
 * @param includesLater whether entries recorded after the grant are covered
 * @param term when the consent holds
 */
public record Terms(
        String granteeId,
        String granteeName,
        String organisation,
        Purpose purpose,
        Set<Chapter> chapters,
        @Nullable Period dataPeriod,
        boolean includesLater,
        Period term) {

    public Terms {
        chapters = Set.copyOf(chapters);
        if (dataPeriod != null && dataPeriod.from() == null && dataPeriod.to() == null) {
            dataPeriod = null;
        }
        if (dataPeriod != null && !dataPeriod.zone().equals(term.zone())) {
            throw new IllegalArgumentException("a consent speaks of one time zone, the patient's");
        }
    }

    @Override
    public String toString() {
        return "Terms";
    }
}
