package io.tidemark.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventTimeTest {
    private static long ofText(String text) {
        byte[] bytes = ("ab" + text + "9").getBytes(StandardCharsets.UTF_8);
        return EventTime.ofText(bytes, 2, bytes.length - 1);
    }

    private static long ofNumber(String text) {
        byte[] bytes = ("ab" + text + "9").getBytes(StandardCharsets.UTF_8);
        return EventTime.ofNumber(bytes, 2, bytes.length - 1);
    }

    private static long micros(String instant) {
        return micros(Instant.parse(instant));
    }

    private static long micros(Instant instant) {
        return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000;
    }

    @ParameterizedTest
    @CsvSource({
        "2026-04-11T10:00:01.100Z,      2026-04-11T10:00:01.1Z",
        "2026-04-11T10:00:01Z,          2026-04-11T10:00:01Z",
        "2026-04-11T10:00Z,             2026-04-11T10:00:00Z",
        "2026-04-11T10:00:01.123456789Z,2026-04-11T10:00:01.123456Z",
        "2026-04-11T10:00:01+02:00,     2026-04-11T08:00:01Z",
        "2026-04-11T10:00:01-0530,      2026-04-11T15:30:01Z",
        "2026-04-11T10:00:01+14,        2026-04-10T20:00:01Z",
        "2024-02-29T23:59:59.9Z,        2024-02-29T23:59:59.9Z",
        "1969-12-31T23:59:59.5Z,        1969-12-31T23:59:59.5Z",
        "0000-01-01T00:00:00Z,          0000-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z,          9999-12-31T23:59:59Z",
        "1775901601,                    2026-04-11T10:00:01Z",
        "1775901601250,                 2026-04-11T10:00:01.25Z",
        "1775901601250125,              2026-04-11T10:00:01.250125Z",
        "00001775901601,                2026-04-11T10:00:01Z",
        "0,                             1970-01-01T00:00:00Z",
        "99999999999,                   5138-11-16T09:46:39Z",
        "100000000000,                  1973-03-03T09:46:40Z",
    })
    void readsText(String text, String instant) {
        assertThat(ofText(text)).isEqualTo(micros(instant));
    }

    @Test
    void readsTheCommaOfIso8601() {
        assertThat(ofText("2026-04-11T10:00:01,25Z")).isEqualTo(micros("2026-04-11T10:00:01.25Z"));
    }

    @ParameterizedTest
    @CsvSource({
        "1775901601,        2026-04-11T10:00:01Z",
        "1775901601.25,     2026-04-11T10:00:01.25Z",
        "1.775901601e9,     2026-04-11T10:00:01Z",
        "1775901601250.5,   2026-04-11T10:00:01.2505Z",
        "1775901601250125.9,2026-04-11T10:00:01.250125Z",
        "-1,                1969-12-31T23:59:59Z",
        "-1.5,              1969-12-31T23:59:58.5Z",
        "1e-1000000000,     1970-01-01T00:00:00Z",
        "99999999999.999,   5138-11-16T09:46:39.999Z",
    })
    void readsNumbers(String number, String instant) {
        assertThat(ofNumber(number)).isEqualTo(micros(instant));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "soon",
                "2026-",
                "2026-04-11",
                "2026-04-11T10:00:01",
                "2026-04-11 10:00:01Z",
                "2026-04-11t10:00:01z",
                "2026-02-30T00:00:00Z",
                "2025-02-29T00:00:00Z",
                "2026-13-01T00:00:00Z",
                "2026-00-01T00:00:00Z",
                "2026-04-00T00:00:00Z",
                "2026-04-11T24:00:00Z",
                "2026-04-11T23:59:60Z",
                "2026-04-11T10:60:00Z",
                "2026-04-11T10:00:01.Z",
                "2026-04-11T10:00:01Zx",
                "2026-04-11T10:00:01+",
                "2026-04-11T10:00:01+2",
                "2026-04-11T10:00:01+18:01",
                "2026-04-11T10:00:01+02:60",
                "2026-04-11T10:00:01+02:",
                "2026-04-11T10Z",
                "+2026-04-11T10:00:01Z",
                "12026-04-11T10:00:01Z",
                "20260411T100001Z",
                "1775901601.5",
                "-1775901601",
                " 1775901601",
                "1e9",
                "100000000000000000",
                "999999999999999999999999",
                "\u0661775901601",
                "2026-04-1\u0661T10:00:01Z"
            })
    void isNoTimeInText(String text) {
        assertThat(ofText(text)).isEqualTo(EventTime.NONE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"100000000000000000", "1e17", "1e400", "-1e17", "1e1000000000", "123456789012345678901"})
    void isNoTimeAsNumber(String number) {
        assertThat(ofNumber(number)).isEqualTo(EventTime.NONE);
    }

    @Test
    void readsWhatTheJdkReads() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            long second = random.nextLong(-62_167_219_200L, 253_402_300_800L);
            String text = Instant.ofEpochSecond(second, random.nextInt(1_000_000) * 1_000L)
                    .atOffset(java.time.ZoneOffset.ofTotalSeconds(60 * random.nextInt(-1080, 1081)))
                    .toString();
            if (text.length() > 4 && text.charAt(4) == '-' && Character.isDigit(text.charAt(0))) {
                assertThat(ofText(text))
                        .as("seed %d, %s", seed, text)
                        .isEqualTo(micros(OffsetDateTime.parse(text).toInstant()));
            }
        }
    }
}
