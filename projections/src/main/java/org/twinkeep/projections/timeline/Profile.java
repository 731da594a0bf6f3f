package org.twinkeep.projections.timeline;

import org.jspecify.annotations.Nullable;

/** What every grant shows of the person, and says so: name, birth date, sex; and that the person has died. */
public record Profile(
        String name,
        @Nullable String birthDate,
        @Nullable String sex,
        @Nullable String deceased) {
    @Override
    public String toString() {
        return "Profile";
    }
}
