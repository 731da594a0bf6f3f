package org.twinkeep.portal.accounts;

import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.crypto.TwinId;

/**
 * A consent that somebody was given, as the list "my patients" needs it: the name and birth date that every grant shows.
 * It says nothing about whether the consent is still live.
 */
public record Grant(
        TwinId twin,
        ConsentHandle handle,
        String patient,
        @Nullable String birthDate) {

    @Override
    public String toString() {
        return "Grant";
    }
}
