package org.twinkeep.crypto;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** The vectors of Project Wycheproof, where they lie beside the project; without them a test is skipped, and says so. */
public final class Wycheproof {

    private Wycheproof() {}

    /** One vector, with what its group says. */
    public record Vector(Map<String, Object> group, Map<String, Object> test) {

        public byte[] bytes(String name) {
            return HexFormat.of().parseHex((String) test.get(name));
        }

        public int number(String name) {
            return Integer.parseInt((String) (test.containsKey(name) ? test : group).get(name));
        }

        /** "acceptable" means: either answer is sound. */
        public boolean valid() {
            return "valid".equals(test.get("result"));
        }

        public boolean invalid() {
            return "invalid".equals(test.get("result"));
        }

        @Override
        public String toString() {
            return test.get("tcId") + " " + test.get("comment") + " " + test.get("flags");
        }
    }

    @SuppressWarnings("unchecked")
    public static List<Vector> vectors(String file) throws IOException {
        for (var folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            var path = folder.resolve("shared/vectors/wycheproof").resolve(file);
            if (Files.exists(path)) {
                var groups = (List<Map<String, Object>>)
                        Json.object(Files.readString(path)).get("testGroups");
                return groups.stream()
                        .flatMap(group -> ((List<Map<String, Object>>) group.get("tests"))
                                .stream().map(test -> new Vector(group, test)))
                        .toList();
            }
        }
        return abort("SKIPPED: no shared/vectors/wycheproof/" + file + " beside the project. "
                + "Put C2SP/wycheproof's testvectors_v1 there.");
    }
}
