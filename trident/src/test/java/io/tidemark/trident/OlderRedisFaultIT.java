package io.tidemark.trident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidemark.commit.RedisAddress;
import io.tidemark.query.Answers;
import io.tidemark.testing.CuttingProxy;
import io.tidemark.testing.RedisServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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
import redis.clients.jedis.Jedis;

/**
 * Redis fails under a running topology, and comes back older, elsewhere or refusing to work, while events flow and
 * questions are asked: counting goes on from what it has, in the end every count equals the recount, and so did each
 * answer meanwhile at its offsets. One stream lives through all of it.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OlderRedisFaultIT {
    private static final long SEED = Long.getLong("tidemark.seed", new Random().nextLong());
    private static final String TOPIC = "older";
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int PARTITIONS = 4;

    @TempDir
    static Path folder;

    private static KafkaBroker broker;
    private static CuttingProxy proxy;
    private static LocalCluster cluster;
    private static LocalDRPC drpc;
    private static Rig rig;
    private static Answers answers;
    private static Asking asking;

    @BeforeAll
    static void start() throws Exception {
        System.out.println("OlderRedisFaultIT: -Dtidemark.seed=" + SEED);
        broker = KafkaBroker.start(folder.resolve("kafka"));
        cluster = new LocalCluster();
        drpc = new LocalDRPC(cluster.getMetricRegistry());
        RedisServer redis = RedisServer.start(folder.resolve("redis"));
        proxy = new CuttingProxy(redis.port());
        RedisAddress address = new RedisAddress(
                "redis://127.0.0.1:" + proxy.port(), redis.passwordFile().toString());
        rig = new Rig(broker, redis, address, TOPIC, PARTITIONS, SEED, text -> text);
        TopologySettings settings = rig.settings().withBatches(2, 500, 200);
        cluster.submitTopology(
                TOPIC,
                TidemarkTopology.stormConfig(settings),
                TidemarkTopology.build(List.of(rig.config()), settings, drpc));
        rig.send(1_000, PARTITIONS);
        rig.awaitDrained();
        answers = new Answers(address);
        asking = new Asking(OlderRedisFaultIT::counts);
    }

    @AfterAll
    static void stop() throws Exception {
        asking.close();
        answers.close();
        drpc.close();
        cluster.close();
        rig.close();
        proxy.close();
        broker.close();
    }

    @AfterEach
    void everythingIsCountedOnceAndEachAnswerWasTrue() {
        int answered = asking.answered();
        rig.awaitDrained(SOON);
        rig.assertExact();
        await().atMost(SOON).until(() -> asking.answered() > answered);
        asking.assertTrue(rig.recount());
    }

    @Test
    @Order(1)
    void anAppendOnlyFileCutByCommitsAtACommitsEnd() {
        whileSending(() -> {
            rig.redis().kill();
            new AppendOnlyFile(rig.redis().folder()).loseCommits(3);
            startAgain();
        });
    }

    @Test
    @Order(2)
    void anAppendOnlyFileCutInsideACommit() {
        whileSending(() -> {
            rig.redis().kill();
            new AppendOnlyFile(rig.redis().folder()).endInsideCommit(1);
            startAgain();
        });
    }

    @Test
    @Order(3)
    void everythingFlushedUnderLoad() {
        whileSending(() -> rig.client().flushAll());
    }

    /** A failover at its worst: the replica lacks commits, and the former master stays reachable, as a replica of nobody. */
    @Test
    @Order(4)
    void aReplicaThatLaggedIsPromotedWhileConnectionsToTheDemotedMasterStayOpen() {
        RedisServer master = rig.redis();
        RedisServer replica = master.startSibling(folder.resolve("replica"));
        CuttingProxy link = new CuttingProxy(master.port());
        Rig.admin(master, jedis -> jedis.configSet("repl-diskless-sync-delay", "0"));
        Rig.admin(replica, jedis -> {
            jedis.replicaof("127.0.0.1", link.port());
            await().atMost(SOON).until(() -> jedis.info("replication").contains("master_link_status:up"));
        });
        rig.send(500, PARTITIONS);
        rig.awaitDrained(SOON);
        link.close();
        rig.send(500, PARTITIONS);
        rig.awaitDrained(SOON);
        whileSending(() -> {
            Rig.admin(replica, Jedis::replicaofNoOne);
            proxy.lead(replica.port());
            Rig.admin(master, jedis -> jedis.replicaof("127.0.0.1", 1));
        });
        rig.movedTo(replica);
        rig.awaitDrained(SOON);
        master.close();
    }

    @Test
    @Order(5)
    void forgottenScripts() {
        whileSending(() -> rig.client().scriptFlush());
    }

    @Test
    @Order(6)
    void noAppendOnlyFileAndKilled() {
        rig.redis().addLines("appendonly no");
        whileSending(() -> {
            rig.redis().kill();
            startAgain();
        });
    }

    /** By the book: commits are refused while it is done. */
    @Test
    @Order(7)
    void aBackupRestoredUnderTheRunningTopology() throws IOException {
        Rig.admin(rig.redis(), Jedis::save);
        Path dump = rig.redis().folder().resolve("dump.rdb");
        Path backup = folder.resolve("backup.rdb");
        Files.copy(dump, backup);
        rig.send(1_000, PARTITIONS);
        rig.awaitDrained(SOON);
        whileSending(() -> {
            rig.client().hset("tidemark:{wiki}", "frozen", "restoring");
            await().atMost(SOON).until(rig::refusal, "frozen"::equals);
            rig.redis().kill();
            replace(dump, backup);
            startAgain();
            rig.client().hdel("tidemark:{wiki}", "frozen");
        });
    }

    @Test
    @Order(8)
    void aRedisThatTakesItsTimeToLoad() {
        int unavailable = asking.errors().getOrDefault("store-unavailable", 0);
        rig.client().eval("for i = 1, 8000 do redis.call('SET', 'filler:' .. i, i) end");
        Rig.admin(rig.redis(), Jedis::save);
        rig.redis().addLines("key-load-delay 250", "loading-process-events-interval-bytes 1024");
        whileSending(() -> {
            rig.redis().kill();
            startAgain();
        });
        rig.client().eval("for i = 1, 8000 do redis.call('DEL', 'filler:' .. i) end");
        assertThat(asking.errors().get("store-unavailable")).isGreaterThan(unavailable);
    }

    @Test
    @Order(9)
    void aRedisThatCannotSave() throws IOException {
        Path dump = rig.redis().folder().resolve("dump.rdb");
        Files.delete(dump);
        Path inTheWay = Files.createDirectories(dump.resolve("a-folder-is-in-the-way"));
        whileSending(() -> {
            configure("save", "3600 1");
            Rig.admin(rig.redis(), Jedis::bgsave);
            awaitInfo("errorstats", "errorstat_MISCONF");
            configure("stop-writes-on-bgsave-error", "no");
        });
        configure("save", "");
        Files.delete(inTheWay);
        Files.delete(dump);
    }

    @Test
    @Order(10)
    void aRedisThatRunsOutOfMemory() {
        whileSending(() -> {
            configure("maxmemory", "1mb");
            awaitInfo("errorstats", "errorstat_OOM");
            configure("maxmemory", "0");
        });
    }

    @Test
    @Order(11)
    void aRedisThatMayDeleteKeysIsRefusedByNameForAsLongAsItMay() {
        whileSending(() -> {
            configure("maxmemory-policy", "allkeys-lru");
            await().atMost(SOON).until(rig::refusal, "eviction"::equals);
            assertThat(counts("")).contains("\"refused\":{\"code\":\"eviction\"");
            configure("maxmemory-policy", "noeviction");
        });
        await().atMost(SOON).until(rig::refusal, ""::equals);
    }

    /** Many pages are counted by now. What goes over the wire for a batch does not grow with them. */
    @Test
    @Order(12)
    void aBatchReadsOnlyWhatItsOwnStepNeeds() {
        rig.send(20_000, PARTITIONS);
        rig.awaitDrained(SOON);
        asking.close();
        rig.client().configSet("slowlog-log-slower-than", "200000");
        Rig.admin(rig.redis(), jedis -> {
            jedis.slowlogReset();
            jedis.configResetStat();
        });
        long bytes = number(rig.client().info("stats"), "total_net_output_bytes:");
        long version = rig.version();
        for (int i = 0; i < 10; i++) {
            rig.send(20, PARTITIONS);
            rig.awaitDrained(SOON);
        }
        long batches = rig.version() - version;
        assertThat(batches).isGreaterThanOrEqualTo(10);
        assertThat((number(rig.client().info("stats"), "total_net_output_bytes:") - bytes) / batches)
                .as("bytes that Redis answered for each batch, looks at its state included")
                .isLessThan(20_000);
        assertThat(rig.client().info("commandstats")).doesNotContain("cmdstat_hgetall", "cmdstat_hvals");
        Rig.admin(rig.redis(), jedis -> assertThat(jedis.slowlogLen()).isZero());
        asking = new Asking(OlderRedisFaultIT::counts);
    }

    private static void startAgain() {
        rig.redis().start();
        rig.movedTo(rig.redis()); // with connections that are not of before
    }

    private static long number(String info, String name) {
        int at = info.indexOf(name) + name.length();
        return Long.parseLong(info.substring(at, info.indexOf('\r', at)));
    }

    private static void configure(String name, String value) {
        rig.client().configSet(name, value);
    }

    private static void awaitInfo(String section, String text) {
        await().atMost(SOON).until(() -> rig.client().info(section).contains(text));
    }

    private static void replace(Path file, Path by) {
        try {
            Files.copy(by, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void whileSending(Runnable fault) {
        rig.whileSending(PARTITIONS, fault);
    }

    private static String counts(String query) {
        return answers.ask("counts", query);
    }
}
