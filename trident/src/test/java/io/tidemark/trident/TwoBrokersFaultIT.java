package io.tidemark.trident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidemark.oracle.Recount;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.Node;
import org.apache.storm.LocalCluster;
import org.apache.storm.LocalDRPC;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * The topic lies on two brokers, and its leaders change under a running topology: whatever Kafka keeps is counted once,
 * and when it loses records that were counted (an election of a replica that lagged), nothing of the log that took
 * their place is added to the counts. One stream lives through all of it. A third broker controls the cluster and holds
 * nothing.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TwoBrokersFaultIT {
    private static final long SEED = Long.getLong("tidemark.seed", new Random().nextLong());
    private static final String TOPIC = "two";
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int A = 2;
    private static final int B = 3;
    private static final List<Integer> A_LEADS = List.of(A, B);
    private static final List<Integer> B_LEADS = List.of(B, A);
    private static final Map<Integer, List<Integer>> SHARED = Map.of(0, A_LEADS, 1, B_LEADS, 2, A_LEADS, 3, B_LEADS);
    private static final int PARTITIONS = SHARED.size();

    /** A broker that has stopped is missed soon. */
    private static final Map<String, String> CLUSTER =
            Map.of("broker.session.timeout.ms", "2000", "broker.heartbeat.interval.ms", "300");

    /** A producer that does not wait for replicas, and takes an acknowledgement for what it is. */
    private static final Map<String, Object> UNSAFE = Map.of("acks", "1", "enable.idempotence", false);

    @TempDir
    static Path folder;

    private static KafkaBroker controller;
    private static KafkaBroker a;
    private static KafkaBroker b;
    private static Leaders leaders;
    private static LocalCluster cluster;
    private static LocalDRPC drpc;
    private static Rig rig;

    @BeforeAll
    static void start() throws Exception {
        System.out.println("TwoBrokersFaultIT: -Dtidemark.seed=" + SEED);
        controller = KafkaBroker.start(folder.resolve("kafka-1"), CLUSTER);
        a = controller.startSibling(folder.resolve("kafka-" + A), A);
        b = controller.startSibling(folder.resolve("kafka-" + B), B);
        leaders = new Leaders(controller.admin(), TOPIC);
        controller.createTopic(TOPIC, SHARED, Map.of("min.insync.replicas", "1"));
        cluster = new LocalCluster();
        drpc = new LocalDRPC(cluster.getMetricRegistry());
        rig = new Rig(controller, folder, TOPIC, 0, SEED);
        TopologySettings settings = rig.settings()
                .withParallelism(2, 1)
                .withBatches(2, 500, 200)
                .withTimes(Duration.ofMillis(5), Duration.ofSeconds(6));
        cluster.submitTopology(
                TOPIC,
                TidemarkTopology.stormConfig(settings),
                TidemarkTopology.build(List.of(rig.config()), settings, drpc));
        rig.send(1_000, PARTITIONS);
        rig.awaitDrained();
    }

    @AfterAll
    static void stop() throws Exception {
        drpc.close();
        cluster.close();
        rig.close();
        a.close();
        b.close();
        controller.close();
    }

    @AfterEach
    void everythingIsCountedOnceAndBothBrokersHaveIt() {
        rig.awaitDrained(SOON);
        rig.assertExact();
        await().atMost(SOON).until(rig::refusal, ""::equals);
        await().atMost(SOON).until(leaders::inSync, Set.of(A, B)::equals);
    }

    @Test
    @Order(1)
    void leadersChangeByReassignmentAndByElection() {
        rig.whileSending(PARTITIONS, () -> {
            leaders.place(Map.of(0, B_LEADS, 1, A_LEADS, 2, B_LEADS, 3, A_LEADS));
            leaders.elect(ElectionType.PREFERRED);
            await().atMost(SOON).until(() -> leaders.of(0) == B && leaders.of(1) == A);
            awaitCommits(5);
            leaders.place(Map.of(0, List.of(A), 1, List.of(B))); // the leader itself is taken away
            await().atMost(SOON).until(() -> !leaders.areMoving() && leaders.of(0) == A && leaders.of(1) == B);
            awaitCommits(5);
            leaders.place(SHARED);
            await().atMost(SOON).until(() -> !leaders.areMoving());
            leaders.elect(ElectionType.PREFERRED);
        });
    }

    @Test
    @Order(2)
    void aLeadersBrokerStopsWithoutAWordAndComesBack() {
        rig.whileSending(PARTITIONS, () -> {
            a.stop();
            await().atMost(SOON).until(leaders::now, Set.of(B)::equals);
            awaitCommits(5);
            a.start();
            await().atMost(SOON).until(leaders::inSync, Set.of(A, B)::equals);
            leaders.elect(ElectionType.PREFERRED);
            awaitCommits(5);
        });
    }

    /** What is left ends before the mark, and what comes then does not reach it. */
    @Test
    @Order(3)
    void countedRecordsThatAnElectionLostAreRefusedByNameWhileTheLogIsShorterThanTheMark() {
        bStopsAndWhatOnlyAHasIsCounted();
        Recount counted = rig.recount();
        SortedMap<Integer, Long> marks = marks();
        bIsElectedWithoutWhatOnlyAHas();
        await().atMost(SOON).until(rig::refusal, "log-truncated"::equals);
        assertThat(rig.refusalMessage()).contains("partition 0: the mark is", "but it ends at", "tidemark reset wiki");
        rig.send(40, PARTITIONS);
        nothingWasAddedTo(counted, marks);
        startOver();
    }

    /**
     * Before anybody of the topology could look, the log is longer than the mark again: only the leader epoch beside the
     * mark tells that other records stand where counted ones stood.
     */
    @Test
    @Order(4)
    void countedRecordsThatAnElectionLostAreRefusedByNameThoughTheLogIsLongerThanTheMark() {
        bStopsAndWhatOnlyAHasIsCounted();
        Recount counted = rig.recount();
        SortedMap<Integer, Long> marks = marks();
        rig.redis().suspend();
        bIsElectedWithoutWhatOnlyAHas();
        rig.send(1_600, PARTITIONS);
        rig.redis().resume();
        await().atMost(SOON).until(rig::refusal, "log-truncated"::equals);
        assertThat(rig.refusalMessage()).contains("are not those that were counted", "tidemark reset wiki");
        rig.send(400, PARTITIONS);
        nothingWasAddedTo(counted, marks);
        startOver();
    }

    /** They are no records of the topic then, and nothing that was counted is gone. */
    @Test
    @Order(5)
    void recordsThatAnElectionLostBeforeTheyWereCountedHoldUpNothing() {
        rig.client().hset("tidemark:{wiki}", "frozen", "restoring");
        await().atMost(SOON).until(rig::refusal, "frozen"::equals);
        bStops();
        rig.send(400, PARTITIONS);
        bIsElectedWithoutWhatOnlyAHas();
        a.start();
        rig.send(600, PARTITIONS);
        rig.client().hdel("tidemark:{wiki}", "frozen");
    }

    private static void bStopsAndWhatOnlyAHasIsCounted() {
        bStops();
        rig.send(400, PARTITIONS);
        rig.awaitDrained(SOON);
    }

    private static void bStops() {
        b.stop();
        await().atMost(SOON)
                .until(() -> Set.of(A).equals(leaders.now()) && Set.of(A).equals(leaders.inSync()));
        rig.sendAnew(UNSAFE);
    }

    private static void bIsElectedWithoutWhatOnlyAHas() {
        a.stop();
        await().atMost(SOON).until(leaders::now, Set.of(Node.noNode().id())::equals);
        b.start();
        leaders.elect(ElectionType.UNCLEAN);
        await().atMost(SOON).until(leaders::now, Set.of(B)::equals);
        rig.lost(leaders.ends());
        rig.sendAnew(UNSAFE);
    }

    private static void nothingWasAddedTo(Recount counted, SortedMap<Integer, Long> marks) {
        assertThat(marks()).isEqualTo(marks);
        rig.assertExact(counted);
    }

    /** As the message says. What is left of the topic is counted from its start. */
    private static void startOver() {
        rig.store().reset();
        a.start();
    }

    private static SortedMap<Integer, Long> marks() {
        return rig.store().marks().orElseThrow().next();
    }

    private static void awaitCommits(int more) {
        long version = rig.version();
        await().atMost(SOON).until(() -> rig.version() >= version + more);
    }
}
