package org.twinkeep.portal.web.purposes;

import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.twinkeep.consent.purposes.PurposeCatalogue;

/** What each purpose means; the page says nothing about anybody. */
@Controller
class PurposesController {

    @GetMapping("/purposes")
    String purposes(Model model) {
        model.addAttribute("catalogue", PurposeCatalogue.current());
        return "purposes/purposes";
    }
}
