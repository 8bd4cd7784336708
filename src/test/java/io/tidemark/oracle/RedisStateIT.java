package io.tidemark.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.testing.RedisServer;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
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
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.UnifiedJedis;

/** The comparison of Redis with a recount finds whatever is wrong there. */
class RedisStateIT {
    private static final String STREAM = "tidemark:{wiki}";
    private static final Recount RECOUNT = new Recount(RecountTest.records(21, 900));
    private static final Map<Integer, Long> OFFSETS = Map.of(0, 200L, 1, 250L, 2, 280L);

    @TempDir
    static Path folder;

    private static RedisServer server;
    private static RedisClient redis;

    @BeforeAll
    static void start() {
        server = RedisServer.start(folder);
        URI uri = URI.create(server.address().uri());
        redis = RedisClient.builder()
                .hostAndPort(new HostAndPort(uri.getHost(), uri.getPort()))
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
    void writeWhatIsRight() {
        redis.flushAll();
        ExpectedState state = RECOUNT.state(Map.of(), OFFSETS, System.currentTimeMillis());
        OFFSETS.forEach((p, offset) -> {
            redis.hset(STREAM, "mark:" + p, Long.toString(offset));
            redis.hset(STREAM, "start:" + p, "0");
            redis.hset(STREAM, "as-of:" + p, Long.toString(state.cut().asOf()));
        });
        hash("accounts", state.cut().accounts());
        hash("rejected", state.cut().reasons());
        state.cut().totals().forEach((dimension, counts) -> hash("total:" + dimension, counts));
        state.buckets().forEach((name, counts) -> {
            if (name.startsWith("hour:user") || name.startsWith("hour:page")) {
                counts.forEach((member, n) -> redis.zadd(STREAM + ":" + name, n, member));
            } else {
                hash(name, counts);
            }
        });
        state.ends().forEach((name, end) -> redis.zadd(STREAM + ":buckets", end, name));
        state.rejectedAt()
                .forEach((p, all) -> all.forEach(
                        r -> redis.zadd(STREAM + ":rejected-at:" + p, Double.parseDouble(r.split(" ")[0]), r)));
    }

    @Test
    void whatIsRightHasNoDifference() {
        assertThat(RedisState.read(redis).compare(RECOUNT).lines()).isEmpty();
    }

    static Stream<Arguments> damages() {
        return Stream.of(
                damage("total", r -> r.hincrBy(STREAM + ":total:actor", "bot", 1)),
                damage("category too many", r -> r.hset(STREAM + ":total:actor", "robot", "1")),
                damage("minute", r -> r.hincrBy(any("minute:login:*"), "loggedin", 1)),
                damage("bucket gone", r -> r.del(any("hour:kind:*"))),
                damage("ranked", r -> r.zincrby(any("hour:user:*"), 1, "Sample User 0")),
                damage(
                        "bucket without end",
                        r -> r.zrem(
                                STREAM + ":buckets",
                                r.zrange(STREAM + ":buckets", 0, 0).get(0))),
                damage(
                        "bucket with another end",
                        r -> r.zincrby(
                                STREAM + ":buckets",
                                60,
                                r.zrange(STREAM + ":buckets", 0, 0).get(0))),
                damage("a bucket of tomorrow", r -> r.hset(STREAM + ":minute:actor:2099-01-01T00:00", "bot", "1")),
                damage("reason", r -> r.hincrBy(STREAM + ":rejected", "not-json", -1)),
                damage("late", r -> r.hincrBy(STREAM + ":accounts", "late", 1)),
                damage("position", r -> r.zremrangeByRank(STREAM + ":rejected-at:1", 0, 0)),
                damage("mark", r -> r.hincrBy(STREAM, "mark:0", 1)),
                damage("as-of", r -> r.hset(STREAM, "as-of:0", "9999999999999")),
                damage("expiry", r -> r.expire(STREAM + ":total:wiki", 1_000)));
    }

    private static Arguments damage(String name, Consumer<UnifiedJedis> damage) {
        return Arguments.of(name, damage);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("damages")
    void eachDamageIsFound(String name, Consumer<UnifiedJedis> damage) {
        damage.accept(redis);
        assertThat(RedisState.read(redis).compare(RECOUNT).lines()).as(name).isNotEmpty();
    }

    private static String any(String pattern) {
        return redis.keys(STREAM + ":" + pattern).stream()
                .sorted()
                .skip(3)
                .findFirst()
                .orElseThrow();
    }

    private static void hash(String name, Map<String, Long> counts) {
        counts.forEach((field, n) -> redis.hset(STREAM + ":" + name, field, Long.toString(n)));
    }
}
