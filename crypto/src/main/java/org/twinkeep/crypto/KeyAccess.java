package org.twinkeep.crypto;

/** Why somebody needs to see the bytes of a {@link Secret}. */
public enum KeyAccess {
    TO_ENCRYPT,
    TO_DECRYPT,
    TO_DERIVE,
    TO_SIGN,
    TO_WRAP,
    /** A recovery code or one-time password that its owner must be shown once. */
    TO_SHOW_ITS_OWNER
}
