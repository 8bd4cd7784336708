package io.tidemark.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class StepTest {
    private static final Instant NOW = Instant.parse("2026-11-24T10:05:30.250Z");
    private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");

    @Test
    void theLastHourIsSixtyMinutesWithTheOneThatRuns() {
        List<Long> edges = edges("minute", "-1h", "now", ZoneOffset.UTC);
        assertThat(edges).hasSize(61);
        assertThat(times(edges)).startsWith("2026-11-24T09:06:00Z").endsWith("2026-11-24T10:06:00Z");
    }

    @Test
    void aTimeThatIsWrittenOutIsInsideTheFirstBucket() {
        assertThat(times(edges("hour", "2026-11-24T08:30:00Z", "2026-11-24T10:00Z", ZoneOffset.UTC)))
                .isEqualTo("2026-11-24T08:00:00Z 2026-11-24T09:00:00Z 2026-11-24T10:00:00Z");
        assertThat(times(edges("6h", "2026-11-24", "2026-11-25", ZoneOffset.UTC)))
                .isEqualTo("2026-11-24T00:00:00Z 2026-11-24T06:00:00Z 2026-11-24T12:00:00Z 2026-11-24T18:00:00Z"
                        + " 2026-11-25T00:00:00Z");
    }

    @Test
    void daysAreThoseOfTheZoneAlsoWhenClocksChange() {
        List<Long> edges = edges("day", "2026-10-31", "2026-11-03", NEW_YORK);
        assertThat(times(edges))
                .isEqualTo("2026-10-31T04:00:00Z 2026-11-01T04:00:00Z 2026-11-02T05:00:00Z 2026-11-03T05:00:00Z");
        assertThat(Duration.ofSeconds(edges.get(2) - edges.get(1))).isEqualTo(Duration.ofHours(25));
    }

    @Test
    void twentyFourHoursAreNotADayOfTheZone() {
        assertThat(times(edges("24h", "2026-11-01", "2026-11-02", NEW_YORK)))
                .isEqualTo("2026-11-01T00:00:00Z 2026-11-02T00:00:00Z 2026-11-03T00:00:00Z");
        assertThat(Step.of("24h", NEW_YORK)).isEqualTo(new Step("24h", 86_400, null));
        assertThat(Step.of("1440m", NEW_YORK)).isEqualTo(new Step("1440m", 86_400, null));
        assertThat(Step.of("1d", NEW_YORK)).isEqualTo(Step.of("day", NEW_YORK));
    }

    @Test
    void localTimesAreThoseOfTheZone() {
        assertThat(Moment.of("2026-11-24T10:05", NEW_YORK, NOW).at()).isEqualTo(Instant.parse("2026-11-24T15:05:00Z"));
        assertThat(Moment.of("2026-11-24T10:05+01:00", NEW_YORK, NOW).at())
                .isEqualTo(Instant.parse("2026-11-24T09:05:00Z"));
        assertThat(Moment.of("-2d", NEW_YORK, NOW).at()).isEqualTo(NOW.minus(Duration.ofDays(2)));
    }

    @Test
    void aMomentIsOneBucket() {
        assertThat(edges("minute", "2026-11-24T10:05Z", "2026-11-24T10:05Z", ZoneOffset.UTC))
                .hasSize(2);
    }

    @Test
    void whatCannotBeStepsIsSaidSo() {
        assertThatThrownBy(() -> edges("minute", "-60d", "now", ZoneOffset.UTC))
                .hasMessageContaining("more than 2000 buckets of minute");
        assertThatThrownBy(() -> edges("minute", "now", "-1h", ZoneOffset.UTC))
                .hasMessageContaining("before it begins");
        for (String step : List.of("", "0m", "m", "5x", "-5m", "minutes", "5s")) {
            assertThatThrownBy(() -> Step.of(step, ZoneOffset.UTC))
                    .as(step)
                    .hasMessageStartingWith("step \"" + step + "\": expected minute, hour, day");
        }
        for (String time : List.of(
                "",
                "yesterday",
                "-5",
                "-5w",
                "2026-13-01",
                "10:05",
                "2026-11-24T10:05:00+99:00",
                "+999999999-12-31T23:59:59Z",
                "1969-12-31",
                "-99999999d")) {
            assertThatThrownBy(() -> Moment.of(time, ZoneOffset.UTC, NOW))
                    .as(time)
                    .hasMessageStartingWith("\"" + time + "\" is no time: expected now, -90m");
        }
    }

    private static List<Long> edges(String step, String from, String to, ZoneId zone) {
        return Step.of(step, zone).edges(Moment.of(from, zone, NOW), Moment.of(to, zone, NOW));
    }

    private static String times(List<Long> edges) {
        return edges.stream().map(e -> Instant.ofEpochSecond(e).toString()).collect(Collectors.joining(" "));
    }
}
