package org.twinkeep.integrations.fhir;

import java.time.YearMonth;
import java.util.regex.Pattern;
import org.twinkeep.integrations.fhir.FhirModel.Kind;

/** Whether a date is one, by the regular expressions of FHIR R4 (datatypes.html#primitive) and the calendar. */
final class Dates {
    private static final String YEAR = "([0-9]([0-9]([0-9][1-9]|[1-9]0)|[1-9]00)|[1-9]000)";
    private static final String MONTH = "-(0[1-9]|1[0-2])";
    private static final String DAY = "-(0[1-9]|[1-2][0-9]|3[0-1])";
    private static final String TIME = "T([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\\.[0-9]+)?"
            + "(Z|(\\+|-)((0[0-9]|1[0-3]):[0-5][0-9]|14:00))";
    private static final Pattern DATE = Pattern.compile(YEAR + "(" + MONTH + "(" + DAY + ")?)?");
    private static final Pattern DATE_TIME = Pattern.compile(YEAR + "(" + MONTH + "(" + DAY + "(" + TIME + ")?)?)?");
    private static final Pattern INSTANT = Pattern.compile(YEAR + MONTH + DAY + TIME);

    private Dates() {}

    static boolean isDate(Kind kind, String text) {
        var form = switch (kind) {
            case DATE -> DATE;
            case DATE_TIME -> DATE_TIME;
            case INSTANT -> INSTANT;
            default -> throw new IllegalStateException("no date");
        };
        return form.matcher(text).matches() && isInCalendar(text);
    }

    /** "Dates SHALL be valid dates" (datatypes.html#date): 30 February has the form, but is none. */
    private static boolean isInCalendar(String text) {
        if (text.length() < 10) {
            return true;
        }
        int day = Integer.parseInt(text, 8, 10, 10);
        return day <= 28
                || day
                        <= YearMonth.of(Integer.parseInt(text, 0, 4, 10), Integer.parseInt(text, 5, 7, 10))
                                .lengthOfMonth();
    }
}
