package org.twinkeep.portal.web.lookers;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.RequestParam;
import org.twinkeep.consent.emergency.BreakTheGlass;
import org.twinkeep.consent.emergency.Emergency;
import org.twinkeep.consent.trail.Look;
import org.twinkeep.consent.trail.Trail;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.KeyScope;
import org.twinkeep.portal.web.Asker;
import org.twinkeep.portal.web.Ids;
import org.twinkeep.portal.web.Paging;
import org.twinkeep.portal.web.Words;
import org.twinkeep.portal.web.consents.Sharing;
import tools.jackson.databind.json.JsonMapper;

/** Who looked and who was refused: one row a visit, and all of it as a file. */
@Controller
class LookersController {
    private static final int VISITS_A_PAGE = 25;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Trail trail;
    private final Sharing sharing;
    private final BreakTheGlass glass;
    private final Clock clock;

    LookersController(Trail trail, Sharing sharing, BreakTheGlass glass, Clock clock) {
        this.trail = trail;
        this.sharing = sharing;
        this.glass = glass;
        this.clock = clock;
    }

    @GetMapping("/lookers")
    String lookers(
            Asker asker,
            @RequestParam(defaultValue = "others") String whose,
            @RequestParam(defaultValue = "") String by,
            @RequestParam(defaultValue = "1") int page,
            Model model) {
        var looks = trail.looks(asker.twin()).stream()
                .filter(look -> by.isEmpty() || look.who().id().equals(by))
                .filter(look -> switch (whose) {
                    case "all" -> true;
                    case "refused" -> !look.permitted();
                    default -> !look.who().id().equals(asker.account().id().toString());
                })
                .toList();
        model.addAttribute("visits", Paging.of(LookerVisit.of(looks), page, VISITS_A_PAGE))
                .addAttribute("whose", whose.equals("all") || whose.equals("refused") ? whose : "others")
                .addAttribute("by", Ids.account(by))
                .addAttribute("consents", consents(asker))
                .addAttribute("emergencies", emergencies(asker))
                .addAttribute("now", clock.instant());
        return "lookers/lookers";
    }

    private Map<String, Emergency> emergencies(Asker asker) {
        return glass.of(asker.twin()).all().stream()
                .collect(Collectors.toMap(each -> each.handle().value(), each -> each));
    }

    /** What a handle means, in words. */
    private Map<String, String> consents(Asker asker) {
        return sharing.of(asker.twin()).stream()
                .collect(Collectors.toMap(
                        consent -> consent.handle().value(),
                        consent -> consent.terms().granteeName() + ", "
                                + consent.terms().organisation(),
                        (one, _) -> one));
    }

    @GetMapping("/lookers/list.csv")
    ResponseEntity<byte[]> csv(Asker asker, @ModelAttribute("words") Words words) {
        var lines = new StringBuilder(
                "time,person,organisation,role,purpose,answer,reason,consents,chapters,entries,leaf,hash\r\n");
        for (var look : trail.looks(asker.twin())) {
            lines.append(String.join(
                            ",",
                            time(look, words),
                            cell(look.who().name()),
                            cell(look.who().organisation()),
                            cell(words.role(look.who().role())),
                            cell(words.purpose(look.purpose())),
                            look.permitted() ? "shown" : "refused",
                            cell(words.reason(look.why())),
                            cell(String.join(" ", look.consents())),
                            cell(String.join(", ", chapters(look, words))),
                            Integer.toString(look.entries()),
                            Long.toString(look.leafIndex()),
                            look.leafHash()))
                    .append("\r\n");
        }
        return file(lines.toString(), "who-looked.csv", new MediaType("text", "csv", StandardCharsets.UTF_8));
    }

    @GetMapping("/lookers/list.json")
    ResponseEntity<byte[]> json(Asker asker, @ModelAttribute("words") Words words) {
        var list = JSON.createArrayNode();
        for (var look : trail.looks(asker.twin())) {
            var one = list.addObject()
                    .put("time", time(look, words))
                    .put("person", look.who().name())
                    .put("organisation", look.who().organisation())
                    .put("role", look.who().role())
                    .put("purpose", look.purpose())
                    .put("permitted", look.permitted())
                    .put("reason", look.why());
            var consents = one.putArray("consents");
            look.consents().forEach(consents::add);
            var chapters = one.putArray("chapters");
            look.scopes().stream()
                    .filter(Chapter.class::isInstance)
                    .map(KeyScope::code)
                    .sorted()
                    .forEach(chapters::add);
            one.put("entries", look.entries())
                    .put("leaf", look.leafIndex())
                    .put("hash", look.leafHash())
                    .put("verdictLeaf", look.verdictLeaf());
        }
        return file(list.toPrettyString() + "\n", "who-looked.json", MediaType.APPLICATION_JSON);
    }

    private static String time(Look look, Words words) {
        return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(look.at().atZone(words.zone()));
    }

    private static List<String> chapters(Look look, Words words) {
        return look.scopes().stream()
                .filter(Chapter.class::isInstance)
                .map(words::chapter)
                .sorted()
                .toList();
    }

    /** RFC 4180; and what a spreadsheet would take for a formula becomes text (OWASP, CSV injection). */
    static String cell(String text) {
        var safe = text.matches("(?s)[=+\\-@\\t\\r].*") ? "'" + text : text;
        return '"' + safe.replace("\"", "\"\"") + '"';
    }

    private static ResponseEntity<byte[]> file(String text, String name, MediaType type) {
        return ResponseEntity.ok()
                .contentType(type)
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        ContentDisposition.attachment().filename(name).build().toString())
                .body(text.getBytes(StandardCharsets.UTF_8));
    }
}
