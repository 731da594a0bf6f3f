package org.twinkeep.portal.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneId;
import org.junit.jupiter.api.Test;

class ZonesTest {

    @Test
    void a_zone_that_is_no_place_is_offered_as_utc() {
        assertThat(Zones.listed(ZoneId.of("Etc/UTC"))).isEqualTo("UTC");
        assertThat(Zones.listed(ZoneId.of("Europe/Lisbon"))).isEqualTo("Europe/Lisbon");
    }
}
