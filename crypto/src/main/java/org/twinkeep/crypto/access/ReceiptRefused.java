package org.twinkeep.crypto.access;

/** No key without a receipt that covers it. */
public final class ReceiptRefused extends RuntimeException {
    private static final long serialVersionUID = 1;

    public ReceiptRefused(String why) {
        super(why);
    }
}
