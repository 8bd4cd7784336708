package io.tidemark.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.commit.RedisStore;
import io.tidemark.commit.Sample;
import io.tidemark.plan.Range;
import io.tidemark.testing.RedisServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Answers that are taken while batches are committed and Redis is killed and started again: in each of them, every
 * section is of the offsets that it says.
 */
class ConsistentAnswersIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ANSWERS = 10_000;
    private static final int READERS = 4;
    private static final String QUESTION =
            "{\"stream\":\"wiki\",\"counts\":[\"action\",\"bot\"],\"trend\":{\"of\":\"actor\","
                    + "\"from\":\"2026-01-05T00:00Z\",\"to\":\"2026-01-06T00:00Z\",\"step\":\"hour\"},\"top\":[{\"of\":\"user\",\"n\":7,"
                    + "\"from\":\"2026-01-05\",\"to\":\"2026-01-06\"},{\"of\":\"actor\",\"total\":true}],\"status\":true}";

    @TempDir
    Path folder;

    @Test
    void everySectionOfEveryAnswerIsOfTheOffsetsThatItSays() throws Exception {
        try (RedisServer server = RedisServer.start(folder);
                RedisStore store = new RedisStore(server.address(), Sample.config(), "writer-1");
                Answers answers = new Answers(server.address(), text -> Sample.config())) {
            store.initialise(Sample.starts(0, 0), Sample.TOPIC_ID, Sample.STORE);
            AtomicInteger answered = new AtomicInteger();
            AtomicInteger unavailable = new AtomicInteger();
            ExecutorService readers = Executors.newFixedThreadPool(READERS);
            List<Future<?>> reading = new ArrayList<>();
            for (int i = 0; i < READERS; i++) {
                reading.add(readers.submit(() -> read(answers, answered, unavailable)));
            }
            long offset = 0;
            int killed = 0;
            while (reading.stream().anyMatch(each -> !each.isDone())) {
                // Marks go back when Redis loses writes: the sample is committed again from where they stand.
                try {
                    long[] next = {
                        store.marks().orElseThrow().of(0),
                        store.marks().orElseThrow().of(1)
                    };
                    if (next[0] < 4_000) {
                        store.commit(
                                Sample.tally(new Range(0, next[0], next[0] + 7), new Range(1, next[1], next[1] + 3)));
                    }
                    offset = next[0];
                } catch (RuntimeException unavailableNow) {
                    unavailable.incrementAndGet();
                }
                if (answered.get() > 2_500 * (killed + 1) && killed < 3) {
                    killed++;
                    server.killAndRestart();
                }
            }
            readers.shutdown();
            for (Future<?> each : reading) {
                each.get();
            }
            assertThat(answered.get()).isGreaterThanOrEqualTo(ANSWERS);
            assertThat(offset).isGreaterThan(700);
            assertThat(killed).isEqualTo(3);
        }
    }

    private static Void read(Answers answers, AtomicInteger answered, AtomicInteger unavailable) throws Exception {
        Map<String, long[]> expected = new HashMap<>();
        while (answered.get() < ANSWERS) {
            JsonNode answer = JSON.readTree(answers.ask("ask", QUESTION));
            if (answer.has("error")) {
                assertThat(answer.at("/error/code").asText()).isEqualTo("store-unavailable");
                unavailable.incrementAndGet();
                Thread.sleep(5);
                continue;
            }
            check(answer, expected);
            answered.incrementAndGet();
        }
        return null;
    }

    /** What the sample's records add up to at the offsets of the answer, counted one by one. */
    private static void check(JsonNode answer, Map<String, long[]> expected) {
        long zero = answer.at("/cut/offsets/0").asLong();
        long one = answer.at("/cut/offsets/1").asLong();
        long[] right = expected.computeIfAbsent(zero + " " + one, k -> recount(zero, one));
        assertThat(answer.at("/accounts/records").asLong()).isEqualTo(zero + one);
        assertThat(answer.at("/accounts/counted").asLong()).isEqualTo(right[0]);
        assertThat(answer.at("/labels/bot").asLong()).isEqualTo(right[1]);
        assertThat(sum(answer.at("/counts/action"))).isEqualTo(right[0]);
        assertThat(answer.at("/counts/action/new").asLong()).isEqualTo(right[2]);
        assertThat(sum(answer.at("/trend/events"))).isEqualTo(right[0]);
        assertThat(sum(answer.at("/trend/series/actor/bot"))).isEqualTo(right[1]);
        assertThat(answer.at("/top/0/sum").asLong()).isEqualTo(right[0]);
        long listed = 0;
        for (JsonNode category : answer.at("/top/0/categories")) {
            listed += category.get("count").asLong();
        }
        assertThat(listed).as("the seven users").isEqualTo(right[0]);
        assertThat(answer.at("/top/1/sum").asLong()).isEqualTo(right[0]);
    }

    private static long[] recount(long... ends) {
        long counted = 0;
        long bots = 0;
        long made = 0;
        for (int partition = 0; partition < ends.length; partition++) {
            for (long offset = 0; offset < ends[partition]; offset++) {
                if (offset % 10 != 9) {
                    counted++;
                    bots += (offset + partition) % 4 == 0 ? 1 : 0;
                    made += offset % 3 == 0 ? 1 : 0;
                }
            }
        }
        return new long[] {counted, bots, made};
    }

    private static long sum(JsonNode numbers) {
        long sum = 0;
        for (JsonNode number : numbers) {
            sum += number.asLong();
        }
        return sum;
    }
}
