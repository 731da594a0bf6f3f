package org.twinkeep.integrations.fhir;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import org.jspecify.annotations.Nullable;
import org.twinkeep.projections.clinic.Tree;

/** Whatever is in a file that somebody sends, its sound pieces are JSON and the rest is refused. The seeds are run by every build. */
class RecordsFuzzTest {

    private static final FhirModel MODEL = new FhirModel();

    @FuzzTest
    void json_is_taken_apart_into_json_or_refused(byte[] bytes) throws IOException {
        reads(bytes, file -> new JsonRecords(file, new Checking()).read(_ -> {}));
    }

    @FuzzTest
    void xml_is_taken_apart_into_json_or_refused(byte[] bytes) throws IOException {
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
            assertThat(Tree.of(piece.json()).isObject()).isTrue();
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
