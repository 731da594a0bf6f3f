package org.twinkeep.projections.timeline;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When an entry speaks of, as precisely as its source said: a partial date is an interval, a date without a time is never
 * shifted by a time zone.
 *
 * @param from start, included; to: end, excluded; both null for an undated entry
 * @param written what the source wrote: {@code 2019}, {@code 2019-03}, {@code 2019-03-04}, or a full timestamp
 */
public record When(
        @Nullable Instant from,
        @Nullable Instant to,
        @Nullable String written) {}
