package org.twinkeep.crypto.keys;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.twinkeep.crypto.KeyAccess;
import org.twinkeep.crypto.Passphrases;
import org.twinkeep.crypto.Secret;

/**
 * A key in a file that only its owner can read: made so from its first moment, and refused when it no longer is, or when it
 * lies where the data lies.
 */
final class KeyFile extends KekSource {

    private static final String TITLE = "twinkeep-kek-1 ";
    private static final Pattern CONTENT = Pattern.compile(Pattern.quote(TITLE) + "([0-9a-f]{64})\\s*");
    private static final Set<PosixFilePermission> OWNERS = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    private final Path file;
    private final Path dataFolder;

    KeyFile(Path file, Path dataFolder) {
        this.file = file.toAbsolutePath().normalize();
        this.dataFolder = dataFolder.toAbsolutePath().normalize();
    }

    @Override
    VaultHeader.KekKind kind() {
        return VaultHeader.KekKind.FILE;
    }

    @Override
    Passphrases.Cost cost() {
        return Passphrases.Cost.STANDARD;
    }

    /** The key that is there, or a new one: the first after a crash between making the key and making its vault. */
    @Override
    Secret forNew(byte[] salt, SecureRandom random) {
        return Files.exists(file) ? read() : make(random);
    }

    @Override
    Secret forExisting(VaultHeader header) {
        return read();
    }

    @Override
    String wrongKey() {
        return "The key in " + file + " belongs to another vault. Name the key file of this house.";
    }

    private Secret make(SecureRandom random) {
        try {
            refuseWithinTheData();
            var key = Secret.random(random);
            var text = key.reveal(
                    KeyAccess.TO_WRAP, bytes -> TITLE + HexFormat.of().formatHex(bytes) + "\n");
            NewFile.write(file, List.of(text.getBytes(StandardCharsets.US_ASCII)));
            return key;
        } catch (IOException | UnsupportedOperationException e) {
            throw new VaultUnavailable(
                    "The key file " + file
                            + " cannot be made owner-only there. Name another place, or use a passphrase.",
                    e);
        }
    }

    private Secret read() {
        try {
            refuseWithinTheData();
            refuseReadableByOthers();
            var matcher = CONTENT.matcher(Files.readString(file, StandardCharsets.US_ASCII));
            if (!matcher.matches()) {
                throw new VaultUnavailable(
                        "The file " + file + " holds no key. Bring back the key file of this house.");
            }
            return Secret.taking(HexFormat.of().parseHex(matcher.group(1)));
        } catch (NoSuchFileException e) {
            throw new VaultUnavailable(
                    "The key file " + file
                            + " is missing. Bring it back from where you keep a copy: nothing opens without it.",
                    e);
        } catch (IOException | UnsupportedOperationException e) {
            throw new VaultUnavailable("The key file " + file + " cannot be read by this user.", e);
        }
    }

    private void refuseReadableByOthers() throws IOException {
        if (!OWNERS.containsAll(Files.getPosixFilePermissions(file))) {
            throw new VaultUnavailable("Others can read the key file " + file + ". Make it yours alone (chmod 600).");
        }
    }

    /** Follows links: a key that is only pointed to from outside still lies inside. */
    private void refuseWithinTheData() throws IOException {
        if (real(file).startsWith(real(dataFolder))) {
            throw new VaultUnavailable("The key file " + file
                    + " lies in the data folder, where every copy of the data would carry its key. Keep it elsewhere.");
        }
    }

    private static Path real(Path path) throws IOException {
        if (Files.exists(path)) {
            return path.toRealPath();
        }
        var parent = path.getParent();
        return parent == null ? path : real(parent).resolve(path.getFileName());
    }
}
