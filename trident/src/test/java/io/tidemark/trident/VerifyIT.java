package io.tidemark.trident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tidemark.commit.RedisConnection;
import io.tidemark.commit.Skipping;
import io.tidemark.plan.Range;
import io.tidemark.stream.RefusedException;
import io.tidemark.stream.StreamConfigReader;
import io.tidemark.verify.Difference;
import io.tidemark.verify.Progress;
import io.tidemark.verify.Verification;
import io.tidemark.verify.Verifier;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.storm.LocalCluster;
import org.apache.storm.LocalDRPC;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.RedisClient;

/** A stream on a real broker, Redis and Storm is counted again: clean while it runs, and each damage is found. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class VerifyIT {
    private static final long SEED = Long.getLong("tidemark.seed", new Random().nextLong());
    private static final String TOPIC = "verified";
    private static final String STREAM = "tidemark:{wiki}";

    @TempDir
    static Path folder;

    private static KafkaBroker broker;
    private static LocalCluster cluster;
    private static LocalDRPC drpc;
    private static Rig rig;

    @BeforeAll
    static void start() throws Exception {
        System.out.println("VerifyIT: -Dtidemark.seed=" + SEED);
        broker = KafkaBroker.start(folder.resolve("kafka"));
        cluster = new LocalCluster();
        drpc = new LocalDRPC(cluster.getMetricRegistry());
        rig = new Rig(broker, folder, TOPIC, 3, SEED);
        rig.send(3_000, 3);
        cluster.submitTopology(
                TOPIC,
                TidemarkTopology.stormConfig(rig.settings()),
                TidemarkTopology.build(List.of(rig.config()), rig.settings(), drpc));
    }

    @AfterAll
    static void stop() throws Exception {
        drpc.close();
        cluster.close();
        rig.close();
        broker.close();
    }

    @Test
    @Order(1)
    void itAgreesAgainAndAgainWhileTheTopologyCounts() {
        rig.awaitDrained();
        CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < 30; i++) {
                rig.send(200, 3);
            }
        });
        do {
            assertThat(verify().differences()).isEmpty();
        } while (!sending.isDone());
        sending.join();
        rig.awaitDrained();
        Verification verification = verify();
        assertThat(verification.differences()).isEmpty();
        assertThat(verification.records()).isEqualTo(9_000);
        assertThat(verification.isComplete()).isTrue();
        assertThat(verification.threads()).isEqualTo(2);
    }

    @Test
    @Order(2)
    void whatIsNoRecordIsNoDifference() {
        try (KafkaProducer<byte[], byte[]> producer = broker.producer(Map.of("transactional.id", TOPIC))) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(TOPIC, 0, null, rig.nextEvent().bytes()));
            producer.flush();
            producer.abortTransaction();
        }
        rig.send(30, 3);
        rig.awaitDrained();
        Verification verification = verify();
        assertThat(verification.differences()).isEmpty();
        assertThat(verification.offsets().values().stream().mapToLong(o -> o).sum())
                .as("offsets, an aborted record's and its marker's too")
                .isEqualTo(verification.records() + 2);
    }

    static Stream<Arguments> damages() {
        return Stream.of(
                Arguments.of("a count key lost", "total:login", damage(r -> r.del(STREAM + ":total:login"))),
                Arguments.of(
                        "one count off by one",
                        "total:actor",
                        damage(r -> r.hincrBy(STREAM + ":total:actor", "bot", 1))),
                Arguments.of("a bucket emptied", "hour:namespace", damage(r -> r.del(anyKey("hour:namespace:*")))),
                Arguments.of(
                        "a ranked count off by one",
                        "hour:page",
                        damage(r -> r.zincrby(
                                anyKey("hour:page:*"),
                                -1,
                                r.zrange(anyKey("hour:page:*"), 0, 0).get(0)))),
                Arguments.of(
                        "a position lost",
                        "rejected-at:1",
                        damage(r -> r.zremrangeByRank(STREAM + ":rejected-at:1", 0, 0))),
                Arguments.of("a mark moved back", "accounts", damage(r -> r.hincrBy(STREAM, "mark:1", -1))));
    }

    private static Consumer<RedisClient> damage(Consumer<RedisClient> damage) {
        return damage;
    }

    /** The stream is frozen meanwhile: a mark that stands wrong would be counted from. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("damages")
    @Order(3)
    void eachDamageIsFound(String name, String key, Consumer<RedisClient> damage) {
        RedisClient redis = rig.client();
        redis.hset(STREAM, "frozen", "testing");
        Map<String, byte[]> before = new HashMap<>();
        redis.keys(STREAM + "*").forEach(k -> before.put(k, redis.dump(k)));
        damage.accept(redis);
        try {
            Verification verification = verify();
            assertThat(verification.agrees()).isFalse();
            assertThat(verification.differences()).extracting(Difference::key).anyMatch(k -> k.startsWith(key));
        } finally {
            before.forEach((k, dump) -> {
                redis.del(k);
                redis.restore(k, 0, dump);
            });
            redis.hdel(STREAM, "frozen");
        }
        assertThat(verify().differences()).as("put right again").isEmpty();
    }

    @Test
    @Order(4)
    void whatKafkaNoLongerHasIsSaid() {
        broker.deleteRecords(TOPIC, 2, 1_000);
        Verification verification = verify();
        assertThat(verification.differences()).isEmpty();
        assertThat(verification.lost()).containsExactly(new Range(2, 0, 1_000));
        assertThat(verification.atLeast()).isPositive();
    }

    @Test
    @Order(5)
    void whatWasDeletedBeforeItWasCountedIsSkippedOnlyWhenToldAndThenNamed() {
        RedisClient redis = rig.client();
        rig.awaitDrained();
        long counted = Long.parseLong(redis.hget(STREAM + ":accounts", "records"));
        redis.hset(STREAM, "frozen", "testing");
        rig.send(300, 3);
        long mark = Long.parseLong(redis.hget(STREAM, "mark:1"));
        Range lost = new Range(1, mark, mark + 60);
        broker.deleteRecords(TOPIC, 1, lost.end());
        redis.hdel(STREAM, "frozen");
        await().atMost(Duration.ofSeconds(40))
                .untilAsserted(() -> assertThat(redis.hget(STREAM + ":health", "refusal-message"))
                        .contains(
                                "partition 1: the mark is " + mark + " but Kafka keeps records from " + lost.end()
                                        + " on; 60 offsets" + " were deleted before they were counted",
                                "tidemark skip wiki 1 " + lost.end()));
        assertThat(redis.hget(STREAM, "mark:1")).isEqualTo(Long.toString(mark));

        try (RedisConnection connection = new RedisConnection(rig.address());
                KafkaLog log = new KafkaLog(rig.config(), Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            Skipping skipping = new Skipping(connection, rig.config(), "test");
            assertThat(skipping.skip(lost, List.of(), log.topicId())).isTrue();
            assertThat(skipping.skip(lost, List.of(), log.topicId()))
                    .as("once more")
                    .isFalse();
        }
        rig.awaitDrained();
        assertThat(redis.hget(STREAM + ":accounts", "records")).isEqualTo(Long.toString(counted + 300 - lost.length()));
        assertThat(redis.hget(STREAM, "skipped"))
                .isEqualTo("[{\"partition\":1,\"first\":" + mark + ",\"end\":" + lost.end() + "}]");
        Verification verification = verify();
        assertThat(verification.differences()).isEmpty();
        assertThat(verification.skipped()).containsExactly(lost);
    }

    @Test
    @Order(6)
    void countsOfATopicThatWasMadeAnewCannotBeChecked() {
        broker.deleteTopic(TOPIC);
        broker.createTopic(TOPIC, 3);
        await().untilAsserted(() -> assertThatThrownBy(VerifyIT::verify)
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("topic-recreated"));
    }

    private static Verification verify() {
        Map<String, String> client = Map.of("bootstrap.servers", broker.bootstrapServers());
        try (Verifier verifier =
                new Verifier(rig.redis().address(), StreamConfigReader::stored, c -> new KafkaLog(c, client), 2)) {
            return verifier.verify("wiki", Progress.NONE);
        }
    }

    private static String anyKey(String pattern) {
        List<String> keys =
                rig.client().keys(STREAM + ":" + pattern).stream().sorted().toList();
        return keys.get(keys.size() / 2);
    }
}
