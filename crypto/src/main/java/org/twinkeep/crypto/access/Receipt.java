package org.twinkeep.crypto.access;

import java.time.Instant;
import java.util.Set;
import org.twinkeep.crypto.KeyScope;
import org.twinkeep.crypto.TwinId;

/**
 * The capability to open bodies of one twin: it exists only after a leaf that says who looks, and why, is durable in the
 * trail. Only a {@link ReceiptAuthority} makes one, and it knows its own again.
 */
public final class Receipt {

    private final TwinId twin;
    private final Set<KeyScope> scopes;
    private final long leafIndex;
    private final String leafHash;
    private final Instant at;
    private final byte[] mark;

    Receipt(TwinId twin, Set<KeyScope> scopes, long leafIndex, String leafHash, Instant at, byte[] mark) {
        this.twin = twin;
        this.scopes = Set.copyOf(scopes);
        this.leafIndex = leafIndex;
        this.leafHash = leafHash;
        this.at = at;
        this.mark = mark.clone();
    }

    public TwinId twin() {
        return twin;
    }

    /** The chapters (and the twin's own scopes) whose bodies it opens. */
    public Set<KeyScope> scopes() {
        return scopes;
    }

    /** Where in the trail the leaf stands. */
    public long leafIndex() {
        return leafIndex;
    }

    /** RFC 6962 leaf hash, lower-case hexadecimal; shown to people as the receipt's id. */
    public String leafHash() {
        return leafHash;
    }

    public Instant at() {
        return at;
    }

    byte[] mark() {
        return mark.clone();
    }

    @Override
    public String toString() {
        return "Receipt " + leafIndex;
    }
}
