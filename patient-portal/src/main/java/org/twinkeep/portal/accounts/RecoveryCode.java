package org.twinkeep.portal.accounts;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Locale;
import org.twinkeep.crypto.KeyAccess;
import org.twinkeep.crypto.Secret;

/**
 * 25 characters that open a patient's seed when the password is lost: 125 random bits in Crockford's base 32, which has no
 * I, L, O or U and reads them as what they look like. Shown once; silent otherwise.
 */
public final class RecoveryCode implements Serializable {
    private static final long serialVersionUID = 1;
    private static final String ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static final int LENGTH = 25;

    @SuppressWarnings("serial") // A shared session keeps it sealed, and no other way.
    private final Secret characters;

    private RecoveryCode(Secret characters) {
        this.characters = characters;
    }

    static RecoveryCode fresh(SecureRandom random) {
        var code = new byte[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
            code[i] = (byte) ALPHABET.charAt(random.nextInt(ALPHABET.length()));
        }
        try {
            return new RecoveryCode(Secret.copyOf(code));
        } finally {
            Arrays.fill(code, (byte) 0);
        }
    }

    /** In five groups of five, for its owner to write down. */
    public String show() {
        return characters.reveal(
                KeyAccess.TO_SHOW_ITS_OWNER,
                code -> new String(code, StandardCharsets.US_ASCII).replaceAll("(.{5})(?!$)", "$1-"));
    }

    char[] forStretching() {
        return characters.reveal(
                KeyAccess.TO_DERIVE, code -> new String(code, StandardCharsets.US_ASCII).toCharArray());
    }

    /** What somebody typed, as the code would have been written: spaces and dashes go, look-alikes become digits. */
    static char[] asTyped(char[] typed) {
        return new String(typed)
                .toUpperCase(Locale.ROOT)
                .replace('O', '0')
                .replace('I', '1')
                .replace('L', '1')
                .replaceAll("[^0-9A-Z]", "")
                .toCharArray();
    }

    @Override
    public String toString() {
        return "RecoveryCode";
    }
}
