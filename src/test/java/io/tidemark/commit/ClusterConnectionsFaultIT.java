package io.tidemark.commit;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.stream.Shard;
import io.tidemark.testing.RedisCluster;
import io.tidemark.testing.RedisServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.BuilderFactory;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.CommandObject;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.util.JedisClusterCRC16;

/** What is wrong with one node of a Redis Cluster is no matter to who needs another. */
class ClusterConnectionsFaultIT {
    private static final StreamKeys KEYS = new StreamKeys("wiki");

    private static RedisCluster cluster;

    @BeforeAll
    static void startRedis() {
        cluster = RedisCluster.shared();
    }

    @BeforeEach
    void begin() {
        cluster.flushAll();
        try (RedisStore store = new RedisStore(cluster.address(), Sample.config(), "writer-1")) {
            store.initialise(Sample.starts(0, 0), Sample.TOPIC_ID, Sample.STORE);
        }
    }

    /** A node that has nothing of the stream. */
    private static RedisServer other() {
        return cluster.nodes().stream()
                .filter(node -> node != cluster.nodeOf(KEYS.main()) && node != cluster.nodeOf(StreamKeys.STREAMS))
                .findFirst()
                .orElseThrow();
    }

    /** It is not waited for, and who asks all of them waits once. */
    @Test
    void aMasterThatHangsHoldsUpNoStreamThatHasNothingThere() {
        RedisServer hung = other();
        try (RedisConnection redis = new RedisConnection(cluster.address());
                RedisStore counting =
                        new RedisStore(redis, new Shard(Sample.config(), 0), "writer-1", Scripts.bundled())) {
            assertThat(counting.configuration()).isPresent();
            hung.suspend();
            long started = System.nanoTime();
            assertThat(counting.marks()).isPresent();
            assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofMillis(950));
            String address = "127.0.0.1:" + hung.port();
            assertThat(redis.info("memory")).hasSize(2).doesNotContainKey(address);
            assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofMillis(1_900));
            started = System.nanoTime();
            assertThat(redis.info("memory")).hasSize(2).doesNotContainKey(address);
            assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofMillis(950));
        } finally {
            hung.resume();
            cluster.awaitOk();
        }
    }

    /** What is out of memory or moves keys is there; what became a replica is not what it was. */
    @Test
    void connectionsAreKeptWhereANodeAnswersThatItCannotNow() {
        int slot = JedisClusterCRC16.getSlot(KEYS.main());
        try (RedisConnection redis = new RedisConnection(cluster.address())) {
            Supplier<String> connection = () -> redis.call(client -> {
                try (Connection one = ((RedisClusterClient) client).getConnectionFromSlot(slot)) {
                    return id(one);
                }
            });
            String first = connection.get();
            for (String text : List.of("TRYAGAIN Multiple keys request", "OOM command not allowed")) {
                assertThat(redis.errorOf(text, null)).isInstanceOf(StoreUnavailableException.class);
                assertThat(connection.get()).as(text).isEqualTo(first);
            }
            assertThat(redis.errorOf("READONLY You can't write against a read only replica.", null))
                    .isInstanceOf(StoreUnavailableException.class);
            assertThat(connection.get()).isNotEqualTo(first);
        }
    }

    @Test
    void connectionsToANodeThatLeftTheClusterAreClosed(@TempDir Path folder) {
        RedisServer member = other();
        JedisClientConfig config = DefaultJedisClientConfig.builder()
                .resp2()
                .password(member.password())
                .build();
        try (RedisServer stranger = member.startSibling(folder);
                ClusterConnections connections =
                        new ClusterConnections(Set.of(at(member)), config, config, new GenericObjectPoolConfig<>())) {
            for (Runnable renewal : renewals(connections, at(member))) {
                String kept = id(connections, at(member));
                String gone = id(connections, at(stranger));
                assertThat(id(connections, at(stranger))).isEqualTo(gone);
                renewal.run();
                assertThat(id(connections, at(member))).isEqualTo(kept);
                assertThat(id(connections, at(stranger))).isNotEqualTo(gone);
            }
        }
    }

    private static List<Runnable> renewals(ClusterConnections connections, HostAndPort node) {
        return List.of(connections::renewSlotCache, () -> {
            try (Connection connection = connections.toAsk(node)) {
                connections.renewSlotCache(connection);
            }
        });
    }

    private static HostAndPort at(RedisServer node) {
        return new HostAndPort("127.0.0.1", node.port());
    }

    private static String id(ClusterConnections connections, HostAndPort node) {
        try (Connection connection = connections.getConnection(node)) {
            return id(connection);
        }
    }

    private static String id(Connection connection) {
        return String.valueOf(connection.executeCommand(
                new CommandObject<>(new CommandArguments(Protocol.Command.CLIENT).add("ID"), BuilderFactory.LONG)));
    }
}
