package org.twinkeep.portal.web.entrance;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.twinkeep.portal.accounts.Account;
import org.twinkeep.portal.accounts.AccountRefused;
import org.twinkeep.portal.accounts.Accounts;
import org.twinkeep.portal.accounts.Person;
import org.twinkeep.portal.accounts.Role;
import org.twinkeep.portal.web.Complaints;
import org.twinkeep.portal.web.Entering;
import org.twinkeep.portal.web.Form;
import org.twinkeep.portal.web.Zones;

/** What a one-time link opens: choose a sign-in name and a password. */
@Controller
class SetUpController {
    private final Accounts accounts;
    private final Entering entering;

    SetUpController(Accounts accounts, Entering entering) {
        this.accounts = accounts;
        this.entering = entering;
    }

    @GetMapping("/set-up/{token}")
    String link(@PathVariable String token, Model model, HttpServletResponse response) {
        return page(accounts.invited(token), token, Form.EMPTY, new Complaints(), model, response);
    }

    @PostMapping("/set-up/{token}")
    String setUp(
            @PathVariable String token,
            @RequestParam MultiValueMap<String, String> fields,
            Model model,
            HttpServletRequest request,
            HttpServletResponse response) {
        var form = new Form(fields);
        var complaints = new Complaints();
        var invited = accounts.invited(token);
        if (invited.isEmpty()) {
            return page(invited, token, form, complaints, model, response);
        }
        var zone = Zones.find(form.text("zone"));
        if (zone.isEmpty()) {
            complaints.about("zone", "zone.missing");
        }
        if (form.text("person").isEmpty() || form.text("person").length() > 200) {
            complaints.about("person", "set-up.person.missing");
        }
        if (!form.text("password").equals(form.text("again"))) {
            complaints.about("again", "password.differs");
        }
        if (complaints.none()) {
            var password = form.secret("password");
            try {
                var before = invited.get().person();
                var person =
                        new Person(form.text("person"), before.organisation(), zone.orElseThrow(), before.locale());
                var opened = accounts.accept(token, form.text("name"), person, password);
                var home = entering.enter(opened, request, response);
                FreshCode.keep(request.getSession(), opened.recoveryCode());
                return "redirect:" + (opened.recoveryCode() == null ? home : "/account/recovery-code");
            } catch (AccountRefused e) {
                complaints.about(
                        e.why().name().startsWith("NAME") ? "name" : "password",
                        "account." + e.why().name());
            } finally {
                Arrays.fill(password, ' ');
            }
        }
        return page(invited, token, form, complaints, model, response);
    }

    private static String page(
            Optional<Account> invited,
            String token,
            Form form,
            Complaints complaints,
            Model model,
            HttpServletResponse response) {
        if (invited.isEmpty()) {
            response.setStatus(HttpStatus.NOT_FOUND.value());
            return "entrance/link-over";
        }
        if (!complaints.none()) {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
        }
        var account = invited.get();
        model.addAttribute("account", account)
                .addAttribute("token", token)
                .addAttribute("form", form)
                .addAttribute("complaints", complaints)
                .addAttribute("again", account.resetAt() != null && account.role() == Role.PATIENT)
                .addAttribute("zones", Zones.ALL)
                .addAttribute(
                        "zone",
                        Zones.find(form.text("zone"))
                                .map(ZoneId::getId)
                                .orElse(Zones.listed(account.person().zone())));
        return "entrance/set-up";
    }
}
