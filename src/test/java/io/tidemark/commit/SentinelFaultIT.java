package io.tidemark.commit;

import static io.tidemark.commit.StoreContract.MAIN;
import static io.tidemark.commit.StoreContract.recount;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.plan.Range;
import io.tidemark.testing.RedisSentinel;
import io.tidemark.testing.RedisServer;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sentinels say where Redis is: the master dies, another takes its place, and the same store goes on there. */
class SentinelFaultIT {
    private static final Duration DOWN_AFTER = Duration.ofMillis(500);

    @TempDir
    Path folder;

    @Test
    void commitsGoOnWhereTheSentinelsLead() throws Exception {
        try (RedisServer master = RedisServer.start(folder.resolve("master"), "repl-diskless-sync-delay 0");
                RedisServer replica =
                        master.startSibling(folder.resolve("replica"), "replicaof 127.0.0.1 " + master.port());
                RedisSentinel sentinel = new RedisSentinel(folder.resolve("sentinel"), master, DOWN_AFTER)) {
            sentinel.awaitReplica(replica);
            RedisAddress address = new RedisAddress(
                    "redis-sentinel://127.0.0.1:1,127.0.0.1:" + sentinel.port() + "/0#" + RedisSentinel.MASTER,
                    master.passwordFile().toString());
            try (RedisStore store = new RedisStore(address, Sample.config(), "writer-1")) {
                store.initialise(Sample.starts(0, 0), Sample.TOPIC_ID, Sample.STORE);
                store.commit(Sample.tally(new Range(0, 0, 20)));
                try (RedisBackdoor behind = new RedisBackdoor(replica)) {
                    Awaitility.await()
                            .ignoreExceptions()
                            .until(() -> "1".equals(behind.jedis().hget(MAIN, "version")));
                }

                master.kill();
                Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> {
                    try {
                        return store.commit(Sample.tally(new Range(0, 20, 40), new Range(1, 0, 20)))
                                instanceof CommitResult.Applied;
                    } catch (StoreUnavailableException notYet) {
                        return false;
                    }
                });
                try (RedisBackdoor promoted = new RedisBackdoor(replica)) {
                    assertThat(RedisUnderFaults.countsOf(promoted)).isEqualTo(recount(40, 20));
                }
            }
        }
    }

    @Test
    void whereNoSentinelNamesTheMasterEachSaysWhy() throws Exception {
        try (RedisServer master = RedisServer.start(folder.resolve("master"));
                RedisSentinel sentinel = new RedisSentinel(folder.resolve("sentinel"), master, DOWN_AFTER)) {
            Awaitility.await().untilAsserted(() -> {
                RedisAddress address = new RedisAddress(
                        "redis-sentinel://127.0.0.1:1,127.0.0.1:" + sentinel.port() + "#other",
                        master.passwordFile().toString());
                try (RedisStore store = new RedisStore(address, Sample.config(), "writer-1")) {
                    assertThatThrownBy(store::marks)
                            .isInstanceOf(StoreUnavailableException.class)
                            .hasMessageContaining("other, known to sentinels")
                            .hasMessageContaining(":" + sentinel.port() + " knows no master other")
                            .hasMessageContaining("127.0.0.1:1: ");
                }
            });
        }
    }
}
