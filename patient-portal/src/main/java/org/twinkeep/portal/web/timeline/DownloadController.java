package org.twinkeep.portal.web.timeline;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.twinkeep.integrations.fhir.FhirExport;
import org.twinkeep.portal.web.Asker;
import org.twinkeep.portal.web.NotShown;
import org.twinkeep.projections.reading.Door;
import org.twinkeep.projections.timeline.Row;

/** Everything, to take along. */
@Controller
class DownloadController {
    private final FhirExport export;
    private final Door door;
    private final Clock clock;

    DownloadController(FhirExport export, Door door, Clock clock) {
        this.export = export;
        this.door = door;
        this.clock = clock;
    }

    @GetMapping("/download")
    String page(Asker asker) {
        asker.twin();
        return "timeline/download";
    }

    /** Everything for the patient; for somebody who acts for the patient, the entries that they see now. */
    private FhirExport.Part part(Asker asker) {
        var acting = asker.acting();
        if (acting == null) {
            return FhirExport.Part.WHOLE;
        }
        var seen = NotShown.orElseThrow(door.timeline(asker.looker(), asker.twin())).what().rows().stream()
                .map(Row::entry)
                .collect(Collectors.toUnmodifiableSet());
        return new FhirExport.Part(
                acting.chapters(), seen::contains, List.of(acting.by().handle().value()));
    }

    private static String why(Asker asker) {
        var acting = asker.acting();
        return acting == null ? "own download" : "download " + acting.inWhoseName();
    }

    /** Streams the bundle; its leaf is written before the first byte. */
    @PostMapping("/download")
    void download(Asker asker, HttpServletResponse response) throws IOException {
        var twin = asker.twin();
        var day = LocalDate.ofInstant(clock.instant(), asker.account().person().zone());
        response.setContentType("application/fhir+json");
        response.setHeader(
                HttpHeaders.CONTENT_DISPOSITION,
                ContentDisposition.attachment()
                        .filename("twinkeep-" + day + ".json")
                        .build()
                        .toString());
        try {
            export.write(twin, asker.looker(), why(asker), part(asker), response.getOutputStream());
        } catch (RuntimeException e) {
            if (!response.isCommitted()) {
                response.reset();
            }
            throw e;
        }
    }
}
