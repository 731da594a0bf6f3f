package org.twinkeep.portal.web.delegates;

import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;
import org.twinkeep.consent.delegation.Delegation;
import org.twinkeep.consent.delegation.DelegationCommand;
import org.twinkeep.consent.delegation.Hand;
import org.twinkeep.portal.delegates.Acting;
import org.twinkeep.portal.delegates.DelegateDesk;
import org.twinkeep.portal.delegates.Delegates;
import org.twinkeep.portal.delegates.Delegates.Named;
import org.twinkeep.portal.web.ActingInSession;
import org.twinkeep.portal.web.Asker;
import org.twinkeep.portal.web.Complaints;

/** The people for whom somebody acts: opening their record, going back to the own one, and stepping down. */
@Controller
class PeopleController {
    private final Delegates delegates;
    private final DelegateDesk desk;

    PeopleController(Delegates delegates, DelegateDesk desk) {
        this.delegates = delegates;
        this.desk = desk;
    }

    @GetMapping("/people")
    String list(Asker asker, @RequestParam(required = false) @Nullable String over, Model model) {
        List<DelegationLine> lines = delegates.naming(asker.account().id()).stream()
                .map(named -> DelegationLine.of(named.delegation(), delegates))
                .toList();
        model.addAttribute("lines", lines)
                .addAttribute("code", asker.account().id().toString())
                .addAttribute("own", asker.account().twin() != null)
                .addAttribute("over", over != null);
        return "delegates/people";
    }

    /** From here on the pages are about the other person's record. */
    @PostMapping("/people/{handle}/open")
    String open(Asker asker, @PathVariable String handle, HttpSession session) {
        var named = find(asker, handle);
        var acting = delegates.acting(asker.account().id(), named.twin());
        if (acting.isEmpty()) {
            return "redirect:/people?over";
        }
        ActingInSession.begin(session, named.twin());
        return "redirect:" + firstPage(acting.get());
    }

    private static String firstPage(Acting acting) {
        return acting.chapters().isEmpty() ? "/people" : "/timeline";
    }

    @PostMapping("/people/leave")
    String leave(HttpSession session) {
        ActingInSession.end(session);
        return "redirect:/people";
    }

    @PostMapping("/people/{handle}/end")
    String end(Asker asker, @PathVariable String handle, HttpSession session, RedirectAttributes next) {
        var named = find(asker, handle);
        desk.does(
                named.twin(), new DelegationCommand.End(named.delegation().handle(), delegate(asker), delegates.now()));
        ActingInSession.end(session);
        next.addFlashAttribute("done", "people.ended");
        return "redirect:/people";
    }

    @GetMapping("/people/{handle}/start")
    String start(Asker asker, @PathVariable String handle, Model model) {
        return start(find(asker, handle).delegation(), new Complaints(), model);
    }

    /** The patient can no longer decide, a document says; two other people have to confirm it. */
    @PostMapping("/people/{handle}/start")
    String asked(
            Asker asker,
            @PathVariable String handle,
            @RequestParam(required = false) @Nullable MultipartFile document,
            Model model,
            RedirectAttributes next,
            HttpServletResponse response) {
        var named = find(asker, handle);
        var complaints = new Complaints();
        var hash = Document.hash(document, complaints);
        if (hash.isEmpty()) {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            return start(named.delegation(), complaints, model);
        }
        desk.does(
                named.twin(),
                new DelegationCommand.AskToStart(
                        named.delegation().handle(), hash.get(), delegate(asker), delegates.now()));
        next.addFlashAttribute("done", "people.asked");
        return "redirect:/people";
    }

    private static String start(Delegation delegation, Complaints complaints, Model model) {
        model.addAttribute("delegation", delegation).addAttribute("complaints", complaints);
        return "delegates/start";
    }

    private Named find(Asker asker, String handle) {
        return Optional.of(handle).stream()
                .flatMap(text -> delegates.naming(asker.account().id()).stream()
                        .filter(named -> named.delegation().handle().value().equals(text)))
                .findFirst()
                .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    }

    private static Hand delegate(Asker asker) {
        return new Hand(asker.account().id().toString(), Hand.As.DELEGATE);
    }
}
