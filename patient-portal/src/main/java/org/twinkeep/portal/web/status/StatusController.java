package org.twinkeep.portal.web.status;

import java.util.EnumMap;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.twinkeep.consent.Consents;
import org.twinkeep.consent.trail.Trail;
import org.twinkeep.portal.accounts.Accounts;
import org.twinkeep.portal.accounts.Role;
import org.twinkeep.twin.TwinHistory;
import org.twinkeep.twin.erasure.Erasure;

/** How the house is, in numbers. */
@Controller
class StatusController {
    private final TwinHistory history;
    private final Accounts accounts;
    private final Consents consents;
    private final Trail trail;
    private final Erasure erasure;

    StatusController(TwinHistory history, Accounts accounts, Consents consents, Trail trail, Erasure erasure) {
        this.history = history;
        this.accounts = accounts;
        this.consents = consents;
        this.trail = trail;
        this.erasure = erasure;
    }

    @GetMapping("/status")
    String status(Model model) {
        var byRole = new EnumMap<Role, Integer>(Role.class);
        for (var role : Role.values()) {
            byRole.put(role, 0);
        }
        accounts.all().forEach(account -> byRole.merge(account.role(), 1, Integer::sum));
        var standing = consents.standing();
        model.addAttribute("twins", history.twins().size())
                .addAttribute("accounts", byRole)
                .addAttribute("ledger", consents.position())
                .addAttribute("standing", standing)
                .addAttribute("apart", standing.keys().values().stream().anyMatch(where -> !where.isEmpty()))
                .addAttribute("waiting", consents.waiting())
                .addAttribute("leaves", trail.size())
                .addAttribute("checkpoint", trail.checkpointNote())
                .addAttribute("erasures", erasure.receipts().size());
        return "status/status";
    }
}
