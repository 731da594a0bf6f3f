package org.twinkeep.portal.web.account;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.util.Arrays;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;
import org.twinkeep.portal.accounts.AccountRefused;
import org.twinkeep.portal.accounts.Accounts;
import org.twinkeep.portal.accounts.Person;
import org.twinkeep.portal.accounts.Role;
import org.twinkeep.portal.web.Asker;
import org.twinkeep.portal.web.Complaints;
import org.twinkeep.portal.web.Entering;
import org.twinkeep.portal.web.Form;
import org.twinkeep.portal.web.Room;
import org.twinkeep.portal.web.Zones;
import org.twinkeep.portal.web.entrance.FreshCode;

/** The account's own page. */
@Controller
class AccountController {
    private final Accounts accounts;
    private final Entering entering;

    AccountController(Accounts accounts, Entering entering) {
        this.accounts = accounts;
        this.entering = entering;
    }

    @GetMapping("/account")
    String page(Asker asker, Model model) {
        return page(asker, new Complaints(), model);
    }

    private static String page(Asker asker, Complaints complaints, Model model) {
        model.addAttribute("account", asker.account())
                .addAttribute("patient", asker.account().role() == Role.PATIENT)
                .addAttribute("complaints", complaints)
                .addAttribute("zones", Zones.ALL)
                .addAttribute("zone", Zones.listed(asker.account().person().zone()));
        return "account/account";
    }

    @PostMapping("/account/password")
    String password(
            Asker asker,
            @RequestParam MultiValueMap<String, String> fields,
            Model model,
            RedirectAttributes next,
            HttpServletRequest request,
            HttpServletResponse response) {
        var form = new Form(fields);
        var complaints = new Complaints();
        var present = form.secret("present");
        var password = form.secret("password");
        var again = form.secret("again");
        try {
            if (!Arrays.equals(password, again)) {
                complaints.about("again", "password.differs");
            } else {
                var account = accounts.changePassword(asker.account().id(), present, password);
                entering.again(account, request, response);
                next.addFlashAttribute("done", "account.password.done");
                return "redirect:/account";
            }
        } catch (AccountRefused e) {
            complaints.about(
                    e.why() == AccountRefused.Why.PASSWORD_WRONG ? "present" : "password",
                    "account." + e.why().name());
        } finally {
            Arrays.fill(present, ' ');
            Arrays.fill(password, ' ');
            Arrays.fill(again, ' ');
        }
        response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
        return page(asker, complaints, model);
    }

    @PostMapping("/account/zone")
    String zone(
            Asker asker,
            @RequestParam String zone,
            Model model,
            RedirectAttributes next,
            HttpServletResponse response) {
        var chosen = Zones.find(zone);
        if (chosen.isEmpty()) {
            var complaints = new Complaints();
            complaints.about("zone", "zone.missing");
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            return page(asker, complaints, model);
        }
        var before = asker.account().person();
        accounts.describe(
                asker.account().id(), new Person(before.name(), before.organisation(), chosen.get(), before.locale()));
        next.addFlashAttribute("done", "account.zone.done");
        return "redirect:/account";
    }

    @PostMapping("/account/new-recovery-code")
    String newCode(
            Asker asker,
            @RequestParam MultiValueMap<String, String> fields,
            Model model,
            HttpSession session,
            HttpServletResponse response) {
        var password = new Form(fields).secret("code-password");
        try {
            FreshCode.keep(session, accounts.newRecoveryCode(asker.account().id(), password));
            return "redirect:/account/recovery-code";
        } catch (AccountRefused e) {
            var complaints = new Complaints();
            complaints.about("code-password", "account." + e.why().name());
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            return page(asker, complaints, model);
        } finally {
            Arrays.fill(password, ' ');
        }
    }

    @GetMapping("/account/recovery-code")
    String code(HttpSession session, Model model) {
        var code = FreshCode.of(session);
        if (code.isEmpty()) {
            return "redirect:/account";
        }
        model.addAttribute("code", code.get().show());
        return "account/recovery-code";
    }

    @PostMapping("/account/recovery-code")
    String written(Asker asker, HttpSession session) {
        FreshCode.forget(session);
        return "redirect:" + Room.of(asker.account()).home();
    }
}
