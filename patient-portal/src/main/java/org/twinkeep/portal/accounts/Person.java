package org.twinkeep.portal.accounts;

import java.time.ZoneId;
import java.util.Locale;

/**
 * What an account says about its person. It is sealed under the account's own erasable slot.
 *
 * @param organisation empty for a patient
 */
public record Person(String name, String organisation, ZoneId zone, Locale locale) {

    @Override
    public String toString() {
        return "Person";
    }
}
