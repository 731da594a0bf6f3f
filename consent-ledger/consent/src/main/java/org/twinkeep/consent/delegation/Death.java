package org.twinkeep.consent.delegation;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Stream;
import org.twinkeep.consent.ConsentHandle;

/**
 * A death, by document.
 *
 * @param document SHA-256, hexadecimal
 * @param signed who says so; whoever filed it is the first, and it counts with the second
 */
public record Death(
        ConsentHandle handle, String patientName, LocalDate day, String document, List<Hand> signed, Instant filedAt) {

    public Death {
        signed = List.copyOf(signed);
    }

    /** Whether two people have signed. */
    public boolean isRecorded() {
        return signed.size() > 1;
    }

    /** The second signature is an auditor's or a clinician's, and another person's. */
    public boolean maySign(Hand hand) {
        return !isRecorded()
                && (hand.as() == Hand.As.OVERSIGHT || hand.as() == Hand.As.CLINICIAN)
                && signed.stream().noneMatch(other -> other.account().equals(hand.account()));
    }

    /** Whoever may not sign does not count, however it came to be written down. */
    Death signedBy(Hand hand) {
        if (!maySign(hand)) {
            return this;
        }
        return new Death(
                handle,
                patientName,
                day,
                document,
                Stream.concat(signed.stream(), Stream.of(hand)).toList(),
                filedAt);
    }

    @Override
    public String toString() {
        return "Death";
    }
}
