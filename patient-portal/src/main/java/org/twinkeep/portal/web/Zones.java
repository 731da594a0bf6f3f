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

    /** The one in the list that stands for this zone: a machine's own may be an alias of UTC or an offset. */
    public static String listed(ZoneId zone) {
        return ALL.contains(zone.getId()) ? zone.getId() : "UTC";
    }

    public static Optional<ZoneId> find(String id) {
        return ALL.contains(id) ? Optional.of(ZoneId.of(id)) : Optional.empty();
    }
}
