package org.twinkeep.portal.web;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.util.MultiValueMap;

/** What somebody filled in: never null, never trusted, given back to them when something is missing. */
public final class Form {
    public static final Form EMPTY = new Form(MultiValueMap.fromSingleValue(Map.of()));

    private final Map<String, List<String>> fields = new LinkedHashMap<>();

    public Form(MultiValueMap<String, String> parameters) {
        parameters.forEach((name, values) -> {
            if (!name.startsWith("_")) {
                fields.put(name, List.copyOf(values));
            }
        });
    }

    /** One field, without white space around it; empty when it was not sent. */
    public String text(String field) {
        return all(field).stream().findFirst().orElse("").strip();
    }

    public List<String> all(String field) {
        return fields.getOrDefault(field, List.of());
    }

    public boolean has(String field, String value) {
        return all(field).contains(value);
    }

    /** Every field, to be sent once more with the confirmation. */
    public Map<String, List<String>> fields() {
        return fields;
    }

    /** A password: the characters are the caller's to wipe. */
    public char[] secret(String field) {
        return all(field).stream().findFirst().orElse("").toCharArray();
    }

    /** A day out of three fields; none when all are empty. @throws DateTimeException when they are no day */
    public Optional<LocalDate> day(String field) {
        var year = text(field + "-year");
        var month = text(field + "-month");
        var day = text(field + "-day");
        if (year.isEmpty() && month.isEmpty() && day.isEmpty()) {
            return Optional.empty();
        }
        if (!year.matches("[0-9]{4}") || !month.matches("[0-9]{1,2}") || !day.matches("[0-9]{1,2}")) {
            throw new DateTimeException("no day");
        }
        return Optional.of(LocalDate.of(Integer.parseInt(year), Integer.parseInt(month), Integer.parseInt(day)));
    }

    @Override
    public String toString() {
        return "Form";
    }
}
