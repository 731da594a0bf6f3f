package org.twinkeep.portal.web.care;

import jakarta.servlet.http.HttpSession;
import java.io.Serializable;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.twinkeep.consent.Purpose;
import org.twinkeep.crypto.TwinId;

/** The purpose that a clinician declared for each patient, for this session's visit. */
public final class VisitPurposes implements Serializable {
    private static final long serialVersionUID = 1;
    private static final String NAME = VisitPurposes.class.getName();

    private final ConcurrentHashMap<UUID, Purpose> declared = new ConcurrentHashMap<>();

    private VisitPurposes() {}

    public static VisitPurposes in(HttpSession session) {
        synchronized (session) {
            if (session.getAttribute(NAME) instanceof VisitPurposes there) {
                return there;
            }
            var fresh = new VisitPurposes();
            session.setAttribute(NAME, fresh);
            return fresh;
        }
    }

    Optional<Purpose> of(TwinId twin) {
        return Optional.ofNullable(declared.get(twin.value()));
    }

    public void declare(TwinId twin, Purpose purpose) {
        declared.put(twin.value(), purpose);
    }

    public void end(TwinId twin) {
        declared.remove(twin.value());
    }
}
