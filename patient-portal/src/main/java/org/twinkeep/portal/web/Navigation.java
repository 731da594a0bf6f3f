package org.twinkeep.portal.web;

import java.util.List;
import java.util.stream.Stream;

/**
 * The links on top of every page: a short row that is always in sight, and behind "More" the rest, in groups.
 *
 * @param row paths of the first links
 * @param more what opens below them; empty where the row says everything
 */
public record Navigation(List<String> row, List<Group> more) {

    /** Paths of pages that belong together, under a heading. */
    public record Group(String heading, List<String> paths) {}

    private static final Navigation PATIENT = new Navigation(
            List.of("/timeline", "/consents", "/requests", "/lookers"),
            List.of(
                    new Group("nav.more.choices", List.of("/emergencies", "/research")),
                    new Group("nav.more.people", List.of("/delegates", "/people")),
                    new Group("nav.more.record", List.of("/download", "/deleted", "/delete-twin"))));

    static Navigation of(Room room, boolean breaksGlass) {
        return switch (room) {
            case PATIENT -> PATIENT;
            case CLINICIAN ->
                breaksGlass
                        ? row("/patients", "/asked", "/emergency", "/matters")
                        : row("/patients", "/asked", "/matters");
            case INSURER -> row("/patients", "/asked");
            case RESEARCHER -> row("/asked");
            case AUDITOR -> row("/trail", "/reviews", "/trail/how", "/matters");
            case OPERATOR -> row("/status", "/matters");
            case FORMER_PATIENT -> row("/receipt");
        };
    }

    static Navigation row(String... paths) {
        return new Navigation(List.of(paths), List.of());
    }

    /** Which link leads to where this page is; nothing where none does. */
    String current(String here) {
        var path = here.startsWith("/entries/") ? "/timeline" : here;
        return everything()
                .filter(link -> path.equals(link) || path.startsWith(link + "/"))
                .reduce("", (one, other) -> other.length() > one.length() ? other : one);
    }

    /** Whether this page is one of those behind "More". */
    public boolean isBehindMore(String path) {
        return more.stream().anyMatch(group -> group.paths().contains(path));
    }

    private Stream<String> everything() {
        return Stream.concat(row.stream(), more.stream().flatMap(group -> group.paths().stream()));
    }
}
