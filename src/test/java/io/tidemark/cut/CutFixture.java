package io.tidemark.cut;

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
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** A real Redis, the sample stream in it, and a reader that may have another script. */
abstract class CutFixture {
    static final StreamKeys KEYS = new StreamKeys("wiki");
    static final StreamConfig CONFIG = Sample.config();
    static final Dimension ACTOR = CONFIG.dimension("actor").orElseThrow();
    static final Dimension USER = CONFIG.dimension("user").orElseThrow();

    /** 2026-01-05T10:00:00Z. */
    static final long TEN = Sample.T0 - 300;

    @TempDir
    static Path folder;

    static RedisServer server;

    String script = CutReader.READ.text();
    RedisConnection redis;
    Jedis jedis;
    CutReader reader;

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
    static void run(CutFixture tests, RedisServer on, String script, String test) throws Throwable {
        tests.script = script;
        tests.begin(on);
        try {
            ScriptMutants.call(tests, test);
        } finally {
            tests.end();
        }
    }

    CutReader reader(Clock clock) {
        return new CutReader(redis, Sample::configWithText, Script.of(script), clock);
    }

    Reading read(Wish wish) {
        return reader.read("wiki", (config, now) -> wish);
    }

    static void commitSample() {
        try (RedisStore store = new RedisStore(server.address(), CONFIG, "writer-1")) {
            store.initialise(Sample.starts(0, 0), Sample.TOPIC_ID, Sample.STORE);
            store.commit(Sample.tally(new Range(0, 0, 100), new Range(1, 0, 50)));
        }
    }

    /** @param index of the bucket, counted from ten o'clock */
    void fill(int index, BucketSize size, Dimension dimension, Map<String, Double> counts) {
        CountKey key = CountKey.bucket(dimension.name(), size, TEN + index * size.seconds());
        if (dimension.ranked() && !counts.isEmpty()) {
            jedis.zadd(KEYS.count(key), counts);
        } else {
            counts.forEach((value, n) -> jedis.hset(KEYS.count(key), value, Long.toString(n.longValue())));
        }
        jedis.zadd(KEYS.buckets(), key.end(), size.label() + ":" + size.format(key.start()));
    }
}
