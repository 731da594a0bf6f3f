package org.twinkeep.portal.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.filter.OncePerRequestFilter;
import org.twinkeep.consent.Consents;
import org.twinkeep.consent.Purpose;
import org.twinkeep.consent.trail.Trail;
import org.twinkeep.consent.trail.TrailUnwritable;
import org.twinkeep.portal.delegates.Delegates;

/**
 * Asks on each request whether somebody who acts for a patient still may, and whether the page is one that they were given;
 * what is refused stands in the patient's trail. A delegation that ended meanwhile ends the acting at once.
 */
final class ActingGuard extends OncePerRequestFilter {
    private static final String NOT_GIVEN = "the delegation gives no power for this";

    private final Delegates delegates;
    private final Trail trail;
    private final Consents consents;

    ActingGuard(Delegates delegates, Trail trail, Consents consents) {
        this.delegates = delegates;
        this.trail = trail;
        this.consents = consents;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var asker = Asker.of(request);
        var twin = ActingInSession.of(request);
        if (asker.isEmpty() || twin.isEmpty() || request.getRequestURI().startsWith("/assets/")) {
            chain.doFilter(request, response);
            return;
        }
        var account = asker.get().account();
        var acting = delegates.acting(account.id(), twin.get());
        if (acting.isEmpty()) {
            ActingInSession.end(request.getSession());
            response.sendRedirect("/people?over");
            return;
        }
        Asker.remember(request, account, acting.get());
        var path = request.getRequestURI();
        if (!ActingPages.isOwn(path) && !ActingPages.opens(acting.get().powers(), request.getMethod(), path)) {
            refuse(request, response);
            return;
        }
        chain.doFilter(request, response);
    }

    private void refuse(HttpServletRequest request, HttpServletResponse response) throws IOException {
        var asker = Asker.of(request).orElseThrow();
        try {
            trail.denied(asker.twin(), asker.looker(), Purpose.PATIENT_REQUEST.code(), NOT_GIVEN, consents.position());
        } catch (TrailUnwritable e) {
            response.sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
            return;
        }
        response.sendError(HttpServletResponse.SC_FORBIDDEN);
    }
}
