package org.twinkeep.consent.trail;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.twinkeep.crypto.KeyScope;

/**
 * One leaf about a twin, opened: a verdict, or the disclosure that followed it.
 *
 * @param leafIndex where it stands in the trail
 * @param counter gapless within the twin, from 1
 * @param purpose HL7 code as declared, or the system actor's purpose
 * @param permitted for a verdict; always true for a disclosure
 * @param why the reason of a denial, or what the operator or system actor gave as reason
 * @param consents handles relied on
 * @param scopes which keys the receipt opens
 * @param entries how many entries were disclosed; 0 in a verdict
 * @param verdictLeaf the verdict that a disclosure follows; null in a verdict
 */
public record Look(
        long leafIndex,
        String leafHash,
        long counter,
        Instant at,
        Looker who,
        String purpose,
        boolean permitted,
        @Nullable String why,
        List<String> consents,
        Set<KeyScope> scopes,
        int entries,
        @Nullable Long verdictLeaf) {}
