package org.twinkeep.portal.web.care;

import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.twinkeep.consent.Purpose;
import org.twinkeep.consent.emergency.BreakTheGlass;
import org.twinkeep.consent.emergency.Emergency;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.portal.accounts.Role;
import org.twinkeep.portal.web.Asker;
import org.twinkeep.portal.web.Complaints;
import org.twinkeep.portal.web.Ids;
import org.twinkeep.portal.web.NotShown;
import org.twinkeep.portal.web.Paging;
import org.twinkeep.projections.care.CareView;
import org.twinkeep.projections.reading.Answer;
import org.twinkeep.projections.reading.Door;
import org.twinkeep.projections.timeline.Row;

/** What one patient shares with this clinician, for the purpose declared for this visit. */
@Controller
class CareController {
    private static final int ROWS_A_SECTION = 8;
    private static final int ROWS_A_PAGE = 50;

    /** What a clinician may declare; breaking the glass has its own way. */
    private static final List<Purpose> PURPOSES = List.of(
            Purpose.TREATMENT, Purpose.EMERGENCY_TREATMENT, Purpose.OPERATIONS, Purpose.PAYMENT, Purpose.RESEARCH);

    /** Who treats a stranger looks for these first. */
    private static final List<Chapter> FIRST_IN_AN_EMERGENCY =
            List.of(Chapter.ALLERGIES, Chapter.MEDICATIONS, Chapter.CONDITIONS);

    private final Door door;
    private final BreakTheGlass glass;
    private final Clock clock;

    CareController(Door door, BreakTheGlass glass, Clock clock) {
        this.door = door;
        this.glass = glass;
        this.clock = clock;
    }

    /** One chapter of the share. */
    public record Section(Chapter chapter, List<Row> rows, int total) {}

    @GetMapping("/patients/{twin}/purpose")
    String purpose(Asker asker, @PathVariable String twin, Model model) {
        return ask(asker, twin, new Complaints(), model);
    }

    @PostMapping("/patients/{twin}/purpose")
    String declare(
            Asker asker,
            @PathVariable String twin,
            @RequestParam(defaultValue = "") String purpose,
            HttpSession session,
            Model model,
            HttpServletResponse response) {
        var declared = Purpose.ofCode(purpose).filter(purposes(asker)::contains);
        if (declared.isEmpty()) {
            var complaints = new Complaints();
            complaints.about("purpose", "visit.purpose.missing");
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            return ask(asker, twin, complaints, model);
        }
        VisitPurposes.in(session).declare(Ids.twin(twin), declared.get());
        return "redirect:/patients/" + Ids.twin(twin);
    }

    @PostMapping("/patients/{twin}/leave")
    String leave(@PathVariable String twin, HttpSession session) {
        VisitPurposes.in(session).end(Ids.twin(twin));
        return "redirect:/patients";
    }

    @GetMapping("/patients/{twin}")
    String care(
            Asker asker, @PathVariable String twin, HttpSession session, Model model, HttpServletResponse response) {
        var declared = VisitPurposes.in(session).of(Ids.twin(twin));
        if (declared.isEmpty()) {
            return toPurpose(twin);
        }
        var view = look(asker, twin, declared.get(), session, model, response);
        model.addAttribute(
                        "sections",
                        order(declared.get())
                                .filter(view.shared()::contains)
                                .map(chapter -> section(view, chapter))
                                .toList())
                .addAttribute(
                        "outside",
                        Arrays.stream(Chapter.values())
                                .filter(chapter -> !view.shared().contains(chapter))
                                .toList());
        return "care/care";
    }

    @GetMapping("/patients/{twin}/chapters/{code}")
    String chapter(
            Asker asker,
            @PathVariable String twin,
            @PathVariable String code,
            @RequestParam(defaultValue = "1") int page,
            HttpSession session,
            Model model,
            HttpServletResponse response) {
        var declared = VisitPurposes.in(session).of(Ids.twin(twin));
        if (declared.isEmpty()) {
            return toPurpose(twin);
        }
        var view = look(asker, twin, declared.get(), session, model, response);
        var chapter = Chapter.ofCode(code).orElse(null);
        if (chapter == null) {
            return "redirect:/patients/" + Ids.twin(twin);
        }
        model.addAttribute("chapter", chapter)
                .addAttribute("shared", view.shared().contains(chapter))
                .addAttribute("rows", Paging.of(rows(view, chapter), page, ROWS_A_PAGE))
                .addAttribute("pageLink", "/patients/" + Ids.twin(twin) + "/chapters/" + chapter.code() + "?page=");
        return "care/chapter";
    }

    @GetMapping("/patients/{twin}/entries/{id}")
    String entry(
            Asker asker,
            @PathVariable String twin,
            @PathVariable String id,
            HttpSession session,
            Model model,
            HttpServletResponse response) {
        var declared = VisitPurposes.in(session).of(Ids.twin(twin));
        if (declared.isEmpty()) {
            return toPurpose(twin);
        }
        var shown = shown(
                door.careEntry(asker.looker(), declared.get(), Ids.twin(twin), Ids.entry(id)),
                twin,
                declared.get(),
                session);
        visit(asker, twin, declared.get(), shown, model, response);
        model.addAttribute("entry", shown.what());
        return "care/entry";
    }

    private CareView look(
            Asker asker, String twin, Purpose purpose, HttpSession session, Model model, HttpServletResponse response) {
        var shown = shown(door.care(asker.looker(), purpose, Ids.twin(twin)), twin, purpose, session);
        visit(asker, twin, purpose, shown, model, response);
        model.addAttribute("profile", shown.what().timeline().profile());
        return shown.what();
    }

    /** An emergency that has ended is said once; then another purpose may be declared. */
    private static <T> Answer.Shown<T> shown(Answer<T> answer, String twin, Purpose purpose, HttpSession session) {
        if (purpose == Purpose.BREAK_THE_GLASS
                && answer instanceof Answer.NotShown<T>(var _, var endedOn)
                && endedOn != null) {
            VisitPurposes.in(session).end(Ids.twin(twin));
        }
        return NotShown.orElseThrow(answer);
    }

    /** What an emergency shows leaves the screen when it ends. */
    private void visit(
            Asker asker,
            String twin,
            Purpose purpose,
            Answer.Shown<?> shown,
            Model model,
            HttpServletResponse response) {
        model.addAttribute("twin", Ids.twin(twin))
                .addAttribute("purpose", purpose)
                .addAttribute("receiptId", shown.receiptId());
        if (purpose == Purpose.BREAK_THE_GLASS) {
            glass.live(Ids.twin(twin), asker.looker()).ifPresent(emergency -> {
                long seconds = secondsLeft(emergency);
                response.setHeader("Refresh", seconds + ";url=/emergency");
                model.addAttribute("emergency", emergency).addAttribute("minutesLeft", Math.ceilDiv(seconds, 60));
            });
        }
    }

    private long secondsLeft(Emergency emergency) {
        return Math.max(1, Duration.between(clock.instant(), emergency.end()).toSeconds());
    }

    private static Stream<Chapter> order(Purpose purpose) {
        var all = Arrays.stream(Chapter.values());
        return purpose == Purpose.BREAK_THE_GLASS
                ? Stream.concat(
                        FIRST_IN_AN_EMERGENCY.stream(), all.filter(chapter -> !FIRST_IN_AN_EMERGENCY.contains(chapter)))
                : all;
    }

    private static Section section(CareView view, Chapter chapter) {
        var rows = rows(view, chapter);
        return new Section(chapter, rows.stream().limit(ROWS_A_SECTION).toList(), rows.size());
    }

    private static List<Row> rows(CareView view, Chapter chapter) {
        return view.timeline().rows().stream()
                .filter(row -> row.chapter() == chapter)
                .toList();
    }

    private static List<Purpose> purposes(Asker asker) {
        return asker.account().role() == Role.INSURER ? List.of(Purpose.PAYMENT) : PURPOSES;
    }

    private static String toPurpose(String twin) {
        return "redirect:/patients/" + Ids.twin(twin) + "/purpose";
    }

    private static String ask(Asker asker, String twin, Complaints complaints, Model model) {
        model.addAttribute("twin", Ids.twin(twin))
                .addAttribute("purposes", purposes(asker))
                .addAttribute("complaints", complaints);
        return "care/purpose";
    }
}
