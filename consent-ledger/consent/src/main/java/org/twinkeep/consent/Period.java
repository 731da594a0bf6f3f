package org.twinkeep.consent;

import java.time.LocalDate;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * A period of whole days in the patient's time zone; both ends included, either may be open. The last day counts to its
 * last instant.
 */
public record Period(@Nullable LocalDate from, @Nullable LocalDate to, ZoneId zone) {}
