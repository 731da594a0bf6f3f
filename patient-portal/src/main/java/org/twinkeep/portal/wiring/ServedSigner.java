package org.twinkeep.portal.wiring;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.twinkeep.consent.embedded.Notary;
import org.twinkeep.consent.signer.SignerDoor;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.sign.SigningKey;

/**
 * An organisation's signer, at work until it is closed: the key in one file, the secret that it shares with its house in
 * another beside it, and its copy of the ledger in a folder.
 */
public final class ServedSigner implements AutoCloseable {
    private final Notary notary;
    private final SignerDoor door;
    private final SigningKey key;
    private final Path secretFile;
    private final CountDownLatch closed = new CountDownLatch(1);

    private ServedSigner(Notary notary, SignerDoor door, SigningKey key, Path secretFile) {
        this.notary = notary;
        this.door = door;
        this.key = key;
        this.secretFile = secretFile;
    }

    /**
     * Opens it, with a new key and a new secret where there are none.
     *
     * @param unsigned acts that it does not sign, by their names on the ledger
     * @param say hears what was made
     */
    public static ServedSigner open(
            String organisation,
            Path keyFile,
            InetSocketAddress at,
            Set<String> unsigned,
            Clock clock,
            Consumer<String> say)
            throws IOException {
        var secretFile = beside(keyFile, ".secret");
        var folder = beside(keyFile, ".ledger");
        if (!Files.exists(keyFile) && Files.exists(folder)) {
            throw new HouseRefused(keyFile + " is missing, and the ledger beside it was signed with it. Put it back.");
        }
        var prefix = organisation.toLowerCase(Locale.ROOT) + ".secret=";
        try (var seed = kept(keyFile, "", say);
                var secret = kept(secretFile, prefix, say)) {
            var key = new SigningKey(seed);
            var notary = Notary.open(organisation, key, folder, unsigned, clock);
            try {
                var served = new ServedSigner(notary, SignerDoor.open(at, notary, secret), key, secretFile);
                Runtime.getRuntime().addShutdownHook(new Thread(served.closed::countDown));
                return served;
            } catch (IOException e) {
                notary.close();
                throw new HouseRefused("Nobody can listen at this address: is it this machine's, and free?", e);
            }
        }
    }

    private static Path beside(Path file, String ending) {
        return file.resolveSibling(file.getFileName() + ending);
    }

    /** 32 bytes in a file that only its owner reads: hexadecimal, on one line. */
    private static Secret kept(Path file, String prefix, Consumer<String> say) throws IOException {
        if (!Files.exists(file)) {
            var made = new byte[32];
            new SecureRandom().nextBytes(made);
            var line = prefix + HexFormat.of().formatHex(made) + "\n";
            PrivateFile.writeWhole(file, line.getBytes(StandardCharsets.US_ASCII));
            say.accept("Made " + file + ". Keep a copy of it where nobody else finds it.");
        }
        try {
            var line = Files.readString(file, StandardCharsets.US_ASCII).strip();
            var bytes = HexFormat.of().parseHex(line.startsWith(prefix) ? line.substring(prefix.length()) : "");
            if (bytes.length != 32) {
                throw new IllegalArgumentException("length");
            }
            return Secret.taking(bytes);
        } catch (IllegalArgumentException e) {
            throw new HouseRefused(file + " is no file that a signer made. Put the right one back from a backup.");
        }
    }

    public String address() {
        return door.address();
    }

    public String publicKey() {
        return HexFormat.of().formatHex(key.verifyingKey().bytes());
    }

    /** The line for the house's file that only its people may read. */
    public Path secretFile() {
        return secretFile;
    }

    public void awaitClosed() throws InterruptedException {
        closed.await();
    }

    @Override
    public void close() {
        door.close();
        notary.close();
        closed.countDown();
    }
}
