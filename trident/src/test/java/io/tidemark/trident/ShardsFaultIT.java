package io.tidemark.trident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidemark.plan.Marks;
import io.tidemark.query.Answers;
import io.tidemark.stream.StreamConfig;
import io.tidemark.stream.StreamConfigReader;
import io.tidemark.verify.Progress;
import io.tidemark.verify.Verification;
import io.tidemark.verify.Verifier;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
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
 * A stream in three shards under a running topology: whatever happens to one of them alone, in the end all is counted once,
 * and each answer given meanwhile was true at its offsets. One stream lives through all of it.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ShardsFaultIT {
    private static final long SEED = Long.getLong("tidemark.seed", new Random().nextLong());
    private static final String TOPIC = "shards";
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int PARTITIONS = 6;
    private static final String TAG = "tidemark:{wiki.1}";

    @TempDir
    static Path folder;

    private static KafkaBroker broker;
    private static LocalCluster cluster;
    private static LocalDRPC drpc;
    private static Rig rig;
    private static Answers answers;
    private static Asking asking;

    @BeforeAll
    static void start() throws Exception {
        System.out.println("ShardsFaultIT: -Dtidemark.seed=" + SEED);
        broker = KafkaBroker.start(folder.resolve("kafka"));
        cluster = new LocalCluster();
        drpc = new LocalDRPC(cluster.getMetricRegistry());
        rig = new Rig(broker, folder, TOPIC, PARTITIONS, SEED, text -> text + "\nshards: 3\n");
        TopologySettings settings = rig.settings().withBatches(2, 500, 200);
        cluster.submitTopology(
                TOPIC,
                TidemarkTopology.stormConfig(settings),
                TidemarkTopology.build(List.of(rig.config()), settings, drpc));
        rig.send(1_000, PARTITIONS);
        rig.awaitDrained();
        answers = new Answers(rig.address());
        asking = new Asking(query -> answers.ask("counts", query));
    }

    @AfterAll
    static void stop() throws Exception {
        asking.close();
        answers.close();
        drpc.close();
        cluster.close();
        rig.close();
        broker.close();
    }

    @AfterEach
    void everythingIsCountedOnceAndEachAnswerWasTrue() {
        int answered = asking.answered();
        rig.awaitDrained();
        assertThat(rig.client().smembers("tidemark:streams")).containsExactlyInAnyOrder("wiki.0", "wiki.1", "wiki.2");
        Verification verification = verify();
        assertThat(verification.differences()).isEmpty();
        assertThat(verification.records()).isEqualTo(rig.sent());
        assertThat(verification.offsets()).hasSize(PARTITIONS);
        await().atMost(SOON).until(() -> asking.answered() > answered);
        asking.assertTrue(rig.recount());
    }

    @Test
    @Order(1)
    void allShardsAreCountedUnderLoad() {
        rig.whileSending(PARTITIONS, () -> assertThat(verify().differences()).isEmpty());
    }

    @Test
    @Order(2)
    void aShardFallsBackUnderLoad() {
        rig.whileSending(PARTITIONS, () -> {
            Map<String, byte[]> older = contents();
            long version = rig.version();
            await().atMost(SOON).until(() -> rig.version() > version + 6);
            comeBackAs(older);
        });
    }

    @Test
    @Order(3)
    void aShardThatFallsBackAndGetsNoNewRecordsIsCountedAgain() {
        rig.awaitDrained();
        Map<String, byte[]> older = contents();
        rig.send(600, PARTITIONS);
        rig.awaitDrained();
        Marks before = rig.store().marks().orElseThrow();
        comeBackAs(older);
        assertThat(rig.client().hget(TAG, "mark:1"))
                .isNotEqualTo(before.next().get(1).toString());
    }

    @Test
    @Order(4)
    void aShardThatIsLostIsCountedAgainFromItsStart() {
        rig.whileSending(PARTITIONS, () -> comeBackAs(Map.of()));
    }

    @Test
    @Order(5)
    void whatIsWrongInOneShardIsFoundAndNamed() {
        String bucket = Collections.max(rig.client().keys(TAG + ":hour:action:*")); // which nobody asks for meanwhile
        rig.client().hincrBy(bucket, "edit", 1);
        assertThat(verify().differences()).anySatisfy(difference -> {
            assertThat(difference.key()).startsWith("wiki.1:hour:action:");
            assertThat(difference.name()).isEqualTo("edit");
        });
        rig.client().hincrBy(bucket, "edit", -1);
    }

    @Test
    @Order(6)
    void aTopologyWithAnotherNumberOfShardsIsRefusedAndStatusSaysWhy() throws Exception {
        StreamConfig one = Rig.configuration(TOPIC, text -> text);
        TopologySettings settings = rig.settings().withBatches(2, 500, 200);
        cluster.submitTopology(
                "one-shard",
                TidemarkTopology.stormConfig(settings),
                TidemarkTopology.build(List.of(one), settings, drpc));
        await().atMost(SOON).until(() -> answers.ask("status", "").contains("tidemark backfill"));
        cluster.killTopology("one-shard");
        rig.send(300, PARTITIONS);
        assertThat(rig.client().keys("tidemark:{wiki}*")).isEmpty();
    }

    /** In one step, as when a node is replaced. */
    private static void comeBackAs(Map<String, byte[]> older) {
        String script = """
                for _, key in ipairs(redis.call('KEYS', ARGV[1])) do redis.call('DEL', key) end
                for i = 1, #KEYS do redis.call('RESTORE', KEYS[i], 0, ARGV[i + 1]) end
                return 1
                """;
        List<byte[]> keys = older.keySet().stream().map(String::getBytes).toList();
        List<byte[]> arguments = new ArrayList<>(List.of((TAG + "*").getBytes()));
        arguments.addAll(older.values());
        rig.client().eval(script.getBytes(), keys, arguments);
    }

    /** What one shard holds, read in one step. */
    private static Map<String, byte[]> contents() {
        String script = """
                local found = {}
                for _, key in ipairs(redis.call('KEYS', ARGV[1])) do
                  found[#found + 1] = key
                  found[#found + 1] = redis.call('DUMP', key)
                end
                return found
                """;
        List<?> found = (List<?>) rig.client().eval(script.getBytes(), List.of(), List.of((TAG + "*").getBytes()));
        Map<String, byte[]> contents = new HashMap<>();
        for (int i = 0; i < found.size(); i += 2) {
            contents.put(new String((byte[]) found.get(i)), (byte[]) found.get(i + 1));
        }
        return contents;
    }

    private static Verification verify() {
        try (Verifier verifier = new Verifier(
                rig.address(),
                StreamConfigReader::stored,
                config -> new KafkaLog(config, rig.settings().kafka()),
                2)) {
            return verifier.verify("wiki", Progress.NONE);
        }
    }
}
