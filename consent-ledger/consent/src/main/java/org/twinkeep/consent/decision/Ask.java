package org.twinkeep.consent.decision;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who asks, why, to do what, and when: all that a decision knows of the asker.
 *
 * @param actors every reference that the asker acts as: person, roles, organisations, care teams, groups; an identifier is
 *     {@code system|value}
 * @param roles codes of roles that the asker holds
 * @param purpose as declared; null or unknown is denied
 * @param action null or unknown is denied
 */
public record Ask(
        Set<String> actors,
        Set<Code> roles,
        @Nullable Code purpose,
        @Nullable Code action,
        Instant at) {

    public static final String ACTIONS = "http://terminology.hl7.org/CodeSystem/consentaction";

    /** To look. */
    public static final Code ACCESS = new Code(ACTIONS, "access");

    public Ask {
        actors = Set.copyOf(actors);
        roles = Set.copyOf(roles);
    }

    @Override
    public String toString() {
        return "Ask";
    }
}
