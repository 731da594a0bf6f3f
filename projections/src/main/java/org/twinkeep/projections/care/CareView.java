package org.twinkeep.projections.care;

import java.util.Set;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.projections.timeline.Timeline;

/**
 * What a clinician sees for a purpose: what the patient shares, not a complete record.
 *
 * @param shared chapters of the share; the others read "not part of this share" whether or not they have entries
 */
public record CareView(Timeline timeline, Set<Chapter> shared) {}
