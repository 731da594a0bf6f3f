package org.twinkeep.portal.web.audit;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.twinkeep.consent.trail.Trail;

/** The trail as an auditor sees it: no clinical content, no chapters, no counts. */
@Controller
class AuditController {
    private static final int LEAVES_A_PAGE = 25;

    private final Trail trail;

    AuditController(Trail trail) {
        this.trail = trail;
    }

    @GetMapping("/trail")
    String trail(@RequestParam(defaultValue = "1") int page, Model model) {
        long size = trail.size();
        int pages = (int) Math.max(1, Math.ceilDiv(size, LEAVES_A_PAGE));
        int here = Math.clamp(page, 1, pages);
        model.addAttribute("leaves", trail.leaves((here - 1L) * LEAVES_A_PAGE, LEAVES_A_PAGE))
                .addAttribute("size", size)
                .addAttribute("page", here)
                .addAttribute("pages", pages)
                .addAttribute("checkpoint", trail.checkpointNote());
        return "audit/trail";
    }

    @GetMapping("/trail/how")
    String how(Model model) {
        model.addAttribute("key", HexFormat.of().formatHex(trail.verifyingKey().bytes()));
        return "audit/how";
    }

    @GetMapping("/trail/checkpoint")
    ResponseEntity<byte[]> checkpoint() {
        return file(trail.checkpointNote(), "checkpoint");
    }

    /** The proof of one leaf; a leaf that is newer than the newest checkpoint gets one first. */
    @GetMapping("/trail/{leaf}/proof")
    ResponseEntity<byte[]> proof(@PathVariable long leaf) {
        if (leaf < 0 || leaf >= trail.size()) {
            return ResponseEntity.notFound().build();
        }
        trail.checkpoint();
        return file(trail.proof(leaf), "leaf-" + leaf + ".tlog-proof");
    }

    private static ResponseEntity<byte[]> file(String text, String name) {
        return ResponseEntity.ok()
                .contentType(new MediaType("text", "plain", StandardCharsets.UTF_8))
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        ContentDisposition.attachment().filename(name).build().toString())
                .body(text.getBytes(StandardCharsets.UTF_8));
    }
}
