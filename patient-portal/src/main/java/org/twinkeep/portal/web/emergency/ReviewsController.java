package org.twinkeep.portal.web.emergency;

import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.emergency.BreakTheGlass;
import org.twinkeep.consent.emergency.EmergencyEvent.Outcome;
import org.twinkeep.consent.emergency.EmergencyRefused;
import org.twinkeep.consent.emergency.EmergencyRefused.Why;
import org.twinkeep.consent.emergency.EmergencyRegister.Line;
import org.twinkeep.portal.web.Asker;
import org.twinkeep.portal.web.Complaints;
import org.twinkeep.portal.web.Form;
import org.twinkeep.portal.web.Paging;

/** Emergencies as those who review them see them: who, when, why, how it was used; nothing clinical and no patient's name. */
@Controller
class ReviewsController {
    private static final int A_PAGE = 25;

    private final BreakTheGlass glass;
    private final Clock clock;

    ReviewsController(BreakTheGlass glass, Clock clock) {
        this.glass = glass;
        this.clock = clock;
    }

    @GetMapping("/reviews")
    String list(@RequestParam(defaultValue = "1") int page, Model model) {
        var now = clock.instant();
        var urgentFirst = glass.register().stream()
                .sorted(Comparator.comparing((Line line) -> switch (line.review(now)) {
                    case OVERDUE -> 0;
                    case OPEN -> 1;
                    case DONE -> 2;
                }))
                .toList();
        model.addAttribute("lines", Paging.of(urgentFirst, page, A_PAGE)).addAttribute("now", now);
        return "emergency/reviews";
    }

    @GetMapping("/reviews/{handle}")
    String one(Asker asker, @PathVariable String handle, Model model) {
        return one(asker, line(handle), Form.EMPTY, new Complaints(), model);
    }

    @PostMapping("/reviews/{handle}")
    String review(
            Asker asker,
            @PathVariable String handle,
            @RequestParam MultiValueMap<String, String> fields,
            Model model,
            HttpServletResponse response,
            RedirectAttributes next) {
        var line = line(handle);
        var form = new Form(fields);
        var complaints = new Complaints();
        var outcome = Arrays.stream(Outcome.values())
                .filter(each -> each.name().equals(form.text("outcome")))
                .findFirst();
        if (outcome.isEmpty()) {
            complaints.about("outcome", "reviews.outcome.missing");
            if (form.text("note").isEmpty()) {
                complaints.about("note", "reviews.note.missing");
            }
        } else if (isTaken(asker, line, outcome.get(), form, complaints)) {
            next.addFlashAttribute("done", "reviews.done");
            return "redirect:/reviews";
        }
        response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
        return one(asker, line, form, complaints, model);
    }

    private boolean isTaken(Asker asker, Line line, Outcome outcome, Form form, Complaints complaints) {
        try {
            glass.review(line.twin(), line.handle(), asker.looker(), outcome, form.text("note"));
            return true;
        } catch (EmergencyRefused refused) {
            if (refused.why() != Why.NOTE_MISSING) {
                throw refused;
            }
            complaints.about("note", "reviews.note.missing");
            return false;
        }
    }

    private String one(Asker asker, Line line, Form form, Complaints complaints, Model model) {
        var seen = glass.openForReview(line, asker.looker());
        model.addAttribute("line", line)
                .addAttribute("emergency", seen.emergency())
                .addAttribute("looks", seen.looks())
                .addAttribute("form", form)
                .addAttribute("complaints", complaints)
                .addAttribute("outcomes", Outcome.values())
                .addAttribute("receiptId", seen.receiptId())
                .addAttribute("now", clock.instant());
        return "emergency/review";
    }

    private Line line(String handle) {
        return Optional.of(handle)
                .filter(text -> text.matches("[0-9a-f]{64}"))
                .flatMap(text -> glass.line(new ConsentHandle(text)))
                .orElseThrow(() -> new EmergencyRefused(Why.UNKNOWN));
    }
}
