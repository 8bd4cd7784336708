package io.tidemark.commit;

import static io.tidemark.commit.RedisConnection.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.plan.Range;
import io.tidemark.stream.RefusedException;
import io.tidemark.stream.Shard;
import io.tidemark.tally.Tally;
import io.tidemark.testing.RedisCluster;
import io.tidemark.testing.RedisServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Connection;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.args.ClientType;
import redis.clients.jedis.params.ClientKillParams;
import redis.clients.jedis.util.JedisClusterCRC16;

/** Slots of a Redis Cluster move, and nodes of it fail: a commit is in whole or not at all, and trying again is enough. */
class RedisClusterFaultIT {
    private static final StreamKeys KEYS = new StreamKeys("wiki");
    private static final Tally FIRST = Sample.tally(new Range(0, 0, 20));
    private static final Tally NEXT = Sample.tally(new Range(0, 20, 40), new Range(1, 0, 20));

    private static RedisCluster cluster;

    private ClusterBackdoor backdoor;
    private RedisStore store;

    @BeforeAll
    static void startRedis() {
        cluster = RedisCluster.shared();
    }

    @BeforeEach
    void begin() {
        cluster.flushAll();
        backdoor = new ClusterBackdoor(cluster);
        store = open(cluster.address());
        store.initialise(Sample.starts(0, 0), Sample.TOPIC_ID, Sample.STORE);
        store.commit(FIRST);
    }

    @AfterEach
    void end() {
        store.close();
        backdoor.close();
    }

    private static RedisStore open(RedisAddress address) {
        return new RedisStore(address, Sample.config(), "writer-1");
    }

    private static RedisServer owner() {
        return cluster.nodeOf(KEYS.main());
    }

    /** A node that has nothing of the stream. */
    private static RedisServer other() {
        return cluster.nodes().stream()
                .filter(node -> node != owner() && node != cluster.nodeOf(StreamKeys.STREAMS))
                .findFirst()
                .orElseThrow();
    }

    private SortedMap<String, SortedMap<String, String>> counts() {
        SortedMap<String, SortedMap<String, String>> counts = backdoor.contents();
        counts.keySet().removeAll(List.of(KEYS.main(), KEYS.buckets(), KEYS.health(), StreamKeys.STREAMS));
        return counts;
    }

    private void assertBothAreCounted() {
        assertThat(counts()).isEqualTo(StoreContract.recount(40, 20));
    }

    /** The scripts are not known there yet, and the connection knows the former node. */
    @Test
    void commitsFollowTheSlotToAnotherNode() {
        RedisServer former = owner();
        RedisServer next = other();
        cluster.move(KEYS.main(), next);
        assertThat(owner()).isEqualTo(next);
        assertThat(store.commit(NEXT)).isEqualTo(new CommitResult.Applied(2));
        assertThat(store.marks().orElseThrow().next()).isEqualTo(Sample.starts(40, 20));
        assertBothAreCounted();
        cluster.move(KEYS.main(), former);
        assertThat(store.commit(NEXT)).isEqualTo(new CommitResult.AlreadyApplied());
    }

    @Test
    void aCommitWhoseKeysLieOnTwoNodesChangesNothingAndIsTakenLater() {
        RedisServer former = owner();
        RedisCluster.Move move = cluster.beginMove(KEYS.main(), other());
        SortedMap<String, SortedMap<String, String>> before = backdoor.contents();
        for (List<String> moved :
                List.of(List.of(KEYS.accounts(), KEYS.buckets()), List.of(KEYS.main(), KEYS.rejected()))) {
            move.these(moved);
            assertThatThrownBy(() -> store.commit(NEXT))
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("keys are being moved to another node");
            assertThat(backdoor.contents()).isEqualTo(before);
            assertThat(store.marks().orElseThrow().next()).isEqualTo(Sample.starts(20, 0));
        }
        while (move.some(3) > 0) {
            assertThatThrownBy(() -> store.commit(NEXT)).isInstanceOf(StoreUnavailableException.class);
        }
        move.end();
        assertThat(store.commit(NEXT)).isEqualTo(new CommitResult.Applied(2));
        assertBothAreCounted();
        cluster.move(KEYS.main(), former);
    }

    /** Else what had been moved already would stay, and be added to by whoever begins the stream anew. */
    @Test
    void aStreamIsNotStartedOverWhileItsKeysLieOnTwoNodes() {
        RedisServer former = owner();
        store.report(new Health("writer-1", Sample.starts(0, 0), Sample.starts(20, 0), null));
        RedisCluster.Move move = cluster.beginMove(KEYS.main(), other());
        move.these(List.of(KEYS.accounts(), KEYS.rejected()));
        try (RedisConnection redis = new RedisConnection(cluster.address())) {
            assertThatThrownBy(() -> new OtherKeys(redis, KEYS).scan(names -> true))
                    .as("a search that would find some of them")
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("keys are being moved to another node");
        }
        assertThatThrownBy(store::reset).isInstanceOf(StoreUnavailableException.class);
        while (move.some(100) > 0) {
            Thread.onSpinWait();
        }
        move.end();
        store.reset();
        assertThat(backdoor.contents()).containsOnlyKeys(KEYS.health());
        cluster.move(KEYS.main(), former);
    }

    /** What hangs says nothing of its successor; and that one lagged, so a commit is lost with its marks, and comes again. */
    @Test
    void aMasterThatHangsIsNotWaitedForLongAndWhoTookItsPlaceIsAskedNext() {
        RedisServer master = owner();
        RedisServer replica = cluster.replicaOf(master);
        RedisCluster.on(replica, jedis -> jedis.configSet("masterauth", "another"));
        RedisCluster.on(
                master,
                jedis -> jedis.clientKill(ClientKillParams.clientKillParams().type(ClientType.REPLICA)));
        assertThat(store.commit(NEXT)).isEqualTo(new CommitResult.Applied(2));
        RedisConnection watching = new RedisConnection(cluster.address());
        assertThat(watching.info("memory")).hasSize(3);
        master.suspend();
        cluster.takeOver(replica, master);
        long started = System.nanoTime();
        assertThatThrownBy(() -> store.commit(NEXT)).isInstanceOf(StoreUnavailableException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - started))
                .isBetween(Duration.ofMillis(1_900), Duration.ofMillis(6_000));
        assertThat(store.marks().orElseThrow().next()).isEqualTo(Sample.starts(20, 0));
        assertThat(store.commit(NEXT)).isEqualTo(new CommitResult.Applied(2));
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> watching.info("memory").containsKey("127.0.0.1:" + replica.port()));
        watching.close();
        cluster.remove(master);
        backdoor.close();
        backdoor = new ClusterBackdoor(cluster);
        assertBothAreCounted();
    }

    /** More of them than attempts are made. */
    @Test
    void connectionsOfBeforeARestartAreNotTriedOneAfterTheOther() {
        try (RedisConnection redis = new RedisConnection(cluster.address());
                RedisStore counting =
                        new RedisStore(redis, new Shard(Sample.config(), 0), "writer-1", Scripts.bundled())) {
            redis.call(client -> {
                List<Connection> some = Stream.generate(() -> ((RedisClusterClient) client)
                                .getConnectionFromSlot(JedisClusterCRC16.getSlot(KEYS.main())))
                        .limit(10)
                        .toList();
                some.forEach(Connection::close);
                return null;
            });
            killConnections();
            assertThat(counting.commit(NEXT)).isEqualTo(new CommitResult.Applied(2));
        }
    }

    @Test
    void aNameIsNotLedAwayFromWhereItHasBeenLedMeanwhile() {
        try (RedisConnection redis = new RedisConnection(cluster.address())) {
            redis.call(client -> client.hset(StreamKeys.ALIASES, "wiki", "wiki-3"));
            List<?> reply = (List<?>) redis.eval(
                    StreamAliases.SWITCH,
                    List.of(bytes(StreamKeys.ALIASES)),
                    List.of(bytes("wiki"), bytes("wiki"), bytes("wiki-2")));
            assertThat(reply.stream().map(RedisConnection::text)).containsExactly("elsewhere", "wiki-3");
            assertThat(new StreamAliases(redis).streamOf("wiki")).isEqualTo("wiki-3");
            List<?> again = (List<?>) redis.eval(
                    StreamAliases.SWITCH,
                    List.of(bytes(StreamKeys.ALIASES)),
                    List.of(bytes("wiki"), bytes("wiki-2"), bytes("wiki-3")));
            assertThat(again.stream().map(RedisConnection::text))
                    .as("sent again after its answer was lost")
                    .containsExactly("led");
        }
    }

    @Test
    void oneNodeThatAnswersIsEnoughToFindTheOthers() {
        String uri = "redis-cluster://127.0.0.1:1,127.0.0.1:" + other().port();
        try (RedisStore found = open(new RedisAddress(uri, cluster.address().passwordFile()))) {
            assertThat(found.commit(NEXT)).isEqualTo(new CommitResult.Applied(2));
        }
        assertBothAreCounted();
        try (RedisStore nowhere = open(new RedisAddress("redis-cluster://127.0.0.1:1", null))) {
            assertThatThrownBy(() -> nowhere.commit(NEXT))
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("Redis at the cluster of [127.0.0.1:1] did not answer: ");
        }
    }

    @Test
    void aWrongPasswordIsNamedWithoutIt(@TempDir Path passwords) throws IOException {
        Path wrong = Files.writeString(passwords.resolve("wrong"), "not-the-password");
        try (RedisStore refused = open(new RedisAddress(cluster.address().uri(), wrong.toString()))) {
            assertThatThrownBy(() -> refused.commit(NEXT))
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("WRONGPASS")
                    .hasMessageNotContaining("not-the-password");
            Files.writeString(wrong, cluster.nodes().get(0).password());
            assertThat(refused.commit(NEXT)).isEqualTo(new CommitResult.Applied(2));
            Files.delete(wrong);
            killConnections();
            assertThatThrownBy(() -> refused.commit(NEXT))
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining(wrong.toString());
        }
    }

    private static void killConnections() {
        for (RedisServer node : cluster.nodes()) {
            RedisCluster.on(
                    node,
                    jedis ->
                            jedis.clientKill(ClientKillParams.clientKillParams().type(ClientType.NORMAL)));
        }
    }

    @Test
    void aMasterThatMayDeleteKeysByItselfIsRefusedAlsoWhereItHasNothingOfTheStream() {
        RedisServer evicting = other();
        RedisCluster.on(evicting, jedis -> jedis.configSet("maxmemory-policy", "allkeys-lru"));
        try (RedisStore opened = open(cluster.address())) {
            assertThatThrownBy(() -> opened.initialise(Sample.starts(0, 0), Sample.TOPIC_ID, Sample.STORE))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("127.0.0.1:" + evicting.port() + " has maxmemory-policy allkeys-lru");
            assertThat(opened.marks()).isPresent();
            RedisCluster.on(owner(), jedis -> jedis.configSet("maxmemory-policy", "volatile-ttl"));
            try (RedisStore again = open(cluster.address())) {
                assertThatThrownBy(again::marks)
                        .isInstanceOf(RefusedException.class)
                        .hasMessageContaining("127.0.0.1:" + owner().port() + " has maxmemory-policy volatile-ttl");
            }
        } finally {
            cluster.nodes()
                    .forEach(node -> RedisCluster.on(node, jedis -> jedis.configSet("maxmemory-policy", "noeviction")));
        }
    }

    /** Named as if it were alone, a node is not half written to: it is refused by name. */
    @Test
    void r05aNodeOfAClusterThatIsNamedAloneIsRefusedByName() {
        SortedMap<String, SortedMap<String, String>> before = backdoor.contents();
        for (RedisServer node : cluster.nodes()) {
            if (node == owner()) {
                continue;
            }
            try (RedisStore alone = open(node.address())) {
                assertThatThrownBy(() -> alone.commit(NEXT))
                        .isInstanceOfSatisfying(
                                RefusedException.class,
                                refused -> assertThat(refused.refusal().code()).isEqualTo("redis-cluster"))
                        .hasMessageContaining("Name the cluster: redis-cluster://");
            }
        }
        try (RedisConnection alone = new RedisConnection(owner().address())) {
            assertThatThrownBy(() -> new StreamAliases(alone).lead("wiki", "wiki", "wiki-2"))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("Name the cluster: redis-cluster://");
        }
        assertThat(backdoor.contents()).isEqualTo(before);
    }

    @Test
    void r05aServerThatIsNamedAsAClusterIsRefusedByName(@TempDir Path alone) {
        try (RedisServer server = RedisServer.start(alone);
                RedisStore refused = open(new RedisAddress(
                        "redis-cluster://127.0.0.1:" + server.port(),
                        server.passwordFile().toString()))) {
            assertThatThrownBy(refused::checkServer).hasMessageContaining("it is no Redis Cluster");
            assertThatThrownBy(() -> refused.initialise(Sample.starts(0, 0), Sample.TOPIC_ID, Sample.STORE))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("it is no Redis Cluster")
                    .hasMessageContaining("cluster support disabled")
                    .hasMessageContaining("redis://HOST:PORT");
        }
    }

    /** Its own commits and those of a rival go on while a slot goes round. */
    @Test
    void r05aSlotThatMovesWhileItIsCountedLosesAndDoublesNothing() throws Exception {
        RedisServer former = owner();
        AtomicBoolean moved = new AtomicBoolean();
        CompletableFuture<Long> counting = CompletableFuture.supplyAsync(() -> {
            long end = 20;
            try (RedisStore rival = open(cluster.address())) {
                for (boolean last = false; !last; end += 20) {
                    last = moved.get();
                    countByBoth(rival, Sample.tally(new Range(0, end, end + 20)));
                }
            }
            return end;
        });
        for (RedisServer to : Arrays.asList(other(), former, other(), former)) {
            long version = store.marks().orElseThrow().version();
            Awaitility.await().until(() -> store.marks().orElseThrow().version() > version + 3);
            cluster.move(KEYS.main(), to);
        }
        moved.set(true);
        long end = counting.get(60, TimeUnit.SECONDS);
        assertThat(store.marks().orElseThrow().next()).isEqualTo(Sample.starts(end, 0));
        assertThat(counts()).isEqualTo(StoreContract.recount(end));
    }

    private void countByBoth(RedisStore rival, Tally tally) {
        for (int done = 0; done < 2; ) {
            try {
                assertThat((done == 0 ? store : rival).commit(tally)).isNotInstanceOf(CommitResult.OutOfStep.class);
                done++;
            } catch (StoreUnavailableException moving) {
                Thread.onSpinWait();
            }
        }
    }

    /** Where one node's search ends is no place in that of another. */
    @Test
    void keysThatMoveWhileTheyAreLookedForAreNotTakenForAll() {
        RedisServer former = owner();
        for (int i = 0; i < 1_200; i++) {
            backdoor.setField(KEYS.main() + ":minute:actor:" + i, "bot", "1");
        }
        AtomicInteger met = new AtomicInteger();
        try (RedisConnection redis = new RedisConnection(cluster.address())) {
            assertThatThrownBy(() -> new OtherKeys(redis, KEYS).scan(names -> {
                        if (met.getAndAdd(names.size()) == 0) {
                            cluster.move(KEYS.main(), other());
                        }
                        return true;
                    }))
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("were moved from 127.0.0.1:" + former.port());
            assertThat(met.get()).isLessThan(1_200);
            met.set(0);
            new OtherKeys(redis, KEYS).scan(names -> met.addAndGet(names.size()) > 0);
            assertThat(met.get()).isGreaterThan(1_200);
        }
        cluster.move(KEYS.main(), former);
    }
}
