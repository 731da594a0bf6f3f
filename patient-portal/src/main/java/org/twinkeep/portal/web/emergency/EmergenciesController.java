package org.twinkeep.portal.web.emergency;

import java.time.Clock;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;
import org.twinkeep.consent.emergency.BreakTheGlass;
import org.twinkeep.consent.emergency.EmergencyChapters;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.portal.web.Asker;
import org.twinkeep.portal.web.Form;

/** The patient's page of emergencies: who broke the glass, what became of it, and what stays closed to emergencies. */
@Controller
class EmergenciesController {
    private final BreakTheGlass glass;
    private final Clock clock;

    EmergenciesController(BreakTheGlass glass, Clock clock) {
        this.glass = glass;
        this.clock = clock;
    }

    @GetMapping("/emergencies")
    String page(Asker asker, Model model) {
        var state = glass.of(asker.twin());
        model.addAttribute("emergencies", state.all().reversed())
                .addAttribute("list", inOrder(EmergencyChapters.LIST))
                .addAttribute("never", inOrder(EnumSet.complementOf(EnumSet.copyOf(EmergencyChapters.LIST))))
                .addAttribute("closed", state.closed())
                .addAttribute("now", clock.instant());
        return "emergency/emergencies";
    }

    @PostMapping("/emergencies/closed")
    String close(Asker asker, @RequestParam MultiValueMap<String, String> fields, RedirectAttributes next) {
        var form = new Form(fields);
        var closed = EnumSet.noneOf(Chapter.class);
        if (form.has("everything", "yes")) {
            closed.addAll(EmergencyChapters.LIST);
        }
        form.all("closed").forEach(code -> Chapter.ofCode(code).ifPresent(closed::add));
        glass.narrow(asker.twin(), closed);
        next.addFlashAttribute("done", "emergencies.closed.done");
        return "redirect:/emergencies";
    }

    private static List<Chapter> inOrder(Set<Chapter> chapters) {
        return chapters.stream().sorted(Comparator.naturalOrder()).toList();
    }
}
