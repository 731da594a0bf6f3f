package org.twinkeep.consent.decision;

/** What consents and requests can have in common, in one place to be numbered. */
record Word(Kind kind, String system, String code) {

    /** Matches whatever is asked. */
    static final Word ANY = new Word(Kind.ANY, "", "");

    /** The item has no author: a deny that names authors holds. */
    static final Word NO_AUTHOR = new Word(Kind.NO_AUTHOR, "", "");

    enum Kind {
        ANY,
        REFERENCE,
        ROLE,
        TYPE,
        PROFILE,
        CLASS,
        CODE,
        INSTANCE,
        RELATED,
        RELATED_TO_CARE,
        DEPENDENT,
        AUTHOR,
        NO_AUTHOR
    }

    static Word of(Kind kind, String text) {
        return new Word(kind, "", text);
    }

    static Word of(Kind kind, Code code) {
        return new Word(kind, code.system(), code.code());
    }

    @Override
    public String toString() {
        return "Word";
    }
}
