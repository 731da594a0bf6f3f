package org.twinkeep.portal.wiring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.twinkeep.crypto.keys.FileVault;
import org.twinkeep.crypto.keys.KekSource;

/**
 * Where the key comes from that wraps all others: a key file for its owner only, made at first use, a passphrase, or a
 * token. It is never inside the data folder and never an argument.
 *
 * @param file the key file; null: the usual place in the user's configuration folder
 * @param passphrase whether a new house is to open with a passphrase; an old one knows
 * @param token the token that holds the key; null: none
 * @param ask for the passphrase; called only where one is needed, with whether the house is new
 * @param tell hears where a new key file was put
 */
public record Kek(
        @Nullable Path file,
        boolean passphrase,
        @Nullable Token token,
        Function<Boolean, char[]> ask,
        Consumer<String> tell) {

    /**
     * A PKCS#11 token.
     *
     * @param library that speaks to it
     * @param slot which of the library's slots with a token, from 0
     * @param pin asked for when the house is opened
     */
    public record Token(Path library, int slot, Supplier<char[]> pin) {}

    /** Without a token. */
    public Kek(@Nullable Path file, boolean passphrase, Function<Boolean, char[]> ask, Consumer<String> tell) {
        this(file, passphrase, null, ask, tell);
    }

    Path fileOf(HouseFile house) {
        return file == null ? house.usualKeyFile() : file;
    }

    /** The kind of key that a new house is to have. */
    KekSource.Kind kind() {
        return token != null ? KekSource.Kind.PKCS11 : passphrase ? KekSource.Kind.PASSPHRASE : KekSource.Kind.FILE;
    }

    /** The key of a house whose vault, if it is there, says which kind it is. */
    KekSource of(HouseFile house, DataFolder folder) {
        boolean fresh = !Files.exists(folder.slots());
        var kind = fresh ? house.key() : FileVault.kindOf(folder.slots());
        refuseAnother(kind);
        return of(kind, house, folder, fresh);
    }

    /** @param fresh whether there is no such key yet */
    KekSource of(KekSource.Kind kind, HouseFile house, DataFolder folder, boolean fresh) {
        return switch (kind) {
            case FILE -> KekSource.keyFile(fileOf(house), folder.path());
            case PASSPHRASE -> KekSource.passphrase(() -> ask.apply(fresh));
            case PKCS11 -> {
                if (token == null) {
                    throw new HouseRefused("This house opens with a key in a PKCS#11 token: name the token's library"
                            + " with --pkcs11 or TWINKEEP_PKCS11.");
                }
                yield KekSource.token(token.library(), token.slot(), token.pin());
            }
        };
    }

    /**
     * Gives a house that nobody has open a new key; no event is touched. A crash at any point leaves a house that opens by the
     * old key or by the new one.
     *
     * @param to the kind of key that it shall have; null: the kind that it has
     * @return the kind that it had, and the one that it has
     */
    public Rotated rotate(DataFolder folder, KekSource.@Nullable Kind to, Clock clock) throws IOException {
        try (var _ = FolderLock.take(folder, "kek rotate", clock)) {
            var house = HouseFile.read(folder);
            house.refuseShared("kek rotate");
            var from = FileVault.kindOf(folder.slots());
            var next = to == null ? from : to;
            var old = of(from, house, folder, false);
            FileVault.rotate(
                    folder.slots(),
                    old,
                    from == next && next != KekSource.Kind.PASSPHRASE ? old : of(next, house, folder, true));
            if (house.key() != next) {
                house.with(next).write(folder);
            }
            return new Rotated(from, next, next == KekSource.Kind.FILE ? fileOf(house) : null);
        }
    }

    /** @param file where the key lies now, if it lies in a file */
    public record Rotated(
            KekSource.Kind from,
            KekSource.Kind to,
            @Nullable Path file) {}

    private void refuseAnother(KekSource.Kind kind) {
        if (file != null && kind != KekSource.Kind.FILE) {
            throw new HouseRefused("This house opens with " + words(kind) + ": leave out --kek-file.");
        }
        if (passphrase && kind != KekSource.Kind.PASSPHRASE) {
            throw new HouseRefused("This house opens with " + words(kind) + ": leave out --passphrase.");
        }
        if (token != null && kind != KekSource.Kind.PKCS11) {
            throw new HouseRefused("This house opens with " + words(kind) + ": leave out --pkcs11.");
        }
    }

    private static String words(KekSource.Kind kind) {
        return switch (kind) {
            case FILE -> "a key file";
            case PASSPHRASE -> "a passphrase";
            case PKCS11 -> "a key in a token";
        };
    }

    /** Says where the key of a new house was put. */
    void tellOfNew(HouseFile house) {
        if (house.key() == KekSource.Kind.FILE) {
            tell.accept("A new key for this house was written to " + fileOf(house)
                    + " (readable by you only). Keep a copy apart from the data folder: without it nothing opens.");
        }
    }
}
