package org.twinkeep.consent.trail;

import java.util.Base64;
import java.util.Optional;
import org.twinkeep.crypto.sign.SigningKey;
import org.twinkeep.crypto.sign.VerifyingKey;

/** The head of a log (c2sp.org/tlog-checkpoint): origin, size, root; signed as a note under the origin's name. */
@SuppressWarnings("ArrayRecordComponent")
record Checkpoint(String origin, long size, byte[] root) {

    static final String FILE = "checkpoint";

    String signed(SigningKey key) {
        return SignedNote.sign(text(), origin, key);
    }

    private String text() {
        return origin + "\n" + size + "\n" + Base64.getEncoder().encodeToString(root) + "\n";
    }

    /** Nothing unless it is signed by this key and of this origin. */
    static Optional<Checkpoint> open(String note, String origin, VerifyingKey key) {
        return SignedNote.open(note, origin, key)
                .flatMap(Checkpoint::parse)
                .filter(checkpoint -> checkpoint.origin().equals(origin));
    }

    private static Optional<Checkpoint> parse(String text) {
        var lines = text.split("\n", -1);
        try {
            var checkpoint = new Checkpoint(
                    lines[0], Long.parseLong(lines[1]), Base64.getDecoder().decode(lines[2]));
            boolean exact = text.startsWith(checkpoint.text()) && checkpoint.root().length == Merkle.HASH_BYTES;
            return exact ? Optional.of(checkpoint) : Optional.empty();
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }
}
