package org.twinkeep.portal.accounts;

import java.time.Instant;

/**
 * The right to set up an account, once: whoever holds the token chooses its password.
 *
 * @param token goes into the path of the set-up page; only its hash is kept
 */
public record SetUpLink(AccountId account, String token, Instant until) {

    /** The path of the page, from the root of the portal. */
    public String path() {
        return "/set-up/" + token;
    }

    @Override
    public String toString() {
        return "SetUpLink";
    }
}
