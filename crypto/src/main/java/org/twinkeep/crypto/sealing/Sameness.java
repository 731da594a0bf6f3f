package org.twinkeep.crypto.sealing;

/** Is this the content that was sealed? */
public enum Sameness {
    SAME,
    DIFFERENT,
    /** Nobody can tell any more. */
    ERASED
}
