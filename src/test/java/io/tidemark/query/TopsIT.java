package io.tidemark.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.commit.StreamKeys;
import io.tidemark.stream.BucketSize;
import io.tidemark.tally.CountKey;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;

/** Largest categories, on a real Redis, against plain sums of what was written there. */
class TopsIT extends SampleAnswers {
    @Test
    void topAgreesWithPlainSumsWhateverTheBucketsHold() {
        long seed = System.nanoTime();
        for (int round = 0; round < 60; round++) {
            Random random = new Random(seed + round);
            empty();
            commitSample();
            Map<String, Long> sums = new HashMap<>();
            int hours = 1 + random.nextInt(6);
            int values = 1 + random.nextInt(400);
            int flat = 1 + random.nextInt(30);
            fill(
                    hours,
                    bucket -> {
                        Map<String, Double> scores = new HashMap<>();
                        for (int i = 0; i < values; i++) {
                            if (random.nextInt(3) > 0) {
                                long count = 1 + (long) (random.nextInt(flat) * random.nextDouble());
                                scores.put(name(random.nextInt(values)), (double) count);
                            }
                        }
                        return scores;
                    },
                    sums);
            int n = 1 + random.nextInt(40);
            JsonNode top = ask("{\"top\":{\"of\":\"user\",\"n\":" + n
                            + ",\"from\":\"2026-01-06T00:00Z\",\"to\":\"2026-01-06T06:00Z\"}}")
                    .get("top");
            assertThat(top.get("exact").asBoolean())
                    .as("seed %d", seed + round)
                    .isEqualTo(!sums.containsKey("(other)"));
            assertThat(listed(top)).as("seed %d", seed + round).isEqualTo(expected(sums, n));
        }
    }

    @Test
    void theLargestOfHundredsOfThousandsAreExact() {
        commitSample();
        Map<String, Long> sums = new HashMap<>();
        Random random = new Random(7);
        // As on Wikipedia: few are edited often, most once or twice.
        fill(
                24,
                bucket -> {
                    Map<String, Double> scores = new HashMap<>();
                    for (int i = 0; i < 21_000; i++) {
                        scores.merge(name(2 + (int) (1_000_000 * Math.pow(random.nextDouble(), 4))), 1.0, Double::sum);
                    }
                    return scores;
                },
                sums);
        assertThat(sums.size()).isGreaterThan(200_000);
        JsonNode top = ask("{\"top\":{\"of\":\"user\",\"n\":20,\"from\":\"2026-01-06\",\"to\":\"2026-01-07\"}}")
                .get("top");
        assertThat(listed(top)).isEqualTo(expected(sums, 20));
        assertThat(top.get("exact").asBoolean()).isTrue();
    }

    /** Where all are alike, looking at everything would hold Redis up: what may be missing is said instead. */
    @Test
    void pastABoundOfWorkTheAnswerSaysWhatItMayHaveMissed() {
        commitSample();
        Map<String, Long> sums = new HashMap<>();
        fill(
                4,
                bucket -> {
                    Map<String, Double> scores = new HashMap<>();
                    for (int i = 0; i < 50_000; i++) {
                        scores.put(name(bucket * 50_000 + i), 1.0);
                    }
                    return scores;
                },
                sums);
        JsonNode top = ask("{\"top\":{\"of\":\"user\",\"n\":5,\"from\":\"2026-01-06\",\"to\":\"2026-01-07\"}}")
                .get("top");
        assertThat(top.get("exact").asBoolean()).isFalse();
        assertThat(top.get("unlistedAtMost").asLong()).isBetween(1L, 4L);
        listed(top).forEach((value, count) -> assertThat(count).isEqualTo(sums.get(value)));
    }

    /** Each of very many buckets may add to each category: one step over all of them would be work without a bound. */
    @Test
    void veryManyBucketsAreBoundedToo() {
        commitSample();
        Map<String, Long> sums = new HashMap<>();
        fill(
                700,
                bucket -> {
                    Map<String, Double> scores = new HashMap<>();
                    for (int i = 0; i < 40; i++) {
                        scores.put(name(2 + bucket * 40 + i), 1.0 + i % 3);
                    }
                    return scores;
                },
                sums);
        String question =
                "{\"top\":[{\"of\":\"user\",\"n\":1000,\"from\":\"2026-01-06\",\"to\":\"2026-02-10\"},{\"of\":\"user\",\"n\":5,"
                        + "\"from\":\"2026-01-06\",\"to\":\"2026-02-10\"}]}";
        JsonNode tops = ask(question).get("top");
        for (JsonNode top : tops) {
            assertThat(top.get("exact").asBoolean()).isFalse();
            assertThat(top.get("unlistedAtMost").asLong()).isPositive();
            listed(top).forEach((value, count) -> assertThat(count).isEqualTo(sums.get(value)));
        }
    }

    private interface Bucket {
        Map<String, Double> scores(int hour);
    }

    /** Writes sorted sets of hours from 2026-01-06T00 on. */
    private static void fill(int hours, Bucket bucket, Map<String, Long> sums) {
        StreamKeys keys = new StreamKeys("wiki");
        long first = 1_767_657_600L;
        try (Jedis jedis = jedis()) {
            for (int hour = 0; hour < hours; hour++) {
                CountKey key = CountKey.bucket("user", BucketSize.HOUR, first + hour * 3_600L);
                Map<String, Double> scores = bucket.scores(hour);
                Pipeline pipeline = jedis.pipelined();
                if (!scores.isEmpty()) {
                    pipeline.zadd(keys.count(key), scores);
                }
                pipeline.zadd(keys.buckets(), key.end(), "hour:" + BucketSize.HOUR.format(key.start()));
                long sum = scores.values().stream().mapToLong(Double::longValue).sum();
                for (String plain : List.of("action", "actor")) {
                    pipeline.hset(
                            keys.count(CountKey.bucket(plain, BucketSize.HOUR, key.start())), "x", Long.toString(sum));
                }
                pipeline.sync();
                scores.forEach((value, n) -> sums.merge(value, n.longValue(), Long::sum));
            }
        }
    }

    private static String name(int i) {
        return i == 0 ? "(other)" : i == 1 ? "(unknown)" : "Häuser \ud83c\udfe0 " + i % 97 + " " + i;
    }

    private static Map<String, Long> expected(Map<String, Long> sums, int n) {
        Comparator<Map.Entry<String, Long>> order = Map.Entry.comparingByValue(Comparator.reverseOrder());
        return sums.entrySet().stream()
                .filter(e -> !e.getKey().startsWith("("))
                .sorted(order.thenComparing(Map.Entry.comparingByKey()))
                .limit(n)
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, LinkedHashMap::new));
    }

    private static Map<String, Long> listed(JsonNode top) {
        Map<String, Long> listed = new LinkedHashMap<>();
        top.get("categories")
                .forEach(c -> listed.put(c.get("value").asText(), c.get("count").asLong()));
        return listed;
    }
}
