package org.twinkeep.consent.signer;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.twinkeep.consent.durable.CanonicalReader.NotCanonical;
import org.twinkeep.consent.durable.Hex;
import org.twinkeep.crypto.KeyAccess;
import org.twinkeep.crypto.Secret;

/**
 * What goes between a house and a signer: questions and answers, each under HMAC-SHA-256 (RFC 2104) with the secret that the
 * two share; an answer binds its question. Nothing of it is secret: blocks and acts say nothing about a person.
 */
final class SignerWire {

    static final String BLOCK = "/block";
    static final String BLOCKS = "/blocks";
    static final String ACT = "/act";

    static final String NONCE = "Twinkeep-Nonce";
    static final String MAC = "Twinkeep-Mac";

    private static final String QUESTION = "twinkeep-signer-question-1";
    private static final String ANSWER = "twinkeep-signer-answer-1";

    private final Secret secret;

    SignerWire(Secret secret) {
        this.secret = secret.copy();
    }

    String ofQuestion(String path, String nonce, byte[] body) {
        return mac(QUESTION, path, nonce, body);
    }

    /** @param question the MAC of what is answered */
    String ofAnswer(String question, byte[] body) {
        return mac(ANSWER, question, "", body);
    }

    static boolean same(String expected, String given) {
        return MessageDigest.isEqual(expected.getBytes(US_ASCII), given.getBytes(US_ASCII));
    }

    private String mac(String kind, String first, String second, byte[] body) {
        return secret.reveal(KeyAccess.TO_SIGN, bytes -> {
            try {
                var mac = Mac.getInstance("HmacSHA256");
                mac.init(new SecretKeySpec(bytes, "HmacSHA256"));
                mac.update((kind + "\n" + first + "\n" + second + "\n").getBytes(US_ASCII));
                return Hex.of(mac.doFinal(body));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("HmacSHA256 is part of every JDK", e);
            }
        });
    }

    static byte[] joined(List<byte[]> lines) {
        var all = new ByteArrayOutputStream();
        for (var line : lines) {
            all.writeBytes(line);
            all.write('\n');
        }
        return all.toByteArray();
    }

    /** @throws NotCanonical when the last line has no end */
    static List<byte[]> lines(byte[] body) {
        var lines = new ArrayList<byte[]>();
        int from = 0;
        for (int i = 0; i < body.length; i++) {
            if (body[i] == '\n') {
                lines.add(Arrays.copyOfRange(body, from, i));
                from = i + 1;
            }
        }
        if (from != body.length) {
            throw new NotCanonical("a line has no end");
        }
        return lines;
    }
}
