package org.twinkeep.integrations.fhir;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import org.jspecify.annotations.Nullable;

/** Whatever is in a file that somebody sends, it is taken apart, and each piece looked through or refused. The seeds are run by every build. */
class RecordsFuzzTest {

    private static final FhirModel MODEL = new FhirModel();

    @FuzzTest
    void json_is_taken_apart_or_refused(byte[] bytes) throws IOException {
        reads(bytes, file -> new JsonRecords(file, new Checking()).read(_ -> {}));
    }

    @FuzzTest
    void xml_is_taken_apart_or_refused(byte[] bytes) throws IOException {
        reads(bytes, file -> new XmlRecords(file, MODEL, new Checking()).read(_ -> {}));
    }

    private interface Reading {
        void of(InputFile file) throws IOException;
    }

    private static void reads(byte[] bytes, Reading reading) throws IOException {
        var path = Files.createTempFile("records", "");
        try {
            Files.write(path, bytes);
            reading.of(new InputFile(path, bytes.length));
        } catch (IOException cannotBeReadToItsEnd) {
            // The import says so of the file.
        } finally {
            Files.delete(path);
        }
    }

    private static final class Checking implements Heard {
        @Override
        public void resource(Piece piece) {
            var resource = Facts.tree(piece.json());
            if (resource != null) {
                new TreeCheck(MODEL).resource(resource, "");
            }
        }

        @Override
        public void refused(String where, String why) {
            assertThat(where).isNotBlank();
            assertThat(why).isNotBlank();
        }

        @Override
        public void bundle(@Nullable String kind, boolean paged) {}
    }
}
