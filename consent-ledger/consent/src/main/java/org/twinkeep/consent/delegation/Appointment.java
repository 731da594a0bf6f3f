package org.twinkeep.consent.delegation;

import java.time.LocalDate;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.Period;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.sign.VerifyingKey;

/**
 * What a delegation says: who acts for whom, by what right, with which powers, on which chapters, from when until when.
 *
 * @param delegate the delegate's account
 * @param key the delegate's identity key: only what it signed is the delegate's
 * @param patientName whom it is for, as the document or the patient says
 * @param powers one by one; at least one
 * @param chapters never {@code safety}
 * @param term the first day and the last, both included, in the patient's time zone; the last is always named
 * @param review the day on which somebody looks whether it is still right; within the term
 * @param birthDate of the child, where it ends because a child grows up; else null
 */
public record Appointment(
        String delegate,
        String delegateName,
        VerifyingKey key,
        String patientName,
        Authority authority,
        Set<Power> powers,
        Set<Chapter> chapters,
        Period term,
        LocalDate review,
        @Nullable LocalDate birthDate) {

    /** So long at most without somebody appointing anew. */
    public static final int YEARS_AT_MOST = 20;

    public Appointment {
        powers = Set.copyOf(powers);
        chapters = Set.copyOf(chapters);
        var from = term.from();
        var to = term.to();
        if (powers.isEmpty() || chapters.isEmpty()) {
            throw new DelegationRefused(DelegationRefused.Why.NOTHING_GIVEN);
        }
        if (chapters.contains(Chapter.SAFETY)) {
            throw new DelegationRefused(DelegationRefused.Why.SAFETY);
        }
        if (from == null || to == null || to.isAfter(from.plusYears(YEARS_AT_MOST))) {
            throw new DelegationRefused(DelegationRefused.Why.NO_END);
        }
        if (review.isBefore(from) || review.isAfter(to)) {
            throw new DelegationRefused(DelegationRefused.Why.NO_REVIEW);
        }
        if (authority.kind().ofAChild() != (birthDate != null)) {
            throw new DelegationRefused(DelegationRefused.Why.BIRTH_DATE);
        }
    }

    /** The last day. */
    public LocalDate end() {
        return Objects.requireNonNull(term.to());
    }

    Appointment with(Set<Power> otherPowers, Set<Chapter> otherChapters) {
        return new Appointment(
                delegate,
                delegateName,
                key,
                patientName,
                authority,
                otherPowers,
                otherChapters,
                term,
                review,
                birthDate);
    }

    Appointment reviewedUntil(LocalDate next) {
        return new Appointment(
                delegate, delegateName, key, patientName, authority, powers, chapters, term, next, birthDate);
    }

    @Override
    public String toString() {
        return "Appointment";
    }
}
