package org.twinkeep.consent;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.twinkeep.crypto.Chapter;

/**
 * What the policy needs to know of one entry.
 *
 * @param touches other chapters that the entry restates
 * @param speaksFrom and speaksTo: the interval of what it speaks of, end excluded (both the same: that instant; one null:
 *     open on that side); both null for an undated entry
 */
public record Facts(
        Chapter chapter,
        Set<Chapter> touches,
        @Nullable Instant speaksFrom,
        @Nullable Instant speaksTo,
        Instant recordedAt) {}
