package org.twinkeep.infra;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.twinkeep.integrations.fhir.FhirImport;
import org.twinkeep.portal.wiring.DataFolder;
import org.twinkeep.portal.wiring.House;
import org.twinkeep.portal.wiring.HouseRefused;
import org.twinkeep.portal.wiring.Kek;
import org.twinkeep.twin.Actor;
import org.twinkeep.twin.StoreUnavailable;

/**
 * The process that a drill kills: imports one file and says each acknowledgement on standard output, where whoever killed
 * it has it.
 */
final class ImportChild {
    static final String ACKNOWLEDGED = "acknowledged ";
    static final String DONE = "done ";
    static final String REFUSED = "refused ";
    static final String FAILED = "failed ";

    private ImportChild() {}

    public static void main(String... arguments) {
        var folder = new DataFolder(Path.of(arguments[0]));
        var file = Path.of(arguments[2]);
        try (var house = House.open(folder, keyFile(Path.of(arguments[1])), "drill", Clock.systemUTC())) {
            var report = house.fhirImport()
                    .run(List.of(file), options(), (_, _, acknowledged) -> say(ACKNOWLEDGED + acknowledged));
            report.refused().forEach(r -> say(REFUSED + r.where() + ": " + r.why()));
            say(DONE + report.recorded());
        } catch (HouseRefused | StoreUnavailable e) {
            say(FAILED + e.getMessage());
            System.exit(1);
        }
    }

    static FhirImport.Options options() {
        return new FhirImport.Options(null, null, new Actor(Actor.Kind.OPERATOR, "operator:drill"));
    }

    static Kek keyFile(Path file) {
        return new Kek(
                file,
                false,
                _ -> {
                    throw new IllegalStateException("a drill's house opens with a key file");
                },
                _ -> {});
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
