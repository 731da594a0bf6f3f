package org.twinkeep.portal.web.erasing;

import jakarta.servlet.http.HttpServletResponse;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.portal.web.Asker;
import org.twinkeep.portal.web.Complaints;
import org.twinkeep.portal.web.Form;
import org.twinkeep.portal.web.NotShown;
import org.twinkeep.projections.reading.Door;
import org.twinkeep.projections.timeline.Row;
import org.twinkeep.twin.EntryId;
import org.twinkeep.twin.erasure.Erasure;

/** What a patient deleted, and deleting much at once: a chapter, or what began in a period. */
@Controller
class DeleteManyController {
    /** What the patient types, so that nobody deletes by a slip. */
    static final String CHAPTER_SENTENCE = "delete this chapter";

    static final String PERIOD_SENTENCE = "delete this period";

    private final Door door;
    private final Erasure erasure;

    DeleteManyController(Door door, Erasure erasure) {
        this.door = door;
        this.erasure = erasure;
    }

    @GetMapping("/deleted")
    String deleted(Asker asker, Model model) {
        model.addAttribute("receipts", erasure.receiptsOf(asker.twin()));
        return "erasing/deleted";
    }

    @GetMapping("/deleted/chapter")
    String askChapter(Asker asker, @RequestParam MultiValueMap<String, String> fields, Model model) {
        return chapterPage(asker, chapter(new Form(fields)).orElse(null), new Complaints(), model);
    }

    @PostMapping("/deleted/chapter")
    String deleteChapter(
            Asker asker,
            @RequestParam MultiValueMap<String, String> fields,
            Model model,
            HttpServletResponse response) {
        var form = new Form(fields);
        var chapter = chapter(form);
        if (chapter.isEmpty() || !form.text("sentence").equalsIgnoreCase(CHAPTER_SENTENCE)) {
            var complaints = new Complaints();
            complaints.about("sentence", "delete-twin.sentence.missing");
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            return chapterPage(asker, chapter.orElse(null), complaints, model);
        }
        return "redirect:/receipts/"
                + erasure.eraseChapter(asker.twin(), chapter.get(), asker.patient())
                        .id();
    }

    private static Optional<Chapter> chapter(Form form) {
        return Arrays.stream(Chapter.values())
                .filter(chapter -> chapter.code().equals(form.text("chapter")))
                .findFirst();
    }

    private String chapterPage(Asker asker, @Nullable Chapter chosen, Complaints complaints, Model model) {
        model.addAttribute("counts", counts(rows(asker)))
                .addAttribute("chosen", chosen)
                .addAttribute("sentence", CHAPTER_SENTENCE)
                .addAttribute("complaints", complaints);
        return "erasing/chapter";
    }

    @GetMapping("/deleted/period")
    String askPeriod(Asker asker, @RequestParam MultiValueMap<String, String> fields, Model model) {
        var form = new Form(fields);
        var complaints = new Complaints();
        var period = fields.isEmpty() ? Optional.<Days>empty() : days(form, complaints);
        return periodPage(asker, period, form, complaints, model);
    }

    @PostMapping("/deleted/period")
    String deletePeriod(
            Asker asker,
            @RequestParam MultiValueMap<String, String> fields,
            Model model,
            HttpServletResponse response) {
        var form = new Form(fields);
        var complaints = new Complaints();
        var period = days(form, complaints);
        var began = period.map(days -> began(rows(asker), days)).orElse(List.of());
        if (period.isPresent() && !form.text("sentence").equalsIgnoreCase(PERIOD_SENTENCE)) {
            complaints.about("sentence", "delete-twin.sentence.missing");
        }
        if (!complaints.none() || began.isEmpty()) {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            return periodPage(asker, period, form, complaints, model);
        }
        return "redirect:/receipts/"
                + erasure.erasePeriod(asker.twin(), byChapter(began), asker.patient())
                        .id();
    }

    /** Both days included. */
    private record Days(LocalDate from, LocalDate to) {
        boolean holds(Instant at) {
            var day = at.atZone(ZoneOffset.UTC).toLocalDate();
            return !day.isBefore(from) && !day.isAfter(to);
        }
    }

    private static Optional<Days> days(Form form, Complaints complaints) {
        var from = day(form, "from", complaints);
        var to = day(form, "to", complaints);
        if (from.isEmpty() || to.isEmpty()) {
            return Optional.empty();
        }
        if (to.get().isBefore(from.get())) {
            complaints.about("to", "delete-period.order");
            return Optional.empty();
        }
        return Optional.of(new Days(from.get(), to.get()));
    }

    private static Optional<LocalDate> day(Form form, String field, Complaints complaints) {
        try {
            var day = form.day(field);
            if (day.isEmpty()) {
                complaints.about(field, "delete-period.missing");
            }
            return day;
        } catch (DateTimeException e) {
            complaints.about(field, "delete-period.missing");
            return Optional.empty();
        }
    }

    /** An entry is of the period in which it begins: a long illness does not go with one week of it. */
    private static List<Row> began(List<Row> rows, Days days) {
        var began = new ArrayList<Row>();
        for (var row : rows) {
            var from = row.when().from();
            if (from != null && days.holds(from)) {
                began.add(row);
            }
        }
        return began;
    }

    private String periodPage(Asker asker, Optional<Days> period, Form form, Complaints complaints, Model model) {
        var rows = rows(asker);
        var began = period.map(days -> began(rows, days)).orElse(List.of());
        model.addAttribute("form", form)
                .addAttribute("asked", period.isPresent())
                .addAttribute("found", began.size())
                .addAttribute("counts", counts(began))
                .addAttribute(
                        "undated",
                        rows.stream().filter(row -> !row.when().isDated()).count())
                .addAttribute("sentence", PERIOD_SENTENCE)
                .addAttribute("complaints", complaints);
        return "erasing/period";
    }

    private List<Row> rows(Asker asker) {
        return NotShown.orElseThrow(door.timeline(asker.looker(), asker.twin()))
                .what()
                .rows();
    }

    private static Map<Chapter, Integer> counts(List<Row> rows) {
        var counts = new EnumMap<Chapter, Integer>(Chapter.class);
        rows.forEach(row -> counts.merge(row.chapter(), 1, Integer::sum));
        return counts;
    }

    private static Map<Chapter, List<EntryId>> byChapter(List<Row> rows) {
        var byChapter = new EnumMap<Chapter, List<EntryId>>(Chapter.class);
        rows.forEach(row ->
                byChapter.computeIfAbsent(row.chapter(), _ -> new ArrayList<>()).add(row.entry()));
        return byChapter;
    }
}
