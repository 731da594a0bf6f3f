package org.twinkeep.portal.web.consents;

import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;
import org.twinkeep.consent.Denial;
import org.twinkeep.consent.Purpose;
import org.twinkeep.consent.decision.Dialect;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.portal.accounts.Account;
import org.twinkeep.portal.accounts.Accounts;
import org.twinkeep.portal.web.Asker;
import org.twinkeep.portal.web.Complaints;
import org.twinkeep.portal.web.Form;
import org.twinkeep.portal.web.SeedInSession;
import org.twinkeep.portal.web.Words;
import org.twinkeep.portal.web.consents.Bringing.Checked;

/** What the patient never shows: said in one step; and consents that somebody else wrote, told before they are signed. */
@Controller
class NeverController {
    private static final String ANY = "any";

    private final Sharing sharing;
    private final Accounts accounts;
    private final Bringing bringing;
    private final Told told;
    private final Clock clock;

    NeverController(Sharing sharing, Accounts accounts, Bringing bringing, Told told, Clock clock) {
        this.sharing = sharing;
        this.accounts = accounts;
        this.bringing = bringing;
        this.told = told;
        this.clock = clock;
    }

    @GetMapping("/consents/never")
    String ask(Asker asker, Model model) {
        return page(asker, Form.EMPTY, new Complaints(), model);
    }

    @PostMapping("/consents/never")
    String say(
            Asker asker,
            @RequestParam MultiValueMap<String, String> fields,
            HttpSession session,
            Model model,
            RedirectAttributes next,
            HttpServletResponse response) {
        var form = new Form(fields);
        var complaints = new Complaints();
        var denial = read(asker, form, complaints);
        if (denial.isEmpty()) {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            return page(asker, form, complaints, model);
        }
        sharing.never(asker, denial.get(), SeedInSession.of(session));
        next.addFlashAttribute("done", "never.done");
        return "redirect:/consents";
    }

    /** Who acts for a patient denies what they may share: never everything, which would be more than they see. */
    private Optional<Denial> read(Asker asker, Form form, Complaints complaints) {
        var grantee = people().stream()
                .filter(account -> form.has("grantee", account.id().toString()))
                .findFirst();
        if (grantee.isEmpty() && !form.has("grantee", ANY)) {
            complaints.about("grantee", "never.grantee.missing");
        }
        var purpose = Purpose.ofCode(form.text("purpose")).filter(GrantForm.PURPOSES::contains);
        if (purpose.isEmpty() && !form.has("purpose", ANY)) {
            complaints.about("purpose", "never.purpose.missing");
        }
        var chapters = EnumSet.noneOf(Chapter.class);
        form.all("chapters").forEach(code -> Chapter.ofCode(code).ifPresent(chapters::add));
        boolean everything = asker.acting() == null && form.has("what", "everything");
        if (!everything && !form.has("what", "chapters")) {
            complaints.about("what", "never.what.missing");
        } else if (!everything && chapters.isEmpty()) {
            complaints.about("what", "grant.chapters.missing");
        } else if (!Sharing.open(asker).containsAll(chapters)) {
            complaints.about("what", "acting.chapter.missing");
        }
        if (!complaints.none()) {
            return Optional.empty();
        }
        return Optional.of(new Denial(
                grantee.map(account -> account.id().toString()).orElse(null),
                grantee.map(NeverController::named).orElse(""),
                purpose.orElse(null),
                everything ? Set.of() : chapters));
    }

    private String page(Asker asker, Form form, Complaints complaints, Model model) {
        model.addAttribute("form", form)
                .addAttribute("complaints", complaints)
                .addAttribute("people", people())
                .addAttribute("purposes", GrantForm.PURPOSES)
                .addAttribute(
                        "chapters",
                        Arrays.stream(Chapter.values())
                                .filter(Sharing.open(asker)::contains)
                                .toList());
        return "consents/never";
    }

    /** Everybody who could be given something. */
    private List<Account> people() {
        return accounts.all().stream()
                .filter(account -> account.state() == Account.State.OPEN)
                .filter(account -> switch (account.role()) {
                    case CLINICIAN, INSURER, RESEARCHER -> true;
                    case PATIENT, AUDITOR, OPERATOR -> false;
                })
                .toList();
    }

    private static String named(Account account) {
        var organisation = account.person().organisation();
        return organisation.isEmpty() ? account.name() : account.name() + ", " + organisation;
    }

    // --- what somebody else wrote

    @GetMapping("/consents/bring")
    String bring(Asker asker, Model model) {
        asker.twin();
        if (!sharing.isProved(asker)) {
            return "redirect:/consents";
        }
        return bringPage(Form.EMPTY, new Complaints(), null, model);
    }

    /** Reads it and tells what it says; nothing is kept. */
    @PostMapping("/consents/bring")
    String check(
            Asker asker,
            @RequestParam MultiValueMap<String, String> fields,
            @RequestParam(required = false) @Nullable MultipartFile consent,
            @ModelAttribute("words") Words words,
            Model model,
            HttpServletResponse response)
            throws IOException {
        asker.twin();
        var form = new Form(fields);
        var complaints = new Complaints();
        var dialect = dialect(form);
        if (dialect.isEmpty()) {
            complaints.about("version", "bring.version.missing");
        }
        if (consent == null || consent.isEmpty()) {
            complaints.about("consent", "bring.consent.missing");
        }
        if (consent == null || !complaints.none()) {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            return bringPage(form, complaints, null, model);
        }
        return told(dialect.orElseThrow(), consent.getBytes(), form, words, model, response);
    }

    /** Signs and keeps it, after the same look. */
    @PostMapping("/consents/bring/keep")
    String keep(
            Asker asker,
            @RequestParam MultiValueMap<String, String> fields,
            HttpSession session,
            @ModelAttribute("words") Words words,
            Model model,
            RedirectAttributes next,
            HttpServletResponse response) {
        var form = new Form(fields);
        var dialect = dialect(form);
        var json = decoded(form.text("text"));
        if (dialect.isEmpty() || json.length == 0) {
            return "redirect:/consents/bring";
        }
        var text = text(json);
        if (text.isEmpty() || !(bringing.check(dialect.get(), json, clock.instant()) instanceof Checked.Fits)) {
            return told(dialect.get(), json, form, words, model, response);
        }
        sharing.bring(asker.twin(), dialect.get(), text.get(), SeedInSession.of(session));
        next.addFlashAttribute("done", "bring.done");
        return "redirect:/consents";
    }

    private String told(
            Dialect dialect, byte[] json, Form form, Words words, Model model, HttpServletResponse response) {
        var checked = text(json).isEmpty()
                ? new Checked.Refused("bring.refused.NO_CONSENT", "Consent")
                : bringing.check(dialect, json, clock.instant());
        return switch (checked) {
            case Checked.Refused refused -> {
                response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
                yield bringPage(form, new Complaints(), refused, model);
            }
            case Checked.Fits(var statement) -> {
                model.addAttribute("lines", told.lines(statement, words))
                        .addAttribute("base", Told.base(statement))
                        .addAttribute("term", Told.term(statement, words))
                        .addAttribute("version", dialect.name())
                        .addAttribute("text", Base64.getEncoder().encodeToString(json));
                yield "consents/brought";
            }
        };
    }

    private static String bringPage(Form form, Complaints complaints, Checked.@Nullable Refused refused, Model model) {
        model.addAttribute("form", form).addAttribute("complaints", complaints).addAttribute("refused", refused);
        return "consents/bring";
    }

    private static Optional<Dialect> dialect(Form form) {
        return switch (form.text("version")) {
            case "R4" -> Optional.of(Dialect.R4);
            case "R5" -> Optional.of(Dialect.R5);
            default -> Optional.empty();
        };
    }

    private static byte[] decoded(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    /** JSON is UTF-8 (RFC 8259, 8.1); what is not is no text, and is never repaired. */
    private static Optional<String> text(byte[] json) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(json))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
