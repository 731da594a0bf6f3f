package org.twinkeep.portal.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.twinkeep.consent.delegation.Power;

class NavigationTest {
    private final Navigation patients = Navigation.of(Room.PATIENT, false);

    @Test
    void every_page_marks_the_one_link_that_leads_to_it() {
        assertThat(patients.current("/timeline")).isEqualTo("/timeline");
        assertThat(patients.current("/entries/0123")).isEqualTo("/timeline");
        assertThat(patients.current("/delegates/new")).isEqualTo("/delegates");
        assertThat(patients.current("/deleted/chapter")).isEqualTo("/deleted");
        assertThat(patients.current("/account")).isEmpty();
        var auditors = Navigation.of(Room.AUDITOR, false);
        assertThat(auditors.current("/trail/how")).isEqualTo("/trail/how");
        assertThat(auditors.current("/trail")).isEqualTo("/trail");
    }

    @Test
    void what_stands_behind_more_is_marked_there_too() {
        assertThat(patients.isBehindMore(patients.current("/research"))).isTrue();
        assertThat(patients.isBehindMore(patients.current("/consents/new"))).isFalse();
        assertThat(patients.isBehindMore("")).isFalse();
    }

    @Test
    void only_who_may_break_the_glass_finds_the_way_and_only_a_power_opens_a_link() {
        assertThat(Navigation.of(Room.CLINICIAN, true).row()).contains("/emergency");
        assertThat(Navigation.of(Room.CLINICIAN, false).row()).doesNotContain("/emergency");
        assertThat(ActingPages.navigation(EnumSet.of(Power.SEE)).row()).containsExactly("/timeline");
        assertThat(ActingPages.navigation(EnumSet.allOf(Power.class)).more()).isEmpty();
    }

    @Test
    void an_id_that_is_none_and_the_houses_own_lead_to_the_same_nothing() {
        assertThat(Ids.twin("")).isEqualTo(Ids.twin("00000000-0000-0000-0000-000000000000"));
        assertThat(Ids.twin("").toString()).isNotEqualTo("00000000-0000-0000-0000-000000000000");
    }
}
