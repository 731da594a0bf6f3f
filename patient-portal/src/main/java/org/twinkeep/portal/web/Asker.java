package org.twinkeep.portal.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.twinkeep.consent.trail.Looker;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.portal.accounts.Account;
import org.twinkeep.twin.Actor;

/** The signed-in account of this request, as controllers take it. */
public record Asker(Account account) {
    private static final String NAME = Asker.class.getName();

    static void remember(HttpServletRequest request, Account account) {
        request.setAttribute(NAME, new Asker(account));
    }

    static Optional<Asker> of(HttpServletRequest request) {
        return Optional.ofNullable((Asker) request.getAttribute(NAME));
    }

    public Looker looker() {
        return account.looker();
    }

    /** As events keep the patient. */
    public Actor patient() {
        return new Actor(Actor.Kind.PATIENT, account.id().toString());
    }

    /** The patient's own twin; a page that says so where none is linked yet. */
    public TwinId twin() {
        var twin = account.twin();
        if (twin == null) {
            throw new NoTwinYet();
        }
        return twin;
    }
}
