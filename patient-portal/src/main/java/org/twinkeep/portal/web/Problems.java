package org.twinkeep.portal.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.ModelAndView;
import org.twinkeep.consent.NotProved;
import org.twinkeep.consent.delegation.DelegationRefused;
import org.twinkeep.consent.emergency.EmergencyRefused;
import org.twinkeep.consent.ledger.LedgerRefused;
import org.twinkeep.consent.ledger.LedgerUnavailable;
import org.twinkeep.consent.trail.TrailUnwritable;
import org.twinkeep.crypto.Tampered;
import org.twinkeep.crypto.keys.TwinForgotten;
import org.twinkeep.crypto.keys.VaultUnavailable;
import org.twinkeep.portal.accounts.AccountRefused;
import org.twinkeep.portal.tables.TablesUnavailable;
import org.twinkeep.projections.reading.ViewsUnavailable;
import org.twinkeep.twin.StoreUnavailable;
import org.twinkeep.twin.TwinRefused;

/**
 * Turns trouble into pages, once: a refusal says which rule (422), what is not shown looks the same whatever the cause
 * (404), a failure of the world stays calm (503), a bug says that it is ours (500). No page shows a stack trace and no log
 * line a message that could quote a value.
 */
@ControllerAdvice
class Problems {
    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

    private final OnEveryPage everyPage;

    Problems(OnEveryPage everyPage) {
        this.everyPage = everyPage;
    }

    /** Bare, so that every answer is the same to the byte but for its number. */
    @ExceptionHandler
    ModelAndView notShown(NotShown trouble, HttpServletRequest request) {
        return new ModelAndView("problem/not-shown", HttpStatus.NOT_FOUND)
                .addObject("words", everyPage.words(request))
                .addObject("requestId", trouble.requestId())
                .addObject("endedOn", trouble.endedOn());
    }

    @ExceptionHandler(NoTwinYet.class)
    ModelAndView noTwinYet(HttpServletRequest request) {
        return whole(new ModelAndView("problem/no-twin", HttpStatus.NOT_FOUND), request);
    }

    @ExceptionHandler(SessionOver.class)
    String sessionOver() {
        return "redirect:/sign-in?ended";
    }

    @ExceptionHandler({
        TwinRefused.class,
        LedgerRefused.class,
        AccountRefused.class,
        DelegationRefused.class,
        EmergencyRefused.class
    })
    ModelAndView refused(RuntimeException trouble, HttpServletRequest request) {
        return whole(new ModelAndView("problem/refused", HttpStatus.UNPROCESSABLE_CONTENT), request)
                .addObject("why", trouble.getMessage());
    }

    @ExceptionHandler(NotProved.class)
    ModelAndView notProved(HttpServletRequest request) {
        return whole(new ModelAndView("problem/not-proved", HttpStatus.UNPROCESSABLE_CONTENT), request);
    }

    @ExceptionHandler({
        TrailUnwritable.class,
        ViewsUnavailable.class,
        LedgerUnavailable.class,
        StoreUnavailable.class,
        VaultUnavailable.class,
        TablesUnavailable.class
    })
    ModelAndView unavailable(RuntimeException trouble) {
        LOG.error("{}: {}", trouble.getClass().getSimpleName(), trouble.getMessage());
        return new ModelAndView("problem/unavailable", HttpStatus.SERVICE_UNAVAILABLE);
    }

    @ExceptionHandler(TwinForgotten.class)
    String forgotten() {
        return "redirect:/";
    }

    @ExceptionHandler
    ModelAndView anythingElse(Exception trouble) {
        if (trouble instanceof ErrorResponse answer) {
            return page(answer.getStatusCode());
        }
        if (trouble instanceof MethodArgumentTypeMismatchException) {
            return page(HttpStatus.NOT_FOUND);
        }
        LOG.error("{}", silently(trouble));
        return page(trouble instanceof Tampered ? HttpStatus.SERVICE_UNAVAILABLE : HttpStatus.INTERNAL_SERVER_ERROR);
    }

    /** With who is signed in and the links on top, as on every page. */
    private ModelAndView whole(ModelAndView page, HttpServletRequest request) {
        return page.addObject("me", everyPage.me(request))
                .addObject("acting", everyPage.acting(request))
                .addObject("navigation", everyPage.navigation(request))
                .addObject("current", everyPage.current(request))
                .addObject("here", everyPage.here(request))
                .addObject("words", everyPage.words(request));
    }

    private static ModelAndView page(HttpStatusCode status) {
        var view = status.value() == 404 ? "error/404" : status.is4xxClientError() ? "error/4xx" : "error/5xx";
        return new ModelAndView(view, status);
    }

    /** Class names and places, never messages: those may quote what somebody typed. */
    static String silently(Throwable trouble) {
        var said = new StringBuilder();
        for (var cause = trouble; cause != null; cause = cause.getCause()) {
            said.append(said.isEmpty() ? "" : " caused by ")
                    .append(cause.getClass().getName())
                    .append(Arrays.stream(cause.getStackTrace())
                            .limit(12)
                            .map(frame -> "\n    at " + frame)
                            .collect(Collectors.joining()));
        }
        return said.toString();
    }
}
