package org.twinkeep.portal.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.security.web.authentication.session.ChangeSessionIdAuthenticationStrategy;
import org.springframework.security.web.authentication.session.CompositeSessionAuthenticationStrategy;
import org.springframework.security.web.authentication.session.SessionAuthenticationStrategy;
import org.springframework.security.web.context.SecurityContextRepository;
import org.springframework.security.web.csrf.CsrfAuthenticationStrategy;
import org.springframework.security.web.csrf.CsrfTokenRepository;
import org.twinkeep.consent.Consents;
import org.twinkeep.consent.ledger.LedgerRefused;
import org.twinkeep.consent.ledger.LedgerUnavailable;
import org.twinkeep.portal.accounts.Account;
import org.twinkeep.portal.accounts.Opened;

/**
 * Begins the session of somebody who has just shown that the account is theirs: under a fresh session id and token (against
 * fixation), with the patient's seed in it and nowhere else.
 */
public final class Entering {
    private static final Logger LOG = LoggerFactory.getLogger(Entering.class);

    private final Consents consents;
    private final SecurityContextRepository contexts;
    private final SessionAuthenticationStrategy freshSession;

    Entering(SecurityContextRepository contexts, CsrfTokenRepository tokens, Consents consents) {
        this.consents = consents;
        this.contexts = contexts;
        this.freshSession = new CompositeSessionAuthenticationStrategy(
                List.of(new ChangeSessionIdAuthenticationStrategy(), new CsrfAuthenticationStrategy(tokens)));
    }

    /** @return the path of the account's first page */
    public String enter(Opened opened, HttpServletRequest request, HttpServletResponse response) {
        SeedInSession.keep(request.getSession(), opened.seed());
        enrol(opened);
        return again(opened.account(), request, response);
    }

    /**
     * From the first moment on, so that nobody else can enrol a key for this patient. It waits for a
     * ledger that is away; and who has no key on it signs in all the same, to end consents.
     */
    private void enrol(Opened opened) {
        var seed = opened.seed();
        var twin = opened.account().twin();
        if (seed == null || twin == null || opened.account().state() != Account.State.OPEN) {
            return;
        }
        try {
            consents.enrolAgain(twin, seed);
        } catch (LedgerUnavailable | LedgerRefused e) {
            LOG.warn("A patient's key is not on the ledger yet ({})", e.getMessage());
        }
    }

    /** The same person goes on after the account has changed. @return the path of the account's first page */
    public String again(Account account, HttpServletRequest request, HttpServletResponse response) {
        var room = Room.of(account);
        var authentication = UsernamePasswordAuthenticationToken.authenticated(
                SignedIn.as(account), null, AuthorityUtils.createAuthorityList(room.name()));
        freshSession.onAuthentication(authentication, request, response);
        var context = new SecurityContextImpl(authentication);
        SecurityContextHolder.setContext(context);
        contexts.saveContext(context, request, response);
        return room.home();
    }
}
