package org.twinkeep.consent.chaincode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConsentChaincodeTest {

    @Test
    void two_machines_execute_every_transaction_to_the_same_bytes() throws Exception {
        var here = start("-Duser.language=en", "-Duser.timezone=UTC");
        var there = start("-Duser.language=ar", "-Duser.timezone=Pacific/Apia", "-Dfile.encoding=ISO-8859-1", "-Xint");
        var said = said(here);
        assertThat(said(there)).isEqualTo(said);
        assertThat(said.lines().filter(line -> line.startsWith("put "))).hasSize(18);
        assertThat(said.lines().filter(line -> line.startsWith("event "))).hasSize(18);
        assertThat(said.lines().filter(line -> line.startsWith("endorse "))).hasSize(10);
        assertThat(said)
                .contains("500 refused: unknown handle")
                .contains("500 refused: bad signature")
                .contains("500 refused: out of order")
                .contains("500 refused: already ended")
                .contains("500 refused: not an organisation that may do this")
                .contains("500 refused: malformed");
    }

    private static Process start(String... options) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Script.class.getName()));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static String said(Process process) throws Exception {
        var said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).isZero();
        return said;
    }
}
