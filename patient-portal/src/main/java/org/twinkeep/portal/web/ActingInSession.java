package org.twinkeep.portal.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.io.Serializable;
import java.util.Optional;
import java.util.UUID;
import org.twinkeep.crypto.TwinId;

/** Whose twin is opened in a session by somebody who acts for them. Whether they still may is asked on each request. */
public record ActingInSession(UUID twin) implements Serializable {
    private static final String NAME = ActingInSession.class.getName();

    public static void begin(HttpSession session, TwinId twin) {
        session.setAttribute(NAME, new ActingInSession(twin.value()));
    }

    public static void end(HttpSession session) {
        session.removeAttribute(NAME);
    }

    static Optional<TwinId> of(HttpServletRequest request) {
        var session = request.getSession(false);
        return session != null && session.getAttribute(NAME) instanceof ActingInSession(UUID twin)
                ? Optional.of(new TwinId(twin))
                : Optional.empty();
    }
}
