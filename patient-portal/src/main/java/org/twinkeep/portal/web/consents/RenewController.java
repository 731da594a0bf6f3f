package org.twinkeep.portal.web.consents;

import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.time.Clock;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Locale;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;
import org.twinkeep.consent.Consent;
import org.twinkeep.consent.Period;
import org.twinkeep.consent.Terms;
import org.twinkeep.portal.requests.Draft;
import org.twinkeep.portal.web.Asker;
import org.twinkeep.portal.web.Complaints;
import org.twinkeep.portal.web.NotShown;
import org.twinkeep.portal.web.SeedInSession;
import org.twinkeep.projections.reading.Door;

/** Sharing the same again when a consent ends: one step, which the patient signs. It begins where the old one ends. */
@Controller
class RenewController {
    private final Sharing sharing;
    private final Door door;
    private final Clock clock;

    RenewController(Sharing sharing, Door door, Clock clock) {
        this.sharing = sharing;
        this.door = door;
        this.clock = clock;
    }

    @GetMapping("/consents/{handle}/renew")
    String ask(Asker asker, @PathVariable String handle, Model model) {
        return page(asker, consent(asker, handle), new Complaints(), model);
    }

    @PostMapping("/consents/{handle}/renew")
    String renew(
            Asker asker,
            @PathVariable String handle,
            @RequestParam(defaultValue = "") String length,
            @RequestParam(defaultValue = "") String denial,
            HttpSession session,
            Model model,
            RedirectAttributes next,
            HttpServletResponse response) {
        var consent = consent(asker, handle);
        var chosen = Arrays.stream(Draft.Length.values())
                .filter(one -> one.name().toLowerCase(Locale.ROOT).equals(length))
                .findFirst();
        if (chosen.isEmpty()) {
            var complaints = new Complaints();
            complaints.about("length", "grant.term.missing");
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            return page(asker, consent, complaints, model);
        }
        var profile = NotShown.orElseThrow(door.timeline(asker.looker(), asker.twin()))
                .what()
                .profile();
        var terms = renewed(asker, consent, chosen.get());
        var granted = sharing.grant(asker, profile, terms, Answer.of(denial), SeedInSession.of(session));
        next.addFlashAttribute("done", granted.isWhole() ? "renew.done" : granted.done());
        return "redirect:/consents";
    }

    /** One that the patient took back is not renewed: whoever wants that shares anew. */
    private Consent consent(Asker asker, String handle) {
        return sharing.of(asker.twin()).stream()
                .filter(own -> own.handle().value().equals(handle))
                .filter(own -> own.status() == Consent.Status.ACTIVE || own.status() == Consent.Status.EXPIRED)
                .filter(own -> own.terms().term().to() != null)
                .filter(own -> Sharing.open(asker).containsAll(own.terms().chapters()))
                .findFirst()
                .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    }

    private Terms renewed(Asker asker, Consent old, Draft.Length length) {
        var terms = old.terms();
        var from = begins(asker, old);
        return new Terms(
                terms.granteeId(),
                terms.granteeName(),
                terms.organisation(),
                terms.purpose(),
                terms.chapters(),
                terms.dataPeriod(),
                terms.includesLater(),
                new Period(from, length.lastDay(from), terms.term().zone()));
    }

    private LocalDate begins(Asker asker, Consent old) {
        var today =
                LocalDate.ofInstant(clock.instant(), asker.account().person().zone());
        var last = old.terms().term().to();
        return last == null || last.isBefore(today) ? today : last.plusDays(1);
    }

    private String page(Asker asker, Consent consent, Complaints complaints, Model model) {
        model.addAttribute("consent", consent)
                .addAttribute("begins", begins(asker, consent))
                .addAttribute("lengths", Draft.Length.values())
                .addAttribute("complaints", complaints);
        return "consents/renew";
    }
}
