package org.twinkeep.portal.web.erasing;

import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.portal.web.Asker;
import org.twinkeep.portal.web.Complaints;
import org.twinkeep.portal.web.Form;
import org.twinkeep.portal.web.Ids;
import org.twinkeep.portal.web.NotShown;
import org.twinkeep.projections.reading.Door;
import org.twinkeep.projections.timeline.EntryPage;
import org.twinkeep.projections.timeline.Row;
import org.twinkeep.twin.EntryId;
import org.twinkeep.twin.erasure.Erasure;

/** Deleting one entry, with as much of what repeats it as the patient chooses. */
@Controller
class DeleteEntryController {
    private final Door door;
    private final Erasure erasure;

    DeleteEntryController(Door door, Erasure erasure) {
        this.door = door;
        this.erasure = erasure;
    }

    @GetMapping("/entries/{id}/delete")
    String ask(Asker asker, @PathVariable String id, Model model) {
        return form(read(asker, id), Form.EMPTY, new Complaints(), model);
    }

    @PostMapping("/entries/{id}/delete")
    String delete(
            Asker asker,
            @PathVariable String id,
            @RequestParam MultiValueMap<String, String> fields,
            Model model,
            HttpServletResponse response) {
        var entry = read(asker, id);
        var form = new Form(fields);
        var complaints = new Complaints();
        if (!entry.repeatedBy().isEmpty() && !form.text("with").matches("alone|all|ticked")) {
            complaints.about("with", "delete.with.missing");
        }
        if (form.text("with").equals("ticked") && form.all("also").isEmpty()) {
            complaints.about("also", "delete.also.missing");
        }
        if (!form.has("sure", "yes")) {
            complaints.about("sure", "delete.sure.missing");
        }
        if (!complaints.none()) {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            return form(entry, form, complaints, model);
        }
        var receipt = erasure.eraseEntries(asker.twin(), byChapter(chosen(entry, form)), asker.patient());
        return "redirect:/receipts/" + receipt.id();
    }

    private EntryPage read(Asker asker, String id) {
        return NotShown.orElseThrow(door.entry(asker.looker(), asker.twin(), Ids.entry(id)))
                .what();
    }

    private static List<Row> chosen(EntryPage entry, Form form) {
        var rows = new ArrayList<Row>(List.of(entry.row()));
        entry.repeatedBy().stream()
                .filter(row -> switch (form.text("with")) {
                    case "all" -> true;
                    case "ticked" -> form.has("also", row.entry().value());
                    default -> false;
                })
                .forEach(rows::add);
        return rows;
    }

    private static Map<Chapter, List<EntryId>> byChapter(List<Row> rows) {
        var byChapter = new EnumMap<Chapter, List<EntryId>>(Chapter.class);
        rows.forEach(row ->
                byChapter.computeIfAbsent(row.chapter(), _ -> new ArrayList<>()).add(row.entry()));
        return byChapter;
    }

    private static String form(EntryPage entry, Form form, Complaints complaints, Model model) {
        model.addAttribute("entry", entry).addAttribute("form", form).addAttribute("complaints", complaints);
        return "erasing/entry";
    }
}
