package io.tidemark.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LabelledEventsTest {
    private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");

    @Test
    void theSameSeedGivesTheSameEvents() {
        List<String> once = events(5, 3_000, 0.2).map(LabelledEvent::toString).toList();
        assertThat(events(5, 3_000, 0.2).map(LabelledEvent::toString)).isEqualTo(once);
        assertThat(events(6, 3_000, 0.2).map(LabelledEvent::toString)).isNotEqualTo(once);
    }

    @Test
    void everyVerdictOfTheContractOccurs() {
        Set<String> reasons = new TreeSet<>();
        events(1, 20_000, 0.3)
                .forEach(e -> reasons.add(
                        e.label() instanceof Label.Rejected r
                                ? r.reason()
                                : e.label().getClass().getSimpleName()));
        assertThat(reasons)
                .containsExactlyInAnyOrder(
                        "Counted",
                        "Filtered",
                        "null-value",
                        "empty",
                        "not-utf8",
                        "too-deep",
                        "not-json",
                        "not-an-object",
                        "trailing-data",
                        "duplicate-key",
                        "wrong-type",
                        "bad-text",
                        "missing-field",
                        "time-in-future");
    }

    @Test
    void everyCategoryOfTheFixedDimensionsOccurs() {
        Map<String, Set<String>> seen = new HashMap<>();
        events(2, 20_000, 0)
                .forEach(e -> ((Label.Counted) e.label())
                        .categories()
                        .forEach((d, c) ->
                                seen.computeIfAbsent(d, k -> new TreeSet<>()).add(c)));
        assertThat(seen.get("kind")).containsExactlyInAnyOrder("edit", "new", "log", "categorize", "other");
        assertThat(seen.get("actor")).containsExactlyInAnyOrder("bot", "human", "(unknown)");
        assertThat(seen.get("login")).containsExactlyInAnyOrder("hidden", "temporary", "anonymous", "loggedin");
        assertThat(seen.get("namespace")).contains("Main", "User talk", "1198", "(unknown)", "2147483648", "Wikipedia");
        assertThat(seen.get("user")).contains("(unknown)", "(too long)", "\\(unknown)", "\\\\(other)");
        assertThat(seen.get("page").size()).isGreaterThan(1_000);
    }

    @Test
    void theShareOfBadOnesIsAsAskedFor() {
        long bad = events(3, 20_000, 0.01)
                .filter(e -> !(e.label() instanceof Label.Counted))
                .count();
        assertThat(bad).isBetween(120L, 290L);
    }

    @Test
    void equalBytesHaveEqualLabelsAndGoodOnesAreAllDifferent() {
        Map<ByteBuffer, Label> labels = new HashMap<>();
        Set<ByteBuffer> good = new HashSet<>();
        events(4, 20_000, 0.3).filter(e -> e.bytes() != null).forEach(e -> {
            ByteBuffer bytes = ByteBuffer.wrap(e.bytes());
            Label before = labels.putIfAbsent(bytes, e.label());
            assertThat(before == null || before.equals(e.label()))
                    .as(e.toString())
                    .isTrue();
            if (e.label() instanceof Label.Counted) {
                assertThat(good.add(bytes)).as(e.toString()).isTrue();
            }
        });
    }

    /** A second opinion on what the bytes are, from libraries alone. */
    @Test
    void countedOnesAreObjectsAndNotUtf8IsNone() throws IOException {
        ObjectMapper strict = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
        for (LabelledEvent event : events(7, 10_000, 0.4).toList()) {
            if (event.label() instanceof Label.Counted) {
                assertThat(strict.readTree(event.bytes()).isObject()).isTrue();
            } else if (event.label().equals(new Label.Rejected("not-utf8"))) {
                assertThat(isUtf8(event.bytes()) && !event.how().equals("byte order mark"))
                        .as(event.toString())
                        .isFalse();
            } else if (event.bytes() != null) {
                assertThat(isUtf8(event.bytes())).as(event.toString()).isTrue();
            }
        }
    }

    @Test
    void linesFitOnALine() {
        LabelledEvents events = new LabelledEvents(8, NOW, Duration.ofHours(1), 10_000, 0.5);
        for (int i = 0; i < 10_000; i++) {
            byte[] line = events.nextLine().bytes();
            assertThat(new String(line, StandardCharsets.ISO_8859_1)).doesNotContain("\n");
            assertThat(new String(line, StandardCharsets.ISO_8859_1).isBlank()).isFalse();
        }
    }

    private static boolean isUtf8(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private static Stream<LabelledEvent> events(long seed, int count, double bad) {
        LabelledEvents events = new LabelledEvents(seed, NOW, Duration.ofHours(6), count, bad);
        return Stream.generate(events::next).limit(count);
    }
}
