package io.tidemark.app.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordTimeTest {
    private static final Instant NOW = Instant.parse("2026-04-11T10:00:00Z");

    private final RecordTime time = new RecordTime(List.of("/meta/dt", "/timestamp"), Clock.fixed(NOW, ZoneOffset.UTC));

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"meta":{"dt":"2026-04-11T09:00:01.250Z"}}                        | 2026-04-11T09:00:01.250Z
                    {"meta":{"dt":"2026-04-11T11:00:00+02:00"},"timestamp":1}         | 2026-04-11T09:00:00Z
                    {"timestamp":1775901601}                                          | 2026-04-11T10:00:01Z
                    {"meta":{"dt":"yesterday"},"timestamp":"1775901601000"}           | 2026-04-11T10:00:01Z
                    {"meta":{"dt":"2026-04-11T11:00:00Z"}}                            | 2026-04-11T11:00:00Z
                    {"timestamp":1775901601.5}                                        | 2026-04-11T10:00:01.500Z
                    """)
    void isTheEventsOwn(String event, Instant expected) {
        assertThat(time.of(event.getBytes(StandardCharsets.UTF_8))).isEqualTo(expected.toEpochMilli());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"meta":{"dt":"2026-04-11T11:00:00.001Z"}}
                    {"meta":{"dt":"2099-01-01T00:00:00Z"}}
                    {"meta":{"dt":"1969-12-31T23:59:59Z"}}
                    {"meta":{"dt":true}}
                    {"meta":[]}
                    {"user":"Sample User"}
                    {"meta":{"dt":"2026-04-1
                    42
                    tick 17
                    """)
    void isTheTimeOfSendingWhereTheEventHasNone(String event) {
        assertThat(time.of(event.getBytes(StandardCharsets.UTF_8))).isNull();
    }
}
