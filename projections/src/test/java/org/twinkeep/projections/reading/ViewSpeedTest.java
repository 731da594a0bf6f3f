package org.twinkeep.projections.reading;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.twinkeep.projections.clinic.Tree;
import org.twinkeep.projections.timeline.Timeline;
import tools.jackson.databind.JsonNode;

/** What a long life costs, in time of this thread: other work on the machine does not count. */
class ViewSpeedTest {

    private static final int VISITS = 700;

    @TempDir
    Path folder;

    @Test
    @Tag("slow")
    void a_view_of_fourteen_thousand_entries_is_built_in_seconds_and_opens_at_once() throws Exception {
        try (var hospital = new Hospital(folder)) {
            var twin = hospital.aTwin();
            hospital.record(twin, aLongLife());
            var built = timed(() -> hospital.door.timeline(Hospital.PATIENT, twin));
            hospital.open();
            var opened = timed(() -> hospital.door.timeline(Hospital.PATIENT, twin));
            hospital.open();
            var again = timed(() -> hospital.door.timeline(Hospital.PATIENT, twin));
            System.out.printf("built in %s, opened in %s, then in %s%n", built, opened, again);
            assertThat(built).isLessThan(Duration.ofSeconds(12));
            assertThat(again).isLessThan(Duration.ofMillis(300));
        }
    }

    private static Duration timed(Supplier<Answer<Timeline>> look) {
        var threads = ManagementFactory.getThreadMXBean();
        var before = threads.getCurrentThreadCpuTime();
        assertThat(look.get()).isInstanceOf(Answer.Shown.class);
        return Duration.ofNanos(threads.getCurrentThreadCpuTime() - before);
    }

    private static List<JsonNode> aLongLife() {
        var words =
                "Patient has a history of acute bronchitis (disorder), stress (finding), otitis media, social isolation. ";
        var resources = new ArrayList<String>();
        resources.add(Resources.patient());
        for (var i = 0; i < VISITS; i++) {
            var visit = "v" + i;
            resources.add(Resources.visit(visit, "20%02d-03-04T10:00:00Z".formatted(i % 26)));
            resources.add(Resources.bronchitis("c" + i, visit));
            resources.add(Resources.note("n" + i, visit, words.repeat(40)));
            resources.add(Resources.bill("b" + i, visit, "c" + i, "Acute bronchitis (disorder)"));
            for (var j = 0; j < 16; j++) {
                resources.add(Resources.laboratory("l" + i + "-" + j, visit, i + "." + j));
            }
        }
        return resources.stream()
                .map(r -> Tree.of(r.getBytes(StandardCharsets.UTF_8)))
                .toList();
    }
}
