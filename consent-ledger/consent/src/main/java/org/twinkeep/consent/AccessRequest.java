package org.twinkeep.consent;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.twinkeep.crypto.TwinId;

/**
 * Who asks for what, why, and when: everything a verdict depends on besides the consents.
 *
 * @param purpose as declared; null (unknown, undeclared) is denied
 */
public record AccessRequest(
        TwinId twin,
        String granteeId,
        String role,
        @Nullable Purpose purpose,
        Instant at) {}
