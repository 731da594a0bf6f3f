package org.twinkeep.portal.web.timeline;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.util.UriComponentsBuilder;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.portal.delegates.DelegateDesk;
import org.twinkeep.portal.web.Asker;
import org.twinkeep.portal.web.NotShown;
import org.twinkeep.portal.web.Paging;
import org.twinkeep.portal.web.Words;
import org.twinkeep.projections.reading.Door;
import org.twinkeep.projections.timeline.Visit;

/** The patient's timeline: search, one chapter, one visit a line. */
@Controller
class TimelineController {
    private static final int VISITS_A_PAGE = 25;

    private final Door door;

    private final DelegateDesk desk;

    TimelineController(Door door, DelegateDesk desk) {
        this.door = door;
        this.desk = desk;
    }

    @GetMapping("/timeline")
    String timeline(
            Asker asker,
            @RequestParam(defaultValue = "") String q,
            @RequestParam(defaultValue = "") String chapter,
            @RequestParam(defaultValue = "1") int page,
            @ModelAttribute("words") Words words,
            Model model) {
        var shown = NotShown.orElseThrow(door.timeline(asker.looker(), asker.twin()));
        var timeline = shown.what();
        var chosen = Chapter.ofCode(chapter).orElse(null);
        var listed = timeline.only(chosen == null ? Set.of() : Set.of(chosen)).search(q);
        var visits = Paging.of(listed.visits(), page, VISITS_A_PAGE);
        model.addAttribute("profile", timeline.profile())
                .addAttribute("death", desk.death(asker.twin()).orElse(null))
                .addAttribute("receiptId", shown.receiptId())
                .addAttribute("visits", visits)
                .addAttribute("years", byYear(visits.items(), words))
                .addAttribute("found", listed.rows().size())
                .addAttribute("all", timeline.rows().size())
                .addAttribute("searching", chosen != null || !q.isBlank())
                .addAttribute("q", q)
                .addAttribute("chosen", chosen)
                .addAttribute(
                        "chapters",
                        Arrays.stream(Chapter.values())
                                .filter(c -> timeline.counts().getOrDefault(c, 0) > 0)
                                .toList())
                .addAttribute("counts", timeline.counts())
                .addAttribute("pageLink", pageLink(q, chosen))
                .addAttribute("marked", timeline.implausible().rows());
        return "timeline/timeline";
    }

    private static Map<String, List<Visit>> byYear(List<Visit> visits, Words words) {
        var years = new LinkedHashMap<String, List<Visit>>();
        visits.forEach(visit -> years.computeIfAbsent(words.year(visit.head().when()), _ -> new ArrayList<>())
                .add(visit));
        return years;
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
