package org.twinkeep.portal.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;
import org.twinkeep.portal.accounts.Account;
import org.twinkeep.portal.accounts.Accounts;
import org.twinkeep.portal.tables.TablesUnavailable;

/**
 * Reads the account of a session anew on each request. A session whose account was reset, changed its password elsewhere or
 * closed since is over at once.
 */
final class SessionGuard extends OncePerRequestFilter {
    private final Accounts accounts;

    SessionGuard(Accounts accounts) {
        this.accounts = accounts;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return request.getRequestURI().startsWith("/assets/");
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var authentication = SecurityContextHolder.getContext().getAuthentication();
        if (authentication == null || !(authentication.getPrincipal() instanceof SignedIn session)) {
            chain.doFilter(request, response);
            return;
        }
        Account account;
        try {
            account = accounts.find(session.id()).filter(session::isStill).orElse(null);
        } catch (TablesUnavailable e) {
            response.sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
            return;
        }
        if (account == null) {
            var httpSession = request.getSession(false);
            if (httpSession != null) {
                httpSession.invalidate();
            }
            SecurityContextHolder.clearContext();
            response.sendRedirect("/sign-in?ended");
            return;
        }
        Asker.remember(request, account);
        chain.doFilter(request, response);
    }
}
