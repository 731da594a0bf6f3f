package org.twinkeep.portal.requests;

import java.util.Locale;

/** A request cannot be made; it says nothing about any patient. */
public final class RequestRefused extends RuntimeException {
    private static final long serialVersionUID = 1;

    public enum Why {
        ALREADY_OPEN("You have an open request with this code already."),
        TOO_MANY_OPEN("You have as many open requests as one can have."),
        TOO_MANY_TODAY("You have asked as often as one can in a day."),
        PURPOSE_NOT_YOURS("Your account cannot ask for this purpose."),
        CHAPTER_NOT_ASKED("Nobody can ask for this chapter.");

        private final String plain;

        Why(String plain) {
            this.plain = plain;
        }

        /** The key of its sentence on pages. */
        public String sentence() {
            return "asking.refused." + name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private final Why why;

    RequestRefused(Why why) {
        super(why.plain);
        this.why = why;
    }

    public Why why() {
        return why;
    }
}
