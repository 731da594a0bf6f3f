package org.twinkeep.portal.web.erasing;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.twinkeep.consent.trail.Look;
import org.twinkeep.consent.trail.Trail;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.portal.accounts.Accounts;
import org.twinkeep.portal.web.Asker;
import org.twinkeep.portal.web.Complaints;
import org.twinkeep.portal.web.Entering;
import org.twinkeep.portal.web.Form;
import org.twinkeep.portal.web.NotShown;
import org.twinkeep.portal.web.SeedInSession;
import org.twinkeep.portal.web.consents.Sharing;
import org.twinkeep.projections.reading.Door;
import org.twinkeep.twin.erasure.Erasure;

/** Deleting the whole twin: what goes, what remains, who holds copies; then a typed confirmation. */
@Controller
class DeleteTwinController {
    /** What the patient types, so that nobody deletes a twin by a slip. */
    static final String SENTENCE = "delete my twin";

    private final Door door;
    private final Trail trail;
    private final Sharing sharing;
    private final Erasure erasure;
    private final Accounts accounts;
    private final Entering entering;

    DeleteTwinController(
            Door door, Trail trail, Sharing sharing, Erasure erasure, Accounts accounts, Entering entering) {
        this.door = door;
        this.trail = trail;
        this.sharing = sharing;
        this.erasure = erasure;
        this.accounts = accounts;
        this.entering = entering;
    }

    /** Somebody who was shown entries, and so may hold copies. */
    public record Holder(String name, String organisation, String role, Instant last) {}

    @GetMapping("/delete-twin")
    String ask(Asker asker, Model model) {
        return page(asker, new Complaints(), model);
    }

    @PostMapping("/delete-twin")
    String delete(
            Asker asker,
            @RequestParam MultiValueMap<String, String> fields,
            Model model,
            HttpServletRequest request,
            HttpServletResponse response) {
        if (!new Form(fields).text("sentence").equalsIgnoreCase(SENTENCE)) {
            var complaints = new Complaints();
            complaints.about("sentence", "delete-twin.sentence.missing");
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            return page(asker, complaints, model);
        }
        var id = asker.account().id();
        sharing.endAll(asker.twin(), SeedInSession.of(request.getSession()));
        var receipt = erasure.eraseTwin(asker.twin(), asker.patient());
        accounts.keepReceipt(id, receipt.id());
        accounts.twinErased(asker.twin());
        return "redirect:" + entering.again(accounts.find(id).orElseThrow(), request, response);
    }

    private String page(Asker asker, Complaints complaints, Model model) {
        var timeline = NotShown.orElseThrow(door.timeline(asker.looker(), asker.twin()))
                .what();
        model.addAttribute("entries", timeline.rows().size())
                .addAttribute(
                        "live",
                        sharing.of(asker.twin()).stream().filter(Sharing::live).count())
                .addAttribute("holders", holders(asker.twin()))
                .addAttribute("sentence", SENTENCE)
                .addAttribute("complaints", complaints);
        return "erasing/twin";
    }

    private List<Holder> holders(TwinId twin) {
        var holders = new LinkedHashMap<String, Holder>();
        trail.looks(twin).stream()
                .filter(DeleteTwinController::handedOut)
                .forEach(look -> holders.putIfAbsent(
                        look.who().id(),
                        new Holder(
                                look.who().name(),
                                look.who().organisation(),
                                look.who().role(),
                                look.at())));
        return List.copyOf(holders.values());
    }

    private static boolean handedOut(Look look) {
        return look.entries() > 0
                && !look.who().role().equals("patient")
                && !look.who().role().equals("system");
    }
}
