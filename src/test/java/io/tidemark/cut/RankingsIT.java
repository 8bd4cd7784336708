package io.tidemark.cut;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.stream.BucketSize;
import io.tidemark.tally.CountKey;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Pipeline;

/** The largest categories, read of a real Redis, against plain sums of what was written there. */
class RankingsIT extends CutFixture {
    @Test
    void theLargestAgreeWithPlainSumsWhateverTheBucketsHold() {
        for (int seed = 1; seed <= 60; seed++) {
            Random random = new Random(seed);
            jedis.flushAll();
            commitSample();
            Map<String, Long> sums = new HashMap<>();
            int hours = 1 + random.nextInt(6);
            int values = 1 + random.nextInt(400);
            int flat = 1 + random.nextInt(30);
            for (int hour = 1; hour <= hours; hour++) {
                Map<String, Double> scores = new HashMap<>();
                for (int i = 0; i < values; i++) {
                    if (random.nextInt(3) > 0) {
                        scores.put(
                                name(random.nextInt(values)),
                                1 + Math.floor(random.nextInt(flat) * random.nextDouble()));
                    }
                }
                fill(hour, BucketSize.HOUR, USER, scores);
                scores.forEach((value, n) -> sums.merge(value, n.longValue(), Long::sum));
            }
            int n = 1 + random.nextInt(40);
            Ranked ranked = hours(hours, n);
            assertThat(ranked.unlistedAtMost()).as("seed %d", seed).isZero();
            assertThat(List.copyOf(ranked.largest().entrySet()))
                    .as("seed %d", seed)
                    .isEqualTo(List.copyOf(expected(sums, n).entrySet()));
            sums.keySet().removeIf(value -> !value.startsWith("("));
            assertThat(ranked.reserved()).as("seed %d", seed).isEqualTo(sums);
        }
    }

    @Test
    void amongEqualsTheFirstByTheirBytesAreListed() {
        commitSample();
        Map<String, Double> scores = new HashMap<>();
        for (String value : List.of("(other)", "(unknown)", "a", "ab", "b", "Z", "\u00e4", "\ud83c\udfe0")) {
            scores.put(value, 3.0);
        }
        for (int i = 0; i < 40; i++) {
            scores.put("later " + i, 3.0);
        }
        fill(1, BucketSize.HOUR, USER, scores);
        assertThat(hours(1, 3).largest()).containsExactly(Map.entry("Z", 3L), Map.entry("a", 3L), Map.entry("ab", 3L));
        assertThat(hours(1, 3).unlistedAtMost()).isZero();
        fill(2, BucketSize.HOUR, USER, scores);
        assertThat(hours(2, 3).largest()).containsExactly(Map.entry("Z", 6L), Map.entry("a", 6L), Map.entry("ab", 6L));
        assertThat(hours(2, 3).unlistedAtMost()).isZero();
        assertThat(hours(2, 3).reserved()).containsOnlyKeys("(other)", "(unknown)");
    }

    @Test
    void countsOfARankingAreWrittenOut() {
        commitSample();
        double large = 9_007_199_254_740_991.0;
        fill(1, BucketSize.HOUR, USER, Map.of("a", large, "b", 5e14, "(other)", 1e15));
        assertThat(hours(1, 2).largest()).isEqualTo(Map.of("a", (long) large, "b", 500_000_000_000_000L));
        assertThat(hours(1, 2).reserved()).isEqualTo(Map.of("(other)", 1_000_000_000_000_000L));
        jedis.zadd(KEYS.main() + ":total:user", Map.of("in total", 7.0));
        assertThat(ranked(Ranking.total(USER, 2)).largest()).isEqualTo(Map.of("in total", 7L));
        assertThat(ranked(new Ranking(USER, BucketSize.HOUR, 0, 3_600, 2)).largest())
                .as("no bucket at all")
                .isEmpty();
    }

    @Test
    void whatIsLargeInSumOnlyIsFoundFarDown() {
        commitSample();
        for (int hour = 1; hour <= 2; hour++) {
            int first = hour * 10_000;
            Map<String, Double> scores = IntStream.range(first, first + 3_000)
                    .boxed()
                    .collect(Collectors.toMap(i -> "user " + i, i -> 10_000.0 + first - i));
            scores.put("in both", 7_000.0);
            fill(hour, BucketSize.HOUR, USER, scores);
        }
        Ranked ranked = hours(2, 2);
        assertThat(ranked.unlistedAtMost()).isZero();
        assertThat(ranked.largest()).containsExactly(Map.entry("in both", 14_000L), Map.entry("user 10000", 10_000L));
    }

    /** Where all are alike, looking at everything would hold Redis up: what may be missing is said instead. */
    @Test
    void noMoreThanABoundIsReadForARanking() {
        commitSample();
        fill(1, BucketSize.HOUR, USER, same(0, 40_000));
        fill(2, BucketSize.HOUR, USER, same(0, 40_000));
        Ranked ranked = hours(2, 5);
        assertThat(ranked.unlistedAtMost()).isEqualTo(2);
        assertThat(ranked.largest())
                .hasSize(5)
                .allSatisfy((user, sum) -> assertThat(sum).isEqualTo(2));
    }

    @Test
    void noMoreThanABoundIsLookedUpForARanking() {
        commitSample();
        for (int hour = 1; hour <= 50; hour++) {
            fill(hour, BucketSize.HOUR, USER, same(hour * 60, hour * 60 + 60));
        }
        assertThat(hours(50, 5).unlistedAtMost()).isBetween(1L, 50L);
    }

    /** Each of many buckets may add to each category: one step over all of them would be work without a bound. */
    @Test
    void eachStepOfARankingIsBoundedToo() {
        commitSample();
        for (int hour = 1; hour <= 100; hour++) {
            fill(hour, BucketSize.HOUR, USER, same(hour * 1_000, hour * 1_000 + 1_000));
        }
        assertThat(hours(100, 5_000).largest().size()).isBetween(1_000, 1_400);
    }

    @Test
    void aRankingOfMoreBucketsThanAStepMayHaveIsMadeAllTheSame() {
        commitSample();
        Pipeline pipeline = jedis.pipelined();
        for (int hour = 2; hour < 20_100; hour++) {
            CountKey key = CountKey.bucket("user", BucketSize.HOUR, TEN + hour * 3_600L);
            pipeline.zadd(KEYS.buckets(), key.end(), "hour:" + BucketSize.HOUR.format(key.start()));
        }
        pipeline.sync();
        fill(1, BucketSize.HOUR, USER, Map.of("a", 3.0, "b", 2.0, "c", 1.0));
        Ranked ranked = hours(20_100, 5);
        assertThat(ranked.unlistedAtMost()).isZero();
        assertThat(ranked.largest()).containsExactly(Map.entry("a", 3L), Map.entry("b", 2L), Map.entry("c", 1L));
    }

    private Ranked ranked(Ranking ranking) {
        return read(new Wish(List.of(), List.of(), List.of(ranking))).rankings().get(ranking);
    }

    /** Of the hours after that of the sample. */
    private Ranked hours(int hours, int most) {
        return ranked(new Ranking(USER, BucketSize.HOUR, TEN + 3_600, TEN + 3_600L * (hours + 1), most));
    }

    private static Map<String, Double> same(int first, int end) {
        return IntStream.range(first, end).boxed().collect(Collectors.toMap(i -> "user " + i, i -> 1.0));
    }

    private static String name(int i) {
        return i == 0 ? "(other)" : i == 1 ? "(unknown)" : "H\u00e4user \ud83c\udfe0 " + i % 97 + " " + i;
    }

    private static Map<String, Long> expected(Map<String, Long> sums, int n) {
        Comparator<Map.Entry<String, Long>> order = Map.Entry.comparingByValue(Comparator.reverseOrder());
        return sums.entrySet().stream()
                .filter(e -> !e.getKey().startsWith("("))
                .sorted(order.thenComparing(Map.Entry.comparingByKey()))
                .limit(n)
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, LinkedHashMap::new));
    }
}
