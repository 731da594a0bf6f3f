package org.twinkeep.portal.web;

import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/** The time zones that people live in: those named after a place. */
public final class Zones {
    public static final List<String> ALL = ZoneId.getAvailableZoneIds().stream()
            .filter(id -> id.matches("(Africa|America|Antarctica|Asia|Atlantic|Australia|Europe|Indian|Pacific)/.*")
                    || id.equals("UTC"))
            .sorted()
            .toList();

    private Zones() {}

    public static Optional<ZoneId> find(String id) {
        return ALL.contains(id) ? Optional.of(ZoneId.of(id)) : Optional.empty();
    }
}
