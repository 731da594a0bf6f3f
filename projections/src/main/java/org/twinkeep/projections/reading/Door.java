package org.twinkeep.projections.reading;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.Purpose;
import org.twinkeep.consent.Terms;
import org.twinkeep.consent.decision.Obligation;
import org.twinkeep.consent.trail.Looker;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.projections.care.CareView;
import org.twinkeep.projections.timeline.EntryPage;
import org.twinkeep.projections.timeline.Timeline;
import org.twinkeep.twin.EntryId;

/**
 * The only way to what a twin says. Every method writes its verdict leaf before a key is released and its disclosure leaf
 * before it answers; when the trail cannot be written, it shows nothing.
 */
public interface Door {

    /**
     * What the pages of a share do with what they show: {@code Shared} leaves out, and each carries the notice. What owes
     * more is shown on none.
     */
    Set<Obligation> CARRIES_OUT = Set.of(Obligation.REDACT, Obligation.NOTICE);

    /** The same in an emergency, which opens nothing that goes with a notice. */
    Set<Obligation> CARRIES_OUT_IN_AN_EMERGENCY = Set.of(Obligation.REDACT);

    /** The patient's own timeline. */
    Answer<Timeline> timeline(Looker patient, TwinId twin);

    /** One entry of the patient's own twin. */
    Answer<EntryPage> entry(Looker patient, TwinId twin, EntryId entry);

    /** What the clinician sees for this purpose, now. */
    Answer<CareView> care(Looker clinician, @Nullable Purpose purpose, TwinId twin);

    /** One entry of the care view. */
    Answer<EntryPage> careEntry(Looker clinician, @Nullable Purpose purpose, TwinId twin, EntryId entry);

    /** How many entries each chapter of a grant with these terms would open now; for the patient, before granting. */
    Answer<Map<Chapter, Integer>> preview(Looker patient, TwinId twin, Terms terms);

    /**
     * What older denials would leave of a grant with these terms, now and at its end; for the patient, before granting.
     *
     * @param role of the grantee
     */
    Answer<Beside> beside(Looker patient, TwinId twin, Terms terms, String role);
}
