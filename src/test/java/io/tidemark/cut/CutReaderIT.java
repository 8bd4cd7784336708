package io.tidemark.cut;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.commit.RedisConnection;
import io.tidemark.commit.RedisStore;
import io.tidemark.commit.Sample;
import io.tidemark.commit.Script;
import io.tidemark.commit.StreamKeys;
import io.tidemark.plan.Range;
import io.tidemark.stream.BucketSize;
import io.tidemark.stream.Dimension;
import io.tidemark.stream.StreamConfig;
import io.tidemark.tally.CountKey;
import io.tidemark.testing.RedisServer;
import io.tidemark.testing.ScriptMutants;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;

/** What is read of a real Redis, in one step; and the largest categories, against plain sums of what was written there. */
class CutReaderIT {
    private static final StreamKeys KEYS = new StreamKeys("wiki");
    private static final StreamConfig CONFIG = Sample.config();
    private static final Dimension ACTOR = CONFIG.dimension("actor").orElseThrow();
    private static final Dimension USER = CONFIG.dimension("user").orElseThrow();

    /** 2026-01-05T10:00:00Z. */
    private static final long TEN = Sample.T0 - 300;

    @TempDir
    static Path folder;

    private static RedisServer server;

    private String script = CutReader.READ.text();
    private RedisConnection redis;
    private Jedis jedis;
    private CutReader reader;

    @BeforeAll
    static void startRedis() {
        server = RedisServer.start(folder, "appendonly no");
    }

    @AfterAll
    static void stopRedis() {
        server.close();
    }

    @BeforeEach
    void begin() {
        begin(server);
    }

    private void begin(RedisServer on) {
        server = on;
        redis = new RedisConnection(server.address());
        reader = reader(Clock.systemUTC());
        jedis = new Jedis("127.0.0.1", server.port());
        jedis.auth(server.password());
        jedis.flushAll();
    }

    @AfterEach
    void end() {
        jedis.close();
        redis.close();
    }

    /** Runs one of these tests on another script; what it throws is thrown. */
    static void run(RedisServer on, String script, String test) throws Throwable {
        CutReaderIT tests = new CutReaderIT();
        tests.script = script;
        tests.begin(on);
        try {
            ScriptMutants.call(tests, test);
        } finally {
            tests.end();
        }
    }

    @Test
    void marksAccountsAndTotalsAreOfOneMoment() {
        commitSample();
        Reading reading = read(Wish.totals(List.of(ACTOR)));
        assertThat(reading.cut().offsets()).isEqualTo(Sample.starts(100, 50));
        assertThat(reading.cut().accounts().counted()).isEqualTo(135);
        assertThat(reading.counts()).isEqualTo(Map.of("actor", Map.of("bot", 35L, "human", 100L)));
        assertThat(reading.rejected()).isEqualTo(Map.of("not-json", 15L));
    }

    @Test
    void noStreamIsNoCutAndCountsWithoutMarksAreAnError() {
        Wish wish = Wish.totals(List.of());
        assertThatThrownBy(() -> read(wish)).isInstanceOf(NotInitialisedException.class);
        commitSample();
        jedis.del(KEYS.main());
        assertThatThrownBy(() -> read(wish))
                .isInstanceOf(InconsistentException.class)
                .hasMessageContaining("there are counts, but the key with their marks is lost");
    }

    @Test
    void anotherConfigurationIsReadFirst() {
        commitSample();
        read(Wish.totals(List.of(ACTOR)));
        try (RedisStore store = new RedisStore(server.address(), Sample.configWithText("other words"), "writer-1")) {
            store.initialise(Sample.starts(0, 0), Sample.TOPIC_ID, Sample.STORE);
        }
        List<String> texts = new ArrayList<>();
        reader.read("wiki", (config, now) -> {
            texts.add(config.text());
            return Wish.totals(List.of());
        });
        assertThat(texts).containsExactly("stream: wiki\n", "other words");
    }

    @Test
    void theTextOfAConfigurationThatIsKnownIsNotRead() {
        commitSample();
        String id = jedis.hget(KEYS.main(), "configuration-id");
        List<?> reply = (List<?>) redis.eval(
                Script.of(script),
                Stream.of(
                                KEYS.main(),
                                KEYS.accounts(),
                                KEYS.rejected(),
                                KEYS.health(),
                                KEYS.buckets(),
                                StreamKeys.ALIASES)
                        .map(RedisConnection::bytes)
                        .toList(),
                Stream.of(id, "", "wiki", "wiki").map(RedisConnection::bytes).toList());
        assertThat(((List<?>) reply.get(3)).stream().map(RedisConnection::text))
                .contains("mark:0", "configuration-id")
                .doesNotContain("configuration");
    }

    @Test
    void aNameIsFollowedToTheStreamThatItLeadsToNow() {
        commitSample();
        try (RedisStore other =
                new RedisStore(server.address(), Sample.config("wiki-2", "fingerprint-1", 10), "writer-2")) {
            other.initialise(Sample.starts(0), Sample.TOPIC_ID, "store-2");
        }
        jedis.hset(StreamKeys.ALIASES, "edits", "wiki");
        assertThat(offsets("edits")).isEqualTo(Sample.starts(100, 50));
        jedis.hset(StreamKeys.ALIASES, "edits", "wiki-2");
        assertThat(offsets("edits")).isEqualTo(Sample.starts(0));
        jedis.hset(StreamKeys.ALIASES, "wiki-2", "wiki");
        assertThat(offsets("wiki-2")).as("an alias wins over a stream").isEqualTo(Sample.starts(100, 50));
    }

    private SortedMap<Integer, Long> offsets(String name) {
        return reader.read(name, (config, now) -> Wish.totals(List.of())).cut().offsets();
    }

    @Test
    void aClockThatIsWrongIsSetByThatOfRedis() {
        commitSample();
        for (Duration off : List.of(Duration.ofHours(1), Duration.ofHours(-1), Duration.ofSeconds(-3))) {
            CutReader wrong = reader(Clock.offset(Clock.systemUTC(), off));
            List<Instant> assumed = new ArrayList<>();
            wrong.read("wiki", (config, now) -> {
                assumed.add(now);
                return new Wish(List.of(), List.of(minutes(TEN, TEN + 60)), List.of());
            });
            assertThat(Duration.between(assumed.get(assumed.size() - 1), Instant.now())
                            .abs())
                    .as("off by %s", off)
                    .isLessThan(Duration.ofSeconds(2));
        }
    }

    @Test
    void whatTheCoordinatorWroteIsNoPartOfTheCut() {
        commitSample();
        jedis.set(KEYS.health(), "not ours");
        Reading reading = read(Wish.totals(List.of(ACTOR)));
        assertThat(reading.coordinator()).isEqualTo(CoordinatorView.NONE);
        assertThat(reading.counts().get("actor")).containsEntry("bot", 35L);
    }

    @Test
    void aSpanIsTheBucketsFromItsBeginningToItsEnd() {
        commitSample();
        long six = TEN + 6 * 60;
        assertThat(span(minutes(six, six + 120)).keySet()).containsExactly(six, six + 60);
        assertThat(span(minutes(TEN, six)).keySet()).containsExactly(TEN + 5 * 60);
        // The hour's end is a minute's end too.
        fill(59, BucketSize.MINUTE, ACTOR, Map.of("bot", 2.0));
        assertThat(span(minutes(TEN + 59 * 60, TEN + 61 * 60))).isEqualTo(Map.of(TEN + 59 * 60, Map.of("bot", 2L)));
        assertThat(span(new Span(ACTOR, BucketSize.HOUR, TEN, TEN + 3_600, List.of())))
                .isEqualTo(Map.of(TEN, Map.of("bot", 35L, "human", 100L)));
    }

    @Test
    void ofManyCategoriesThoseThatOccurredAreRead() {
        commitSample();
        Map<String, Double> users = new HashMap<>();
        for (int i = 0; i < 9_000; i += 7) {
            users.put("user " + i, 1.0 + i);
        }
        fill(1, BucketSize.HOUR, USER, users);
        List<String> asked =
                IntStream.range(0, 9_000).mapToObj(i -> "user " + i).toList();
        Map<String, Long> expected = new TreeMap<>();
        users.forEach((user, n) -> expected.put(user, n.longValue()));
        assertThat(span(new Span(USER, BucketSize.HOUR, TEN + 3_600, TEN + 7_200, asked)))
                .isEqualTo(Map.of(TEN + 3_600, expected));
        assertThat(span(new Span(ACTOR, BucketSize.HOUR, TEN, TEN + 3_600, List.of("nobody", "bot"))))
                .isEqualTo(Map.of(TEN, Map.of("bot", 35L)));
    }

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

    private CutReader reader(Clock clock) {
        return new CutReader(redis, Sample::configWithText, Script.of(script), clock);
    }

    private Reading read(Wish wish) {
        return reader.read("wiki", (config, now) -> wish);
    }

    private Map<Long, ? extends Map<String, Long>> span(Span span) {
        return read(new Wish(List.of(), List.of(span), List.of())).spans().get(span);
    }

    private static Span minutes(long from, long to) {
        return new Span(ACTOR, BucketSize.MINUTE, from, to, List.of());
    }

    private Ranked ranked(Ranking ranking) {
        return read(new Wish(List.of(), List.of(), List.of(ranking))).rankings().get(ranking);
    }

    /** Of the hours after that of the sample. */
    private Ranked hours(int hours, int most) {
        return ranked(new Ranking(USER, BucketSize.HOUR, TEN + 3_600, TEN + 3_600L * (hours + 1), most));
    }

    private static void commitSample() {
        try (RedisStore store = new RedisStore(server.address(), CONFIG, "writer-1")) {
            store.initialise(Sample.starts(0, 0), Sample.TOPIC_ID, Sample.STORE);
            store.commit(Sample.tally(new Range(0, 0, 100), new Range(1, 0, 50)));
        }
    }

    /** @param index of the bucket, counted from ten o'clock */
    private void fill(int index, BucketSize size, Dimension dimension, Map<String, Double> counts) {
        CountKey key = CountKey.bucket(dimension.name(), size, TEN + index * size.seconds());
        if (dimension.ranked() && !counts.isEmpty()) {
            jedis.zadd(KEYS.count(key), counts);
        } else {
            counts.forEach((value, n) -> jedis.hset(KEYS.count(key), value, Long.toString(n.longValue())));
        }
        jedis.zadd(KEYS.buckets(), key.end(), size.label() + ":" + size.format(key.start()));
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
