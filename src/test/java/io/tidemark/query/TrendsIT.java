package io.tidemark.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.commit.Health;
import io.tidemark.commit.RedisStore;
import io.tidemark.commit.Sample;
import io.tidemark.stream.Refusal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/** Buckets over time, on a real Redis, against what was counted there; and several questions of one cut. */
class TrendsIT extends SampleAnswers {
    @Test
    void aTrendHasEveryBucketOfThePeriodAndAgreesWithTheHours() {
        commitSample();
        JsonNode minutes = ask("{\"trend\":{\"of\":[\"actor\",\"g2_new\"],\"from\":\"2026-01-05T10:00Z\",\"to\":"
                        + "\"2026-01-05T10:20Z\",\"step\":\"minute\"}}")
                .get("trend");
        assertThat(minutes.get("buckets")).hasSize(20);
        assertThat(minutes.get("buckets").get(0).asText()).isEqualTo("2026-01-05T10:00:00Z");
        assertThat(minutes.get("states").toString()).isEqualTo("[" + "\"open\",".repeat(19) + "\"open\"]");
        // Two partitions of ten records a minute from 10:05, 100 and 50 of them; every tenth is rejected.
        assertThat(numbers(minutes.get("events")))
                .isEqualTo(
                        List.of(0L, 0L, 0L, 0L, 0L, 18L, 18L, 18L, 18L, 18L, 9L, 9L, 9L, 9L, 9L, 0L, 0L, 0L, 0L, 0L));
        assertThat(numbers(minutes.at("/series/actor/bot")).stream()
                        .mapToLong(n -> n)
                        .sum())
                .isEqualTo(35);
        assertThat(minutes.at("/labels/g2_new")).isEqualTo(minutes.at("/series/action/new"));
        JsonNode hour = ask("{\"trend\":{\"of\":\"actor\",\"from\":\"2026-01-05T10:00Z\",\"to\":\"2026-01-05T11:00Z\","
                        + "\"step\":\"hour\"}}")
                .get("trend");
        assertThat(numbers(hour.get("events"))).isEqualTo(List.of(135L));
        assertThat(numbers(hour.at("/series/actor/bot"))).isEqualTo(List.of(35L));
    }

    @Test
    void severalSectionsAreOfOneCut() {
        commitSample();
        JsonNode answer =
                ask("{\"counts\":[\"bot\"],\"trend\":[{\"from\":\"2026-01-05T10:00Z\",\"to\":\"2026-01-05T11:00Z\","
                        + "\"step\":\"hour\"}],\"top\":[{\"of\":\"user\",\"n\":2,\"from\":\"2026-01-05\",\"to\":\"2026-01-06\"},"
                        + "{\"of\":\"action\",\"total\":true}],\"status\":true,\"atLeast\":{\"0\":100,\"1\":50}}");
        assertThat(answer.at("/labels/bot").asLong()).isEqualTo(35);
        assertThat(answer.at("/trend/0/events/0").asLong()).isEqualTo(135);
        assertThat(answer.at("/top/0/sum").asLong()).isEqualTo(135);
        assertThat(answer.at("/top/0/exact").asBoolean()).isTrue();
        assertThat(answer.at("/top/0/categories")).hasSize(2);
        assertThat(answer.at("/top/1/categories").toString())
                .isEqualTo("[{\"value\":\"edit\",\"count\":90,\"share\":0.666667,\"label\":\"g2_edit\"},"
                        + "{\"value\":\"new\",\"count\":45,\"share\":0.333333,\"label\":\"g2_new\"}]");
        assertThat(answer.at("/status/state").asText()).isEqualTo("no-coordinator");
    }

    @Test
    void aCutThatIsNotThereYetIsSaidSoAtOnce() {
        commitSample();
        JsonNode answer = ask("{\"counts\":[],\"atLeast\":{\"0\":101,\"7\":1}}");
        assertThat(answer.at("/error/code").asText()).isEqualTo("not-yet");
        assertThat(answer.at("/error/message").asText())
                .isEqualTo(
                        "partition 0 is counted up to 100, not yet to 101; partition 7 is counted up to 0, not yet to 1");
        assertThat(answer.at("/cut/offsets/0").asLong()).isEqualTo(100);
    }

    @Test
    void bucketsAreOpenThenSettledOrCompleteAndGoneInTheEnd() {
        commitSample();
        try (Jedis jedis = jedis()) {
            // Everything was counted long after the bucket's end, and the clock passed the minutes' retention.
            long later = (Sample.T0 + 3 * 86_400) * 1_000;
            jedis.hset("tidemark:{wiki}", Map.of("as-of:0", Long.toString(later), "idle:1", Long.toString(later)));
            jedis.hset("tidemark:{wiki}", Map.of("clock", Long.toString(later)));
        }
        JsonNode minutes = ask("{\"trend\":{\"of\":\"bot\",\"from\":\"2026-01-05T10:05Z\",\"to\":\"2026-01-05T10:07Z\","
                        + "\"step\":\"minute\"}}")
                .get("trend");
        assertThat(minutes.get("states").toString()).isEqualTo("[\"gone\",\"gone\"]");
        assertThat(minutes.get("events").toString()).isEqualTo("[null,null]");
        assertThat(minutes.at("/labels/bot").toString()).isEqualTo("[null,null]");
        JsonNode hour = ask("{\"trend\":{\"of\":\"bot\",\"from\":\"2026-01-05T10:00Z\",\"to\":\"2026-01-05T11:00Z\","
                        + "\"step\":\"hour\"}}")
                .get("trend");
        assertThat(hour.get("states").toString()).isEqualTo("[\"settled\"]");
        assertThat(numbers(hour.at("/labels/bot"))).isEqualTo(List.of(35L));
        try (Jedis jedis = jedis()) {
            jedis.hset("tidemark:{wiki}:health", "timestamps", "LogAppendTime");
        }
        assertThat(ask("{\"top\":{\"of\":\"user\",\"from\":\"2026-01-05T10:00Z\",\"to\":\"2026-01-05T10:59Z\"}}")
                        .at("/top/state")
                        .asText())
                .isEqualTo("complete");
    }

    @Test
    void aPartitionThatHadNothingLeftToCountCompletesItsBuckets() {
        commitSample();
        String hour = "{\"trend\":{\"from\":\"2026-01-05T10:00Z\",\"to\":\"2026-01-05T11:00Z\",\"step\":\"hour\"}}";
        try (RedisStore store = new RedisStore(server.address(), Sample.config(), "writer-1");
                RedisStore other = new RedisStore(server.address(), Sample.config(), "writer-2");
                Jedis jedis = jedis()) {
            other.report(health("writer-2", 100, 50, 0, true, null));
            store.report(health("writer-1", 100, 50, 0, true, null));
            // When these ends were asked for, relative to the report before, is only known to its own writer.
            assertThat(jedis.hexists("tidemark:{wiki}", "idle:0")).isFalse();
            String before = jedis.hget("tidemark:{wiki}:health", "at-ms");
            store.report(health("writer-1", 100, 60, 0, true, null));
            assertThat(jedis.hget("tidemark:{wiki}", "idle:0")).isEqualTo(before);
            assertThat(jedis.hexists("tidemark:{wiki}", "idle:1")).isFalse();
            store.report(health("writer-1", 100, 50, 51, true, null));
            assertThat(jedis.hexists("tidemark:{wiki}", "idle:1")).isFalse();
            store.report(health("writer-1", 100, 50, 0, true, new Refusal("frozen", "restoring")));
            assertThat(jedis.hexists("tidemark:{wiki}", "idle:1")).isFalse();
            assertThat(ask(hour).at("/trend/states/0").asText()).isEqualTo("open");
            store.report(health("writer-1", 100, 50, 0, true, null));
            assertThat(ask(hour).at("/trend/states/0").asText()).isEqualTo("complete");
            store.report(health("writer-1", 100, 50, 0, false, null));
            assertThat(ask(hour).at("/trend/states/0").asText()).isEqualTo("settled");
        }
    }

    private static Health health(
            String writer, long end, long otherEnd, long otherOpen, boolean brokerTimes, Refusal refusal) {
        SortedMap<Integer, Long> open = otherOpen == 0 ? new TreeMap<>() : new TreeMap<>(Map.of(1, otherOpen));
        return new Health(writer, Sample.starts(0, 0), Sample.starts(end, otherEnd), open, brokerTimes, refusal);
    }

    @Test
    void aBucketWhoseDimensionsDisagreeIsNoAnswer() {
        commitSample();
        try (Jedis jedis = jedis()) {
            jedis.hincrBy("tidemark:{wiki}:minute:actor:2026-01-05T10:06", "bot", 1);
        }
        JsonNode answer =
                ask("{\"trend\":{\"of\":\"actor\",\"from\":\"2026-01-05T10:00Z\",\"to\":\"2026-01-05T10:20Z\","
                        + "\"step\":\"minute\"}}");
        assertThat(answer.at("/error/code").asText()).isEqualTo("inconsistent");
        assertThat(answer.at("/error/message").asText())
                .contains("in minute 2026-01-05T10:06 dimension actor adds up to 19, action to 18");
    }

    @Test
    void whatCannotBeAnsweredIsSaidWithWhatCan() {
        commitSample();
        assertThat(ask("{\"trend\":{\"of\":\"user\"}}").at("/error/code").asText())
                .isEqualTo("ranked-dimension");
        assertThat(ask("{\"trend\":{\"of\":\"user:x\",\"step\":\"minute\"}}")
                        .at("/error/code")
                        .asText())
                .isEqualTo("not-kept");
        assertThat(ask("{\"top\":{\"of\":\"usr\"}}").at("/error").toString())
                .contains("unknown-dimension", "[\"action\",\"actor\",\"user\"]");
        assertThat(ask("{\"top\":{\"of\":\"user\",\"total\":true}}")
                        .at("/error/code")
                        .asText())
                .isEqualTo("not-in-total");
        assertThat(ask("{\"trend\":{\"from\":\"-40d\",\"step\":\"minute\"}}")
                        .at("/error/code")
                        .asText())
                .isEqualTo("too-many-buckets");
        String day = "{\"from\":\"-20d\",\"step\":\"hour\"}";
        assertThat(ask("{\"trend\":[" + String.join(",", Collections.nCopies(50, day)) + "]}")
                        .has("error"))
                .as("the same buckets, read once")
                .isFalse();
        StringBuilder many = new StringBuilder("{\"trend\":[");
        for (int i = 0; i < 40; i++) {
            many.append(i == 0 ? "" : ",")
                    .append("{\"of\":[\"action\",\"actor\"],\"from\":\"-")
                    .append(1_400 - i)
                    .append("h\",\"step\":\"hour\"}");
        }
        assertThat(ask(many + "]}").at("/error/code").asText()).isEqualTo("too-many-buckets");
        assertThat(ask("{\"trend\":{\"of\":\"user:Sample User 1\",\"from\":\"2026-01-05T10:00Z\",\"to\":"
                                + "\"2026-01-05T11:00Z\",\"step\":\"hour\"}}")
                        .at("/trend/series/user")
                        .toString())
                .isEqualTo("{\"Sample User 1\":[19]}");
    }

    private static List<Long> numbers(JsonNode array) {
        List<Long> numbers = new ArrayList<>();
        array.forEach(n -> numbers.add(n.asLong()));
        return numbers;
    }
}
