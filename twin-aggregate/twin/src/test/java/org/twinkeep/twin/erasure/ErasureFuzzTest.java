package org.twinkeep.twin.erasure;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.json.CanonicalJson;
import org.twinkeep.crypto.sign.SigningKey;

/** Whatever stands in the ledger of erasures, or in a receipt, is read or refused. The seeds are run by every build. */
class ErasureFuzzTest {

    private static final SigningKey CUSTODIAN =
            new SigningKey(Secret.copyOf("another custodian, of no seed's ".getBytes(StandardCharsets.US_ASCII)));

    @FuzzTest(maxDuration = "10m")
    void a_record_is_read_as_it_is_written_again_or_refused(byte[] line) {
        ErasureRecord record;
        byte[] written;
        try {
            record = ErasureJson.record(ErasureJson.parse(line));
            written = CanonicalJson.bytes(ErasureJson.members(record));
        } catch (RuntimeException refused) {
            return;
        }
        assertThat(ErasureJson.record(ErasureJson.parse(written))).isEqualTo(record);
    }

    @FuzzTest(maxDuration = "10m")
    void a_receipt_that_nobody_signed_is_refused_or_not_signed(byte[] file) {
        try {
            var receipt = ErasureReceipt.parse(file);
            assertThat(receipt.signedBy(CUSTODIAN.verifyingKey())).isFalse();
        } catch (IllegalArgumentException refused) {
            assertThat(refused).hasMessage("This is no receipt of an erasure.");
        }
    }

    /** Behind a line that is sound; only one that was torn is cut off. */
    @FuzzTest(maxDuration = "10m")
    void a_ledger_with_anything_behind_its_first_line_is_told_from_a_sound_one(byte[] more) throws IOException {
        var file = Files.createTempFile("fuzz", "erasures");
        try {
            Files.delete(file);
            ErasureLedger.open(file, CUSTODIAN).backingUpKeys(Instant.EPOCH);
            var sound = Files.readAllBytes(file);
            try (var out = Files.newOutputStream(file)) {
                out.write(sound);
                out.write(more);
            }
            var problems = ErasureLedger.check(file, CUSTODIAN.verifyingKey());
            assertThat(problems.isEmpty()).isEqualTo(more.length == 0);
            if (more.length > 0 && isOneLine(more)) {
                ErasureLedger.open(file, CUSTODIAN);
                assertThat(Files.readAllBytes(file)).isEqualTo(sound);
            }
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static boolean isOneLine(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1).indexOf('\n') < 0;
    }
}
