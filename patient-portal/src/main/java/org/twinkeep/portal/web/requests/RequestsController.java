package org.twinkeep.portal.web.requests;

import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.time.Clock;
import java.time.LocalDate;
import java.util.Arrays;
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
import org.twinkeep.consent.Terms;
import org.twinkeep.consent.research.DataUse;
import org.twinkeep.consent.research.Matching;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.portal.accounts.Account;
import org.twinkeep.portal.accounts.Accounts;
import org.twinkeep.portal.requests.Asked.State;
import org.twinkeep.portal.requests.Diseases;
import org.twinkeep.portal.requests.Draft;
import org.twinkeep.portal.requests.Received;
import org.twinkeep.portal.requests.Requests;
import org.twinkeep.portal.requests.ResearchCodes;
import org.twinkeep.portal.web.Asker;
import org.twinkeep.portal.web.Complaints;
import org.twinkeep.portal.web.Form;
import org.twinkeep.portal.web.NotShown;
import org.twinkeep.portal.web.SeedInSession;
import org.twinkeep.portal.web.consents.Answer;
import org.twinkeep.portal.web.consents.Sharing;
import org.twinkeep.projections.reading.Door;

/** What the patient was asked for: one page a request, from which saying yes, saying less and saying no are one step each. */
@Controller
class RequestsController {
    private final Requests requests;
    private final Accounts accounts;
    private final Sharing sharing;
    private final Door door;
    private final Clock clock;

    RequestsController(Requests requests, Accounts accounts, Sharing sharing, Door door, Clock clock) {
        this.requests = requests;
        this.accounts = accounts;
        this.sharing = sharing;
        this.door = door;
        this.clock = clock;
    }

    /** A code belongs to a sign-in: whoever has none is asked by nobody, and the page says so. */
    @GetMapping("/requests")
    String list(Asker asker, Model model) {
        if (accounts.ofTwin(asker.twin()).isEmpty()) {
            return "requests/none";
        }
        var all = requests.receivedBy(patient(asker));
        model.addAttribute("code", requests.code(patient(asker)).orElse(null))
                .addAttribute(
                        "open",
                        all.stream().filter(r -> r.state() == State.OPEN).toList())
                .addAttribute(
                        "ended",
                        all.stream().filter(r -> r.state() != State.OPEN).toList());
        return "requests/list";
    }

    @PostMapping("/requests/code")
    String newCode(Asker asker, RedirectAttributes next) {
        requests.newCode(patient(asker));
        next.addFlashAttribute("done", "requests.code.new.done");
        return "redirect:/requests";
    }

    @PostMapping("/requests/code/off")
    String noCode(Asker asker, RedirectAttributes next) {
        requests.withdrawCode(patient(asker));
        next.addFlashAttribute("done", "requests.code.off.done");
        return "redirect:/requests";
    }

    @GetMapping("/requests/{id}")
    String show(Asker asker, @PathVariable String id, Model model) {
        return page(asker, received(asker, id), Form.EMPTY, new Complaints(), model);
    }

    @PostMapping("/requests/{id}/accept")
    String accept(
            Asker asker,
            @PathVariable String id,
            @RequestParam MultiValueMap<String, String> fields,
            HttpSession session,
            Model model,
            RedirectAttributes next,
            HttpServletResponse response) {
        var received = received(asker, id);
        if (received.state() != State.OPEN) {
            next.addFlashAttribute("done", "requests.over");
            return "redirect:/requests";
        }
        var form = new Form(fields);
        var complaints = new Complaints();
        var draft = form.text("how").equals("less") ? narrowed(received.draft(), form, complaints) : received.draft();
        if (!Sharing.open(asker).containsAll(draft.chapters())) {
            complaints.about("chapters", "acting.chapter.missing");
        }
        if (!complaints.none()) {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            return page(asker, received, form, complaints, model);
        }
        var profile = NotShown.orElseThrow(door.timeline(asker.looker(), asker.twin()))
                .what()
                .profile();
        var answer = Answer.of(form.text(Answer.FIELD));
        var terms = terms(asker, received, draft);
        var granted = sharing.grant(asker, profile, terms, answer, SeedInSession.of(session));
        requests.accepted(patient(asker), id);
        next.addFlashAttribute("done", granted.isWhole() ? "requests.accepted.done" : granted.done());
        return "redirect:/requests";
    }

    @PostMapping("/requests/{id}/refuse")
    String refuse(Asker asker, @PathVariable String id, RedirectAttributes next) {
        var received = received(asker, id);
        next.addFlashAttribute(
                "done", requests.refuse(patient(asker), received.id()) ? "requests.refused.done" : "requests.over");
        return "redirect:/requests";
    }

    private static Draft narrowed(Draft asked, Form form, Complaints complaints) {
        var chapters = AskingForm.chapters(form);
        if (chapters.isEmpty() || !asked.chapters().containsAll(chapters)) {
            complaints.about("chapters", "grant.chapters.missing");
        }
        boolean later = form.text("later").equals("yes");
        if (!form.text("later").matches("yes|no") || (later && !asked.includesLater())) {
            complaints.about("later", "grant.later.missing");
        }
        var length = AskingForm.length(form).filter(l -> l.compareTo(asked.length()) <= 0);
        if (length.isEmpty()) {
            complaints.about("length", "asking.length.missing");
        }
        return complaints.none() ? asked.narrowed(chapters, length.orElseThrow(), later) : asked;
    }

    private String page(Asker asker, Received received, Form form, Complaints complaints, Model model) {
        var draft = received.draft();
        model.addAttribute("request", received)
                .addAttribute("form", form)
                .addAttribute("complaints", complaints)
                .addAttribute(
                        "chapters",
                        Arrays.stream(Chapter.values())
                                .filter(draft.chapters()::contains)
                                .toList())
                .addAttribute(
                        "lengths",
                        Arrays.stream(Draft.Length.values())
                                .filter(l -> l.compareTo(draft.length()) <= 0)
                                .toList());
        if (received.state() == State.OPEN) {
            var terms = terms(asker, received, draft);
            var counts = NotShown.orElseThrow(door.preview(asker.looker(), asker.twin(), terms))
                    .what();
            model.addAttribute("terms", terms)
                    .addAttribute("counts", counts)
                    .addAttribute(
                            "total",
                            counts.values().stream().mapToInt(Integer::intValue).sum());
        }
        if (draft.research() != null) {
            var allowed = requests.dataUse(patient(asker));
            model.addAttribute("codes", ResearchCodes.of(draft.research()))
                    .addAttribute("said", allowed.isPresent())
                    .addAttribute(
                            "match",
                            Matching.match(
                                    allowed.orElseGet(DataUse::of),
                                    draft.research(),
                                    Diseases.all().tree()));
        }
        return "requests/request";
    }

    /** To whom as the directory has them now; who is gone from it can no longer be given anything. */
    private Terms terms(Asker asker, Received received, Draft draft) {
        var zone = patient(asker).person().zone();
        var to = accounts.find(received.asker())
                .filter(account -> account.state() == Account.State.OPEN)
                .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
        return draft.terms(to, LocalDate.ofInstant(clock.instant(), zone), zone);
    }

    /** Whose requests these are: the asker's own, or those of whom they act for. */
    private Account patient(Asker asker) {
        return accounts.ofTwin(asker.twin()).orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    }

    private Received received(Asker asker, String id) {
        return requests.received(patient(asker), id)
                .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    }
}
