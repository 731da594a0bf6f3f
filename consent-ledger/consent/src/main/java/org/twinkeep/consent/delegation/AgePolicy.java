package org.twinkeep.consent.delegation;

import java.time.LocalDate;
import java.time.Period;
import java.util.EnumSet;
import java.util.Set;
import org.twinkeep.crypto.Chapter;

/**
 * What the law of the place says about growing up; the house sets it.
 *
 * @param ownDecision the birthday from which the sensitive chapters are closed to guardians (GDPR Article 8 has 16 where no
 *     state sets another age)
 * @param majority the birthday on which guardianship ends
 * @param noticeDays how many days before the guardians and the child are told
 */
public record AgePolicy(int ownDecision, int majority, int noticeDays) {

    /** Closed to guardians from the age of own decision on. */
    public static final Set<Chapter> OWN =
            Set.copyOf(EnumSet.of(Chapter.SEXUAL_HEALTH, Chapter.MENTAL_HEALTH, Chapter.SUBSTANCE_USE));

    public static final AgePolicy DEFAULT = new AgePolicy(16, 18, 90);

    public AgePolicy {
        if (ownDecision < 0 || majority < ownDecision || noticeDays < 0) {
            throw new IllegalArgumentException("the age of own decision is not after majority");
        }
    }

    /** In whole years; somebody born on 29 February is a year older on 1 March of other years. */
    public static int age(LocalDate birthDate, LocalDate today) {
        return Period.between(birthDate, today).getYears();
    }

    /** The first day on which the person has this age. */
    public static LocalDate birthday(LocalDate birthDate, int years) {
        var day = birthDate.plusYears(years);
        return day.getDayOfMonth() == birthDate.getDayOfMonth() ? day : day.plusDays(1);
    }

    public boolean decidesAlone(LocalDate birthDate, LocalDate today) {
        return !today.isBefore(ownDecisionOn(birthDate));
    }

    public boolean isOfAge(LocalDate birthDate, LocalDate today) {
        return !today.isBefore(majorityOn(birthDate));
    }

    public LocalDate ownDecisionOn(LocalDate birthDate) {
        return birthday(birthDate, ownDecision);
    }

    public LocalDate majorityOn(LocalDate birthDate) {
        return birthday(birthDate, majority);
    }

    /** Whether the day of majority is near enough, or past, that people are told. */
    public boolean isToldOn(LocalDate birthDate, LocalDate today) {
        return !today.isBefore(majorityOn(birthDate).minusDays(noticeDays));
    }
}
