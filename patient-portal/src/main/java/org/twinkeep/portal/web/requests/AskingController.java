package org.twinkeep.portal.web.requests;

import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;
import org.twinkeep.consent.purposes.PurposeCatalogue;
import org.twinkeep.consent.research.Aim;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.portal.accounts.Role;
import org.twinkeep.portal.requests.Diseases;
import org.twinkeep.portal.requests.Draft;
import org.twinkeep.portal.requests.RequestRefused;
import org.twinkeep.portal.requests.Requests;
import org.twinkeep.portal.web.Asker;
import org.twinkeep.portal.web.Form;

/** What somebody asked patients for; a new request; taking one back. Every code is answered alike. */
@Controller
class AskingController {
    private final Requests requests;

    AskingController(Requests requests) {
        this.requests = requests;
    }

    @GetMapping("/asked")
    String asked(Asker asker, Model model) {
        model.addAttribute("asked", requests.askedBy(asker.account()));
        return "requests/asked";
    }

    @GetMapping("/asked/new")
    String fill(Asker asker, Model model) {
        return form(asker, new AskingForm(Form.EMPTY, asker.account().role()), model);
    }

    @PostMapping("/asked")
    String ask(
            Asker asker,
            @RequestParam MultiValueMap<String, String> fields,
            Model model,
            RedirectAttributes next,
            HttpServletResponse response) {
        var form = new AskingForm(new Form(fields), asker.account().role());
        var filled = form.read();
        if (filled.isPresent()) {
            try {
                requests.ask(
                        asker.account(),
                        filled.get().code(),
                        filled.get().draft(),
                        filled.get().why());
                next.addFlashAttribute("done", "asking.done");
                return "redirect:/asked";
            } catch (RequestRefused e) {
                form.complaints().about("code", e.why().sentence());
            }
        }
        response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
        return form(asker, form, model);
    }

    @PostMapping("/asked/{id}/withdraw")
    String withdraw(Asker asker, @PathVariable String id, RedirectAttributes next) {
        if (requests.withdraw(asker.account(), id)) {
            next.addFlashAttribute("done", "asking.withdrawn");
        }
        return "redirect:/asked";
    }

    private static String form(Asker asker, AskingForm form, Model model) {
        var role = asker.account().role();
        model.addAttribute("form", form.form())
                .addAttribute("complaints", form.complaints())
                .addAttribute("purposes", PurposeCatalogue.current().askedBy(role.code()))
                .addAttribute(
                        "chapters",
                        Arrays.stream(Chapter.values())
                                .filter(chapter -> chapter != Chapter.SAFETY)
                                .toList())
                .addAttribute("lengths", Draft.Length.values())
                .addAttribute("insurer", role == Role.INSURER)
                .addAttribute("researcher", role == Role.RESEARCHER)
                .addAttribute("aims", Aim.values())
                .addAttribute("diseases", Diseases.all().list())
                .addAttribute("yesOrNo", AskingForm.YES_OR_NO)
                .addAttribute("named", AskingForm.NAMED);
        return "requests/new";
    }
}
