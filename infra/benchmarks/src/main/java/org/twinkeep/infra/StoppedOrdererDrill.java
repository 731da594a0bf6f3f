package org.twinkeep.infra;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.twinkeep.consent.Consent.Status;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.Undelivered;
import org.twinkeep.consent.ledger.ConsentRecord;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.portal.accounts.Role;
import org.twinkeep.portal.wiring.House;

/**
 * {@code drill stopped-orderer}: on a real Fabric network whose orderer is stopped for a minute a patient ends a consent in the
 * browser. The clinician's next page refuses; the server is killed and started again, and refuses still; the orderer comes
 * back, and the ledger has the end once.
 */
final class StoppedOrdererDrill {
    private static final long STOPPED_SECONDS = 60;
    private static final long TO_DELIVER_SECONDS = 60;
    private static final String PATIENT = "drill-patient";
    private static final String CLINICIAN = "drill-clinician";

    private final Path scratch;
    private final Path person;
    private final List<String> problems = new ArrayList<>();
    private final Map<String, Object> figures = new LinkedHashMap<>();

    StoppedOrdererDrill(Path scratch, Path person) {
        this.scratch = scratch;
        this.person = person;
    }

    DrillResult run() throws IOException, InterruptedException {
        var up = Network.up(scratch);
        if (up.isEmpty()) {
            return new DrillResult("stopped-orderer", true, Map.of("skipped", "FABRIC_BIN is not set"), List.of());
        }
        try (var network = up.get()) {
            on(network);
        }
        return new DrillResult("stopped-orderer", problems.isEmpty(), figures, problems);
    }

    private void on(Network network) throws IOException, InterruptedException {
        var data = scratch.resolve("data");
        var properties = network.properties();
        System.setProperty("twinkeep.ledger", "fabric");
        System.setProperty("twinkeep.fabric.file", properties.toString());
        TwinId twin;
        ConsentHandle handle;
        try (var house = Houses.open(data)) {
            twin = Houses.read(house, person).twins().getFirst().twin();
            var clinician = RevokeBench.open(house, Role.CLINICIAN, CLINICIAN, null);
            try (var seed = Objects.requireNonNull(
                    RevokeBench.open(house, Role.PATIENT, PATIENT, twin).seed())) {
                handle =
                        RevokeBench.grant(house, seed, twin, clinician.account().id());
            }
        }
        long stopped;
        var first = ServeChild.start(data, properties);
        try {
            var url = url(first);
            expect(200, page(url, twin), "before anything happened the clinician was not let in");
            network.run("stop", "orderer");
            stopped = System.nanoTime();
            expect(302, end(url, handle), "the end of the consent was not taken while the orderer was away");
            expect(404, page(url, twin), "after the patient had ended the consent the clinician was let in");
        } finally {
            first.destroyForcibly().waitFor();
        }
        var second = ServeChild.start(data, properties);
        try {
            var url = url(second);
            expect(404, page(url, twin), "after the server was killed the clinician was let in");
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(STOPPED_SECONDS) - (System.nanoTime() - stopped));
            expect(404, page(url, twin), "after a minute the clinician was let in");
            network.run("start", "orderer");
            figures.put("orderer_stopped_s", TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - stopped));
            delivered(data);
            expect(404, page(url, twin), "after the orderer was back the clinician was let in");
        } finally {
            second.destroyForcibly().waitFor();
        }
        try (var house = Houses.open(data)) {
            recordedOnce(house, handle);
        }
    }

    /** The server's own list of what the ledger still has to hear is gone once it is empty. */
    private void delivered(Path data) {
        long back = System.nanoTime();
        var waiting = data.resolve("ledger").resolve(Undelivered.FILE);
        while (Files.exists(waiting) && System.nanoTime() - back < TimeUnit.SECONDS.toNanos(TO_DELIVER_SECONDS)) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
        figures.put("recorded_after_ms", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - back));
    }

    private void recordedOnce(House house, ConsentHandle handle) {
        var steps = house.ledger().historyOf(handle).stream()
                .map(ConsentRecord::status)
                .toList();
        figures.put("recorded", steps);
        figures.put("waiting", house.consents().waiting());
        if (!steps.equals(List.of(Status.ACTIVE, Status.REVOKED))
                || house.consents().waiting() != 0) {
            problems.add("the ledger does not have the end once");
        }
    }

    private static String url(Process server) throws IOException {
        var lines = new BufferedReader(server.inputReader());
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith(ServeChild.AT)) {
                return line.substring(ServeChild.AT.length());
            }
        }
        throw new IOException("the server did not start");
    }

    /** As the clinician reads it now, signed in anew. */
    private static int page(String url, TwinId twin) throws IOException {
        try (var clinician = new Browser(url)) {
            clinician.signIn(CLINICIAN, RevokeBench.PASSWORD);
            var page = "/patients/" + twin;
            var purpose = clinician.get(page + "/purpose");
            if (purpose.statusCode() == 200) {
                clinician.post(page + "/purpose", clinician.token(page + "/purpose"), Map.of("purpose", "TREAT"));
            }
            return clinician.get(page).statusCode();
        }
    }

    private static int end(String url, ConsentHandle handle) throws IOException {
        try (var patient = new Browser(url)) {
            patient.signIn(PATIENT, RevokeBench.PASSWORD);
            return patient.post("/consents/" + handle.value() + "/end", patient.token("/consents"), Map.of())
                    .statusCode();
        }
    }

    private void expect(int status, int was, String otherwise) {
        if (status != was) {
            problems.add(otherwise + " (" + was + ")");
        }
    }
}
