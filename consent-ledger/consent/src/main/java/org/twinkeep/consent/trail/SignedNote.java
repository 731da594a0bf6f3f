package org.twinkeep.consent.trail;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import org.twinkeep.consent.durable.Hex;
import org.twinkeep.consent.durable.Sha256;
import org.twinkeep.crypto.sign.SigningKey;
import org.twinkeep.crypto.sign.VerifyingKey;

/** A C2SP signed note with an Ed25519 signature (c2sp.org/signed-note, signature type 0x01). */
public final class SignedNote {

    private static final byte[] ED25519 = {1};
    private static final int ID_BYTES = 4;
    private static final String SIGNATURE = "\u2014 ";

    private SignedNote() {}

    static String sign(String text, String name, SigningKey key) {
        var signature = key.sign(text.getBytes(StandardCharsets.UTF_8));
        return text + "\n" + SIGNATURE + name + " " + base64(keyId(name, key.verifyingKey()), signature) + "\n";
    }

    /** The text, when this key signed it under this name; signatures of others are ignored, as the format wants. */
    static Optional<String> open(String note, String name, VerifyingKey key) {
        int end = note.lastIndexOf("\n\n");
        if (end < 0 || !note.endsWith("\n")) {
            return Optional.empty();
        }
        var text = note.substring(0, end + 1);
        var id = keyId(name, key);
        boolean signed = note.substring(end + 2)
                .lines()
                .filter(line -> line.startsWith(SIGNATURE + name + " "))
                .map(line -> line.substring((SIGNATURE + name + " ").length()))
                .anyMatch(signature -> isBy(key, id, text, signature));
        return signed ? Optional.of(text) : Optional.empty();
    }

    private static boolean isBy(VerifyingKey key, byte[] id, String text, String base64) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            return false;
        }
        return bytes.length > ID_BYTES
                && base64(bytes).equals(base64)
                && Arrays.equals(Arrays.copyOf(bytes, ID_BYTES), id)
                && key.verifies(
                        text.getBytes(StandardCharsets.UTF_8), Arrays.copyOfRange(bytes, ID_BYTES, bytes.length));
    }

    /** The verifier key as text, as auditors' tools take it: {@code <name>+<id>+<key>}. */
    public static String verifierKey(String name, VerifyingKey key) {
        return name + "+" + Hex.of(keyId(name, key)) + "+" + base64(ED25519, key.bytes());
    }

    /** Reads a verifier key. @throws IllegalArgumentException when it is none of an Ed25519 key */
    public static Verifier verifier(String text) {
        var parts = text.split("\\+", 3);
        var key = parts.length == 3 ? Base64.getDecoder().decode(parts[2]) : new byte[0];
        if (key.length != 33 || key[0] != ED25519[0]) {
            throw new IllegalArgumentException("a verifier key reads <name>+<id>+<Ed25519 key>");
        }
        var verifier = new Verifier(parts[0], new VerifyingKey(Arrays.copyOfRange(key, 1, key.length)));
        if (!verifierKey(verifier.name(), verifier.key()).equals(text)) {
            throw new IllegalArgumentException("the id of the verifier key does not fit its name and key");
        }
        return verifier;
    }

    /** Whose notes to believe. */
    public record Verifier(String name, VerifyingKey key) {}

    private static byte[] keyId(String name, VerifyingKey key) {
        return Arrays.copyOf(Sha256.of((name + "\n").getBytes(StandardCharsets.UTF_8), ED25519, key.bytes()), ID_BYTES);
    }

    private static String base64(byte[] first, byte[] second) {
        var bytes = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, bytes, first.length, second.length);
        return base64(bytes);
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
