package org.twinkeep.portal.web.entrance;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.Authentication;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.twinkeep.portal.accounts.AccountRefused;
import org.twinkeep.portal.accounts.Accounts;
import org.twinkeep.portal.web.Complaints;
import org.twinkeep.portal.web.Entering;
import org.twinkeep.portal.web.Form;
import org.twinkeep.portal.web.Room;
import org.twinkeep.portal.web.SignedIn;

/** The first page, signing in, and recovering an account with its code. */
@Controller
class FirstPageController {
    private final Accounts accounts;
    private final Entering entering;
    private final ObjectProvider<DemoGuide> demo;

    FirstPageController(Accounts accounts, Entering entering, ObjectProvider<DemoGuide> demo) {
        this.accounts = accounts;
        this.entering = entering;
        this.demo = demo;
    }

    @GetMapping("/")
    String first(Authentication who, Model model) {
        if (who != null && who.getPrincipal() instanceof SignedIn in) {
            return accounts.find(in.id())
                    .map(account -> "redirect:" + Room.of(account).home())
                    .orElse("redirect:/sign-in?ended");
        }
        return page(model, Form.EMPTY, "entrance/first");
    }

    @GetMapping("/sign-in")
    String signIn(HttpServletRequest request, Model model) {
        model.addAttribute("ended", request.getParameter("ended") != null);
        model.addAttribute("out", request.getParameter("out") != null);
        return page(model, Form.EMPTY, "entrance/sign-in");
    }

    @PostMapping("/sign-in")
    String enter(
            @RequestParam MultiValueMap<String, String> fields,
            Model model,
            HttpServletRequest request,
            HttpServletResponse response) {
        var form = new Form(fields);
        var password = form.secret("password");
        try {
            var opened = accounts.signIn(form.text("name"), password, request.getRemoteAddr());
            if (opened.isPresent()) {
                return "redirect:" + entering.enter(opened.get(), request, response);
            }
        } finally {
            Arrays.fill(password, ' ');
        }
        var complaints = new Complaints();
        complaints.about("name", "sign-in.refused");
        model.addAttribute("complaints", complaints);
        response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
        return page(model, form, "entrance/sign-in");
    }

    @GetMapping("/recover")
    String recover(Model model) {
        return page(model, Form.EMPTY, "entrance/recover");
    }

    @PostMapping("/recover")
    String recovered(
            @RequestParam MultiValueMap<String, String> fields,
            Model model,
            HttpServletRequest request,
            HttpServletResponse response) {
        var form = new Form(fields);
        var complaints = new Complaints();
        var password = form.secret("password");
        var again = form.secret("again");
        try {
            if (!Arrays.equals(password, again)) {
                complaints.about("again", "password.differs");
            } else {
                var opened =
                        accounts.recover(form.text("name"), form.secret("code"), password, request.getRemoteAddr());
                if (opened.isPresent()) {
                    entering.enter(opened.get(), request, response);
                    FreshCode.keep(request.getSession(), opened.get().recoveryCode());
                    return "redirect:/account/recovery-code";
                }
                complaints.about("code", "recover.refused");
            }
        } catch (AccountRefused e) {
            complaints.about("password", "account." + e.why().name());
        } finally {
            Arrays.fill(password, ' ');
            Arrays.fill(again, ' ');
        }
        model.addAttribute("complaints", complaints);
        response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
        return page(model, form, "entrance/recover");
    }

    private String page(Model model, Form form, String view) {
        model.addAttribute("form", form);
        model.addAttribute("demo", demo.getIfAvailable());
        if (!model.containsAttribute("complaints")) {
            model.addAttribute("complaints", new Complaints());
        }
        return view;
    }
}
