package org.twinkeep.consent.decision;

/**
 * Where things stand in a compiled consent: a header, the conditions (each once, however many provisions state it or take
 * it over), then the provisions in the order of the tree. All places are counted from the consent's first number.
 */
final class Layout {
    private Layout() {}

    // --- the header
    static final int LENGTH = 0;
    static final int FLAGS = 1;
    static final int ZONE = 2;
    static final int TERM = 3;
    static final int SPAN_LENGTH = 6;
    static final int TREE = TERM + SPAN_LENGTH;

    /** The one reference that whatever it says expressly is about; 0 where there is more than one, or none. */
    static final int GATE = TREE + 1;

    /** Of a consent that is not understood: how long its path is; then the path, a character each. */
    static final int PATH_LENGTH = 2;

    static final int PATH = 3;

    // --- flags of a consent
    static final int UNREAD = 1;
    static final int R5 = 1 << 1;
    static final int HAS_BASE = 1 << 2;
    static final int BASE_PERMITS = 1 << 3;
    static final int HAS_ROOT = 1 << 4;
    static final int CONTAINER = 1 << 5;

    /** Somewhere in it something is permitted, so a base of no is only a default (docs/formats/consent-decision.md, 4.4). */
    static final int GRANTS = 1 << 6;

    /** It says something only at some time. */
    static final int HAS_TERM = 1 << 7;

    /** It is of our own shape: all that it does is permit. */
    static final int OURS = 1 << 8;

    /** It ended, and not by its patient: what it permits is over, what it denies is not (docs/formats/consent-decision.md, 4.6). */
    static final int DENIES_ONLY = 1 << 9;

    // --- a provision
    static final int KIND = 0;
    static final int END = 1;
    static final int INDEX = 2;
    static final int PARENT = 3;
    static final int EXCEPTIONS = 4;
    static final int STATED = 5;

    // --- the kind of a provision; what it states stands above these bits
    static final int PERMITS = 1;
    static final int HAS_ADDITIONS = 1 << 1;
    static final int STATED_SHIFT = 2;
}
