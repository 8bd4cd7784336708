package io.tidemark.trident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidemark.plan.Readiness;
import io.tidemark.query.Answers;
import io.tidemark.stream.Refusal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.storm.LocalCluster;
import org.apache.storm.LocalDRPC;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Kafka does not give, or not yet: each has a name that an operator can see, and nothing else is counted for it. */
class LostRecordsFaultIT {
    private static final long SEED = Long.getLong("tidemark.seed", new Random().nextLong());
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int PARTITIONS = 2;

    @TempDir
    static Path folder;

    private static KafkaBroker broker;
    private static LocalCluster cluster;
    private static LocalDRPC drpc;

    @BeforeAll
    static void start() throws Exception {
        System.out.println("LostRecordsFaultIT: -Dtidemark.seed=" + SEED);
        broker = KafkaBroker.start(folder.resolve("kafka"));
        cluster = new LocalCluster();
        drpc = new LocalDRPC(cluster.getMetricRegistry());
    }

    @AfterAll
    static void stop() throws Exception {
        drpc.close();
        cluster.close();
        broker.close();
    }

    private interface Body {
        void run() throws Exception;
    }

    /** Does something while a topology counts. */
    private static void counting(String name, Rig rig, Body body) throws Exception {
        TopologySettings settings = rig.settings();
        LocalCluster.LocalTopology topology = cluster.submitTopology(
                name,
                TidemarkTopology.stormConfig(settings),
                TidemarkTopology.build(List.of(rig.config()), settings, drpc));
        try {
            body.run();
        } finally {
            topology.close();
        }
    }

    /**
     * Redis is away, batches are planned and fail, and meanwhile retention removes what they are to count. The refusal
     * names partitions, wanted and available offsets and the number lost, and nothing is counted instead.
     */
    @Test
    void recordsThatRetentionRemovedBeforeTheyWereCountedAreRefusedByNumber() throws Exception {
        try (Rig rig = new Rig(broker, folder, "retained", PARTITIONS, SEED)) {
            counting("retained", rig, () -> {
                rig.send(200, PARTITIONS);
                rig.awaitDrained(SOON);
                rig.redis().suspend();
                rig.send(1_000, PARTITIONS);
                broker.deleteRecords("retained", 0, 600);
                broker.deleteRecords("retained", 1, 600);
                rig.redis().resume();
                await().atMost(SOON).until(rig::refusal, "records-lost"::equals);
                assertThat(rig.refusalMessage())
                        .contains("topic retained", "partition 0", "partition 1", "100", "600", "500");
                rig.send(100, PARTITIONS);
                assertThat(rig.store().marks().orElseThrow().next()).isEqualTo(Map.of(0, 100L, 1, 100L));
                rig.assertExact();
            });
        }
    }

    /** A topic made anew while nothing runs, with fewer and with more records than were counted of the former. */
    @Test
    void aTopicMadeAnewWhileNothingRunsIsRefusedUntilStartedOver() throws Exception {
        for (int others : List.of(50, 1_500)) {
            String topic = "remade-" + others;
            try (Rig rig = new Rig(broker, folder, topic, PARTITIONS, SEED)) {
                counting(topic, rig, () -> {
                    rig.send(1_000, PARTITIONS);
                    rig.awaitDrained(SOON);
                });
                broker.deleteTopic(topic);
                broker.createTopic(topic, PARTITIONS);
                SortedMap<Integer, Long> counted =
                        rig.store().marks().orElseThrow().next();
                try (Rig anew = rig.ofTheTopicMadeAnew()) {
                    counting(topic + "-again", rig, () -> {
                        anew.send(others, PARTITIONS);
                        await().atMost(SOON).until(rig::refusal, "topic-recreated"::equals);
                        assertThat(rig.store().marks().orElseThrow().next()).isEqualTo(counted);
                        rig.assertExact();
                        rig.store().reset();
                        anew.awaitDrained(SOON);
                        anew.assertExact();
                    });
                }
            }
        }
    }

    @Test
    void anOpenTransactionThatHoldsBackWhatFollowsIsNamedInStatus() throws Exception {
        try (Rig rig = new Rig(broker, folder, "open", PARTITIONS, SEED);
                Answers answers = new Answers(rig.address());
                KafkaProducer<byte[], byte[]> producer = broker.producer(Map.of("transactional.id", "open"))) {
            counting("open", rig, () -> {
                rig.send(10, PARTITIONS);
                rig.awaitDrained(SOON);
                producer.initTransactions();
                producer.beginTransaction();
                producer.send(new ProducerRecord<>(
                                "open", 1, null, rig.nextEvent().bytes()))
                        .get();
                rig.send(9, 1);
                rig.awaitDrained(SOON); // of the other partition
                await().atMost(SOON)
                        .untilAsserted(() -> assertThat(answers.ask("status", ""))
                                .contains(
                                        "\"state\":\"stalled\"",
                                        "partition 1: an open transaction holds back all from offset 5 on",
                                        "\"open\":{\"1\":6}"));
                producer.abortTransaction();
                await().atMost(SOON)
                        .untilAsserted(() -> assertThat(answers.ask("status", ""))
                                .doesNotContain("open transaction")
                                .contains("\"lag\":0"));
                rig.assertExact();
            });
        }
    }

    /** The task and the watcher share nothing but Redis, as in two workers. */
    @Test
    void aRefusalInAnotherWorkerReachesStatusAndAnswersUntilACommitIsTaken() {
        try (Rig rig = new Rig(broker, folder, "apart", PARTITIONS, SEED);
                Answers answers = new Answers(rig.address());
                Rival counting = new Rival(rig.config(), rig.settings(), SEED);
                KafkaLog log = new KafkaLog(rig.config(), rig.settings().kafka())) {
            rig.send(1_000, PARTITIONS);
            counting.commitOne();
            Readiness readiness = new Readiness();
            Watch watch = new Watch(rig.config(), rig.store(), log, readiness);
            watch.look();
            assertThat(readiness.refusal()).isNull();
            StreamSignals elsewhere = new StreamSignals();
            elsewhere.tellThrough(() -> Ports.of(rig.settings()).store(rig.config(), "elsewhere"));
            elsewhere.refused(new Refusal("foreign-value", "a key holds what is no count"));
            watch.look();
            watch.look();
            assertThat(rig.refusal()).isEqualTo("foreign-value");
            assertThat(answers.ask("counts", "bot"))
                    .contains("\"refused\":{\"code\":\"foreign-value\",\"message\":\"a key holds what is no count\"}");
            assertThat(answers.ask("status", "")).contains("\"state\":\"refused\"");
            assertThat(readiness.ready(9, 100_000)).isTrue();
            assertThat(readiness.ready(9, 100_001)).as("tried again at once").isFalse();
            counting.commitOne();
            watch.look();
            watch.look();
            assertThat(readiness.refusal()).isNull();
            assertThat(rig.refusal()).isEmpty();
        }
    }
}
