package org.twinkeep.portal.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.sign.SigningKey;

/** Whatever is given to {@code restore} as a backup, or lies there as a house, is read or refused with words. */
class ArchiveFuzzTest {

    private static final SigningKey CUSTODIAN = new SigningKey(Secret.copyOf(new byte[32]));

    @FuzzTest(maxDuration = "10m")
    void a_file_that_is_given_as_a_backup(byte[] bytes) throws IOException {
        var file = Files.createTempFile("fuzz", "backup");
        try {
            Files.write(file, bytes);
            refusedOrNotSigned(file);
        } finally {
            Files.delete(file);
        }
    }

    /** In an archive that is sound, so that what lies behind the ZIP is reached. */
    @FuzzTest(maxDuration = "10m")
    void the_list_of_a_backup(byte[] list) throws IOException {
        var file = Files.createTempFile("fuzz", "backup");
        try {
            try (var zip = new ZipOutputStream(Files.newOutputStream(file))) {
                zip.putNextEntry(new ZipEntry("house.json"));
                zip.closeEntry();
                zip.putNextEntry(new ZipEntry("manifest.json"));
                zip.write(list);
                zip.closeEntry();
            }
            refusedOrNotSigned(file);
        } finally {
            Files.delete(file);
        }
    }

    private static void refusedOrNotSigned(Path file) {
        try {
            assertThat(Archive.open(file).signedBy(CUSTODIAN.verifyingKey())).isFalse();
        } catch (HouseRefused refused) {
            assertThat(refused).hasMessageStartingWith(file.toString());
        }
    }

    /** Damaged is any exception that {@link HouseFile#read} turns into words; an error is not. */
    @FuzzTest(maxDuration = "10m")
    void what_lies_there_as_house_json(byte[] bytes) throws IOException {
        var folder = Files.createTempDirectory("fuzz");
        var file = folder.resolve("house.json");
        try {
            Files.write(file, bytes);
            assertThat(HouseFile.read(new DataFolder(folder)).trailOrigin()).startsWith("twinkeep/");
        } catch (HouseRefused refused) {
            assertThat(refused).hasMessageNotContaining("null");
        } finally {
            Files.delete(file);
            Files.delete(folder);
        }
    }
}
