package org.twinkeep.crypto.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.access.ReceiptAuthority;

/** The file vault with its key in a token: SoftHSM2 (Debian's package softhsm2), in a folder of its own. */
@Tag("slow")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TokenVaultTest extends VaultContract {

    private static final String PIN = "2468-house";

    @TempDir
    private static Path token;

    private static Path library = Path.of("");

    @TempDir
    private Path home;

    private int houses;

    @BeforeAll
    static void a_new_token() throws Throwable {
        library = List.of(
                        "/usr/lib/softhsm/libsofthsm2.so",
                        "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
                        "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so")
                .stream()
                .map(Path::of)
                .filter(Files::exists)
                .findFirst()
                .orElseGet(() -> {
                    System.err.println("SKIPPED: TokenVaultTest needs SoftHSM2 (apt-get install softhsm2)");
                    return abort("SoftHSM2 is not installed");
                });
        Files.createDirectories(tokens());
        var configuration = Files.writeString(
                token.resolve("softhsm2.conf"),
                "directories.tokendir = " + tokens() + "\nobjectstore.backend = file\nlog.level = ERROR\n");
        setEnvironment("SOFTHSM2_CONF", configuration.toString());
        var made = new ProcessBuilder(
                "softhsm2-util", "--init-token", "--free", "--label", "twinkeep", "--pin", PIN, "--so-pin", "13579135");
        made.environment().put("SOFTHSM2_CONF", configuration.toString());
        var process = made.redirectErrorStream(true).start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue())
                .as(new String(process.getInputStream().readAllBytes()))
                .isZero();
    }

    @Override
    protected Vault create() {
        houses++;
        return FileVault.create(slots(), withPin(PIN));
    }

    @Override
    protected Vault reopen(Vault vault) {
        vault.close();
        return FileVault.open(slots(), withPin(PIN));
    }

    @Test
    void a_wrong_pin_opens_nothing_and_is_told() {
        create().close();
        assertThatThrownBy(() -> FileVault.open(slots(), withPin("0000")))
                .isInstanceOf(VaultUnavailable.class)
                .hasMessageContaining("PIN")
                .message()
                .doesNotContain("0000");
    }

    @Test
    void a_pin_is_wiped_after_use() {
        houses++;
        var typed = PIN.toCharArray();
        FileVault.create(slots(), KekSource.token(library, 0, () -> typed)).close();
        assertThat(typed).containsOnly('\0');
    }

    /** Last: the library does not find the token again within this process. */
    @Order(Integer.MAX_VALUE)
    @Test
    void a_token_that_is_pulled_out_is_missed() throws Exception {
        var away = tokens().resolveSibling("away");
        try (var vault = create()) {
            var ring = new KeyRing(vault, new InMemoryKeyRows(), new ReceiptAuthority(), TestKeys.seeded(1));
            var twin = new TwinId(new UUID(1, 1));
            ring.create(twin);
            ring.nextLeaf(twin, Chapter.LABS);
            Files.move(tokens(), away);
            assertThatThrownBy(() -> {
                        for (long end = System.nanoTime() + 10_000_000_000L; System.nanoTime() < end; ) {
                            ring.nextLeaf(twin, Chapter.LABS);
                        }
                    })
                    .isInstanceOf(VaultUnavailable.class)
                    .hasMessageContaining("nsert");
            assertThatThrownBy(() -> vault.read(slot(1)))
                    .isInstanceOf(VaultUnavailable.class)
                    .hasMessageContaining("Start again");
        } finally {
            Files.move(away, tokens());
        }
    }

    @Test
    void a_token_that_does_not_hold_the_key_opens_nothing() {
        create().close();
        FileVault.open(slots(), withPin(PIN)).close();
        assertThatThrownBy(() -> FileVault.open(slots(), KekSource.token(library, 7, PIN::toCharArray)))
                .isInstanceOf(VaultUnavailable.class)
                .hasMessageContaining("slot");
        assertThatThrownBy(() -> FileVault.open(slots(), KekSource.token(home.resolve("none.so"), 0, PIN::toCharArray)))
                .isInstanceOf(VaultUnavailable.class)
                .hasMessageContaining("library");
    }

    @Test
    void a_vault_moves_into_the_token_gets_a_new_key_there_and_moves_out_again() throws IOException {
        houses++;
        var file = KekSource.keyFile(home.resolve("config/kek"), home.resolve("house" + houses));
        try (var vault = FileVault.create(slots(), file)) {
            vault.replace(slot(1), secret(1));
        }
        FileVault.rotate(slots(), file, withPin(PIN));
        assertThat(FileVault.kindOf(slots())).isEqualTo(KekSource.Kind.PKCS11);
        assertSlot(withPin(PIN));
        var before = Files.readAllBytes(slots());
        var same = withPin(PIN);
        FileVault.rotate(slots(), same, same);
        assertSlot(withPin(PIN));
        var after = Files.readAllBytes(slots());
        Files.write(slots(), before);
        assertThatThrownBy(() -> FileVault.open(slots(), withPin(PIN)))
                .isInstanceOf(VaultUnavailable.class)
                .hasMessageContaining("does not hold the key");
        Files.write(slots(), after);
        Files.delete(home.resolve("config/kek"));
        FileVault.rotate(slots(), withPin(PIN), file);
        assertSlot(file);
    }

    private void assertSlot(KekSource kek) {
        try (var vault = FileVault.open(slots(), kek)) {
            assertThat(vault.read(slot(1))).contains(secret(1));
        }
    }

    private static KekSource withPin(String pin) {
        return KekSource.token(library, 0, pin::toCharArray);
    }

    private static Path tokens() {
        return token.resolve("tokens");
    }

    private Path slots() {
        return home.resolve("house" + houses).resolve("keys").resolve("slots");
    }

    /** The library reads its own environment, which Java cannot change otherwise. */
    private static void setEnvironment(String name, String value) throws Throwable {
        var linker = Linker.nativeLinker();
        var setenv = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("setenv"),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
        try (var arena = Arena.ofConfined()) {
            int failed = (int) setenv.invokeExact(arena.allocateFrom(name), arena.allocateFrom(value), 1);
            assertThat(failed).isZero();
        }
    }
}
