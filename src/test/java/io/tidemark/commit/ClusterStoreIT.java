package io.tidemark.commit;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.stream.Shard;
import io.tidemark.stream.StreamConfig;
import io.tidemark.testing.RedisCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The store's contracts on a real Redis Cluster. */
class ClusterStoreIT {
    private static RedisCluster cluster;
    private static ClusterBackdoor backdoor;

    @BeforeAll
    static void start() {
        cluster = RedisCluster.shared();
        backdoor = new ClusterBackdoor(cluster);
    }

    @AfterAll
    static void stop() {
        backdoor.close();
    }

    @BeforeEach
    void begin() {
        cluster.flushAll();
    }

    @Test
    void theShardsOfTheseTestsLieOnDifferentNodes() {
        assertThat(Stream.of("wiki.0", "wiki.1", "wiki.2").map(shard -> cluster.nodeOf(new StreamKeys(shard).main())))
                .doesNotHaveDuplicates();
    }

    @Nested
    class OfOneShard extends StoreContract {
        private final List<Store> opened = new ArrayList<>();

        @AfterEach
        void end() {
            opened.forEach(Store::close);
        }

        @Override
        Store open(StreamConfig config, String writer) {
            Store store = new RedisStore(cluster.address(), config, writer);
            opened.add(store);
            return store;
        }

        @Override
        Backdoor backdoor() {
            return backdoor;
        }
    }

    @Nested
    class OfSeveralShards extends ShardsContract {
        private final RedisConnection redis = new RedisConnection(cluster.address());

        @AfterEach
        void end() {
            redis.close();
        }

        @Override
        Store openShard(Shard shard) {
            return new RedisStore(redis, shard, "writer-1", Scripts.bundled());
        }

        @Override
        Backdoor backdoor() {
            return backdoor;
        }
    }
}
