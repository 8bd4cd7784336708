package io.tidemark.commit;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.stream.Shard;
import io.tidemark.testing.RedisCluster;
import io.tidemark.testing.RedisServer;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

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
            assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofMillis(800));
            String address = "127.0.0.1:" + hung.port();
            assertThat(redis.info("memory")).hasSize(2).doesNotContainKey(address);
            assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofMillis(1_900));
            started = System.nanoTime();
            assertThat(redis.info("memory")).hasSize(2).doesNotContainKey(address);
            assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofMillis(800));
        } finally {
            hung.resume();
            cluster.awaitOk();
        }
    }
}
