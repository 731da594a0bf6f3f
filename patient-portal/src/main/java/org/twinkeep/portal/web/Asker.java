package org.twinkeep.portal.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.trail.Looker;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.portal.accounts.Account;
import org.twinkeep.portal.delegates.Acting;
import org.twinkeep.twin.Actor;

/**
 * The signed-in account of this request, as controllers take it.
 *
 * @param acting for whom it acts in this request, by a delegation that lives; null where it acts for itself
 */
public record Asker(Account account, @Nullable Acting acting) {
    private static final String NAME = Asker.class.getName();

    /** As in the trail: somebody who looks in the patient's name. */
    private static final String DELEGATE = "delegate";

    static void remember(HttpServletRequest request, Account account) {
        request.setAttribute(NAME, new Asker(account, null));
    }

    static void remember(HttpServletRequest request, Account account, Acting acting) {
        request.setAttribute(NAME, new Asker(account, acting));
    }

    static Optional<Asker> of(HttpServletRequest request) {
        return Optional.ofNullable((Asker) request.getAttribute(NAME));
    }

    public Looker looker() {
        return acting == null
                ? account.looker()
                : new Looker(
                        account.id().toString(),
                        account.name(),
                        account.person().organisation(),
                        DELEGATE);
    }

    /** As events keep the patient, or whoever acts for the patient. */
    public Actor patient() {
        return new Actor(
                acting == null ? Actor.Kind.PATIENT : Actor.Kind.DELEGATE,
                account.id().toString());
    }

    /** The twin that the pages are about: the patient's own, or that of whom they act for. A page that says so where none is. */
    public TwinId twin() {
        if (acting != null) {
            return acting.twin();
        }
        return ownTwin();
    }

    /** The account's own twin, whoever it acts for. */
    public TwinId ownTwin() {
        var twin = account.twin();
        if (twin == null) {
            throw new NoTwinYet();
        }
        return twin;
    }
}
