package org.twinkeep.crypto.keys;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.twinkeep.crypto.KeyAccess;
import org.twinkeep.crypto.Passphrases;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.Tampered;

/** Any bytes at all are read as what they are, or refused; what is read is written as it was. */
class KeysFuzzTest {

    private static final UUID VAULT = new UUID(7, 7);

    @FuzzTest
    void a_key_tree(byte[] bytes) {
        refusedOrTheSame(bytes, read -> KeyTree.decode(read).encode());
    }

    @FuzzTest
    void a_row_of_an_epoch(byte[] bytes) {
        refusedOrTheSame(bytes, read -> EpochKeys.decode(List.of(read)).row(0));
    }

    @FuzzTest
    void a_row_of_a_scope(byte[] bytes) {
        refusedOrTheSame(bytes, read -> ScopeKeys.decode(read).encode());
    }

    @FuzzTest
    void a_directory(byte[] bytes) {
        refusedOrTheSame(bytes, read -> Directory.decode(read).encode());
    }

    @FuzzTest
    void granted_keys(byte[] bytes) {
        refusedOrTheSame(
                bytes,
                read -> GrantedKeys.decode(Secret.copyOf(read)).encode().reveal(KeyAccess.TO_WRAP, byte[]::clone));
    }

    /** With its sum mended, so that what lies behind it is reached. */
    @FuzzTest
    void the_header_of_a_vault(byte[] bytes) {
        var header = Arrays.copyOf(bytes, VaultHeader.BYTES);
        var sum = KeyStates.sha256(Arrays.copyOf(header, VaultHeader.BYTES - 32));
        System.arraycopy(sum, 0, header, VaultHeader.BYTES - 32, 32);
        for (var each : new byte[][] {bytes, header}) {
            try {
                VaultHeader.decode(each).accepts(Secret.copyOf(new byte[32]));
            } catch (Tampered e) {
                continue;
            }
        }
    }

    @FuzzTest
    void a_cell_and_an_intent(byte[] bytes) {
        var cell = Arrays.copyOf(bytes, Cell.BYTES);
        assertThat(Cell.read(VAULT, 3, cell)).isNotNull();
        Intent.read(VAULT, cell).inForce().ifPresent(intent -> {
            var both = new byte[Intent.BYTES];
            System.arraycopy(intent.encode(VAULT), 0, both, intent.offset(), Intent.BYTES / 2);
            assertThat(Intent.read(VAULT, both)).isEqualTo(new Intent.Found(Optional.of(intent), false));
        });
    }

    /** Behind a sound header. */
    @FuzzTest
    void a_vaults_file(byte[] bytes) throws IOException {
        var file = Files.createTempFile("fuzz", "slots");
        try {
            var header = VaultHeader.make(
                    KekSource.Kind.FILE,
                    Passphrases.Cost.STANDARD,
                    new byte[16],
                    VAULT,
                    new byte[0],
                    Secret.copyOf(new byte[32]));
            for (var start : new byte[][] {new byte[0], header.encode()}) {
                try (var out = Files.newOutputStream(file)) {
                    out.write(start);
                    out.write(bytes);
                }
                surveyed(file);
            }
        } finally {
            Files.delete(file);
        }
    }

    private static void surveyed(Path file) throws IOException {
        var problems = CellFile.problems(file);
        try (var cells = CellFile.open(file, TestKeys.seeded(1))) {
            assertThat(CellFile.problems(file)).isEmpty();
            assertThat(cells.header()).isNotNull();
        } catch (VaultUnavailable e) {
            assertThat(problems).isNotEmpty();
        }
    }

    private static void refusedOrTheSame(byte[] bytes, Function<byte[], byte[]> readAndWrite) {
        try {
            assertThat(readAndWrite.apply(bytes.clone())).isEqualTo(bytes);
        } catch (Tampered e) {
            assertThat(e).hasNoCause();
        }
    }
}
