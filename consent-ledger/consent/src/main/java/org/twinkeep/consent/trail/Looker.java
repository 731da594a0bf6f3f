package org.twinkeep.consent.trail;

/**
 * Who looks, as the patient will read it.
 *
 * @param id account id, or a named system actor such as {@code system:view-builder}
 * @param role {@code patient}, {@code clinician}, {@code auditor}, {@code operator}, {@code system}
 */
public record Looker(String id, String name, String organisation, String role) {
    @Override
    public String toString() {
        return "Looker " + id;
    }
}
