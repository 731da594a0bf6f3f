package org.twinkeep.projections.clinic;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** What an entry is found by besides its title: its own codes and names, in lower case. */
public final class SearchTerms {
    private SearchTerms() {}

    public static String of(JsonNode resource) {
        var codes = Codings.own(resource).stream().map(Codings.Coding::code);
        return Stream.concat(codes, Codings.ownNames(resource).stream())
                .filter(s -> !s.isBlank())
                .map(s -> s.toLowerCase(Locale.ROOT))
                .distinct()
                .collect(Collectors.joining(" "));
    }
}
