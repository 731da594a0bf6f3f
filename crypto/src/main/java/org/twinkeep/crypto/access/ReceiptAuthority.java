package org.twinkeep.crypto.access;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Set;
import org.twinkeep.crypto.Hmac;
import org.twinkeep.crypto.KeyScope;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.bytes.ByteWriter;

/**
 * Issues receipts to the trail and checks them for the key ring. Its key is random, lives in this process only, and is
 * what makes a {@link Receipt} impossible to make up elsewhere.
 */
public final class ReceiptAuthority {

    private final Secret key = Secret.random(new SecureRandom());

    /** Called by the trail alone, after the leaf is durable. */
    public Receipt issue(TwinId twin, Set<KeyScope> scopes, long leafIndex, String leafHash, Instant at) {
        return new Receipt(twin, scopes, leafIndex, leafHash, at, mark(twin, scopes, leafIndex, leafHash, at));
    }

    /** @throws ReceiptRefused when the receipt was not issued here, speaks of another twin or does not cover the scope */
    public void check(Receipt receipt, TwinId twin, KeyScope scope) {
        var mark = mark(receipt.twin(), receipt.scopes(), receipt.leafIndex(), receipt.leafHash(), receipt.at());
        if (!MessageDigest.isEqual(mark, receipt.mark())) {
            throw new ReceiptRefused("This receipt was not issued here.");
        }
        if (!receipt.twin().equals(twin)) {
            throw new ReceiptRefused("This receipt is for another twin.");
        }
        if (!receipt.scopes().contains(scope)) {
            throw new ReceiptRefused("This receipt does not cover that chapter.");
        }
    }

    private byte[] mark(TwinId twin, Set<KeyScope> scopes, long leafIndex, String leafHash, Instant at) {
        var writer = new ByteWriter()
                .framed("twinkeep.receipt.v1")
                .uuid(twin.value())
                .u32(scopes.size());
        scopes.stream().mapToInt(KeyScope::number).sorted().forEach(writer::u8);
        writer.u64(leafIndex).framed(leafHash).u64(at.getEpochSecond()).u32(at.getNano());
        return Hmac.sha256(key, writer.toBytes());
    }
}
