package org.twinkeep.portal.web.notices;

import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;
import org.twinkeep.portal.notices.Notices;
import org.twinkeep.portal.web.Asker;
import org.twinkeep.portal.web.Paging;

/** What somebody was told, newest first; following one takes it as read. */
@Controller
class NoticesController {
    private static final int A_PAGE = 25;

    private final Notices notices;

    NoticesController(Notices notices) {
        this.notices = notices;
    }

    @GetMapping("/notices")
    String list(Asker asker, @RequestParam(defaultValue = "1") int page, Model model) {
        var me = asker.account().id();
        int total = notices.count(me);
        int pages = Math.max(1, Math.ceilDiv(total, A_PAGE));
        int here = Math.clamp(page, 1, pages);
        var items = notices.list(me, (here - 1) * A_PAGE, A_PAGE);
        model.addAttribute("notices", new Paging<>(items, here, pages, total));
        return "notices/notices";
    }

    @PostMapping("/notices/{number}/open")
    String open(Asker asker, @PathVariable long number) {
        return notices.read(asker.account().id(), number)
                .map(told -> "redirect:" + told.notice().link())
                .orElse("redirect:/notices");
    }

    @PostMapping("/notices/read")
    String readAll(Asker asker, @RequestParam long upTo, RedirectAttributes next) {
        notices.readUpTo(asker.account().id(), upTo);
        next.addFlashAttribute("done", "notices.read.done");
        return "redirect:/notices";
    }
}
