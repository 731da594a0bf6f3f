package org.twinkeep.portal.web;

import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionBindingListener;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;
import org.twinkeep.crypto.Secret;

/** The patient's seed, for as long as the session lives; wiped when it ends, however it ends. */
public final class SeedInSession implements HttpSessionBindingListener, Serializable {
    private static final long serialVersionUID = 1;
    private static final String NAME = SeedInSession.class.getName();

    @SuppressWarnings("serial") // A shared session keeps it sealed, and no other way.
    private final Secret seed;

    private SeedInSession(Secret seed) {
        this.seed = seed;
    }

    static void keep(HttpSession session, @Nullable Secret seed) {
        if (seed == null) {
            session.removeAttribute(NAME);
        } else {
            session.setAttribute(NAME, new SeedInSession(seed));
        }
    }

    /** @throws SessionOver when the session holds none */
    public static Secret of(HttpSession session) {
        if (session.getAttribute(NAME) instanceof SeedInSession kept) {
            return kept.seed;
        }
        throw new SessionOver();
    }

    @Override
    public void valueUnbound(HttpSessionBindingEvent event) {
        seed.close();
    }

    @Override
    public String toString() {
        return "SeedInSession";
    }
}
