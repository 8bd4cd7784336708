package io.tidemark.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.commit.CommitResult;
import io.tidemark.commit.Health;
import io.tidemark.commit.RedisConnection;
import io.tidemark.commit.RedisStore;
import io.tidemark.commit.Skipping;
import io.tidemark.commit.Store;
import io.tidemark.cut.RejectedReader;
import io.tidemark.event.ChunkParser;
import io.tidemark.plan.Chunk;
import io.tidemark.plan.Epochs;
import io.tidemark.plan.Plan;
import io.tidemark.plan.Range;
import io.tidemark.stream.Refusal;
import io.tidemark.stream.Shard;
import io.tidemark.stream.StreamConfig;
import io.tidemark.stream.StreamConfigReader;
import io.tidemark.tally.ChunkCounter;
import io.tidemark.tally.Tally;
import io.tidemark.testing.RedisServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** The same records counted in one shard and in three: every answer is the same. On one real Redis. */
class ShardedAnswersIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PARTITIONS = 6;
    private static final String TOPIC_ID = "topic-id-1";
    private static final String STORE = "store-1";
    private static final long SEED = Long.getLong("tidemark.seed", 20_260_105L);

    @TempDir
    static Path folder;

    private static final StreamConfig WHOLE = config("whole", 1);
    private static final StreamConfig PARTS = config("parts", 3);

    private static RedisServer server;
    private static Store whole;
    private static Store parts;
    private static Answers answers;
    private static Instant begin;
    private static final SortedMap<Integer, Long> NEXT = new TreeMap<>();
    private static final SortedMap<Integer, Long> START = new TreeMap<>();

    private static StreamConfig config(String name, int shards) {
        return StreamConfigReader.read("""
                stream: %s
                topic: edits
                shards: %d
                where: {not: {/drop: true}}
                dimensions:
                  kind: [{field: /kind}]
                  actor: [{field: /actor}]
                  user: {ranked: true, buckets: [hour], rules: [{field: /user}]}
                  page: {ranked: true, total: true, buckets: [hour], cap: 40, rules: [{field: /page}]}
                aliases: {robots: "actor:bot"}
                """.formatted(name, shards), Path.of("."));
    }

    @BeforeAll
    static void count() {
        server = RedisServer.start(folder);
        whole = RedisStore.open(server.address(), WHOLE, "writer-1");
        parts = RedisStore.open(server.address(), PARTS, "writer-1");
        answers = new Answers(server.address());
        for (int p = 0; p < PARTITIONS; p++) {
            START.put(p, 10L * p);
        }
        NEXT.putAll(START);
        whole.initialise(START, TOPIC_ID, STORE);
        parts.initialise(START, TOPIC_ID, STORE);
        begin = Instant.now().minusSeconds(6 * 3_600);
        Random random = new Random(SEED);
        for (int batch = 0; batch < 12; batch++) {
            countBatch(random, begin.plusSeconds(batch * 1_700L));
        }
        report();
    }

    @AfterAll
    static void stop() {
        answers.close();
        whole.close();
        parts.close();
        server.close();
    }

    private static void countBatch(Random random, Instant at) {
        SortedMap<Integer, Range> ranges = new TreeMap<>();
        Map<Integer, byte[][]> values = new TreeMap<>();
        for (int p = 0; p < PARTITIONS; p++) {
            int n = random.nextInt(120);
            if (n > 0) {
                ranges.put(p, new Range(p, NEXT.get(p), NEXT.get(p) + n));
                byte[][] records = new byte[n][];
                for (int i = 0; i < n; i++) {
                    records[i] = record(random, p).getBytes(StandardCharsets.UTF_8);
                }
                values.put(p, records);
                NEXT.put(p, NEXT.get(p) + n);
            }
        }
        commit(whole, WHOLE, ranges, values, at);
        commit(parts, PARTS, ranges, values, at);
    }

    /** Users and pages that are common differ from partition to partition, so no shard alone knows the largest. */
    private static String record(Random random, int partition) {
        int drawn = (int) (300 * Math.pow(random.nextDouble(), 3));
        return switch (random.nextInt(20)) {
            case 0 -> "no JSON";
            case 1 -> "{\"drop\":true}";
            default ->
                "{\"kind\":\"k%d\",\"actor\":\"%s\",\"user\":\"U%d\",\"page\":\"P%d\"}"
                        .formatted(
                                random.nextInt(4),
                                random.nextInt(3) == 0 ? "bot" : "human",
                                (drawn + 37 * partition) % 300,
                                (drawn + 11 * partition) % 60);
        };
    }

    private static void commit(
            Store store,
            StreamConfig config,
            SortedMap<Integer, Range> ranges,
            Map<Integer, byte[][]> values,
            Instant at) {
        Plan plan = new Plan(config.name(), TOPIC_ID, config.fingerprint(), STORE, START, ranges, new TreeMap<>());
        SortedMap<String, Tally> tallies = new TreeMap<>();
        ranges.forEach((p, range) -> {
            int n = (int) range.length();
            Chunk chunk = new Chunk(
                    plan,
                    range,
                    new Epochs(1, 1),
                    n,
                    LongStream.range(range.first(), range.end()).toArray(),
                    LongStream.range(0, n)
                            .map(i -> at.toEpochMilli() + i * 1_000 + p)
                            .toArray(),
                    values.get(p));
            Tally tally = new ChunkCounter(config).count(new ChunkParser(config).parse(chunk));
            tallies.merge(Shard.of(config, p).name(), tally, Tally::merge);
        });
        tallies.values().forEach(tally -> assertThat(store.commit(tally)).isInstanceOf(CommitResult.Applied.class));
    }

    private static void report() {
        SortedMap<Integer, Long> ends = new TreeMap<>(NEXT);
        ends.merge(4, 7L, Long::sum);
        whole.report(new Health("writer-1", START, ends, null));
        parts.report(new Health("writer-1", START, ends, null));
    }

    private static JsonNode ask(String function, String question, String stream) {
        try {
            ObjectNode asked = (ObjectNode) JSON.readTree(question);
            return JSON.readTree(
                    answers.ask(function, asked.put("stream", stream).toString()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What must be the same: all but the names, the number of commits, and when things happened. */
    private static JsonNode comparable(JsonNode answer) {
        ObjectNode same = answer.deepCopy();
        same.remove(List.of("query", "stream", "redis", "shards"));
        if (same.has("cut")) {
            ((ObjectNode) same.get("cut")).remove(List.of("version", "committedAt", "readAt"));
        }
        for (JsonNode each : List.of(same, same.path("status"))) {
            if (each.has("coordinator")) {
                ((ObjectNode) each.get("coordinator")).remove("at");
                ((ObjectNode) each).remove(List.of("lagSeconds", "redis", "shards"));
            }
        }
        return same;
    }

    private static JsonNode sameOfBoth(String function, String question) {
        JsonNode ofWhole = ask(function, question, "whole");
        JsonNode ofParts = ask(function, question, "parts");
        assertThat(comparable(ofParts)).as("%s %s", function, question).isEqualTo(comparable(ofWhole));
        assertThat(ofParts.get("stream").asText()).isEqualTo("parts");
        return ofParts;
    }

    @Test
    void countsAndTheirCutAreTheSame() {
        JsonNode answer = sameOfBoth("ask", "{\"counts\":[\"kind\",\"actor\"]}");
        assertThat(answer.at("/cut/offsets")).hasSize(PARTITIONS);
        assertThat(answer.at("/cut/start/5").asLong()).isEqualTo(50);
        assertThat(answer.at("/accounts/rejected").asLong()).isPositive();
        sameOfBoth("ask", "{\"counts\":[\"robots\",\"kind:k1\"]}");
    }

    @Test
    void trendsAreTheSame() {
        sameOfBoth("ask", "{\"trend\":{\"of\":[],\"from\":\"-7h\",\"step\":\"hour\"}}");
        sameOfBoth("ask", "{\"trend\":{\"of\":[\"kind\",\"robots\"],\"from\":\"-7h\",\"step\":\"minute\"}}");
        JsonNode user =
                sameOfBoth("ask", "{\"trend\":{\"of\":[\"user:U0\",\"user:U37\"],\"from\":\"-7h\",\"step\":\"hour\"}}");
        assertThat(user.at("/trend/exact").asBoolean()).isTrue();
    }

    @Test
    void topsAreTheSameAndExact() {
        for (int n : new int[] {1, 5, 20, 1_000}) {
            JsonNode top = sameOfBoth("ask", "{\"top\":{\"of\":\"user\",\"n\":" + n + ",\"from\":\"-7h\"}}");
            assertThat(top.at("/top/exact").asBoolean()).as("%d", n).isTrue();
            assertThat(top.at("/top/categories").size()).isEqualTo(Math.min(n, 300));
        }
        sameOfBoth("ask", "{\"top\":{\"of\":\"kind\",\"n\":2,\"total\":true}}");
        sameOfBoth(
                "ask",
                "{\"top\":[{\"of\":\"kind\",\"n\":2,\"from\":\"-7h\"},{\"of\":\"user\",\"n\":3}],\"status\":true}");
    }

    /** A shard with a full cap counted as (other) what another one named. */
    @Test
    void aCapThatIsFullInAShardMakesTheAnswerInexact() {
        JsonNode top = ask("ask", "{\"top\":{\"of\":\"page\",\"n\":5,\"total\":true}}", "parts");
        assertThat(top.at("/top/exact").asBoolean()).isFalse();
        assertThat(top.at("/top/reserved/(other)").asLong()).isPositive();
        long sum = top.at("/accounts/counted").asLong();
        JsonNode all = ask("ask", "{\"counts\":[\"page\"]}", "parts");
        long added = 0;
        for (JsonNode n : all.at("/counts/page")) {
            added += n.asLong();
        }
        assertThat(added).isEqualTo(sum);
    }

    @Test
    void statusIsTheSame() {
        JsonNode status = sameOfBoth("status", "{}");
        assertThat(status.get("lag").asLong()).isEqualTo(7);
        assertThat(status.at("/lags/4").asLong()).isEqualTo(7);
        assertThat(status.at("/components/kafka").asText()).isEqualTo("up");
        assertThat(status.get("shards").asInt()).isEqualTo(3);
    }

    @Test
    void aCutCanBeAskedForOverAllShards() {
        String reached = "{\"counts\":[\"actor\"],\"atLeast\":{\"0\":%d,\"5\":%d}}".formatted(NEXT.get(0), NEXT.get(5));
        assertThat(sameOfBoth("ask", reached).has("error")).isFalse();
        String beyond =
                "{\"counts\":[\"actor\"],\"atLeast\":{\"0\":%d,\"5\":%d}}".formatted(NEXT.get(0), NEXT.get(5) + 1);
        assertThat(sameOfBoth("ask", beyond).at("/error/code").asText()).isEqualTo("not-yet");
    }

    @Test
    void whatWasRejectedIsListedOfAllPartitions() {
        try (RedisConnection redis = new RedisConnection(server.address())) {
            RejectedReader reader = new RejectedReader(redis);
            RejectedReader.Overview ofWhole = reader.overview("whole");
            RejectedReader.Overview ofParts = reader.overview("parts");
            assertThat(ofParts.marks()).isEqualTo(ofWhole.marks()).isEqualTo(NEXT);
            assertThat(ofParts.reasons()).isEqualTo(ofWhole.reasons());
            for (int p = 0; p < PARTITIONS; p++) {
                assertThat(reader.positions("parts", p, -1))
                        .isEqualTo(reader.positions("whole", p, -1))
                        .isNotEmpty();
            }
        }
    }

    /**
     * Somebody else's coordinator wants another number of shards: who asks for the stream is told so, where its counts
     * are.
     */
    @Test
    void aRefusalOfAnotherNumberOfShardsIsTold() {
        try (Jedis jedis = new Jedis("127.0.0.1", server.port())) {
            jedis.auth(server.password());
            for (int[] each : new int[][] {{1, 2}, {2, 1}, {3, 2}, {2, 3}}) {
                String name = "moved-" + each[0] + "-" + each[1];
                try (Store counted = RedisStore.open(server.address(), config(name, each[0]), "writer-1");
                        Store wanted = RedisStore.open(server.address(), config(name, each[1]), "writer-2")) {
                    counted.initialise(new TreeMap<>(Map.of(0, 0L, 1, 0L, 2, 0L)), TOPIC_ID, STORE);
                    Set<String> keys = jedis.keys("tidemark:{" + name + "*}");
                    Refusal refusal = new Refusal("wrong-configuration", "another number of shards");
                    wanted.report(new Health("writer-2", START, START, refusal));
                    JsonNode status = ask("status", "{}", name);
                    assertThat(status.get("state").asText()).isEqualTo("refused");
                    assertThat(status.get("why").asText()).contains("another number of shards");
                    assertThat(jedis.keys("tidemark:{" + name + "*}:health")).hasSize(each[0]);
                    assertThat(jedis.keys("tidemark:{" + name + "*}")).isEqualTo(keys);
                    counted.reset();
                }
            }
        }
    }

    /** Of a stream of its own: two shards, of which one is lost, disagrees, or was written to by somebody else. */
    @Test
    void whatShardsDoNotAgreeOnIsNotAnswered() {
        StreamConfig config = config("pair", 2);
        try (Store store = RedisStore.open(server.address(), config, "writer-1");
                Jedis jedis = new Jedis("127.0.0.1", server.port());
                RedisConnection redis = new RedisConnection(server.address())) {
            jedis.auth(server.password());
            store.initialise(new TreeMap<>(Map.of(0, 0L, 1, 0L)), TOPIC_ID, STORE);
            assertThat(ask("counts", "{}", "pair").has("counts")).isTrue();
            Skipping skipping = new Skipping(redis, config, "test");
            assertThat(skipping.skip(new Range(0, 0, 4), List.of(), TOPIC_ID)).isTrue();
            assertThat(skipping.skip(new Range(1, 0, 3), List.of(new Range(0, 0, 4)), TOPIC_ID))
                    .isTrue();
            assertThat(ask("counts", "{}", "pair").at("/cut/skipped").toString())
                    .isEqualTo("[{\"partition\":0,\"first\":0,\"end\":4},{\"partition\":1,\"first\":0,\"end\":3}]");
            jedis.hset("tidemark:{pair.1}", "topic-id", "another");
            assertThat(ask("counts", "{}", "pair").at("/error/code").asText()).isEqualTo("inconsistent");
            assertThat(ask("counts", "{}", "pair").at("/error/message").asText())
                    .containsOnlyOnce("stream pair: ")
                    .contains("its shards do not belong together")
                    .containsOnlyOnce("tidemark reset");
            jedis.hset("tidemark:{pair.1}", "topic-id", TOPIC_ID);
            jedis.hset("tidemark:{pair.1}", Map.of("start:0", "0", "mark:0", "9"));
            assertThat(ask("counts", "{}", "pair").at("/error/code").asText()).isEqualTo("inconsistent");
            jedis.hdel("tidemark:{pair.1}", "start:0", "mark:0");
            assertThat(ask("counts", "{}", "pair").has("error")).isFalse();
            for (int lost : new int[] {1, 0}) {
                Map<String, String> kept = jedis.hgetAll("tidemark:{pair." + lost + "}");
                jedis.del("tidemark:{pair." + lost + "}");
                JsonNode error = ask("counts", "{}", "pair").path("error");
                assertThat(error.path("code").asText()).isEqualTo("not-initialised");
                assertThat(error.path("message").asText())
                        .startsWith(
                                "shard pair." + lost + " of stream pair is gone; a running topology counts it again");
                jedis.hset("tidemark:{pair." + lost + "}", kept);
            }
            store.reset();
            try (Store one = RedisStore.open(server.address(), config("pair", 1), "writer-1")) {
                one.initialise(new TreeMap<>(Map.of(0, 0L)), TOPIC_ID, STORE);
                assertThat(ask("counts", "{}", "pair").at("/cut/offsets").toString())
                        .isEqualTo("{\"0\":0}");
                one.reset();
            }
            store.initialise(
                    new TreeMap<>(Map.of(0, 0L, 1, 0L)),
                    TOPIC_ID,
                    store.startedOverAs().orElseThrow());
            assertThat(ask("counts", "{}", "pair").at("/cut/offsets")).hasSize(2);
            store.reset();
            try (Store three = RedisStore.open(server.address(), config("pair", 3), "writer-1")) {
                three.initialise(
                        new TreeMap<>(Map.of(0, 0L, 1, 0L, 2, 0L)),
                        TOPIC_ID,
                        three.startedOverAs().orElseThrow());
                assertThat(ask("counts", "{}", "pair").at("/cut/offsets"))
                        .as("a reader that knew two shards")
                        .hasSize(3);
                three.reset();
            }
        }
    }
}
