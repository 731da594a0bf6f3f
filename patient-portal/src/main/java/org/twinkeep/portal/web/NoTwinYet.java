package org.twinkeep.portal.web;

/** The patient's account is not linked to a twin yet. */
final class NoTwinYet extends RuntimeException {
    private static final long serialVersionUID = 1;
}
