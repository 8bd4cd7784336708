package io.tidemark.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.commit.RedisAddress;
import io.tidemark.commit.RedisConnection;
import io.tidemark.commit.StartingOver;
import io.tidemark.commit.StreamAliases;
import io.tidemark.commit.StreamAliases.Led;
import io.tidemark.commit.StreamKeys;
import io.tidemark.cut.CutReader;
import io.tidemark.cut.Reading;
import io.tidemark.cut.RejectedReader;
import io.tidemark.cut.Wish;
import io.tidemark.stream.StreamConfig;
import io.tidemark.stream.StreamConfigReader;
import io.tidemark.testing.CountedRecords;
import io.tidemark.testing.RedisCluster;
import io.tidemark.testing.RedisServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same records counted into one Redis and into a Redis Cluster, each shard on another node: every answer is the
 * same.
 */
class ClusterAnswersIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long SEED = Long.getLong("tidemark.seed", new Random().nextLong());
    private static final int SHARDS = 3;
    private static final StreamKeys MOVED = new StreamKeys("wiki.1");

    @TempDir
    static Path folder;

    private static RedisServer server;
    private static RedisCluster cluster;
    private static CountedRecords inOne;
    private static CountedRecords inCluster;
    private static Answers ofOne;
    private static Answers ofCluster;
    private static RedisConnection redis;

    private static StreamConfig config(String name, String more) {
        return config(name, SHARDS, more);
    }

    private static StreamConfig config(String name, int shards, String more) {
        return StreamConfigReader.read("""
                stream: %s
                topic: edits
                shards: %d
                dimensions:
                  kind: [{field: /kind}]
                  user: {ranked: true, buckets: [hour], rules: [{field: /user}]}
                %s
                """.formatted(name, shards, more), Path.of("."));
    }

    @BeforeAll
    static void count() {
        System.out.println("ClusterAnswersIT: -Dtidemark.seed=" + SEED);
        server = RedisServer.start(folder, "appendonly no");
        cluster = RedisCluster.shared();
        inOne = new CountedRecords(server.address(), config("wiki", ""));
        inCluster = new CountedRecords(cluster.address(), config("wiki", ""));
        ofOne = new Answers(server.address());
        ofCluster = new Answers(cluster.address());
        redis = new RedisConnection(cluster.address());
        Random random = new Random(SEED);
        Instant begin = Instant.now().minusSeconds(6 * 3_600);
        for (int batch = 0; batch < 12; batch++) {
            countBatch(random, batch % SHARDS, begin.plusSeconds(batch * 1_200L));
        }
        inBoth(each -> each.report(null));
    }

    private static void inBoth(Consumer<CountedRecords> doing) {
        doing.accept(inOne);
        doing.accept(inCluster);
    }

    /** Users that are common differ from shard to shard, so none alone knows the largest. */
    private static void countBatch(Random random, int partition, Instant at) {
        List<String> records = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            int drawn = (int) (200 * Math.pow(random.nextDouble(), 3));
            records.add(
                    random.nextInt(20) == 0
                            ? "no JSON"
                            : "{\"kind\":\"k%d\",\"user\":\"U%d\"}"
                                    .formatted(random.nextInt(4), (drawn + 37 * partition) % 200));
        }
        inBoth(each -> each.count(partition, at, records));
    }

    @AfterAll
    static void stop() {
        ofOne.close();
        ofCluster.close();
        redis.close();
        inBoth(CountedRecords::close);
        server.close();
    }

    private static JsonNode ask(Answers answers, String question) {
        try {
            ObjectNode asked = (ObjectNode) JSON.readTree(question);
            return JSON.readTree(answers.ask("ask", asked.put("stream", "wiki").toString()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode countsOfWide() {
        try {
            return JSON.readTree(ofCluster.counts("stream=wide"));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode sameOfBoth(String question) {
        JsonNode answer = ask(ofCluster, question);
        assertThat(comparable(answer)).as(question).isEqualTo(comparable(ask(ofOne, question)));
        assertThat(answer.has("error")).as("%s", answer).isFalse();
        return answer;
    }

    /** What must be the same: all but when things happened. */
    private static JsonNode comparable(JsonNode answer) {
        ObjectNode same = answer.deepCopy();
        if (same.has("cut")) {
            ((ObjectNode) same.get("cut")).remove(List.of("committedAt", "readAt"));
        }
        if (same.at("/status/coordinator").isObject()) {
            ((ObjectNode) same.at("/status/coordinator")).remove("at");
            ((ObjectNode) same.get("status")).remove(List.of("lagSeconds", "redis"));
        }
        return same;
    }

    private static void assertAllTheSame() {
        sameOfBoth("{\"counts\":[\"kind\"]}");
        sameOfBoth("{\"trend\":{\"of\":[\"kind\",\"user:U0\"],\"from\":\"-7h\",\"step\":\"hour\"}}");
        JsonNode top = sameOfBoth("{\"top\":[{\"of\":\"user\",\"n\":10,\"from\":\"-7h\"},{\"of\":\"kind\",\"n\":2}]}");
        assertThat(top.at("/top/0/exact").asBoolean()).isTrue();
    }

    @Test
    void everyAnswerIsThatOfOneRedis() {
        assertAllTheSame();
        JsonNode status = sameOfBoth("{\"status\":true}");
        assertThat(status.at("/status/redis/usedBytes").asLong()).isPositive();
        RejectedReader reader = new RejectedReader(redis);
        RejectedReader.Overview overview = reader.overview("wiki");
        try (RedisConnection one = new RedisConnection(server.address())) {
            assertThat(overview).isEqualTo(new RejectedReader(one).overview("wiki"));
        }
        assertThat(overview.reasons()).containsKey("not-json");
        assertThat(reader.positions("wiki", 1, -1)).isNotEmpty();
    }

    /**
     * A script that follows the keys which it declares to their new node would find no buckets there yet, and take them
     * for empty ones.
     */
    @Test
    void whatLiesOnTwoNodesIsNotAnsweredAndThenTheSameAgain() {
        RedisServer former = cluster.nodeOf(MOVED.main());
        RedisCluster.Move move = cluster.beginMove(MOVED.main(), cluster.nodeOf(new StreamKeys("wiki.2").main()));
        assertUnavailable();
        move.these(List.of(MOVED.main(), MOVED.accounts(), MOVED.rejected(), MOVED.health(), MOVED.buckets()));
        assertUnavailable();
        while (move.some(10) > 0) {
            assertUnavailable();
        }
        move.end();
        assertAllTheSame();
        cluster.move(MOVED.main(), former);
        assertAllTheSame();
    }

    private static void assertUnavailable() {
        for (String question : List.of(
                "{\"counts\":[\"kind\"]}",
                "{\"trend\":{\"of\":[\"kind\"],\"from\":\"-7h\",\"step\":\"hour\"}}",
                "{\"top\":{\"of\":\"user\",\"n\":3,\"from\":\"-7h\"}}")) {
            JsonNode error = ask(ofCluster, question).path("error");
            assertThat(error.path("code").asText()).as("%s", error).isEqualTo("store-unavailable");
            assertThat(error.path("message").asText()).contains("keys are being moved to another node");
        }
    }

    @Test
    void aNameLeadsToAnotherStreamThatHasCountedAsFar() {
        StreamAliases aliases = new StreamAliases(redis);
        StreamConfig wider = config("wide-2", "  extra: [{category: yes}]");
        try (CountedRecords old = new CountedRecords(cluster.address(), config("wide", ""));
                CountedRecords next = new CountedRecords(cluster.address(), wider)) {
            aliases.begin("wide-2", "wide");
            List<String> records = List.of("{\"kind\":\"k1\",\"user\":\"U1\"}");
            old.count(1, Instant.now(), records);
            old.count(2, Instant.now(), records);
            next.count(1, Instant.now(), records);
            assertThat(aliases.lead("wide", "wide", "wide-2")).isEqualTo(new Led.Behind(new TreeMap<>(Map.of(2, 1L))));
            assertThat(countsOfWide().has("answeredBy")).isFalse();
            assertThat(aliases.names().backfills()).containsOnlyKeys("wide-2");

            next.count(2, Instant.now(), records);
            assertThat(aliases.lead("wide", "wide", "wide-2")).isEqualTo(new Led.Done());
            JsonNode answer = countsOfWide();
            assertThat(answer.path("answeredBy").asText()).isEqualTo("wide-2");
            assertThat(answer.at("/counts/extra/yes").asLong()).isEqualTo(2);
            assertThat(aliases.names().backfills()).isEmpty();
            assertThat(aliases.names().replaced()).containsExactly("wide");

            assertThat(aliases.lead("wide", "wide", "wide-3")).isEqualTo(new Led.Elsewhere("wide-2"));
            redis.call(client -> client.hset(StreamKeys.BACKFILLS, "wide-2", "wide"));
            redis.call(client -> client.srem(StreamKeys.REPLACED, "wide"));
            assertThat(aliases.lead("wide", "wide", "wide-2"))
                    .as("again, when the answer was lost and the rest not done")
                    .isEqualTo(new Led.Done());
            assertThat(aliases.names().backfills()).isEmpty();
            assertThat(aliases.names().replaced()).containsExactly("wide");

            assertThat(aliases.lead("wide", "wide-2", "wide")).isEqualTo(new Led.Done());
            assertThat(countsOfWide().has("answeredBy")).isFalse();
            assertThat(aliases.names().aliases()).isEmpty();
            assertThat(aliases.names().replaced()).containsExactly("wide-2");
        }
    }

    /** The name was looked up, and then the former stream was removed before it was read. */
    @Test
    void aNameThatIsLedElsewhereWhileItIsReadIsFollowed() {
        StreamAliases aliases = new StreamAliases(redis);
        CutReader reader = new CutReader(redis, StreamConfigReader::stored);
        try (CountedRecords old = new CountedRecords(cluster.address(), config("gone", 1, ""));
                CountedRecords next = new CountedRecords(cluster.address(), config("gone-2", 1, ""))) {
            old.count(0, Instant.now(), List.of("{\"kind\":\"k1\",\"user\":\"U1\"}"));
            next.count(0, Instant.now(), List.of("{\"kind\":\"k1\",\"user\":\"U1\"}"));
            assertThat(reader.read("gone", (config, now) -> Wish.totals(List.of())).stream())
                    .isEqualTo("gone");
            Reading reading = reader.read("gone", (config, now) -> {
                if (aliases.lead("gone", "gone", "gone-2") instanceof Led.Done) {
                    new StartingOver(redis, "gone").startOver();
                }
                return Wish.totals(List.of());
            });
            assertThat(reading.stream()).isEqualTo("gone-2");
            aliases.lead("gone", "gone-2", "gone");
            new StartingOver(redis, "gone-2").startOver();
        }
    }

    /** The lines of docs/redis-layout.md, with what a cluster needs beside them. */
    @Test
    void theUsersOnThePageMayDoWhatTheyNeed() throws IOException {
        String page = Files.readString(Path.of("../docs/redis-layout.md"));
        String more = page.replaceAll("(?s).*On a Redis Cluster both also need `([^`]*)`.*", "$1");
        page.lines().filter(line -> line.startsWith("redis-cli ACL SETUSER")).forEach(line -> {
            String[] words = (line + " " + more).replace("'", "").split(" ");
            cluster.nodes()
                    .forEach(node -> RedisCluster.on(
                            node, jedis -> jedis.aclSetUser(words[3], Arrays.copyOfRange(words, 4, words.length))));
        });
        try (CountedRecords records = new CountedRecords(as("tidemark", "secret-1"), config("paged", ""));
                Answers answers = new Answers(as("reader", "secret-2"))) {
            records.count(1, Instant.now(), List.of("{\"kind\":\"k1\",\"user\":\"U1\"}"));
            assertThat(answers.counts("stream=paged")).contains("\"k1\":1");
            assertThat(answers.status("stream=paged")).contains("\"usedBytes\":");
            cluster.move("tidemark:{paged.1}", cluster.nodeOf(MOVED.main()));
            records.count(1, Instant.now(), List.of("{\"kind\":\"k1\",\"user\":\"U1\"}"));
            assertThat(answers.counts("stream=paged")).contains("\"k1\":2");
            records.startOver();
            new StartingOver(redis, "paged").startOver();
        }
    }

    private static RedisAddress as(String user, String password) throws IOException {
        Path file = Files.writeString(folder.resolve(user), password);
        return new RedisAddress(cluster.address().uri().replace("://", "://" + user + "@"), file.toString());
    }
}
