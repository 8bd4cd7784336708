package io.tidemark.tally;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.event.ChunkParser;
import io.tidemark.stream.StreamConfig;
import io.tidemark.stream.StreamConfigReader;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a counter remembers of one chunk changes no count of the next. */
class RememberedCategoriesTest {
    private static final long NOW = Instant.parse("2026-04-11T10:00:00Z").toEpochMilli();
    private static final StreamConfig CONFIG = StreamConfigReader.read("""
            stream: s
            topic: t
            dimensions:
              pair:
                - join: [/a, /b]
                - field: /a
                - category: nothing
            """, Path.of("."));

    /** Some hundred values make more categories than one list holds, so that ids change while values do not. */
    @Test
    void aNewListOfCategoriesForgetsTheIdsOfTheOld() {
        ChunkParser parser = new ChunkParser(CONFIG);
        ChunkCounter counter = new ChunkCounter(CONFIG);
        int values = 100;
        Map<String, Long> expected = new HashMap<>();
        Map<String, Long> found = new HashMap<>();
        for (int chunk = 0; chunk < 3; chunk++) {
            Counting counting = new Counting(CONFIG, NOW);
            // The order decides the ids: another in each chunk.
            for (int i = 0; i < values; i++) {
                String a = "a" + (i + 7 * chunk) % values;
                counting.add("{\"a\":\"" + a + "\"}");
                expected.merge(a, 1L, Long::sum);
                if (i == 5 * (2 - chunk)) {
                    counting.add("{}");
                    expected.merge("nothing", 1L, Long::sum);
                }
            }
            for (int i = 0; i < values * values; i++) {
                String a = "a" + i % values;
                String b = "b" + i / values;
                counting.add("{\"a\":\"" + a + "\",\"b\":\"" + b + "\"}");
                expected.merge(a + ":" + b, 1L, Long::sum);
            }
            Counting.total(counter.count(parser.parse(counting.chunk())), "pair")
                    .forEach((category, n) -> found.merge(category, n, Long::sum));
        }
        assertThat(found).isEqualTo(expected);
    }
}
