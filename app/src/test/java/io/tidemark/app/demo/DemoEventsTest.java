package io.tidemark.app.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class DemoEventsTest {
    private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HandClock clock = new HandClock();

    @Test
    void theSameSeedAndTimesGiveTheSameBytes() {
        assertThat(lines(7, 2_000)).isEqualTo(lines(7, 2_000)).isNotEqualTo(lines(8, 2_000));
    }

    @Test
    void aboutFiftyAreSentASecond() {
        DemoEvents events = new DemoEvents(1, clock);
        Instant end = NOON.plus(Duration.ofMinutes(20));
        int sent = 0;
        while (clock.instant().isBefore(end)) {
            clock.now = clock.now.plus(events.untilNext());
            events.next();
            sent++;
        }
        assertThat(sent / 1_200.0).isCloseTo(DemoEvents.MEAN_PER_SECOND, within(6.0));
    }

    @Test
    void aFewInAThousandAreBadOrCanaries() {
        List<String> lines = lines(2, 20_000);
        long bad = lines.stream().filter(line -> !isGood(line)).count();
        long canaries = lines.stream()
                .filter(line -> line.contains("\"domain\":\"canary\""))
                .count();
        assertThat(bad).isBetween(20L, 70L);
        assertThat(canaries).isBetween(5L, 50L);
    }

    @Test
    void everythingThatTheStreamSplitsByOccurs() {
        List<JsonNode> events = good(3, 20_000);
        assertThat(values(events, e -> e.path("type").asText(null)))
                .containsOnlyKeys("edit", "new", "log", "categorize");
        assertThat(values(events, e -> e.path("action").asText(null)))
                .containsKeys("edit", "new", "create", "Special:Log/newusers");
        assertThat(values(events, e -> e.path("wiki").asText(null)).keySet()).hasSizeGreaterThan(6);
        assertThat(values(events, e -> e.path("ns").asText(null)).keySet())
                .contains("Main", "Talk", "Special", "Category", "User talk", "Draft");
        Map<String, Integer> users = values(events, e -> e.path("user").asText(null));
        assertThat(users.keySet())
                .anyMatch(u -> u.matches("~2026-\\d+"))
                .anyMatch(u -> u.startsWith("2001:DB8:"))
                .anyMatch(u -> u.startsWith("192.0.2."))
                .anyMatch(u -> u.endsWith("Bot"));
        assertThat(events).anyMatch(e -> e.has("type") && !e.has("user"));
        assertThat(events).anyMatch(e -> e.has("action") && e.get("user").isNull());
    }

    @Test
    void fewUsersAndPagesAreBusyAndMostAreNot() {
        List<JsonNode> events = good(4, 20_000);
        Map<String, Integer> pages = values(
                events,
                e -> e.has("title")
                        ? e.get("title").asText()
                        : e.path("page_title").asText(null));
        long once = pages.values().stream().filter(n -> n == 1).count();
        assertThat(pages.size()).isGreaterThan(3_000);
        assertThat(once).isGreaterThan(pages.size() / 2);
        assertThat(pages.values().stream().max(Integer::compare).orElse(0)).isGreaterThan(100);
    }

    @Test
    void eventTimesLieJustBeforeTheTimeOfSending() {
        for (JsonNode event : good(5, 5_000)) {
            if (event.has("type")) {
                Instant time = Instant.parse(event.at("/meta/dt").asText());
                assertThat(Duration.between(time, NOON)).isBetween(Duration.ZERO, Duration.ofSeconds(5));
            }
        }
    }

    private List<String> lines(long seed, int count) {
        DemoEvents events = new DemoEvents(seed, clock);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            lines.add(new String(events.next(), StandardCharsets.UTF_8));
        }
        return lines;
    }

    private List<JsonNode> good(long seed, int count) {
        return lines(seed, count).stream()
                .filter(DemoEventsTest::isGood)
                .map(DemoEventsTest::parse)
                .collect(Collectors.toList());
    }

    private static boolean isGood(String line) {
        JsonNode event = parse(line);
        return event != null
                && (event.has("type")
                        || event.has("action")
                        || event.at("/meta/domain").asText().equals("canary"))
                && !event.path("user").isNumber();
    }

    private static JsonNode parse(String line) {
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    private static Map<String, Integer> values(List<JsonNode> events, Function<JsonNode, String> value) {
        Map<String, Integer> counts = new HashMap<>();
        events.forEach(e -> {
            String found = value.apply(e);
            if (found != null) {
                counts.merge(found, 1, Integer::sum);
            }
        });
        return new TreeMap<>(counts);
    }

    private static final class HandClock extends Clock {
        private Instant now = NOON;

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }
}
