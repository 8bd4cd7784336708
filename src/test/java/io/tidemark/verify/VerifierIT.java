package io.tidemark.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tidemark.commit.CommitResult;
import io.tidemark.commit.RedisAddress;
import io.tidemark.commit.RedisStore;
import io.tidemark.commit.StoreUnavailableException;
import io.tidemark.event.ChunkParser;
import io.tidemark.plan.Marks;
import io.tidemark.plan.Plan;
import io.tidemark.plan.Range;
import io.tidemark.stream.BundledStreams;
import io.tidemark.stream.StreamConfig;
import io.tidemark.stream.StreamConfigReader;
import io.tidemark.tally.ChunkCounter;
import io.tidemark.tally.Tally;
import io.tidemark.testing.RedisServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.UnifiedJedis;

/** What Redis holds is compared with the topic, down to the last number; the topic is in memory here, Redis is real. */
class VerifierIT {
    private static final String STREAM = "tidemark:{wiki}";
    private static final int PARTITIONS = 3;
    private static final int RECORDS = 9_000;
    private static final StreamConfig CONFIG = BundledStreams.wikipedia();

    @TempDir
    static Path folder;

    private static RedisServer server;
    private static RedisClient redis;

    private static ListLog log;

    @BeforeAll
    static void start() {
        log = new ListLog(PARTITIONS, RECORDS, 7, Instant.now());
        server = RedisServer.start(folder);
        redis = RedisClient.builder()
                .hostAndPort(new HostAndPort("127.0.0.1", server.port()))
                .clientConfig(DefaultJedisClientConfig.builder()
                        .password(server.password())
                        .build())
                .build();
    }

    @AfterAll
    static void stop() {
        redis.close();
        server.close();
    }

    @BeforeEach
    void empty() {
        redis.flushAll();
        log.restore();
    }

    @Test
    void whatWasCountedRightAgreesInEachNumber() {
        count(CONFIG, 2_000, 1_700, 2_100);
        Verification verification = verify(CONFIG);
        assertThat(verification.differences()).isEmpty();
        assertThat(verification.agrees()).isTrue();
        assertThat(verification.isComplete()).isTrue();
        assertThat(verification.records()).isEqualTo(5_800);
        assertThat(verification.offsets())
                .containsExactlyInAnyOrderEntriesOf(new TreeMap<>(Map.of(0, 2_000L, 1, 1_700L, 2, 2_100L)));
        assertThat(verification.compared().keySet())
                .containsExactlyInAnyOrder("accounts", "reasons", "totals", "buckets", "positions", "marks");
        assertThat(verification.compared().get("accounts")).isEqualTo(5);
        assertThat(verification.compared().get("buckets")).isGreaterThan(2_000);
        assertThat(verification.unknownKeys()).isEmpty();
    }

    static Stream<Arguments> damages() {
        return Stream.of(
                damage("one total off by one", "total:actor", r -> r.hincrBy(STREAM + ":total:actor", "bot", 1)),
                damage("a total that is lost", "total:login", r -> r.del(STREAM + ":total:login")),
                damage("a category too many", "total:wiki", r -> r.hset(STREAM + ":total:wiki", "nowiki", "1")),
                damage("one that is no number", "total:kind", r -> r.hset(STREAM + ":total:kind", "edit", "many")),
                damage("a minute off by one", "minute:login", r -> r.hincrBy(any("minute:login:*"), "loggedin", -1)),
                damage("an hour that is emptied", "hour:kind", r -> r.del(any("hour:kind:*"))),
                damage("a whole bucket lost, its entry too", "minute:", VerifierIT::loseBucket),
                damage("a user off by one", "hour:user", r -> r.zincrby(any("hour:user:*"), 1, anyUser())),
                damage("a user lost", "hour:user", r -> r.zrem(any("hour:user:*"), anyUser())),
                damage("a key of another type", "hour:page", r -> {
                    String key = any("hour:page:*");
                    r.del(key);
                    r.set(key, "7");
                }),
                damage("an entry of a bucket lost", "buckets", r -> r.zremrangeByRank(STREAM + ":buckets", 0, 0)),
                damage("a bucket that ends later", "buckets", r -> r.zincrby(STREAM + ":buckets", 60, anyBucket())),
                damage(
                        "an entry without counts",
                        "buckets",
                        r -> r.zadd(STREAM + ":buckets", 4e9, "minute:2096-10-02T07:05")),
                damage(
                        "a bucket of another day",
                        "minute:actor:2099",
                        r -> r.hset(STREAM + ":minute:actor:2099-01-01T00:00", "bot", "1")),
                damage("a reason off by one", "rejected", r -> r.hincrBy(STREAM + ":rejected", "not-json", -1)),
                damage("late off by one", "accounts", r -> r.hincrBy(STREAM + ":accounts", "late", 1)),
                damage("accounts lost", "accounts", r -> r.del(STREAM + ":accounts")),
                damage("a position lost", "rejected-at:1", r -> r.zremrangeByRank(STREAM + ":rejected-at:1", 0, 0)),
                damage(
                        "a position too many",
                        "rejected-at:0",
                        r -> r.zadd(STREAM + ":rejected-at:0", 599, "599 not-jason")),
                damage("positions lost", "rejected-at:2", r -> r.del(STREAM + ":rejected-at:2")),
                damage("a mark moved on", "accounts", r -> r.hincrBy(STREAM, "mark:0", 1)),
                damage("a mark moved back", "accounts", r -> r.hincrBy(STREAM, "mark:2", -1)),
                damage("a mark beyond the topic", "", r -> r.hset(STREAM, "mark:1", "3001")),
                damage("a start moved", "accounts", r -> r.hset(STREAM, "start:0", "1")),
                damage("as-of", "", r -> r.hset(STREAM, "as-of:0", "1")),
                damage("a key that will expire", "total:wiki", r -> r.expire(STREAM + ":total:wiki", 1_000)));
    }

    private static Arguments damage(String name, String key, Consumer<UnifiedJedis> damage) {
        return Arguments.of(name, key, damage);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("damages")
    void eachDamageIsFound(String name, String key, Consumer<UnifiedJedis> damage) {
        count(CONFIG, 600, 500, 700);
        damage.accept(redis);
        Verification verification = verify(CONFIG);
        assertThat(verification.agrees()).isFalse();
        assertThat(verification.differences())
                .as(name)
                .anySatisfy(d -> assertThat(d.key()).startsWith(key));
    }

    @Test
    void aDifferenceSaysByHowMuch() {
        count(CONFIG, 500, 500, 500);
        long bots = Long.parseLong(redis.hget(STREAM + ":total:actor", "bot"));
        redis.hincrBy(STREAM + ":total:actor", "bot", -3);
        assertThat(verify(CONFIG).differences())
                .containsExactly(
                        new Difference("total:actor", "bot", Long.toString(bots), Long.toString(bots - 3), -3L));
    }

    /** Beyond a cap, categories that are named are compared, and the sum. */
    @Test
    void aCapThatWasReachedIsNoDifference() {
        StreamConfig capped = StreamConfigReader.stored(CONFIG.text()
                .replace(
                        "ranked: true\n    rules:\n      - field: /user",
                        "ranked: true\n    cap: 20\n    rules:\n      - field: /user"));
        assertThat(capped.dimension("user").orElseThrow().cap()).isEqualTo(20);
        count(capped, 2_000, 1_700, 2_100);
        String key = any("hour:user:*");
        assertThat(redis.zscore(key, "(other)")).isPositive();
        assertThat(verify(capped).differences()).isEmpty();
        redis.zincrby(key, 1, "(other)");
        assertThat(verify(capped).differences())
                .singleElement()
                .satisfies(d -> assertThat(d.name()).isEqualTo("(sum)"))
                .satisfies(d -> assertThat(d.by()).isEqualTo(1));
        redis.zincrby(key, -1, "(other)");
        String named = redis.zrange(key, 0, 0).get(0);
        redis.zincrby(key, 1, named);
        redis.zincrby(key, -1, "(other)");
        assertThat(verify(capped).differences())
                .singleElement()
                .satisfies(d -> assertThat(d.name()).isEqualTo(named));
    }

    /** What is read of Redis late is compared at the marks of that moment. */
    @Test
    void countingGoesOnMeanwhile() {
        count(CONFIG, 300, 300, 300);
        CompletableFuture<Void> counting = CompletableFuture.runAsync(() -> {
            for (long end = 330; end <= RECORDS / PARTITIONS; end += 30) {
                count(CONFIG, end, end, end);
            }
        });
        int verified = 0;
        try {
            do {
                Verification verification = verify(CONFIG);
                assertThat(verification.differences()).isEmpty();
                verified++;
            } while (!counting.isDone());
        } finally {
            counting.join();
        }
        assertThat(verified).isGreaterThan(1);
        assertThat(verify(CONFIG).records()).isEqualTo(RECORDS);
    }

    @Test
    void whatKafkaHasLostIsSaidAndTheRestIsChecked() {
        count(CONFIG, 3_000, 3_000, 3_000);
        log.deleteBelow(1, 1_000);
        Verification verification = verify(CONFIG);
        assertThat(verification.differences()).isEmpty();
        assertThat(verification.isComplete()).isFalse();
        assertThat(verification.lost()).containsExactly(new Range(1, 0, 1_000));
        assertThat(verification.records()).isEqualTo(8_000);
        assertThat(verification.atLeast()).isPositive();

        redis.hincrBy(STREAM + ":total:kind", "edit", -1_500);
        assertThat(verify(CONFIG).differences())
                .as("fewer than what is still there")
                .anySatisfy(d -> assertThat(d.key()).isEqualTo("total:kind"));
    }

    /** Records that are gone are older than those that are left; so buckets beyond them must be exact. */
    @Test
    void bucketsAfterWhatKafkaHasLostAreChecked() {
        count(CONFIG, 3_000, 3_000, 3_000);
        log.deleteBelow(1, 1_000);
        String latest = redis.keys(STREAM + ":minute:actor:*").stream()
                .max(String::compareTo)
                .orElseThrow();
        redis.hincrBy(latest, "bot", 1);
        assertThat(verify(CONFIG).differences())
                .singleElement()
                .satisfies(d -> assertThat(latest).endsWith(d.key()))
                .satisfies(d -> assertThat(d.by()).isEqualTo(1));
    }

    @Test
    void recordsThatAreDeletedWhileTheyAreReadAreSaidToo() {
        ListLog big = new ListLog(1, 9_000, 3, Instant.now());
        for (long end = 3_000; end <= 9_000; end += 3_000) {
            count(big, CONFIG, end);
        }
        big.deleteBelowOnReading(0, 6_000);
        Verification verification = verify(big, CONFIG);
        assertThat(verification.differences()).isEmpty();
        assertThat(verification.lost()).containsExactly(new Range(0, 0, 6_000));
    }

    @Test
    void aBrokerThatIsAwayForAMomentIsWaitedFor() {
        count(CONFIG, 2_000, 2_000, 2_000);
        log.failReads(3);
        assertThat(verify(CONFIG).differences()).isEmpty();
    }

    @Test
    void bucketsThatAreGoneAreNotCompared() {
        ListLog old = new ListLog(1, 2_000, 5, Instant.now().minus(Duration.ofDays(3)));
        count(old, CONFIG, 1_000);
        redis.hset(STREAM, "clock", Long.toString(Instant.now().toEpochMilli()));
        redis.keys(STREAM + ":minute:*").stream().sorted().limit(100).forEach(redis::del);
        Verification verification = verify(old, CONFIG);
        assertThat(verification.differences()).isEmpty();
        assertThat(verification.goneBuckets()).isPositive();
    }

    @Test
    void whatWasSkippedIsNotExpected() {
        count(CONFIG, 1_000, 1_000, 1_000);
        redis.hset(STREAM, "mark:1", "1500");
        redis.hset(STREAM, "skipped", "[{\"partition\": 1, \"first\": 1000, \"end\": 1500}]");
        count(CONFIG, 2_000, 2_000, 2_000);
        Verification verification = verify(CONFIG);
        assertThat(verification.differences()).isEmpty();
        assertThat(verification.skipped()).containsExactly(new Range(1, 1_000, 1_500));
        assertThat(verification.records()).isEqualTo(5_500);
    }

    @Test
    void theStreamsOfARedisAreNamed() {
        count(CONFIG, 100, 100, 100);
        try (Verifier verifier = new Verifier(server.address(), StreamConfigReader::stored, c -> log, 1)) {
            assertThat(verifier.streams()).containsExactly("wiki");
        }
    }

    /** It needs no command that writes. */
    @Test
    void aUserThatMayOnlyReadIsEnough() {
        count(CONFIG, 100, 100, 100);
        String rules = "on >secret ~tidemark:* +eval +evalsha +hkeys +hmget +hlen +hgetall +zcard +zscore +zrange"
                + " +type +pttl +time +scan +smembers";
        try (Jedis jedis = new Jedis("127.0.0.1", server.port())) {
            jedis.auth(server.password());
            jedis.aclSetUser("verifier", rules.split(" "));
            Path password = Files.writeString(folder.resolve("verifier-password"), "secret");
            RedisAddress address = new RedisAddress("redis://verifier@127.0.0.1:" + server.port(), password.toString());
            try (Verifier verifier = new Verifier(address, StreamConfigReader::stored, c -> log, 1)) {
                assertThat(verifier.verify("wiki", Progress.NONE).differences()).isEmpty();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void countsOfAnotherTopicAreRefused() {
        count(CONFIG, 100, 100, 100);
        log.recreate();
        assertThatThrownBy(() -> verify(CONFIG)).hasMessageContaining("topic-recreated");
    }

    @Test
    void aStreamThatIsNotThereIsRefused() {
        assertThatThrownBy(() -> verify(CONFIG)).hasMessageContaining("not-initialised");
        count(CONFIG, 100, 100, 100);
        redis.hdel(STREAM, "mark:1");
        assertThatThrownBy(() -> verify(CONFIG)).hasMessageContaining("mark-lost");
    }

    private static Verification verify(StreamConfig config) {
        return verify(log, config);
    }

    private static Verification verify(ListLog log, StreamConfig config) {
        try (Verifier verifier = new Verifier(server.address(), StreamConfigReader::stored, c -> log, 2)) {
            return verifier.verify(config.name(), Progress.NONE);
        }
    }

    private static void count(StreamConfig config, long... ends) {
        count(log, config, ends);
    }

    /** Counts on up to these offsets, in one commit, as the topology does. */
    private static void count(ListLog log, StreamConfig config, long... ends) {
        try (RedisStore store = new RedisStore(server.address(), config, "test")) {
            SortedMap<Integer, Long> start = new TreeMap<>();
            for (int p = 0; p < ends.length; p++) {
                start.put(p, 0L);
            }
            Marks marks =
                    store.marks().orElseGet(() -> store.initialise(start, ListLog.TOPIC_ID, "store-of-this-test"));
            SortedMap<Integer, Range> ranges = new TreeMap<>();
            for (int p = 0; p < ends.length; p++) {
                if (ends[p] > marks.of(p)) {
                    ranges.put(p, new Range(p, marks.of(p), ends[p]));
                }
            }
            Plan plan = new Plan(
                    config.name(),
                    marks.topicId(),
                    marks.fingerprint(),
                    marks.storeId(),
                    marks.start(),
                    ranges,
                    new TreeMap<>());
            ChunkParser parser = new ChunkParser(config);
            ChunkCounter counter = new ChunkCounter(config);
            Tally[] tally = {Tally.NOTHING};
            log.read(
                    plan,
                    ranges.values(),
                    500,
                    Duration.ofSeconds(5),
                    chunk -> tally[0] = tally[0].merge(counter.count(parser.parse(chunk))));
            commit(store, tally[0]);
        }
    }

    /** A loaded machine may be slow to answer: the same commit again is safe, and says so. */
    private static void commit(RedisStore store, Tally tally) {
        await().ignoreExceptionsInstanceOf(StoreUnavailableException.class)
                .untilAsserted(() -> assertThat(store.commit(tally)).isNotInstanceOf(CommitResult.OutOfStep.class));
    }

    private static String any(String pattern) {
        List<String> keys = redis.keys(STREAM + ":" + pattern).stream().sorted().toList();
        return keys.get(keys.size() / 2);
    }

    private static String anyUser() {
        return redis.zrange(any("hour:user:*"), 0, 0).get(0);
    }

    private static String anyBucket() {
        return redis.zrange(STREAM + ":buckets", 5, 5).get(0);
    }

    private static void loseBucket(UnifiedJedis redis) {
        String bucket = redis.zrange(STREAM + ":buckets", 40, -1).stream()
                .filter(b -> b.startsWith("minute:"))
                .findFirst()
                .orElseThrow();
        redis.keys(STREAM + ":minute:*" + bucket.substring(bucket.indexOf(':'))).forEach(redis::del);
        redis.zrem(STREAM + ":buckets", bucket);
    }
}
