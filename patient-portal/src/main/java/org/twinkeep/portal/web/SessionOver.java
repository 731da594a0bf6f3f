package org.twinkeep.portal.web;

/** What was asked needs a session that has ended: sign in again. */
public final class SessionOver extends RuntimeException {
    private static final long serialVersionUID = 1;
}
