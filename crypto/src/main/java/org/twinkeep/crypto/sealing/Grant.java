package org.twinkeep.crypto.sealing;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.twinkeep.crypto.AesGcm;
import org.twinkeep.crypto.Hpke;
import org.twinkeep.crypto.KeyAccess;
import org.twinkeep.crypto.KeyScope;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.bytes.ByteReader;
import org.twinkeep.crypto.bytes.ByteWriter;
import org.twinkeep.crypto.keys.GrantedKeys;
import org.twinkeep.crypto.keys.LeafAddress;

/**
 * Keys sealed to somebody outside ({@code docs/formats/grant.md}), and what that somebody opens bodies with. It needs no key
 * of the house.
 *
 * <p>Promise: it opens exactly the bodies whose keys it holds, where they were sealed; what it opened once cannot be taken
 * back.
 */
public final class Grant implements AutoCloseable {

    private static final byte[] MAGIC = "TWKGRANT\1".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] INFO =
            new ByteWriter().framed("twinkeep.grant.v1").toBytes();
    private static final String UNREADABLE = "A grant cannot be read.";

    private final String tenant;
    private final GrantedKeys keys;

    private Grant(String tenant, GrantedKeys keys) {
        this.tenant = tenant;
        this.keys = keys;
    }

    /**
     * Seals keys to their holder.
     *
     * @param tenant the house, which every envelope is bound to
     * @param holder their X-Wing public key, 1216 bytes
     */
    public static byte[] seal(String tenant, GrantedKeys keys, byte[] holder) {
        try (var encoded = keys.encode()) {
            var plain = encoded.reveal(
                    KeyAccess.TO_WRAP,
                    bytes -> new ByteWriter(bytes.length + 64)
                            .framed(tenant)
                            .raw(bytes)
                            .toBytes());
            var sealed = Hpke.X_WING.seal(holder, INFO, MAGIC, plain);
            Arrays.fill(plain, (byte) 0);
            return new ByteWriter(MAGIC.length + sealed.length)
                    .raw(MAGIC)
                    .raw(sealed)
                    .toBytes();
        }
    }

    /**
     * @param holder the private key, 32 bytes
     * @throws org.twinkeep.crypto.Tampered when it is no grant, or somebody else's
     */
    public static Grant open(Secret holder, byte[] sealed) {
        var reader = new ByteReader(sealed, UNREADABLE);
        if (!Arrays.equals(reader.raw(MAGIC.length), MAGIC)) {
            throw reader.malformed();
        }
        return decode(Hpke.X_WING.open(holder, INFO, MAGIC, reader.rest()));
    }

    static Grant decode(byte[] plain) {
        var reader = new ByteReader(plain, UNREADABLE);
        var tenant = new String(reader.framed(), StandardCharsets.UTF_8);
        try (var encoded = Secret.taking(reader.rest())) {
            return new Grant(tenant, GrantedKeys.decode(encoded));
        } finally {
            Arrays.fill(plain, (byte) 0);
        }
    }

    public TwinId twin() {
        return keys.twin();
    }

    public KeyScope scope() {
        return keys.scope();
    }

    /** The epochs that it opens whole. */
    public Collection<Integer> epochs() {
        return keys.epochs();
    }

    /** The bodies that it opens one by one. */
    public List<LeafAddress> leaves() {
        return keys.leaves();
    }

    /**
     * The body of this event; nothing where it has none, or the grant does not hold its key.
     *
     * @throws org.twinkeep.crypto.Tampered when it is not what was sealed there
     */
    public Optional<Body> body(EventContext context, SealedEvent event) {
        var head = event.body();
        if (head == null || !context.twin().equals(twin()) || context.scope() != scope()) {
            return Optional.empty();
        }
        var envelope = Envelope.read(Envelope.Kind.BODY, head);
        return keys.key(envelope.address()).map(key -> {
            try (key;
                    var cipher = AesGcm.lent()) {
                return Sealing.openBody(cipher, tenant, context, event, envelope, key);
            }
        });
    }

    @Override
    public void close() {
        keys.close();
    }

    @Override
    public String toString() {
        return "Grant";
    }
}
