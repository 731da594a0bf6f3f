package org.twinkeep.portal.requests;

import java.security.SecureRandom;
import java.util.Locale;
import java.util.Optional;

/**
 * What a patient gives to somebody who wants to ask: 11 random characters of Crockford's base 32 (55 bits) and one that
 * finds a slip of the pen (Luhn's sum, modulo 32), so that a typing error is told apart without asking any store.
 */
public final class ShareCode {
    private static final String ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static final int RANDOM = 11;

    private final String characters;

    private ShareCode(String characters) {
        this.characters = characters;
    }

    static ShareCode fresh(SecureRandom random) {
        var body = new StringBuilder();
        for (int i = 0; i < RANDOM; i++) {
            body.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return new ShareCode(body.append(check(body)).toString());
    }

    /** Read generously: dashes and spaces go, letters become capitals, O is 0, I and L are 1. Nothing when it is no code. */
    public static Optional<ShareCode> typed(String text) {
        var plain = text.toUpperCase(Locale.ROOT)
                .replaceAll("[-\\s]", "")
                .replace('O', '0')
                .replace('I', '1')
                .replace('L', '1');
        boolean fits = plain.length() == RANDOM + 1
                && plain.chars().allMatch(c -> ALPHABET.indexOf(c) >= 0)
                && check(plain.substring(0, RANDOM)) == plain.charAt(RANDOM);
        return fits ? Optional.of(new ShareCode(plain)) : Optional.empty();
    }

    /** Luhn's algorithm, modulo N. */
    private static char check(CharSequence body) {
        int sum = 0;
        int factor = 2;
        for (int i = body.length() - 1; i >= 0; i--) {
            int addend = factor * ALPHABET.indexOf(body.charAt(i));
            sum += addend / 32 + addend % 32;
            factor = 3 - factor;
        }
        return ALPHABET.charAt((32 - sum % 32) % 32);
    }

    /** In groups of four. */
    public String show() {
        return characters.replaceAll("(.{4})(?=.)", "$1-");
    }

    /** By which who typed it knows it again, and nobody else. */
    String end() {
        return characters.substring(RANDOM - 3);
    }

    String characters() {
        return characters;
    }

    @Override
    public String toString() {
        return "ShareCode";
    }
}
