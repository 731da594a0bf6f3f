package org.twinkeep.projections.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WhenTest {

    @ParameterizedTest
    @CsvSource({
        "2019, 2019-01-01T00:00:00Z, 2020-01-01T00:00:00Z",
        "2019-12, 2019-12-01T00:00:00Z, 2020-01-01T00:00:00Z",
        "2020-02-29, 2020-02-29T00:00:00Z, 2020-03-01T00:00:00Z",
        "2019-03-04T23:30:00-05:00, 2019-03-05T04:30:00Z, 2019-03-05T04:30:00.001Z",
        "2019-03-04T10:00Z, 2019-03-04T10:00:00Z, 2019-03-04T10:00:00.001Z",
        "2019-03-04T23:30:00, 2019-03-04T00:00:00Z, 2019-03-05T00:00:00Z"
    })
    void a_date_is_as_precise_as_it_was_written(String written, Instant from, Instant to) {
        assertThat(When.of(written)).isEqualTo(new When(from, to, written));
    }

    @ParameterizedTest
    @ValueSource(strings = {"20245-01-01", "2019-02-30", "2019-13", "yesterday", "04/03/2019", "2019-3-4", "-2019"})
    void what_is_no_date_is_undated_and_keeps_what_was_written(String written) {
        assertThat(When.of(written)).isEqualTo(new When(null, null, written));
        assertThat(When.of(written).isUnreadable()).isTrue();
    }

    @Test
    void a_period_that_has_not_ended_goes_on() {
        assertThat(When.between("2019-03-04", null))
                .isEqualTo(new When(Instant.parse("2019-03-04T00:00:00Z"), When.ONGOING, "2019-03-04"));
        assertThat(When.between(null, null)).isEqualTo(When.undated());
    }

    @Test
    void the_age_at_death_is_counted_in_days_as_written() {
        assertThat(new Profile("A", "1940-05-17", null, "2021-05-16T23:59:00-05:00").ageAtDeath())
                .hasValue(80);
        assertThat(new Profile("A", "1940-05-17", null, "2021-05-17").ageAtDeath())
                .hasValue(81);
        assertThat(new Profile("A", "1940", null, "2021-05-17").ageAtDeath()).isEmpty();
        assertThat(new Profile("A", "1940-05-17", null, "yes").ageAtDeath()).isEmpty();
    }
}
