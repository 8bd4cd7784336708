package io.tidemark.trident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidemark.commit.StoreUnavailableException;
import io.tidemark.query.Answers;
import io.tidemark.stream.StreamConfigReader;
import io.tidemark.submit.Submit;
import io.tidemark.testing.RedisCluster;
import io.tidemark.testing.RedisServer;
import io.tidemark.verify.Progress;
import io.tidemark.verify.Verification;
import io.tidemark.verify.Verifier;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.apache.storm.LocalCluster;
import org.apache.storm.LocalDRPC;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * A stream in three shards, each on another node of a Redis Cluster, under a running topology: slots move and a node dies
 * while commits and answers go on. In the end all is counted once, and each answer given meanwhile was true at its offsets.
 */
class ShardsOnClusterFaultIT {
    private static final long SEED = Long.getLong("tidemark.seed", new Random().nextLong());
    private static final String TOPIC = "spread";
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int PARTITIONS = 6;
    private static final String MOVED = "tidemark:{wiki.1}";

    @TempDir
    static Path folder;

    private static KafkaBroker broker;
    private static LocalCluster storm;
    private static LocalDRPC drpc;
    private static RedisCluster redis;
    private static Rig rig;
    private static Answers answers;
    private static Asking asking;

    @BeforeAll
    static void start() throws Exception {
        System.out.println("ShardsOnClusterFaultIT: -Dtidemark.seed=" + SEED);
        CompletableFuture<RedisCluster> forming =
                CompletableFuture.supplyAsync(() -> RedisCluster.start(folder.resolve("redis")));
        broker = KafkaBroker.start(folder.resolve("kafka"));
        storm = new LocalCluster();
        drpc = new LocalDRPC(storm.getMetricRegistry());
        redis = forming.get();
        rig = new Rig(
                broker, redis.nodes().get(0), redis.address(), TOPIC, PARTITIONS, SEED, text -> text + "\nshards: 3\n");
        TopologySettings settings = rig.settings().withBatches(2, 500, 200);
        storm.submitTopology(
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
        storm.close();
        rig.close();
        broker.close();
        redis.close();
    }

    @AfterEach
    void everythingIsCountedOnceAndEachAnswerWasTrue() {
        int answered = asking.answered();
        rig.awaitDrained();
        Verification verification = verify();
        assertThat(verification.differences()).isEmpty();
        assertThat(verification.records()).isEqualTo(rig.sent());
        assertThat(verification.offsets()).hasSize(PARTITIONS);
        await().atMost(SOON).until(() -> asking.answered() > answered);
        asking.assertTrue(rig.recount());
        assertThat(asking.errors()).doesNotContainKeys("internal", "redis-cluster", "redis-error");
    }

    /** Key by key at first, with commits of the other shards in between; then at once, there and back. */
    @Test
    void r05aSlotMovesUnderLoad() {
        RedisServer former = redis.nodeOf(MOVED);
        RedisServer next = redis.nodeOf("tidemark:{wiki.2}");
        assertThat(next).isNotSameAs(former);
        rig.whileSending(PARTITIONS, () -> {
            RedisCluster.Move move = redis.beginMove(MOVED, next);
            for (int i = 0; i < 6; i++) {
                move.some(5);
                awaitAnotherCommit();
            }
            while (move.some(100) > 0) {
                Thread.onSpinWait();
            }
            move.end();
            assertThat(redis.nodeOf(MOVED)).isSameAs(next);
            awaitAnotherCommit();
            redis.move("tidemark:streams", next);
            awaitAnotherCommit();
            redis.move(MOVED, former);
        });
    }

    @Test
    void aMasterIsKilledAndStartedAgainUnderLoad() {
        rig.whileSending(PARTITIONS, () -> {
            redis.nodeOf(MOVED).killAndRestart();
            redis.awaitOk();
            awaitAnotherCommit();
        });
    }

    @Test
    void aDryRunNamesAllNodes() throws IOException {
        Path config =
                Files.writeString(folder.resolve("spread.yaml"), rig.config().text());
        StringWriter out = new StringWriter();
        int code = new CommandLine(new Submit())
                .setOut(new PrintWriter(out))
                .execute(
                        "--config=" + config,
                        "--kafka=" + broker.bootstrapServers(),
                        "--redis=" + redis.address().uri(),
                        "--redis-password-file=" + redis.address().passwordFile(),
                        "--dry-run");
        assertThat(code).as(out.toString()).isZero();
        for (RedisServer node : redis.nodes()) {
            assertThat(out.toString())
                    .contains("node 127.0.0.1:" + node.port()
                            + " of a Redis Cluster, Redis 7.0.15, append-only file on, maxmemory-policy noeviction");
        }
    }

    private static void awaitAnotherCommit() {
        long version = await().atMost(SOON)
                .ignoreException(StoreUnavailableException.class)
                .until(rig::version, v -> true);
        await().atMost(SOON).ignoreException(StoreUnavailableException.class).until(() -> rig.version() > version);
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
