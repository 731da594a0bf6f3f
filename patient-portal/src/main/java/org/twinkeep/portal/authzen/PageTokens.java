package org.twinkeep.portal.authzen;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.twinkeep.crypto.Box;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.Sha2;
import org.twinkeep.crypto.Tampered;

/** Where a page of results ended: sealed, so that it tells nothing and nobody makes one. */
final class PageTokens {

    private static final byte[] CONTEXT = "twinkeep.authzen.page.v1".getBytes(UTF_8);
    private static final int HASH = 32;
    private static final int LONGEST = 400;

    private final Secret key;

    PageTokens(Secret key) {
        this.key = key;
    }

    /** @param of hash of the question */
    @SuppressWarnings("ArrayRecordComponent")
    record Place(int from, int limit, byte[] of) {
        boolean isOf(byte[] question) {
            return Arrays.equals(of, question);
        }

        @Override
        public String toString() {
            return "Place";
        }
    }

    static byte[] hash(String question) {
        return Sha2.sha256().digest(question.getBytes(UTF_8));
    }

    String write(Place place) {
        var plain = ByteBuffer.allocate(8 + HASH)
                .putInt(place.from())
                .putInt(place.limit())
                .put(place.of())
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Box.seal(key, CONTEXT, plain));
    }

    /** Null: it is none of ours. */
    @Nullable
    Place read(String token) {
        if (token.length() > LONGEST) {
            return null;
        }
        try {
            var plain = ByteBuffer.wrap(
                    Box.open(key, CONTEXT, Base64.getUrlDecoder().decode(token)));
            int from = plain.getInt();
            int limit = plain.getInt();
            var of = new byte[HASH];
            plain.get(of);
            return new Place(from, limit, of);
        } catch (Tampered | IllegalArgumentException e) {
            return null;
        }
    }
}
