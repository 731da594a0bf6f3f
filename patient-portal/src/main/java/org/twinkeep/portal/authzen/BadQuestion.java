package org.twinkeep.portal.authzen;

/** Not a request of AuthZEN; the message says which part, and quotes no value. */
public final class BadQuestion extends RuntimeException {
    private static final long serialVersionUID = 1;

    BadQuestion(String whichPart) {
        super(whichPart);
    }
}
