package org.twinkeep.portal.web.entrance;

import jakarta.servlet.http.HttpSession;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.twinkeep.portal.accounts.RecoveryCode;

/** A recovery code on its way to its owner: in the session until they say that they have written it down. */
public final class FreshCode {
    private static final String NAME = FreshCode.class.getName();

    private FreshCode() {}

    public static void keep(HttpSession session, @Nullable RecoveryCode code) {
        if (code != null) {
            session.setAttribute(NAME, code);
        }
    }

    public static Optional<RecoveryCode> of(HttpSession session) {
        return Optional.ofNullable((RecoveryCode) session.getAttribute(NAME));
    }

    public static void forget(HttpSession session) {
        session.removeAttribute(NAME);
    }
}
