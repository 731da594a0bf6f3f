package org.twinkeep.consent.trail;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.twinkeep.crypto.sign.VerifyingKey;

/**
 * A proof in one text file that a leaf is in the log (c2sp.org/tlog-proof): it verifies offline against the log's public
 * key. The leaf itself is its {@code extra} line, and is bound by the proof.
 *
 * @param size of the log at the checkpoint
 */
@SuppressWarnings("ArrayRecordComponent")
public record TlogProof(long index, byte[] leaf, long size) {

    private static final String FIRST_LINE = "c2sp.org/tlog-proof@v1";

    static String text(long index, byte[] leaf, List<byte[]> path, String checkpointNote) {
        var text = new StringBuilder(FIRST_LINE).append('\n');
        text.append("extra ").append(base64(leaf)).append('\n');
        text.append("index ").append(index).append('\n');
        path.forEach(hash -> text.append(base64(hash)).append('\n'));
        return text.append('\n').append(checkpointNote).toString();
    }

    /** @throws IllegalArgumentException saying which step of the verification does not hold */
    public static TlogProof verified(String text, String origin, VerifyingKey key) {
        int end = text.indexOf("\n\n");
        var lines = end < 0 ? List.<String>of() : text.substring(0, end).lines().toList();
        if (lines.size() < 3
                || !lines.get(0).equals(FIRST_LINE)
                || !lines.get(1).startsWith("extra ")
                || !lines.get(2).matches("index (0|[1-9][0-9]{0,17})")) {
            throw new IllegalArgumentException("this is no tlog-proof with a leaf");
        }
        var leaf = Base64.getDecoder().decode(lines.get(1).substring("extra ".length()));
        long index = Long.parseLong(lines.get(2).substring("index ".length()));
        var path = new ArrayList<byte[]>();
        lines.subList(3, lines.size())
                .forEach(line -> path.add(Base64.getDecoder().decode(line)));
        var checkpoint = Checkpoint.open(text.substring(end + 2), origin, key)
                .orElseThrow(() -> new IllegalArgumentException("the checkpoint is not signed by this log's key"));
        if (!Merkle.includes(checkpoint.root(), checkpoint.size(), index, Merkle.leafHash(leaf), path)) {
            throw new IllegalArgumentException("the leaf is not in the log at this checkpoint");
        }
        return new TlogProof(index, leaf, checkpoint.size());
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
