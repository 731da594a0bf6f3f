package org.twinkeep.infra;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A larger record of the same person: its entries (not the Patient) again and again, each time under new ids. */
final class Repeated {
    private Repeated() {}

    static Path toSize(Path person, Path large, long bytes) throws IOException {
        JsonNode bundle = JsonMapper.shared().readTree(person);
        long written = 0;
        try (var out = Files.newBufferedWriter(large)) {
            out.write("{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[");
            for (int round = 0; written < bytes; round++) {
                for (var entry : bundle.path("entry")) {
                    boolean patient = entry.path("resource")
                            .path("resourceType")
                            .asString("")
                            .equals("Patient");
                    if (patient && round > 0) {
                        continue;
                    }
                    var text = patient
                            ? entry.toString()
                            : renamed((ObjectNode) entry, round).toString();
                    if (written > 0) {
                        out.write(",");
                    }
                    out.write(text);
                    written += text.length();
                }
            }
            out.write("]}");
        }
        return large;
    }

    private static ObjectNode renamed(ObjectNode entry, int round) {
        var copy = entry.deepCopy();
        var resource = (ObjectNode) copy.path("resource");
        var id = resource.path("id").asString("") + "-" + round;
        resource.put("id", id);
        copy.put("fullUrl", "urn:uuid:" + id);
        copy.remove("request");
        return copy;
    }
}
