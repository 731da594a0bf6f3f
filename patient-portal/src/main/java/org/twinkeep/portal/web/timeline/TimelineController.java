package org.twinkeep.portal.web.timeline;

import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.util.UriComponentsBuilder;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.portal.web.Asker;
import org.twinkeep.portal.web.NotShown;
import org.twinkeep.portal.web.Paging;
import org.twinkeep.projections.reading.Door;
import org.twinkeep.projections.timeline.Row;

/** The patient's timeline: search, one chapter, one visit a line. */
@Controller
class TimelineController {
    private static final int VISITS_A_PAGE = 25;

    private final Door door;

    TimelineController(Door door) {
        this.door = door;
    }

    @GetMapping("/timeline")
    String timeline(
            Asker asker,
            @RequestParam(defaultValue = "") String q,
            @RequestParam(defaultValue = "") String chapter,
            @RequestParam(defaultValue = "1") int page,
            Model model) {
        var shown = NotShown.orElseThrow(door.timeline(asker.looker(), asker.twin()));
        var timeline = shown.what();
        var chosen = Chapter.ofCode(chapter).orElse(null);
        var rows = timeline.rows().stream()
                .filter(row -> chosen == null || row.chapter() == chosen)
                .filter(row -> says(row, q))
                .toList();
        boolean searching = chosen != null || !q.isBlank();
        model.addAttribute("profile", timeline.profile())
                .addAttribute("receiptId", shown.receiptId())
                .addAttribute("visits", Paging.of(Visit.of(rows), page, VISITS_A_PAGE))
                .addAttribute("found", rows.size())
                .addAttribute("all", timeline.rows().size())
                .addAttribute("searching", searching)
                .addAttribute("q", q)
                .addAttribute("chosen", chosen)
                .addAttribute(
                        "chapters",
                        Arrays.stream(Chapter.values())
                                .filter(c -> timeline.counts().getOrDefault(c, 0) > 0)
                                .toList())
                .addAttribute("counts", timeline.counts())
                .addAttribute("pageLink", pageLink(q, chosen))
                .addAttribute(
                        "marked",
                        timeline.rows().stream()
                                .filter(row -> !row.marks().isEmpty())
                                .toList());
        return "timeline/timeline";
    }

    /** Every word sought stands in the title, value, kind, source or terms. */
    private static boolean says(Row row, String sought) {
        var text = String.join(
                        " ", row.title(), row.value() == null ? "" : row.value(), row.kind(), row.source(), row.terms())
                .toLowerCase(Locale.ROOT);
        return Arrays.stream(sought.toLowerCase(Locale.ROOT).strip().split("\\s+"))
                .allMatch(text::contains);
    }

    private static String pageLink(String q, @Nullable Chapter chapter) {
        return UriComponentsBuilder.fromPath("/timeline")
                        .queryParam("q", "{q}")
                        .queryParam("chapter", "{chapter}")
                        .encode()
                        .buildAndExpand(q, chapter == null ? "" : chapter.code())
                        .toUriString()
                + "&page=";
    }
}
