package org.twinkeep.projections.reading;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.twinkeep.consent.Purpose;
import org.twinkeep.crypto.Box;
import org.twinkeep.crypto.KeyAccess;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.Tampered;
import org.twinkeep.crypto.TwinId;

/**
 * Which views of a twin are stored: one sealed block a twin, under a key of the house, found by an HMAC of the twin. It says
 * nothing of what the views hold, whose keys are their own.
 */
final class Catalogue {

    private final ViewFile file;
    private final Secret houseKey;
    private final SecureRandom random;

    /** @param houseKey {@code vault.houseKey("views")} */
    Catalogue(ViewFile file, Secret houseKey, SecureRandom random) {
        this.file = file;
        this.houseKey = houseKey;
        this.random = random;
    }

    List<Shelf> of(TwinId twin) {
        var handle = handle(twin);
        var blocks = file.read(handle);
        if (blocks.isEmpty()) {
            return List.of();
        }
        try {
            return read(Box.open(houseKey, bytes(handle), blocks.getFirst()));
        } catch (Tampered e) {
            return List.of();
        }
    }

    /** Whether what stands under the twin's handle opens; nothing there is sound too. */
    boolean isSound(TwinId twin) {
        var handle = handle(twin);
        var blocks = file.read(handle);
        try {
            return blocks.isEmpty()
                    || !read(Box.open(houseKey, bytes(handle), blocks.getFirst()))
                            .isEmpty();
        } catch (Tampered e) {
            return false;
        }
    }

    Optional<Shelf> find(ViewOf view) {
        return of(view.twin()).stream().filter(shelf -> shelf.isFor(view)).findFirst();
    }

    /** Lists the view; one that is listed keeps its handle and slot. */
    Shelf list(ViewOf view, List<String> consents) {
        var before = find(view);
        var shelf = new Shelf(
                before.map(Shelf::handle).orElseGet(this::freshHandle),
                before.map(Shelf::slot).orElseGet(this::freshSlot),
                view.grantee(),
                view.purpose(),
                List.copyOf(consents));
        if (!before.equals(Optional.of(shelf))) {
            var shelves = new ArrayList<>(
                    of(view.twin()).stream().filter(s -> !s.isFor(view)).toList());
            shelves.add(shelf);
            write(view.twin(), shelves);
        }
        return shelf;
    }

    void strike(TwinId twin, Shelf gone) {
        write(
                twin,
                of(twin).stream().filter(s -> !s.handle().equals(gone.handle())).toList());
    }

    String handle(TwinId twin) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            houseKey.reveal(KeyAccess.TO_DERIVE, key -> {
                init(mac, key);
                return key.length;
            });
            mac.update("twinkeep views catalogue".getBytes(StandardCharsets.UTF_8));
            var hash = mac.doFinal(twin.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 16);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void init(Mac mac, byte[] key) {
        try {
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private void write(TwinId twin, List<Shelf> shelves) {
        var handle = handle(twin);
        if (shelves.isEmpty()) {
            file.delete(handle);
        } else {
            file.replace(handle, List.of(Box.seal(houseKey, bytes(handle), written(shelves))));
        }
    }

    private String freshHandle() {
        var bytes = new byte[16];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private UUID freshSlot() {
        return new UUID(random.nextLong(), random.nextLong());
    }

    static byte[] written(List<Shelf> shelves) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            out.writeInt(shelves.size());
            for (var shelf : shelves) {
                out.writeUTF(shelf.handle());
                out.writeUTF(shelf.slot().toString());
                out.writeUTF(Objects.requireNonNullElse(shelf.grantee(), ""));
                var purpose = shelf.purpose();
                out.writeUTF(purpose == null ? "" : purpose.code());
                out.writeInt(shelf.consents().size());
                for (var consent : shelf.consents()) {
                    out.writeUTF(consent);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** @throws Tampered when it is no catalogue */
    static List<Shelf> read(byte[] written) {
        try (var in = new DataInputStream(new ByteArrayInputStream(written))) {
            var shelves = new ArrayList<Shelf>();
            for (var left = in.readInt(); left > 0; left--) {
                var handle = in.readUTF();
                var slot = UUID.fromString(in.readUTF());
                var grantee = in.readUTF();
                var purpose = in.readUTF();
                var consents = new ArrayList<String>();
                for (var more = in.readInt(); more > 0; more--) {
                    consents.add(in.readUTF());
                }
                shelves.add(new Shelf(
                        handle,
                        slot,
                        grantee.isEmpty() ? null : grantee,
                        Purpose.ofCode(purpose).orElse(null),
                        List.copyOf(consents)));
            }
            return shelves;
        } catch (IOException | IllegalArgumentException e) {
            throw new Tampered("A catalogue of views cannot be read.");
        }
    }

    private static byte[] bytes(String handle) {
        return HexFormat.of().parseHex(handle);
    }
}
