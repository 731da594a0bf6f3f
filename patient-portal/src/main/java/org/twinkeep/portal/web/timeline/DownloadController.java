package org.twinkeep.portal.web.timeline;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.time.LocalDate;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.twinkeep.integrations.fhir.FhirExport;
import org.twinkeep.portal.web.Asker;

/** Everything, to take along. */
@Controller
class DownloadController {
    private final FhirExport export;
    private final Clock clock;

    DownloadController(FhirExport export, Clock clock) {
        this.export = export;
        this.clock = clock;
    }

    @GetMapping("/download")
    String page(Asker asker) {
        asker.twin();
        return "timeline/download";
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
            export.write(twin, asker.looker(), "own download", response.getOutputStream());
        } catch (RuntimeException e) {
            if (!response.isCommitted()) {
                response.reset();
            }
            throw e;
        }
    }
}
