package org.twinkeep.crypto.keys;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.twinkeep.crypto.KeyAccess;
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
    private final Path next;
    private final Path dataFolder;

    KeyFile(Path file, Path dataFolder) {
        this.file = file.toAbsolutePath().normalize();
        this.next = this.file.resolveSibling(this.file.getFileName() + ".next");
        this.dataFolder = dataFolder.toAbsolutePath().normalize();
    }

    @Override
    Kind kind() {
        return Kind.FILE;
    }

    /** The key that is there, or a new one: the first after a crash between making the key and making its vault. */
    @Override
    Secret forNew(byte[] salt, SecureRandom random) {
        return Files.exists(file) ? read(file) : make(file, random);
    }

    /** Lies beside the old one until the vault is opened by it. */
    @Override
    Secret forRotated(KekSource old, byte[] salt, SecureRandom random) {
        if (Files.exists(file) && !(old instanceof KeyFile same && same.file.equals(file))) {
            throw new VaultUnavailable(
                    "There is a file at " + file + " already. Name another place for the new key of this house.");
        }
        return make(next, random);
    }

    /** A key that lies beside is the one, if a rotation was interrupted after the vault was rewritten. */
    @Override
    Secret forExisting(VaultHeader header) {
        if (Files.exists(next)) {
            var rotated = read(next);
            if (header.accepts(rotated)) {
                return rotated;
            }
            rotated.close();
        }
        return read(file);
    }

    @Override
    void settle(VaultHeader header) {
        try {
            if (!Files.exists(next)) {
                if (Files.exists(file)) {
                    NewFile.recover(file);
                }
                return;
            }
            boolean rotated;
            try (var key = read(next)) {
                rotated = header.accepts(key);
            }
            if (!rotated) {
                Files.delete(next);
            } else if (Files.exists(file)) {
                NewFile.replace(file, next);
            } else {
                Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (IOException e) {
            throw new VaultUnavailable(
                    "The key file " + file + " cannot be replaced by " + next
                            + ". Look after the folder's permissions and free space, then try again.",
                    e);
        }
    }

    @Override
    String wrongKey() {
        return "The key in " + file + " belongs to another vault. Name the key file of this house.";
    }

    private Secret make(Path file, SecureRandom random) {
        try {
            refuseWithinTheData(file);
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

    private Secret read(Path file) {
        try {
            refuseWithinTheData(file);
            refuseReadableByOthers(file);
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

    private static void refuseReadableByOthers(Path file) throws IOException {
        if (!OWNERS.containsAll(Files.getPosixFilePermissions(file))) {
            throw new VaultUnavailable("Others can read the key file " + file + ". Make it yours alone (chmod 600).");
        }
    }

    /** Follows links: a key that is only pointed to from outside still lies inside. */
    private void refuseWithinTheData(Path file) throws IOException {
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
