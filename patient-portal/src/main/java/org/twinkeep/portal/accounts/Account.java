package org.twinkeep.portal.accounts;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.trail.Looker;
import org.twinkeep.crypto.TwinId;

/**
 * One account, as its owner and the house know it.
 *
 * @param signIn the sign-in name; empty before the set-up link was used and after the twin was erased
 * @param twin the patient's own twin, or null
 * @param generation counts changes that end every session of the account: a session of another generation is over
 * @param resetAt when an operator last reset it, or null; the owner is told
 * @param receipt the id of the receipt of the erased twin, or null
 * @param breaksGlass whether the operator lets this clinician break the glass in an emergency
 */
public record Account(
        AccountId id,
        Role role,
        State state,
        String signIn,
        Person person,
        @Nullable TwinId twin,
        int generation,
        @Nullable Instant resetAt,
        @Nullable String receipt,
        boolean breaksGlass) {

    public enum State {
        /** Its set-up link has not been used. */
        WAITING,
        OPEN,
        /** The twin is erased: signing in leads to the receipt and nowhere else. */
        CLOSED
    }

    public String name() {
        return person.name();
    }

    /** As the patient will read it in the trail. */
    public Looker looker() {
        return new Looker(id.toString(), person.name(), person.organisation(), role.code());
    }

    @Override
    public String toString() {
        return "Account " + id;
    }
}
