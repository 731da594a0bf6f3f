package org.twinkeep.portal.web;

import static org.twinkeep.consent.delegation.Power.ANSWER;
import static org.twinkeep.consent.delegation.Power.CORRECT;
import static org.twinkeep.consent.delegation.Power.DOWNLOAD;
import static org.twinkeep.consent.delegation.Power.GRANT;
import static org.twinkeep.consent.delegation.Power.REVOKE;
import static org.twinkeep.consent.delegation.Power.SEE;
import static org.twinkeep.consent.delegation.Power.SEE_TRAIL;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.twinkeep.consent.delegation.Power;

/**
 * Which power opens which page to somebody who acts for a patient. What no line names is closed to them: deleting, other
 * delegates, and whatever is built later.
 */
final class ActingPages {

    /** Any one of the powers opens it. */
    private record Line(Pattern path, Set<Power> powers) {}

    private static final List<Line> LINES = List.of(
            line("/timeline", SEE),
            line("/entries/[0-9a-f]+", SEE),
            line("/entries/[0-9a-f]+/correct", CORRECT),
            line("/consents/[0-9a-f]+/end", REVOKE),
            line("/consents/(new|preview|change|never|[0-9a-f]+/renew)", GRANT),
            line("/consents(/[0-9a-f]+/receipt)?", GRANT, REVOKE),
            line("/lookers(/.*)?", SEE_TRAIL),
            line("/emergencies", SEE_TRAIL),
            line("/download", DOWNLOAD),
            line("/requests(/.*)?", ANSWER));

    private static final List<String> NAVIGATION =
            List.of("/timeline", "/consents", "/requests", "/lookers", "/emergencies", "/download");

    /** Pages of the account itself, whoever it acts for. */
    private static final Pattern OWN =
            Pattern.compile("/|/(account|notices|people)(/.*)?|/sign-out|/sign-in|/error|/assets/.*");

    private ActingPages() {}

    static boolean isOwn(String path) {
        return OWN.matcher(path).matches();
    }

    /** POST /consents grants, GET /consents lists: the one is only for who may grant. */
    static boolean opens(Set<Power> powers, String method, String path) {
        if (path.equals("/consents") && !method.equals("GET") && !method.equals("HEAD")) {
            return powers.contains(GRANT);
        }
        return LINES.stream()
                .filter(line -> line.path().matcher(path).matches())
                .anyMatch(line -> line.powers().stream().anyMatch(powers::contains));
    }

    /** The first pages that are open, in one row. */
    static Navigation navigation(Set<Power> powers) {
        return Navigation.row(
                NAVIGATION.stream().filter(path -> opens(powers, "GET", path)).toArray(String[]::new));
    }

    private static Line line(String path, Power first, Power... others) {
        return new Line(Pattern.compile(path), EnumSet.of(first, others));
    }
}
