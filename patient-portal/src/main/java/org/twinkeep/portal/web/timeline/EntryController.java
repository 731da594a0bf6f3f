package org.twinkeep.portal.web.timeline;

import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;
import org.twinkeep.crypto.sealing.Body;
import org.twinkeep.portal.web.Asker;
import org.twinkeep.portal.web.Complaints;
import org.twinkeep.portal.web.Form;
import org.twinkeep.portal.web.Ids;
import org.twinkeep.portal.web.NotShown;
import org.twinkeep.projections.reading.Door;
import org.twinkeep.projections.timeline.EntryPage;
import org.twinkeep.twin.TwinCommand.CorrectEntry;
import org.twinkeep.twin.Twins;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** One entry of the patient's own record, and saying that it is wrong. */
@Controller
class EntryController {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int LONGEST = 4000;

    private final Door door;
    private final Twins twins;
    private final Clock clock;

    EntryController(Door door, Twins twins, Clock clock) {
        this.door = door;
        this.twins = twins;
        this.clock = clock;
    }

    @GetMapping("/entries/{id}")
    String entry(Asker asker, @PathVariable String id, Model model) {
        var shown = NotShown.orElseThrow(door.entry(asker.looker(), asker.twin(), Ids.entry(id)));
        model.addAttribute("entry", shown.what()).addAttribute("receiptId", shown.receiptId());
        return "timeline/entry";
    }

    @GetMapping("/entries/{id}/correct")
    String correct(Asker asker, @PathVariable String id, Model model) {
        return form(read(asker, id), Form.EMPTY, new Complaints(), model);
    }

    @PostMapping("/entries/{id}/correct")
    String corrected(
            Asker asker,
            @PathVariable String id,
            @RequestParam MultiValueMap<String, String> fields,
            Model model,
            RedirectAttributes next,
            HttpServletResponse response) {
        var entry = read(asker, id);
        var form = new Form(fields);
        var complaints = new Complaints();
        if (form.text("says").isEmpty()) {
            complaints.about("says", "correct.says.missing");
        }
        for (var field : new String[] {"says", "value", "reason"}) {
            if (form.text(field).length() > LONGEST) {
                complaints.about(field, "correct.long");
            }
        }
        if (!complaints.none()) {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            return form(entry, form, complaints, model);
        }
        var row = entry.row();
        twins.correct(new CorrectEntry(
                asker.twin(), row.chapter(), row.entry(), statement(form), clock.instant(), asker.patient()));
        next.addFlashAttribute("done", "correct.done");
        return "redirect:/entries/" + row.entry();
    }

    /** Keeps it closer, or as before; every view is built anew when it is next asked for. */
    @PostMapping("/entries/{id}/closer")
    String closer(
            Asker asker,
            @PathVariable String id,
            @RequestParam(defaultValue = "") String keep,
            RedirectAttributes next) {
        var entry = read(asker, id);
        var row = entry.row();
        boolean closer = keep.equals("closer");
        if (closer != row.keptCloser() && !entry.isOwn()) {
            var content = JSON.createObjectNode()
                    .put("says", closer ? "Keep this closer." : "Keep this as before.")
                    .put("closer", closer);
            twins.correct(new CorrectEntry(
                    asker.twin(), row.chapter(), row.entry(), body(content), clock.instant(), asker.patient()));
        }
        next.addFlashAttribute("done", closer ? "entry.closer.done" : "entry.closer.undone");
        return "redirect:/entries/" + row.entry();
    }

    private EntryPage read(Asker asker, String id) {
        return NotShown.orElseThrow(door.entry(asker.looker(), asker.twin(), Ids.entry(id)))
                .what();
    }

    private static String form(EntryPage entry, Form form, Complaints complaints, Model model) {
        model.addAttribute("entry", entry).addAttribute("form", form).addAttribute("complaints", complaints);
        return "timeline/correct";
    }

    private static Body statement(Form form) {
        var content = JSON.createObjectNode().put("says", form.text("says"));
        for (var field : new String[] {"value", "reason"}) {
            if (!form.text(field).isEmpty()) {
                content.put(field, form.text(field));
            }
        }
        return body(content);
    }

    private static Body body(ObjectNode content) {
        return new Body(
                1,
                JSON.writeValueAsBytes(JSON.createObjectNode().put("statement", 1)),
                JSON.writeValueAsBytes(content));
    }
}
