package io.tidemark.trident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidemark.oracle.LabelledEvent;
import io.tidemark.plan.Marks;
import io.tidemark.plan.Readiness;
import io.tidemark.query.Answers;
import io.tidemark.stream.Refusal;
import io.tidemark.trident.WatchedPorts.Reads;
import io.tidemark.trident.WatchedPorts.Reads.Read;
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
import redis.clients.jedis.Jedis;

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
        broker = KafkaBroker.start(folder.resolve("kafka"), Map.of("quota.window.num", "2"));
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
        counting(name, rig, rig.settings(), body);
    }

    private static void counting(String name, Rig rig, TopologySettings settings, Body body) throws Exception {
        LocalCluster.LocalTopology topology = cluster.submitTopology(
                name,
                TidemarkTopology.stormConfig(settings),
                TidemarkTopology.build(
                        List.of(rig.config()), settings, drpc, new WatchedPorts(Ports.of(settings), name)));
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
                rig.redis().kill(); // one that only stood still would take a commit that was on its way to it
                rig.send(1_000, PARTITIONS);
                broker.deleteRecords("retained", 0, 600);
                broker.deleteRecords("retained", 1, 600);
                rig.redis().start();
                rig.movedTo(rig.redis());
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

    /** Redis is emptied when Kafka has no longer what was counted first: the running topology is told to begin anew. */
    @Test
    void aStreamThatLostItsStartIsStartedOverUnderTheRunningTopology() throws Exception {
        try (Rig rig = new Rig(broker, folder, "started-over", PARTITIONS, SEED)) {
            counting("started-over", rig, () -> {
                rig.send(200, PARTITIONS);
                rig.awaitDrained(SOON);
                String storeId = rig.store().marks().orElseThrow().storeId();
                broker.deleteRecords("started-over", 0, 100);
                broker.deleteRecords("started-over", 1, 100);
                Rig.admin(rig.redis(), Jedis::flushAll);
                await().atMost(SOON).until(rig::refusal, "records-lost"::equals);
                assertThat(rig.refusalMessage()).contains("tidemark reset");
                try (Rig since = rig.ofTheTopicMadeAnew()) {
                    since.send(100, PARTITIONS);
                    rig.store().reset();
                    since.awaitDrained(SOON);
                    Marks marks = rig.store().marks().orElseThrow();
                    assertThat(marks.start()).isEqualTo(Map.of(0, 100L, 1, 100L));
                    assertThat(marks.storeId()).isNotEqualTo(storeId);
                    since.assertExact();
                }
            });
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

    /** Kafka deletes records with successors, maybe before they are counted, for as long as it is told to. */
    @Test
    void aTopicThatIsCompactedIsRefusedForAsLongAsItIs() throws Exception {
        try (Rig rig = new Rig(broker, folder, "compacting", PARTITIONS, SEED)) {
            counting("compacting", rig, () -> {
                rig.send(100, PARTITIONS);
                rig.awaitDrained(SOON);
                broker.configure("compacting", "cleanup.policy", "compact");
                Reads reads = WatchedPorts.reads("compacting");
                int looks = reads.looks();
                await().atMost(SOON).until(rig::refusal, "compacted"::equals);
                assertThat(rig.refusalMessage())
                        .contains("topic compacting has cleanup.policy compact", "Set cleanup.policy to delete");
                await("a plan that looked itself").atMost(SOON).until(() -> reads.looks() > looks);
                sendWithKeys(rig, "compacting");
                assertThat(rig.store().marks().orElseThrow().next()).isEqualTo(Map.of(0, 50L, 1, 50L));
                broker.configure("compacting", "cleanup.policy", "delete");
                rig.awaitDrained(SOON);
                rig.assertExact();
                await().atMost(SOON).until(rig::refusal, ""::equals);
            });
        }
    }

    @Test
    void aTopicThatIsCompactedIsCountedWhereTheConfigurationSaysThatThisIsMeant() throws Exception {
        broker.createTopic("kept", PARTITIONS, Map.of("cleanup.policy", "compact"));
        try (Rig rig = new Rig(broker, folder, "kept", 0, SEED, text -> "compacted: true\n" + text)) {
            counting("kept", rig, () -> {
                sendWithKeys(rig, "kept");
                rig.awaitDrained(SOON);
                rig.assertExact();
                assertThat(rig.refusal()).isEmpty();
            });
        }
    }

    /** A compacted topic takes no records without a key; these have no successors. */
    private static void sendWithKeys(Rig rig, String topic) {
        for (int i = 0; i < 40; i++) {
            LabelledEvent event = rig.nextEvent();
            byte[] key = {(byte) i};
            rig.note(event, rig.producer().send(new ProducerRecord<>(topic, i % PARTITIONS, key, event.bytes())));
        }
    }

    @Test
    void aPlanWhoseBrokerStopsBeforeItIsReadIsReadWhenItIsBack() throws Exception {
        try (Rig rig = new Rig(broker, folder, "stopped", PARTITIONS, SEED)) {
            counting("stopped", rig, hurried(rig), () -> {
                rig.send(100, PARTITIONS);
                rig.awaitDrained(SOON);
                rig.client().hset("tidemark:{wiki}", "frozen", "restoring");
                await().atMost(SOON).until(rig::refusal, "frozen"::equals);
                rig.send(1_000, PARTITIONS);
                Reads reads = WatchedPorts.reads("stopped");
                reads.forget();
                reads.beforeTheNext(broker::stop);
                rig.client().hdel("tidemark:{wiki}", "frozen");
                await().atMost(SOON).until(() -> reads.all().stream().anyMatch(each -> !each.whole()));
                // Another transaction may have been planned in the same moment, and be read right after this one.
                await().atMost(SOON).during(Duration.ofSeconds(1)).until(() -> !reads.isRunning());
                broker.start();
                rig.send(10, PARTITIONS);
                rig.awaitDrained(SOON);
                rig.assertExact();
                Read failed = failedFirst(reads.all());
                assertThat(reads.all()).anyMatch(each -> each.whole() && each.beginsLike(failed));
            });
        }
    }

    /** Kafka gives so little in a second that what was planned is more than it gives in the time that a batch has. */
    @Test
    void aPlanThatIsTooMuchForItsTimeIsHalvedUntilItIsNot() throws Exception {
        try (Rig rig = new Rig(broker, folder, "slow", 1, SEED)) {
            counting("slow", rig, hurried(rig), () -> {
                rig.send(100, 1);
                rig.awaitDrained(SOON);
                Reads reads = WatchedPorts.reads("slow");
                reads.forget();
                rig.client().hset("tidemark:{wiki}", "frozen", "restoring");
                await().atMost(SOON).until(rig::refusal, "frozen"::equals);
                rig.send(5_000, 1);
                broker.limitConsumers(300_000);
                rig.client().hdel("tidemark:{wiki}", "frozen");
                await().atMost(SOON)
                        .until(() -> reads.all().stream()
                                .filter(each -> each.length() > 100)
                                .anyMatch(each -> each.whole()));
                broker.limitConsumers(null);
                rig.awaitDrained(SOON);
                rig.assertExact();
                assertHalved(reads.all());
            });
        }
    }

    /** As little time to read as there may be, and large batches. */
    private static TopologySettings hurried(Rig rig) {
        return rig.settings().withTimes(Duration.ofMillis(5), Duration.ofSeconds(5));
    }

    /**
     * What could not be read from the mark on was tried again with half of it at most, and less than that could be read. A
     * transaction that is planned there in the same moment, or anew later, begins with a length of its own.
     */
    private static void assertHalved(List<Read> reads) {
        Read first = failedFirst(reads);
        List<Long> lengths = reads.stream()
                .filter(each -> !each.whole() && each.beginsLike(first))
                .map(Read::length)
                .distinct()
                .toList();
        assertThat(lengths).as("%s", reads).hasSizeGreaterThan(1);
        assertThat(lengths.get(1)).as("%s", reads).isLessThanOrEqualTo(first.length() / 2);
        assertThat(reads)
                .anyMatch(each -> each.whole() && each.beginsLike(first) && each.length() <= first.length() / 2);
    }

    private static Read failedFirst(List<Read> reads) {
        return reads.stream().filter(each -> !each.whole()).findFirst().orElseThrow();
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
            Watch watch = new Watch(rig.config(), rig.store(), log, readiness, CommittedOffsets.NOWHERE);
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
