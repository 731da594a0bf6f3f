package org.twinkeep.portal.web.requests;

import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;
import org.twinkeep.consent.research.DataUse;
import org.twinkeep.consent.research.Duo;
import org.twinkeep.portal.requests.Diseases;
import org.twinkeep.portal.requests.Requests;
import org.twinkeep.portal.web.Asker;
import org.twinkeep.portal.web.Form;

/** What the patient allows researchers, in the terms of the Data Use Ontology. It gives nobody access: it sorts requests. */
@Controller
class ResearchController {
    private final Requests requests;

    ResearchController(Requests requests) {
        this.requests = requests;
    }

    @GetMapping("/research")
    String show(Asker asker, Model model) {
        asker.twin();
        var allowed = requests.dataUse(asker.account());
        var fields = new LinkedMultiValueMap<String, String>();
        allowed.ifPresent(use -> use.terms().forEach(term -> filled(term, fields)));
        if (allowed.isPresent() && !fields.containsKey("permission")) {
            fields.add("permission", "none");
        }
        return page(new DataUseForm(new Form(fields)), model);
    }

    private static void filled(DataUse.Term term, MultiValueMap<String, String> fields) {
        Duo.ofId(term.code()).ifPresent(duo -> {
            fields.add(duo.kind() == Duo.Kind.PERMISSION ? "permission" : "modifiers", duo.name());
            switch (duo) {
                case DS -> term.values().forEach(code -> fields.add("diseases", code));
                case MOR ->
                    term.values().forEach(day -> {
                        fields.add("MOR-year", day.substring(0, 4));
                        fields.add("MOR-month", day.substring(5, 7));
                        fields.add("MOR-day", day.substring(8));
                    });
                default ->
                    fields.add(duo.name(), term.values().stream().sorted().collect(Collectors.joining(", ")));
            }
        });
    }

    @PostMapping("/research")
    String keep(
            Asker asker,
            @RequestParam MultiValueMap<String, String> fields,
            Model model,
            RedirectAttributes next,
            HttpServletResponse response) {
        asker.twin();
        var form = new DataUseForm(new Form(fields));
        var use = form.read();
        if (use.isEmpty()) {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            return page(form, model);
        }
        requests.allow(asker.account(), use.get());
        next.addFlashAttribute("done", "research.done");
        return "redirect:/research";
    }

    private static String page(DataUseForm form, Model model) {
        model.addAttribute("form", form.form())
                .addAttribute("complaints", form.complaints())
                .addAttribute("permissions", List.of(Duo.NRES, Duo.GRU, Duo.HMB, Duo.DS, Duo.POA))
                .addAttribute("modifiers", DataUseForm.PLAIN)
                .addAttribute("valued", DataUseForm.NAMED)
                .addAttribute("diseases", Diseases.all().list());
        return "requests/research";
    }
}
