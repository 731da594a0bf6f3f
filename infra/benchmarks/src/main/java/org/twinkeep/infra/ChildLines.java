package org.twinkeep.infra;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * What an {@link ImportChild} said before it ended.
 *
 * @param acknowledged the last count of entries that it acknowledged
 * @param recorded what it recorded in all, when it came to its end; -1 when it did not
 */
record ChildLines(int acknowledged, int recorded, List<String> refused, List<String> failed) {

    static Process start(Path data, Path file, String... jvmOptions) throws IOException {
        return Child.start(
                ImportChild.class,
                List.of(jvmOptions),
                data.toString(),
                Houses.kek(data).toString(),
                file.toString());
    }

    /** Reads until the child ends; {@code heard} is told how many acknowledgements there were so far. */
    static ChildLines of(Process child, IntConsumer heard) throws IOException, InterruptedException {
        int acknowledgements = 0;
        int last = 0;
        int recorded = -1;
        var refused = new ArrayList<String>();
        var failed = new ArrayList<String>();
        try (var lines = new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(ImportChild.ACKNOWLEDGED)) {
                    last = Integer.parseInt(line.substring(ImportChild.ACKNOWLEDGED.length()));
                    heard.accept(++acknowledgements);
                } else if (line.startsWith(ImportChild.DONE)) {
                    recorded = Integer.parseInt(line.substring(ImportChild.DONE.length()));
                } else if (line.startsWith(ImportChild.REFUSED)) {
                    refused.add(line.substring(ImportChild.REFUSED.length()));
                } else if (line.startsWith(ImportChild.FAILED)) {
                    failed.add(line.substring(ImportChild.FAILED.length()));
                }
            }
        }
        child.waitFor();
        return new ChildLines(last, recorded, refused, failed);
    }
}
