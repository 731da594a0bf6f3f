package org.twinkeep.portal.web.consents;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.List;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.servlet.ModelAndView;
import org.twinkeep.portal.web.Form;
import org.twinkeep.portal.web.OnEveryPage;

/**
 * Which denial wins: the page between a grant and its being stored, wherever the grant comes from. It sends the same fields
 * to the same place once more, with the patient's answer.
 */
@ControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
class DenialInTheWayPage {
    private final OnEveryPage everyPage;
    private final Told told;

    DenialInTheWayPage(OnEveryPage everyPage, Told told) {
        this.everyPage = everyPage;
        this.told = told;
    }

    @ExceptionHandler
    ModelAndView choose(DenialInTheWay trouble, HttpServletRequest request) {
        var fields = new LinkedMultiValueMap<String, String>();
        request.getParameterMap().forEach((name, values) -> {
            if (!name.equals(Answer.FIELD)) {
                fields.put(name, Arrays.asList(values));
            }
        });
        var page = new ModelAndView("consents/denied", HttpStatus.UNPROCESSABLE_CONTENT);
        everyPage.fill(page.getModelMap(), request);
        var words = everyPage.words(request);
        var denials = trouble.denials().stream()
                .map(each -> new Line(
                        each.consent() == null
                                ? List.of()
                                : told.lines(each.consent().kept(), words),
                        each.closed().total(),
                        words.chapters(each.closed().entries().keySet())))
                .toList();
        page.addObject("terms", trouble.terms())
                .addObject("beside", trouble.beside())
                .addObject("denials", denials)
                .addObject("open", words.chapters(trouble.beside().open()))
                .addObject("narrowGrant", DenialsFirst.isNarrower(trouble.beside(), trouble.terms()))
                .addObject("narrowDenial", trouble.narrowable())
                .addObject("action", request.getRequestURI())
                .addObject("form", new Form(fields));
        return page;
    }

    /** @param says what the denial says; nothing where it cannot be read */
    record Line(List<Told.Line> says, int entries, String chapters) {}
}
