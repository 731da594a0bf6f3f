package org.twinkeep.portal.web.consents;

import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.time.Clock;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;
import org.twinkeep.consent.Consent;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.OtherConsent;
import org.twinkeep.consent.delegation.Power;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.Secret;
import org.twinkeep.portal.accounts.Account;
import org.twinkeep.portal.accounts.Accounts;
import org.twinkeep.portal.web.Asker;
import org.twinkeep.portal.web.Form;
import org.twinkeep.portal.web.NotShown;
import org.twinkeep.portal.web.SeedInSession;
import org.twinkeep.portal.web.Words;
import org.twinkeep.projections.reading.Door;

/** What the patient shares: the list, a new grant in two steps, and ending one in a single step. */
@Controller
class ConsentsController {
    /** Chapters that can hurt when the wrong person reads them; the form explains each. */
    static final Set<Chapter> SENSITIVE = EnumSet.of(
            Chapter.GENOMICS,
            Chapter.MENTAL_HEALTH,
            Chapter.SEXUAL_HEALTH,
            Chapter.SUBSTANCE_USE,
            Chapter.SAFETY,
            Chapter.SOCIAL);

    private final Sharing sharing;
    private final Accounts accounts;
    private final Door door;
    private final Told told;
    private final Clock clock;

    ConsentsController(Sharing sharing, Accounts accounts, Door door, Told told, Clock clock) {
        this.told = told;
        this.sharing = sharing;
        this.accounts = accounts;
        this.door = door;
        this.clock = clock;
    }

    /** @param why the key of the sentence that says it */
    record Ended(Consent consent, String why) {}

    @GetMapping("/consents")
    String list(Asker asker, @ModelAttribute("words") Words words, HttpSession session, Model model) {
        var all = sharing.of(asker.twin());
        var others = told.of(
                sharing.others(asker.twin()),
                other -> sharing.saidBy(asker.twin(), other),
                other -> sharing.mayEnd(asker, other),
                words);
        model.addAttribute("never", others.stream().filter(Told.Of::holds).toList())
                .addAttribute(
                        "neverEnded", others.stream().filter(o -> !o.holds()).toList())
                .addAttribute(
                        "closed",
                        all.stream()
                                .filter(Sharing::live)
                                .collect(Collectors.toMap(c -> c.handle().value(), sharing::closed)));
        var live = all.stream().filter(Sharing::live).toList();
        model.addAttribute("unread", sharing.unread(asker.twin())).addAttribute("proved", sharing.isProved(asker));
        var seed = SeedInSession.of(session);
        model.addAttribute("implicit", sharing.implicitPolicy().code())
                .addAttribute(
                        "changeable",
                        live.stream()
                                .filter(c -> asker.acting() == null
                                        && sharing.isProved(asker)
                                        && sharing.isOwn(c.handle(), seed))
                                .map(Consent::handle)
                                .collect(Collectors.toSet()))
                .addAttribute("nothing", sharing.showingNothing(asker.twin()))
                .addAttribute(
                        "renewable",
                        live.stream()
                                .filter(c -> mayRenew(asker, c))
                                .map(Consent::handle)
                                .collect(Collectors.toSet()));
        model.addAttribute("death", sharing.death(asker.twin()).orElse(null))
                .addAttribute("afterDeath", sharing.afterDeath())
                .addAttribute("live", live)
                .addAttribute("proofs", sharing.onOthersWord(asker.twin(), live))
                .addAttribute(
                        "ended",
                        all.stream()
                                .filter(c -> !Sharing.live(c))
                                .map(c -> new Ended(c, sharing.whyEnded(c)))
                                .toList());
        return "consents/list";
    }

    @GetMapping("/consents/new")
    String grant(Asker asker, @RequestParam MultiValueMap<String, String> fields, Model model) {
        if (sharing.death(asker.twin()).isPresent() || !sharing.isProved(asker)) {
            return "redirect:/consents";
        }
        var form = new Form(fields);
        return form(
                asker,
                new GrantForm(form, today(asker), asker.account().person().zone(), Sharing.open(asker)),
                form,
                model);
    }

    /** Back from the preview: the form as it was filled in. */
    @PostMapping("/consents/change")
    String change(Asker asker, @RequestParam MultiValueMap<String, String> fields, Model model) {
        return grant(asker, fields, model);
    }

    @PostMapping("/consents/preview")
    String preview(
            Asker asker,
            @RequestParam MultiValueMap<String, String> fields,
            Model model,
            HttpServletResponse response) {
        var form = new Form(fields);
        var grant = new GrantForm(form, today(asker), asker.account().person().zone(), Sharing.open(asker));
        var terms = grant.read(accounts.clinicians());
        if (terms.isEmpty()) {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            return form(asker, grant, form, model);
        }
        var counts = NotShown.orElseThrow(door.preview(asker.looker(), asker.twin(), terms.get()))
                .what();
        var profile = NotShown.orElseThrow(door.timeline(asker.looker(), asker.twin()))
                .what()
                .profile();
        model.addAttribute("terms", terms.get())
                .addAttribute("counts", counts)
                .addAttribute("chapters", inOrder(terms.get().chapters()))
                .addAttribute(
                        "total",
                        counts.values().stream().mapToInt(Integer::intValue).sum())
                .addAttribute("profile", profile)
                .addAttribute("sensitive", SENSITIVE)
                .addAttribute("form", form);
        return "consents/preview";
    }

    @PostMapping("/consents")
    String confirm(
            Asker asker,
            @RequestParam MultiValueMap<String, String> fields,
            HttpSession session,
            Model model,
            RedirectAttributes next,
            HttpServletResponse response) {
        var form = new Form(fields);
        var grant = new GrantForm(form, today(asker), asker.account().person().zone(), Sharing.open(asker));
        var terms = grant.read(accounts.clinicians());
        if (terms.isEmpty()) {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            return form(asker, grant, form, model);
        }
        var profile = NotShown.orElseThrow(door.timeline(asker.looker(), asker.twin()))
                .what()
                .profile();
        var answer = Answer.of(form.text(Answer.FIELD));
        var granted = sharing.grant(asker, profile, terms.get(), answer, SeedInSession.of(session));
        next.addFlashAttribute("done", granted.done());
        return "redirect:/consents";
    }

    @PostMapping("/consents/{handle}/end")
    String end(Asker asker, @PathVariable String handle, HttpSession session, RedirectAttributes next) {
        var consent = Stream.concat(sharing.of(asker.twin()).stream(), sharing.showingNothing(asker.twin()).stream())
                .filter(c -> c.handle().value().equals(handle))
                .findFirst();
        if (consent.isPresent()) {
            if (Sharing.live(consent.get())) {
                sharing.end(asker, consent.get().handle(), SeedInSession.of(session));
            }
            next.addFlashAttribute("done", "consents.ended.done");
        } else {
            next.addFlashAttribute("done", endOther(asker, handle, SeedInSession.of(session)));
        }
        return "redirect:/consents";
    }

    /** @return the key of the words that say what became of it */
    private String endOther(Asker asker, String handle, Secret seed) {
        var mine = sharing.others(asker.twin()).stream()
                .filter(other -> sharing.mayEnd(asker, other))
                .map(OtherConsent::handle);
        var unread = asker.acting() == null ? sharing.unread(asker.twin()).stream() : Stream.<ConsentHandle>of();
        return Stream.concat(mine, unread)
                .filter(other -> other.value().equals(handle))
                .findFirst()
                .map(other -> sharing.endOther(asker, other, seed) ? "never.ended.done" : "never.ended.not-proved")
                .orElseGet(() -> asker.acting() == null ? "never.ended.not-proved" : "never.not-yours");
    }

    /** Of what has no last day nothing is to be made longer; whoever acts for a patient shares only what they may. */
    private boolean mayRenew(Asker asker, Consent consent) {
        var acting = asker.acting();
        return consent.terms().term().to() != null
                && sharing.isProved(asker)
                && (acting == null || acting.may(Power.GRANT))
                && Sharing.open(asker).containsAll(consent.terms().chapters());
    }

    private String form(Asker asker, GrantForm grant, Form form, Model model) {
        var people = accounts.clinicians();
        model.addAttribute("form", form)
                .addAttribute("complaints", grant.complaints())
                .addAttribute("people", found(people, form))
                .addAttribute("inDirectory", people.size())
                .addAttribute("purposes", GrantForm.PURPOSES)
                .addAttribute(
                        "usual",
                        Arrays.stream(Chapter.values())
                                .filter(c -> !SENSITIVE.contains(c))
                                .filter(Sharing.open(asker)::contains)
                                .toList())
                .addAttribute(
                        "sensitive",
                        SENSITIVE.stream().filter(Sharing.open(asker)::contains).toList());
        return "consents/new";
    }

    /** Everybody whose name or organisation has the words sought; and whoever is picked already. */
    private static List<Account> found(List<Account> people, Form form) {
        var words = form.text("who").toLowerCase(Locale.ROOT).split("\\s+");
        return people.stream()
                .filter(a -> form.text("grantee").equals(a.id().toString())
                        || Arrays.stream(words)
                                .allMatch(
                                        (a.person().name() + " " + a.person().organisation()).toLowerCase(Locale.ROOT)
                                                ::contains))
                .toList();
    }

    private static List<Chapter> inOrder(Set<Chapter> chapters) {
        return Arrays.stream(Chapter.values()).filter(chapters::contains).toList();
    }

    private LocalDate today(Asker asker) {
        return LocalDate.ofInstant(clock.instant(), asker.account().person().zone());
    }
}
