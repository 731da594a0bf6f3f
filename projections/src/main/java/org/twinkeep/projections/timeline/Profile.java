package org.twinkeep.projections.timeline;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.Period;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What every grant shows of the person, and says so: name, birth date, sex; and that the person has died.
 *
 * @param deceased when, as the source wrote it, or {@code yes}
 */
public record Profile(
        String name,
        @Nullable String birthDate,
        @Nullable String sex,
        @Nullable String deceased) {

    /** Where no record says who the person is. */
    public static Profile unknown() {
        return new Profile("No name recorded", null, null, null);
    }

    /** The age at death in whole years, where both days are known. Days as written; no time zone shifts them. */
    public OptionalInt ageAtDeath() {
        if (birthDate == null || deceased == null || deceased.length() < 10) {
            return OptionalInt.empty();
        }
        try {
            var died = LocalDate.parse(deceased.substring(0, 10));
            return OptionalInt.of(
                    Period.between(LocalDate.parse(birthDate), died).getYears());
        } catch (DateTimeException e) {
            return OptionalInt.empty();
        }
    }

    @Override
    public String toString() {
        return "Profile";
    }
}
