package io.tidemark.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.plan.Range;
import io.tidemark.testing.RedisServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

class SkippingIT {
    private static final String MAIN = "tidemark:{wiki}";

    @TempDir
    static Path folder;

    private static RedisServer server;

    /** Others are put here to see whether a test notices. */
    Scripts scripts = Scripts.bundled();

    private RedisConnection redis;
    private Skipping skipping;
    private RedisStore store;

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

    void begin(RedisServer on) {
        server = on;
        redis = new RedisConnection(server.address());
        skipping = new Skipping(redis, Sample.config(), "skipper", scripts);
        store = new RedisStore(server.address(), Sample.config(), "writer-1");
        try (Jedis jedis = jedis()) {
            jedis.flushAll();
        }
        store.initialise(Sample.starts(0, 0), Sample.TOPIC_ID, Sample.STORE);
        store.commit(Sample.tally(new Range(0, 0, 100), new Range(1, 0, 50)));
    }

    @AfterEach
    void end() {
        store.close();
        redis.close();
    }

    @Test
    void theMarkMovesOnAndCountingGoesOnFromThere() {
        assertThat(skipping.skip(new Range(1, 50, 70), List.of(), Sample.TOPIC_ID))
                .isTrue();
        assertThat(store.marks().orElseThrow().next()).isEqualTo(Sample.starts(100, 70));
        assertThat(store.marks().orElseThrow().version()).isEqualTo(2);
        assertThat(store.marks().orElseThrow().leaderEpochs()).containsOnlyKeys(0);
        assertThat(store.commit(Sample.tally(new Range(1, 50, 60)))).isInstanceOf(CommitResult.OutOfStep.class);
        assertThat(store.commit(Sample.tally(new Range(1, 70, 80)))).isInstanceOf(CommitResult.Applied.class);
    }

    @Test
    void rangesThatFollowEachOtherAreOne() {
        List<Range> first = List.of(new Range(1, 50, 70));
        assertThat(skipping.skip(new Range(1, 50, 70), List.of(), Sample.TOPIC_ID))
                .isTrue();
        assertThat(skipping.skip(new Range(0, 100, 101), first, Sample.TOPIC_ID))
                .isTrue();
        List<Range> both = List.of(new Range(0, 100, 101), new Range(1, 50, 70));
        assertThat(skipping.skip(new Range(1, 70, 90), both, Sample.TOPIC_ID)).isTrue();
        assertThat(field("writer")).isEqualTo("skipper");
        assertThat(field("skipped"))
                .isEqualTo("[{\"partition\":0,\"first\":100,\"end\":101},{\"partition\":1,\"first\":50,\"end\":90}]");
    }

    @Test
    void whatIsNoLongerSoIsNotSkipped() {
        assertThat(skipping.skip(new Range(1, 49, 70), List.of(), Sample.TOPIC_ID))
                .as("another mark")
                .isFalse();
        assertThat(skipping.skip(new Range(2, 1, 70), List.of(), Sample.TOPIC_ID))
                .as("no such partition")
                .isFalse();
        assertThat(skipping.skip(new Range(1, 50, 70), List.of(new Range(0, 1, 2)), Sample.TOPIC_ID))
                .as("other ranges skipped")
                .isFalse();
        try (Jedis jedis = jedis()) {
            jedis.hdel(MAIN, "start:1");
            assertThat(skipping.skip(new Range(1, 50, 70), List.of(), Sample.TOPIC_ID))
                    .as("the start is lost")
                    .isFalse();
        }
        assertUnchanged();
    }

    @Test
    void whoseCountsTheyAreIsChecked() {
        assertRefused("wrong-topic", () -> skipping.skip(new Range(1, 50, 70), List.of(), "another"));
        try (Jedis jedis = jedis()) {
            jedis.hset(MAIN, "frozen", "restoring");
            assertRefused("frozen", () -> skipping.skip(new Range(1, 50, 70), List.of(), Sample.TOPIC_ID));
            jedis.hdel(MAIN, "frozen");
            jedis.hset(MAIN, "format", "2");
            assertRefused("unknown-format", () -> skipping.skip(new Range(1, 50, 70), List.of(), Sample.TOPIC_ID));
            jedis.hset(MAIN, "format", "1");
            assertUnchanged();
            jedis.del(MAIN);
            jedis.set(MAIN, "not ours");
            assertRefused("not-initialised", () -> skipping.skip(new Range(1, 50, 70), List.of(), Sample.TOPIC_ID));
            jedis.del(MAIN);
            assertRefused("not-initialised", () -> skipping.skip(new Range(1, 50, 70), List.of(), Sample.TOPIC_ID));
            assertThat(jedis.exists(MAIN)).isFalse();
        }
    }

    private static void assertRefused(String code, ThrowingCallable skip) {
        assertThatThrownBy(skip).hasMessageContaining(code);
    }

    private static void assertUnchanged() {
        assertThat(List.of(field("mark:0"), field("mark:1"), field("version"))).containsExactly("100", "50", "1");
        try (Jedis jedis = jedis()) {
            assertThat(jedis.hgetAll(MAIN))
                    .doesNotContainKey("skipped")
                    .containsAllEntriesOf(Map.of("writer", "writer-1"));
        }
    }

    private static String field(String name) {
        try (Jedis jedis = jedis()) {
            return jedis.hget(MAIN, name);
        }
    }

    private static Jedis jedis() {
        Jedis jedis = new Jedis("127.0.0.1", server.port());
        jedis.auth(server.password());
        return jedis;
    }
}
