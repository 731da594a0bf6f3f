package org.twinkeep.consent.emergency;

import java.util.EnumSet;
import java.util.Set;
import org.twinkeep.crypto.Chapter;

/**
 * The chapters that an emergency may open: what a stranger needs to treat somebody who cannot speak, and nothing else.
 *
 * <p>Source: the sections of the International Patient Summary (HL7 IPS 1.1.0, "The IPS Composition"; ISO 27269:2021): who
 * it is, the problem list, medications, allergies and intolerances (all required), immunizations, procedures, results
 * (recommended), vital signs (optional). The sections that IPS leaves open to local policy (social history, pregnancy,
 * advance directives) stand in chapters that stay closed here, and so do the sensitive ones; {@code safety} never opens
 * (docs/decisions/0316-breaking-the-glass.md).
 */
public final class EmergencyChapters {

    public static final Set<Chapter> LIST = Set.of(
            Chapter.PROFILE,
            Chapter.CONDITIONS,
            Chapter.MEDICATIONS,
            Chapter.ALLERGIES,
            Chapter.IMMUNIZATIONS,
            Chapter.LABS,
            Chapter.VITALS,
            Chapter.PROCEDURES);

    private EmergencyChapters() {}

    /** What an emergency may open of a twin whose patient closed these chapters to emergencies. */
    public static Set<Chapter> without(Set<Chapter> closed) {
        var open = EnumSet.copyOf(LIST);
        open.removeAll(closed);
        return Set.copyOf(open);
    }
}
