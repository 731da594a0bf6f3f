package org.twinkeep.portal.web.emergency;

import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;
import org.twinkeep.consent.Purpose;
import org.twinkeep.consent.emergency.BreakTheGlass;
import org.twinkeep.consent.emergency.Emergency;
import org.twinkeep.consent.emergency.EmergencyChapters;
import org.twinkeep.consent.emergency.EmergencyRefused;
import org.twinkeep.consent.emergency.EmergencyRefused.Why;
import org.twinkeep.consent.emergency.EmergencyRegister.Line;
import org.twinkeep.portal.emergency.EmergencyEntrance;
import org.twinkeep.portal.emergency.EmergencyEntrance.Attempt;
import org.twinkeep.portal.web.Asker;
import org.twinkeep.portal.web.Complaints;
import org.twinkeep.portal.web.Form;
import org.twinkeep.portal.web.care.VisitPurposes;

/** Breaking the glass, and ending it. Everything that is shown goes the way of any other visit. */
@Controller
class BreakGlassController {
    private static final List<Integer> MINUTES = List.of(15, 30, 60);
    private static final Map<Why, String> FIELDS = Map.of(
            Why.REASON_TOO_SHORT, "reason",
            Why.REASON_TOO_LONG, "reason",
            Why.TOO_LONG, "minutes");

    private final BreakTheGlass glass;
    private final EmergencyEntrance entrance;
    private final Clock clock;

    BreakGlassController(BreakTheGlass glass, EmergencyEntrance entrance, Clock clock) {
        this.glass = glass;
        this.entrance = entrance;
        this.clock = clock;
    }

    @GetMapping("/emergency")
    String page(Asker asker, Model model) {
        return page(asker, Form.EMPTY, new Complaints(), model);
    }

    @PostMapping("/emergency")
    String breakGlass(
            Asker asker,
            @RequestParam MultiValueMap<String, String> fields,
            HttpSession session,
            Model model,
            HttpServletResponse response) {
        var form = new Form(fields);
        var complaints = new Complaints();
        if (form.text("name").isEmpty()) {
            complaints.about("name", "emergency.name.missing");
        }
        var born = born(form, complaints);
        var minutes = new Complaints();
        var length = length(form, minutes);
        complain(asker, form, length.orElse(Emergency.LONGEST), complaints);
        minutes.all().forEach(complaints::about);
        if (!form.has("told", "yes")) {
            complaints.about("told", "emergency.told.missing");
        }
        if (complaints.none() && born.isPresent() && length.isPresent()) {
            var attempt =
                    entrance.attempt(asker.account(), form.text("name"), born.get(), form.text("reason"), length.get());
            if (attempt instanceof Attempt.Broken(var twin)) {
                VisitPurposes.in(session).declare(twin, Purpose.BREAK_THE_GLASS);
                return "redirect:/patients/" + twin;
            }
            complaints.about("name", "emergency.nobody");
        }
        response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
        return page(asker, form, complaints, model);
    }

    /** Back to what is open, for instance after signing in again. */
    @PostMapping("/emergency/go-on")
    String goOn(Asker asker, HttpSession session) {
        return glass.open(asker.looker())
                .map(line -> {
                    VisitPurposes.in(session).declare(line.twin(), Purpose.BREAK_THE_GLASS);
                    return "redirect:/patients/" + line.twin();
                })
                .orElse("redirect:/emergency");
    }

    @PostMapping("/emergency/end")
    String end(Asker asker, HttpSession session, RedirectAttributes next) {
        glass.open(asker.looker()).ifPresent(line -> {
            glass.close(line.twin(), line.handle(), asker.looker());
            VisitPurposes.in(session).end(line.twin());
        });
        next.addFlashAttribute("done", "emergency.ended");
        return "redirect:/emergency";
    }

    private void complain(Asker asker, Form form, Duration length, Complaints complaints) {
        try {
            glass.requireFit(asker.looker(), form.text("reason"), length);
        } catch (EmergencyRefused refused) {
            var field = FIELDS.get(refused.why());
            if (field == null) {
                throw refused;
            }
            complaints.about(field, "emergency." + refused.why().name());
        }
    }

    private static Optional<LocalDate> born(Form form, Complaints complaints) {
        try {
            var born = form.day("born");
            if (born.isEmpty()) {
                complaints.about("born", "emergency.born.missing");
            }
            return born;
        } catch (DateTimeException e) {
            complaints.about("born", "day.none");
            return Optional.empty();
        }
    }

    private static Optional<Duration> length(Form form, Complaints complaints) {
        try {
            return Optional.of(Duration.ofMinutes(Integer.parseInt(form.text("minutes"))));
        } catch (NumberFormatException e) {
            complaints.about("minutes", "emergency.minutes.missing");
            return Optional.empty();
        }
    }

    private String page(Asker asker, Form form, Complaints complaints, Model model) {
        var now = clock.instant();
        var open = glass.open(asker.looker());
        model.addAttribute("form", form)
                .addAttribute("complaints", complaints)
                .addAttribute("lengths", MINUTES)
                .addAttribute("shortest", Emergency.SHORTEST_REASON)
                .addAttribute("chapters", EmergencyChapters.LIST)
                .addAttribute("open", open.orElse(null))
                .addAttribute("lastEnd", lastEnd(asker).orElse(null))
                .addAttribute("now", now);
        return "emergency/break";
    }

    private Optional<Instant> lastEnd(Asker asker) {
        return glass.register().stream()
                .filter(line -> line.by().id().equals(asker.looker().id()))
                .map(Line::until)
                .filter(end -> !end.isAfter(clock.instant()))
                .findFirst();
    }
}
