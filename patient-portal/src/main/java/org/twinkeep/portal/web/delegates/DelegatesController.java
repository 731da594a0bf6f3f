package org.twinkeep.portal.web.delegates;

import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.delegation.Authority;
import org.twinkeep.consent.delegation.Delegation;
import org.twinkeep.consent.delegation.DelegationCommand;
import org.twinkeep.consent.delegation.Hand;
import org.twinkeep.consent.delegation.Power;
import org.twinkeep.portal.delegates.DelegateDesk;
import org.twinkeep.portal.delegates.Delegates;
import org.twinkeep.portal.web.Asker;
import org.twinkeep.portal.web.Complaints;
import org.twinkeep.portal.web.Form;
import org.twinkeep.portal.web.SeedInSession;

/** The patient's own page about those who act for them: who, with which powers, until when; adding, changing, ending. */
@Controller
class DelegatesController {
    private final Delegates delegates;
    private final DelegateDesk desk;

    DelegatesController(Delegates delegates, DelegateDesk desk) {
        this.delegates = delegates;
        this.desk = desk;
    }

    @GetMapping("/delegates")
    String list(Asker asker, Model model) {
        var all = delegates.of(asker.ownTwin());
        var lines =
                all.listed().stream().map(d -> DelegationLine.of(d, delegates)).toList();
        var majority = majority(lines);
        var today =
                LocalDate.ofInstant(delegates.now(), asker.account().person().zone());
        model.addAttribute("lines", lines)
                .addAttribute("death", desk.death(asker.ownTwin()).orElse(null))
                .addAttribute("lapsing", desk.ofGuardians(asker.ownTwin()))
                .addAttribute("majority", majority.orElse(null))
                .addAttribute(
                        "ofAge", majority.filter(day -> !day.isAfter(today)).isPresent());
        return "delegates/list";
    }

    private Optional<LocalDate> majority(List<DelegationLine> lines) {
        return lines.stream()
                .map(DelegationLine::delegation)
                .filter(d -> d.appointment().birthDate() != null)
                .map(d -> d.majority(delegates.ages()))
                .findFirst();
    }

    @GetMapping("/delegates/new")
    String ask(Asker asker, Model model) {
        asker.ownTwin();
        return form(Form.EMPTY, new Complaints(), model);
    }

    @PostMapping("/delegates/new")
    String add(
            Asker asker,
            @RequestParam MultiValueMap<String, String> fields,
            HttpSession session,
            Model model,
            RedirectAttributes next,
            HttpServletResponse response) {
        var form = new Form(fields);
        var twin = asker.ownTwin();
        var person = asker.account().person();
        var reading = new AppointmentForm(form, LocalDate.ofInstant(delegates.now(), person.zone()), person.zone());
        var delegate = desk.candidate(form.text("code"))
                .filter(found -> !found.account().id().equals(asker.account().id()));
        if (delegate.isEmpty()) {
            reading.complaints().about("code", "delegates.code.unknown");
        }
        var kind = Authority.Kind.ofCode(form.text("kind")).filter(k -> !k.byDocument());
        if (kind.isEmpty()) {
            reading.complaints().about("kind", "delegates.kind.missing");
        }
        var appointment = reading.read(() -> new AppointmentForm.Given(
                delegate.orElseThrow(), person.name(), new Authority(kind.orElseThrow(), null), null));
        if (appointment.isEmpty()) {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            return form(form, reading.complaints(), model);
        }
        desk.appoint(twin, appointment.get(), patient(asker), SeedInSession.of(session));
        next.addFlashAttribute("done", "delegates.added");
        return "redirect:/delegates";
    }

    @GetMapping("/delegates/{handle}/powers")
    String powers(Asker asker, @PathVariable String handle, Model model) {
        var delegation = find(asker, handle);
        return change(delegation, Form.EMPTY, new Complaints(), model);
    }

    @PostMapping("/delegates/{handle}/powers")
    String changed(
            Asker asker,
            @PathVariable String handle,
            @RequestParam MultiValueMap<String, String> fields,
            HttpSession session,
            Model model,
            RedirectAttributes next,
            HttpServletResponse response) {
        var delegation = find(asker, handle);
        var form = new Form(fields);
        var person = asker.account().person();
        var reading = new AppointmentForm(form, LocalDate.ofInstant(delegates.now(), person.zone()), person.zone());
        var powers = reading.powers();
        var chapters = reading.chapters();
        if (!reading.complaints().none()) {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            return change(delegation, form, reading.complaints(), model);
        }
        desk.change(
                asker.ownTwin(),
                new DelegationCommand.Change(delegation.handle(), powers, chapters, patient(asker), delegates.now()),
                SeedInSession.of(session));
        next.addFlashAttribute("done", "delegates.changed");
        return "redirect:/delegates";
    }

    /** The patient looked at it: the next look is due in a year, or on its last day. */
    @PostMapping("/delegates/{handle}/review")
    String reviewed(Asker asker, @PathVariable String handle, RedirectAttributes next) {
        var delegation = find(asker, handle);
        var inAYear = delegation.dayOf(delegates.now()).plusYears(1);
        var last = delegation.appointment().end();
        desk.does(
                asker.ownTwin(),
                new DelegationCommand.Review(
                        delegation.handle(), inAYear.isAfter(last) ? last : inAYear, patient(asker), delegates.now()));
        next.addFlashAttribute("done", "delegates.reviewed");
        return "redirect:/delegates";
    }

    @PostMapping("/delegates/{handle}/end")
    String end(Asker asker, @PathVariable String handle, RedirectAttributes next) {
        var delegation = find(asker, handle);
        desk.does(asker.ownTwin(), new DelegationCommand.End(delegation.handle(), patient(asker), delegates.now()));
        next.addFlashAttribute("done", "delegates.ended");
        return "redirect:/delegates";
    }

    /** Of age, the patient keeps something that a guardian shared: shared anew, by the patient's own signature. */
    @PostMapping("/delegates/confirm/{consent}")
    String confirm(Asker asker, @PathVariable String consent, HttpSession session, RedirectAttributes next) {
        if (!consent.matches("[0-9a-f]{64}")) {
            throw new ResponseStatusException(HttpStatus.NOT_FOUND);
        }
        desk.keep(asker.ownTwin(), new ConsentHandle(consent), SeedInSession.of(session));
        next.addFlashAttribute("done", "delegates.kept");
        return "redirect:/delegates";
    }

    /** What is nobody's handle, another twin's and no handle at all are answered alike. */
    private Delegation find(Asker asker, String handle) {
        return Optional.of(handle)
                .filter(text -> text.matches("[0-9a-f]{64}"))
                .flatMap(text -> delegates.of(asker.ownTwin()).find(new ConsentHandle(text)))
                .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    }

    private static Hand patient(Asker asker) {
        return new Hand(asker.account().id().toString(), Hand.As.PATIENT);
    }

    private static String form(Form form, Complaints complaints, Model model) {
        model.addAttribute("form", form)
                .addAttribute("complaints", complaints)
                .addAttribute("kinds", List.of(Authority.Kind.CHOSEN, Authority.Kind.ADVANCE))
                .addAttribute("powers", Power.values())
                .addAttribute("chapters", AppointmentForm.CHAPTERS);
        return "delegates/new";
    }

    private static String change(Delegation delegation, Form form, Complaints complaints, Model model) {
        form(form, complaints, model);
        model.addAttribute("delegation", delegation).addAttribute("asked", form != Form.EMPTY);
        return "delegates/change";
    }
}
