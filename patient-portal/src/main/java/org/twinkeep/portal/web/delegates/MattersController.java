package org.twinkeep.portal.web.delegates;

import jakarta.servlet.http.HttpServletResponse;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;
import org.twinkeep.consent.delegation.Authority;
import org.twinkeep.consent.delegation.DelegationCommand;
import org.twinkeep.consent.delegation.Hand;
import org.twinkeep.consent.delegation.Power;
import org.twinkeep.portal.accounts.Role;
import org.twinkeep.portal.delegates.DelegateDesk;
import org.twinkeep.portal.delegates.Delegates;
import org.twinkeep.portal.delegates.Matter;
import org.twinkeep.portal.web.Asker;
import org.twinkeep.portal.web.Complaints;
import org.twinkeep.portal.web.Form;
import org.twinkeep.portal.web.Ids;
import org.twinkeep.twin.TwinHistory;

/** What two people have to confirm, each under the own account: documents about guardians, starts, deaths. */
@Controller
class MattersController {
    private final Delegates delegates;
    private final DelegateDesk desk;
    private final TwinHistory history;

    MattersController(Delegates delegates, DelegateDesk desk, TwinHistory history) {
        this.delegates = delegates;
        this.desk = desk;
        this.history = history;
    }

    /**
     * A clinician, who is not of the house, sees what they hold the document of and nothing else: not even that somebody waits.
     *
     * @param document SHA-256, hexadecimal, of the one that a clinician shows
     */
    @GetMapping("/matters")
    String list(Asker asker, @RequestParam(defaultValue = "") String document, Model model) {
        return listing(asker, document, new Complaints(), model);
    }

    /** A clinician shows the document of what they are to confirm. */
    @PostMapping("/matters/shown")
    String shown(
            Asker asker,
            @RequestParam(required = false) @Nullable MultipartFile document,
            Model model,
            HttpServletResponse response) {
        var complaints = new Complaints();
        var hash = Document.hash(document, complaints);
        if (hash.isEmpty()) {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            return listing(asker, "", complaints, model);
        }
        return "redirect:/matters?document=" + hash.get();
    }

    private String listing(Asker asker, String document, Complaints complaints, Model model) {
        var hand = hand(asker);
        boolean ofTheHouse = asker.account().role() != Role.CLINICIAN;
        model.addAttribute(
                        "matters",
                        delegates.waitingFor(hand).stream()
                                .filter(matter ->
                                        ofTheHouse || matter.document().equals(document))
                                .toList())
                .addAttribute(
                        "others",
                        delegates.waiting().stream()
                                .filter(matter -> ofTheHouse && !matter.mayConfirm(hand))
                                .toList())
                .addAttribute("shows", !ofTheHouse)
                .addAttribute("shown", !document.isEmpty())
                .addAttribute("complaints", complaints)
                .addAttribute("files", asker.account().role() == Role.OPERATOR);
        return "delegates/matters";
    }

    @PostMapping("/matters/{handle}/confirm")
    String confirm(Asker asker, @PathVariable String handle, RedirectAttributes next) {
        var matter = find(asker, handle);
        desk.does(matter.twin(), new DelegationCommand.Confirm(matter.handle(), hand(asker), delegates.now()));
        next.addFlashAttribute("done", "matters.confirmed");
        return "redirect:/matters";
    }

    @PostMapping("/matters/{handle}/refuse")
    String refuse(Asker asker, @PathVariable String handle, RedirectAttributes next) {
        var matter = find(asker, handle);
        desk.does(matter.twin(), new DelegationCommand.Refuse(matter.handle(), hand(asker), delegates.now()));
        next.addFlashAttribute("done", "matters.refused");
        return "redirect:/matters";
    }

    @GetMapping("/matters/appoint")
    String appoint(Model model) {
        return appointing(Form.EMPTY, new Complaints(), model);
    }

    /** A document says who acts for somebody who cannot sign. */
    @PostMapping("/matters/appoint")
    String appointed(
            Asker asker,
            @RequestParam MultiValueMap<String, String> fields,
            @RequestParam(required = false) @Nullable MultipartFile document,
            Model model,
            RedirectAttributes next,
            HttpServletResponse response) {
        var form = new Form(fields);
        var zone = asker.account().person().zone();
        var reading = new AppointmentForm(form, LocalDate.ofInstant(delegates.now(), zone), zone);
        var complaints = reading.complaints();
        var twin = Ids.twin(form.text("twin"));
        if (!history.exists(twin)) {
            complaints.about("twin", "matters.twin.unknown");
        }
        requireText(form, "patient", "matters.patient.missing", complaints);
        var delegate = desk.candidate(form.text("code"));
        if (delegate.isEmpty()) {
            complaints.about("code", "delegates.code.unknown");
        }
        var kind = Authority.Kind.ofCode(form.text("kind")).filter(Authority.Kind::byDocument);
        if (kind.isEmpty()) {
            complaints.about("kind", "matters.kind.missing");
        }
        var hash = Document.hash(document, complaints);
        var born = kind.filter(Authority.Kind::ofAChild).flatMap(_ -> reading.birthDate());
        var appointment = reading.read(() -> new AppointmentForm.Given(
                delegate.orElseThrow(),
                form.text("patient"),
                new Authority(kind.orElseThrow(), hash.orElseThrow()),
                born.orElse(null)));
        if (appointment.isEmpty()) {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            return appointing(form, complaints, model);
        }
        desk.appoint(twin, appointment.get(), hand(asker));
        next.addFlashAttribute("done", "matters.filed");
        return "redirect:/matters";
    }

    @GetMapping("/matters/death")
    String death(Model model) {
        return dying(Form.EMPTY, new Complaints(), model);
    }

    @PostMapping("/matters/death")
    String died(
            Asker asker,
            @RequestParam MultiValueMap<String, String> fields,
            @RequestParam(required = false) @Nullable MultipartFile document,
            Model model,
            RedirectAttributes next,
            HttpServletResponse response) {
        var form = new Form(fields);
        var zone = asker.account().person().zone();
        var reading = new AppointmentForm(form, LocalDate.ofInstant(delegates.now(), zone), zone);
        var complaints = reading.complaints();
        var twin = Ids.twin(form.text("twin"));
        if (!history.exists(twin)) {
            complaints.about("twin", "matters.twin.unknown");
        }
        requireText(form, "patient", "matters.patient.missing", complaints);
        var day = reading.dayOfDeath();
        var hash = Document.hash(document, complaints);
        if (!complaints.none()) {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            return dying(form, complaints, model);
        }
        desk.fileDeath(twin, form.text("patient"), day.orElseThrow(), hash.orElseThrow(), hand(asker));
        next.addFlashAttribute("done", "matters.filed");
        return "redirect:/matters";
    }

    /** What waits for somebody else, is done, or never was: one answer. */
    private Matter find(Asker asker, String handle) {
        return delegates.waitingFor(hand(asker)).stream()
                .filter(matter -> matter.handle().value().equals(handle))
                .findFirst()
                .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    }

    private static Hand hand(Asker asker) {
        var as = switch (asker.account().role()) {
            case CLINICIAN -> Hand.As.CLINICIAN;
            case OPERATOR -> Hand.As.CUSTODIAN;
            case AUDITOR -> Hand.As.OVERSIGHT;
            case PATIENT -> Hand.As.DELEGATE;
            case INSURER, RESEARCHER -> throw new ResponseStatusException(HttpStatus.NOT_FOUND);
        };
        return new Hand(asker.account().id().toString(), as);
    }

    private static void requireText(Form form, String field, String key, Complaints complaints) {
        if (Optional.of(form.text(field))
                .filter(text -> text.length() <= 200)
                .orElse("")
                .isEmpty()) {
            complaints.about(field, key);
        }
    }

    private static String appointing(Form form, Complaints complaints, Model model) {
        model.addAttribute("form", form)
                .addAttribute("complaints", complaints)
                .addAttribute(
                        "kinds", List.of(Authority.Kind.PARENT, Authority.Kind.GUARDIAN, Authority.Kind.REPRESENTATIVE))
                .addAttribute("powers", Power.values())
                .addAttribute("chapters", AppointmentForm.CHAPTERS);
        return "delegates/appoint";
    }

    private static String dying(Form form, Complaints complaints, Model model) {
        model.addAttribute("form", form).addAttribute("complaints", complaints);
        return "delegates/death";
    }
}
