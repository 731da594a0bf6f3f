package org.twinkeep.consent.decision;

/**
 * Where things stand in a compiled consent: a head, the conditions (each once, however many provisions state it or take it
 * over), then the provisions in the order of the tree. All places are counted from the consent's first number. The heads of
 * a patient's consents are kept side by side: most consents have nothing to say to most requests, and their heads tell.
 */
final class Layout {
    private Layout() {}

    // --- the head
    static final int FLAGS = 0;

    /** The one reference that whatever it says expressly is about; 0 where there is more than one, or none. */
    static final int GATE = 1;

    static final int TERM = 2;
    static final int SPAN_LENGTH = 6;

    /** Where its first number would stand among the bodies of all of them. */
    static final int START = TERM + SPAN_LENGTH;

    static final int HEAD = START + 1;

    // --- the body
    static final int LENGTH = HEAD;
    static final int ZONE = LENGTH + 1;
    static final int TREE = ZONE + 1;

    /** Of a consent that is not understood: how long its path is; then the path, a character each. */
    static final int PATH_LENGTH = HEAD;

    static final int PATH = PATH_LENGTH + 1;

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

    /** It says nothing, ever. */
    static final int SILENT = 1 << 10;

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
