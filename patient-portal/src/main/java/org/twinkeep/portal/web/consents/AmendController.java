package org.twinkeep.portal.web.consents;

import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.time.Clock;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
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
import org.twinkeep.consent.Consent;
import org.twinkeep.consent.Period;
import org.twinkeep.consent.Terms;
import org.twinkeep.consent.ledger.LedgerRefused;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.portal.requests.Draft;
import org.twinkeep.portal.web.Asker;
import org.twinkeep.portal.web.Complaints;
import org.twinkeep.portal.web.Form;
import org.twinkeep.portal.web.SeedInSession;

/**
 * Changing what a consent says: fewer chapters, no later entries, another end. The patient sees what changes, then signs it in
 * one step; who gets more of anything is shared with anew.
 */
@Controller
class AmendController {
    private static final String SAME = "same";

    private final Sharing sharing;
    private final Clock clock;

    AmendController(Sharing sharing, Clock clock) {
        this.sharing = sharing;
        this.clock = clock;
    }

    @GetMapping("/consents/{handle}/amend")
    String ask(Asker asker, @PathVariable String handle, Model model) {
        return page(asker, consent(asker, handle), new Complaints(), null, model);
    }

    /** Shows what would change; with {@code sure} it is changed. */
    @PostMapping("/consents/{handle}/amend")
    String amend(
            Asker asker,
            @PathVariable String handle,
            @RequestParam MultiValueMap<String, String> fields,
            HttpSession session,
            Model model,
            RedirectAttributes next,
            HttpServletResponse response) {
        var consent = consent(asker, handle);
        var form = new Form(fields);
        var complaints = new Complaints();
        var terms = read(asker, consent.terms(), form, complaints);
        if (terms.isPresent() && form.text("sure").equals("yes")) {
            try {
                var answer = Answer.of(form.text(Answer.FIELD));
                sharing.amend(asker, consent, terms.get(), answer, SeedInSession.of(session));
                next.addFlashAttribute("done", "amend.done");
                return "redirect:/consents";
            } catch (LedgerRefused e) {
                if (e.why() != LedgerRefused.Why.BAD_SIGNATURE) {
                    throw e;
                }
                complaints.about("chapters", "amend.other-key");
            }
        }
        if (!complaints.none()) {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            return page(asker, consent, complaints, form, model);
        }
        model.addAttribute("consent", consent)
                .addAttribute("terms", terms.orElseThrow())
                .addAttribute("form", form);
        return "consents/amended";
    }

    /** What is left, where it is less or lasts for another time, and the patient said what. */
    private Optional<Terms> read(Asker asker, Terms old, Form form, Complaints complaints) {
        var chapters = EnumSet.noneOf(Chapter.class);
        form.all("chapters").forEach(code -> Chapter.ofCode(code).ifPresent(chapters::add));
        if (chapters.isEmpty()) {
            complaints.about("chapters", "amend.nothing-left");
        } else if (!old.chapters().containsAll(chapters)) {
            complaints.about("chapters", "amend.more");
        }
        boolean later = form.text("later").equals("yes");
        if (later && !old.includesLater()) {
            complaints.about("later", "amend.more");
        }
        var term = term(asker, old.term(), form.text("length"));
        if (term.isEmpty()) {
            complaints.about("length", "grant.term.missing");
        }
        if (!complaints.none()) {
            return Optional.empty();
        }
        var changed = new Terms(
                old.granteeId(),
                old.granteeName(),
                old.organisation(),
                old.purpose(),
                chapters,
                old.dataPeriod(),
                later,
                term.orElseThrow());
        if (changed.equals(old)) {
            complaints.about("chapters", "amend.same");
            return Optional.empty();
        }
        return Optional.of(changed);
    }

    /** From today on, or from the day on which it begins, for so long; nothing where no length was named. */
    private Optional<Period> term(Asker asker, Period old, String length) {
        if (length.equals(SAME)) {
            return Optional.of(old);
        }
        var today =
                LocalDate.ofInstant(clock.instant(), asker.account().person().zone());
        var begins = old.from();
        var first = begins != null && begins.isAfter(today) ? begins : today;
        return Arrays.stream(Draft.Length.values())
                .filter(one -> one.name().toLowerCase(Locale.ROOT).equals(length))
                .findFirst()
                .map(one -> new Period(begins, one.lastDay(first), old.zone()));
    }

    /** Live and the patient's own to sign: what somebody acting for the patient shared is ended and shared anew. */
    private Consent consent(Asker asker, String handle) {
        if (asker.acting() != null) {
            throw new ResponseStatusException(HttpStatus.NOT_FOUND);
        }
        return sharing.of(asker.twin()).stream()
                .filter(own -> own.handle().value().equals(handle))
                .filter(Sharing::live)
                .findFirst()
                .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    }

    /** @param form as it was filled in; null: what holds now */
    private String page(Asker asker, Consent consent, Complaints complaints, @Nullable Form form, Model model) {
        var terms = consent.terms();
        model.addAttribute("consent", consent)
                .addAttribute("chapters", inOrder(terms.chapters()))
                .addAttribute("ticked", form == null ? codes(terms.chapters()) : form.all("chapters"))
                .addAttribute(
                        "later",
                        form == null
                                ? terms.includesLater()
                                : form.text("later").equals("yes"))
                .addAttribute("length", form == null ? SAME : form.text("length"))
                .addAttribute("lengths", Draft.Length.values())
                .addAttribute("versions", sharing.versions(asker.twin(), consent.handle()))
                .addAttribute("complaints", complaints);
        return "consents/amend";
    }

    private static List<Chapter> inOrder(Set<Chapter> chapters) {
        return Arrays.stream(Chapter.values()).filter(chapters::contains).toList();
    }

    private static List<String> codes(Set<Chapter> chapters) {
        return chapters.stream().map(Chapter::code).toList();
    }
}
