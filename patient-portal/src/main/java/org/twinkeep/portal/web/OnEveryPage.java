package org.twinkeep.portal.web;

import jakarta.servlet.http.HttpServletRequest;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSource;
import org.springframework.ui.ModelMap;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.twinkeep.consent.delegation.Power;
import org.twinkeep.portal.notices.Notices;

/** What every page may use: {@code me}, the words, and which page it is. */
@ControllerAdvice
public class OnEveryPage {
    private final MessageSource messages;
    private final Locale locale;
    private final Notices notices;

    OnEveryPage(MessageSource messages, Notices notices) {
        this.notices = notices;
        this.messages = messages;
        this.locale = Locale.forLanguageTag(
                Objects.requireNonNull(messages.getMessage("locale", null, "en-GB", Locale.ROOT)));
    }

    /**
     * Who is signed in and where their pages are; nobody on the public pages.
     *
     * @param unread how many notices wait
     * @param breaksGlass whether they may break the glass in an emergency
     */
    public record Me(String name, Room room, int unread, boolean breaksGlass) {
        @Override
        public String toString() {
            return "Me";
        }
    }

    @ModelAttribute("me")
    @Nullable
    Me me(HttpServletRequest request) {
        return Asker.of(request)
                .map(Asker::account)
                .map(account ->
                        new Me(account.name(), Room.of(account), notices.unread(account.id()), account.breaksGlass()))
                .orElse(null);
    }

    /** For whom somebody acts on this page, and in whose name. */
    public record For(String kind, String patient, String delegate, boolean corrects, boolean grants, boolean revokes) {
        @Override
        public String toString() {
            return "For";
        }
    }

    @ModelAttribute("acting")
    @Nullable
    For acting(HttpServletRequest request) {
        return Asker.of(request)
                .flatMap(asker -> Optional.ofNullable(asker.acting())
                        .map(acting -> new For(
                                acting.kind(),
                                acting.patientName(),
                                asker.account().name(),
                                acting.may(Power.CORRECT),
                                acting.may(Power.GRANT),
                                acting.may(Power.REVOKE))))
                .orElse(null);
    }

    /** Where the links on top lead: to whoever acts for somebody, what the powers open. */
    @ModelAttribute("navigation")
    @Nullable
    Navigation navigation(HttpServletRequest request) {
        return Asker.of(request)
                .map(asker -> Optional.ofNullable(asker.acting())
                        .map(acting -> ActingPages.navigation(acting.powers()))
                        .orElseGet(() -> Navigation.of(
                                Room.of(asker.account()), asker.account().breaksGlass())))
                .orElse(null);
    }

    @ModelAttribute("words")
    public Words words(HttpServletRequest request) {
        return new Words(messages, locale, zoneOf(request));
    }

    @ModelAttribute("here")
    String here(HttpServletRequest request) {
        return request.getRequestURI();
    }

    /** The link on top that leads to where this page is. */
    @ModelAttribute("current")
    String current(HttpServletRequest request) {
        var navigation = navigation(request);
        return navigation == null ? "" : navigation.current(request.getRequestURI());
    }

    /** All of it, for a page that answers a refusal. */
    public void fill(ModelMap model, HttpServletRequest request) {
        model.addAttribute("words", words(request))
                .addAttribute("here", here(request))
                .addAttribute("current", current(request))
                .addAttribute("me", me(request))
                .addAttribute("acting", acting(request))
                .addAttribute("navigation", navigation(request));
    }

    private static ZoneId zoneOf(HttpServletRequest request) {
        return Asker.of(request).map(asker -> asker.account().person().zone()).orElse(ZoneOffset.UTC);
    }
}
