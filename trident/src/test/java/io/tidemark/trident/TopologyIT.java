package io.tidemark.trident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidemark.oracle.AnswerCheck;
import io.tidemark.oracle.LabelledEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.storm.Config;
import org.apache.storm.LocalCluster;
import org.apache.storm.LocalDRPC;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole topology on a real broker, Redis and Storm: what it counts is what was sent, whatever happens meanwhile.
 * One stream lives through all of this, and is compared with the recount after each of it.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TopologyIT {
    private static final long SEED = Long.getLong("tidemark.seed", new Random().nextLong());
    private static final String GROUP = "tidemark-wiki";
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    static Path folder;

    private static KafkaBroker broker;
    private static LocalCluster cluster;
    private static LocalDRPC drpc;
    private static Rig rig;

    @BeforeAll
    static void start() throws Exception {
        System.out.println("TopologyIT: -Dtidemark.seed=" + SEED);
        broker = KafkaBroker.start(folder.resolve("kafka"));
        cluster = new LocalCluster();
        drpc = new LocalDRPC(cluster.getMetricRegistry());
        rig = new Rig(broker, folder, "lives", 4, SEED);
        rig.send(10_000, 4);
        submit();
    }

    private static void submit() throws Exception {
        Config config = TidemarkTopology.stormConfig(rig.settings());
        config.put(Config.TOPOLOGY_TESTING_ALWAYS_TRY_SERIALIZE, true);
        cluster.submitTopology("lives", config, TidemarkTopology.build(List.of(rig.config()), rig.settings(), drpc));
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
    void goodAndBadRecordsAreCountedOnce() throws Exception {
        rig.awaitDrained();
        rig.assertExact();
        rig.send(3_000, 4);
        rig.awaitDrained();
        rig.assertExact();
    }

    @Test
    @Order(2)
    void aQuestionIsAnsweredFromTheCounts() throws Exception {
        String answer = ask("counts", "bot g3_Anon");
        assertThat(new AnswerCheck(rig.recount()).check("bot g3_Anon", answer).lines())
                .isEmpty();
        assertThat(ask("status", "")).contains("\"wiki\"");
    }

    @Test
    @Order(2)
    void kafkasOwnToolsShowHowFarItIsCountedAndNothingIsReadBackFromThem() throws Exception {
        awaitNoLagShown();
        broker.admin().deleteConsumerGroups(List.of(GROUP)).all().get();
        // A stranger in the group: its members alone may commit, and what they commit is anything.
        try (KafkaConsumer<byte[], byte[]> stranger = stranger()) {
            stranger.subscribe(List.of("lives"));
            await().atMost(SOON).until(() -> {
                stranger.poll(Duration.ofMillis(100));
                return !stranger.assignment().isEmpty();
            });
            stranger.commitSync(Map.of(new TopicPartition("lives", 0), new OffsetAndMetadata(7)));
            rig.send(500, 4);
            rig.awaitDrained();
            rig.assertExact();
            assertThat(shown().get(0)).isEqualTo(7);
        }
        awaitNoLagShown();
        rig.assertExact();
    }

    private static KafkaConsumer<byte[], byte[]> stranger() {
        return new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        broker.bootstrapServers(),
                        "group.id",
                        GROUP,
                        "auto.offset.reset",
                        "latest",
                        "enable.auto.commit",
                        false),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    /** The marks of a stream that has counted everything are the topic's ends. */
    private static void awaitNoLagShown() {
        rig.awaitDrained();
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(shown())
                        .isEqualTo(rig.store().marks().orElseThrow().next()));
    }

    private static SortedMap<Integer, Long> shown() throws Exception {
        SortedMap<Integer, Long> shown = new TreeMap<>();
        broker.admin()
                .listConsumerGroupOffsets(GROUP)
                .partitionsToOffsetAndMetadata()
                .get()
                .forEach((partition, offset) -> shown.put(partition.partition(), offset.offset()));
        return shown;
    }

    @Test
    @Order(3)
    void abortedRecordsAndMarkersAreNoRecords() throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = broker.producer(Map.of("transactional.id", "lives"))) {
            producer.initTransactions();
            for (int i = 0; i < 6; i++) {
                transaction(producer, i % 3 != 1);
            }
            transaction(producer, false);
        }
        rig.awaitDrained();
        rig.assertExact();
    }

    private static void transaction(KafkaProducer<byte[], byte[]> producer, boolean committed) {
        producer.beginTransaction();
        List<LabelledEvent> events = new ArrayList<>();
        List<Future<RecordMetadata>> places = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            LabelledEvent event = rig.nextEvent();
            events.add(event);
            places.add(producer.send(new ProducerRecord<>("lives", i % 2, null, event.bytes())));
        }
        producer.flush();
        if (committed) {
            producer.commitTransaction();
            for (int i = 0; i < events.size(); i++) {
                rig.note(events.get(i), places.get(i));
            }
        } else {
            producer.abortTransaction();
        }
        // The marker stands behind the last record of each partition.
        rig.noteEndAfter(places.get(48));
        rig.noteEndAfter(places.get(49));
    }

    @Test
    @Order(4)
    void partitionsThatAreAddedAreCountedFromTheirStart() {
        broker.addPartitions("lives", 6);
        rig.send(3_000, 6);
        rig.awaitDrained();
        rig.assertExact();
    }

    @Test
    @Order(5)
    void redisMayRestart() {
        rig.send(2_000, 6);
        rig.redis().killAndRestart();
        rig.send(2_000, 6);
        rig.awaitDrained();
        rig.assertExact();
    }

    @Test
    @Order(6)
    void aRedisThatLostEverythingIsCountedAgainFromTheStart() {
        rig.send(1_000, 6);
        rig.client().flushAll();
        rig.send(1_000, 6);
        rig.awaitDrained();
        rig.assertExact();
    }

    @Test
    @Order(7)
    void aRedisThatLostEverythingIsCountedAgainAlsoWhenNothingArrives() {
        rig.client().flushAll();
        rig.awaitDrained();
        rig.assertExact();
    }

    @Test
    @Order(8)
    void theBrokerMayRestart() {
        rig.send(1_000, 6);
        broker.stop();
        broker.start();
        rig.send(1_000, 6);
        rig.awaitDrained();
        rig.assertExact();
    }

    @Test
    @Order(9)
    void stormMayEndInTheMiddleAndStartAnewWithNothing() throws Exception {
        rig.send(15_000, 6);
        drpc.close();
        cluster.close();
        cluster = new LocalCluster();
        drpc = new LocalDRPC(cluster.getMetricRegistry());
        submit();
        rig.send(1_000, 6);
        rig.awaitDrained();
        rig.assertExact();
    }

    @Test
    @Order(10)
    void aTopicCreatedAnewIsRefusedByName() {
        broker.deleteTopic("lives");
        broker.createTopic("lives", 6);
        await().atMost(SOON).untilAsserted(() -> assertThat(rig.refusal()).isEqualTo("topic-recreated"));
        assertThat(rig.refusalMessage()).contains("topic lives has id ", "tidemark reset wiki");
        rig.assertExact();
    }

    @Test
    @Order(11)
    void countsStayExactWhenCommitsFailAndOthersCommitInBetween() throws Exception {
        try (Rig faulty = new Rig(broker, folder, "faulty", 4, SEED + 1)) {
            faulty.send(2_000, 4);
            TopologySettings settings = faulty.settings().withParallelism(2, 2).withBatches(3, 250, 100);
            try (Rival rival = new Rival(faulty.config(), settings, SEED)) {
                FaultyPorts.Faults faults = new FaultyPorts.Faults("faulty", SEED, rival::commitOne);
                Ports ports = new FaultyPorts(Ports.of(settings), "faulty");
                LocalCluster.LocalTopology topology = cluster.submitTopology(
                        "faulty",
                        TidemarkTopology.stormConfig(settings),
                        TidemarkTopology.build(List.of(faulty.config()), settings, drpc, ports));
                for (int i = 0; i < 20; i++) {
                    faulty.send(300, 4);
                }
                faulty.awaitDrained();
                faulty.assertExact();
                faults.end();
                faulty.send(4, 4);
                faulty.awaitDrained(Duration.ofSeconds(8)); // also when the failures have left Storm with loose ends
                topology.close();
                System.out.println("faults: before " + faults.before + ", after " + faults.after + ", foreign "
                        + faults.foreign + ", out of step " + faults.outOfStep + ", rival applied "
                        + rival.applied());
                assertThat(faults.before).isGreaterThanOrEqualTo(3);
                assertThat(faults.after).isGreaterThanOrEqualTo(3);
                assertThat(faults.outOfStep).isGreaterThanOrEqualTo(3);
                assertThat(rival.applied()).isGreaterThanOrEqualTo(3);
            }
        }
    }

    /** Trident puts a list of tuples around the answer. */
    private static String ask(String function, String arguments) throws Exception {
        return drpc.execute(function, arguments);
    }
}
