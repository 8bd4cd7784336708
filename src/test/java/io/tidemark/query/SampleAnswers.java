package io.tidemark.query;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.commit.RedisStore;
import io.tidemark.commit.Sample;
import io.tidemark.plan.Range;
import io.tidemark.stream.StreamConfig;
import io.tidemark.testing.RedisServer;
import java.nio.file.Path;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** The sample stream on a real Redis, and questions about it. */
abstract class SampleAnswers {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path folder;

    static RedisServer server;

    @BeforeAll
    static void startRedis() {
        server = RedisServer.start(folder);
    }

    @AfterAll
    static void stopRedis() {
        server.close();
    }

    @BeforeEach
    void empty() {
        try (Jedis jedis = jedis()) {
            jedis.flushAll();
        }
    }

    static JsonNode ask(String question) {
        StreamConfig config = Sample.config();
        try (Answers answers = new Answers(server.address(), text -> config)) {
            return JSON.readTree(answers.ask("ask", question));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    static void commitSample() {
        try (RedisStore store = new RedisStore(server.address(), Sample.config(), "writer-1")) {
            store.initialise(new TreeMap<>(Sample.starts(0, 0)), Sample.TOPIC_ID, Sample.STORE);
            store.commit(Sample.tally(new Range(0, 0, 100), new Range(1, 0, 50)));
        }
    }

    static Jedis jedis() {
        Jedis jedis = new Jedis("127.0.0.1", server.port());
        jedis.auth(server.password());
        return jedis;
    }
}
