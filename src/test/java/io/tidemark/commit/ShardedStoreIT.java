package io.tidemark.commit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.stream.RefusedException;
import io.tidemark.stream.Shard;
import io.tidemark.testing.RedisServer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract of several shards on one real Redis. */
class ShardedStoreIT extends ShardsContract {
    @TempDir
    static Path folder;

    private static RedisServer server;

    private RedisBackdoor backdoor;
    private RedisConnection redis;

    @BeforeAll
    static void startRedis() {
        server = RedisServer.start(folder, "appendonly no");
    }

    @AfterAll
    static void stopRedis() {
        server.close();
    }

    @BeforeEach
    void begin() {
        backdoor = new RedisBackdoor(server);
        backdoor.jedis().flushAll();
        redis = new RedisConnection(server.address());
    }

    @AfterEach
    void end() {
        redis.close();
        backdoor.close();
    }

    @Test
    void whoChangesTheNumberOfShardsIsToldOfTheBackfill() {
        for (int before : new int[] {1, 3}) {
            backdoor.jedis().flushAll();
            try (Store counted = RedisStore.open(server.address(), Sample.sharded(before), "writer-1");
                    Store changed = RedisStore.open(server.address(), Sample.sharded(2), "writer-1")) {
                counted.initialise(Sample.starts(0, 0), Sample.TOPIC_ID, Sample.STORE);
                assertThatThrownBy(() -> changed.initialise(Sample.starts(0, 0), Sample.TOPIC_ID, Sample.STORE))
                        .isInstanceOf(RefusedException.class)
                        .hasMessageContaining("tidemark backfill");
            }
        }
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
