package io.tidemark.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.commit.CommitResult;
import io.tidemark.commit.RedisConnection;
import io.tidemark.commit.RedisStore;
import io.tidemark.commit.Sample;
import io.tidemark.cut.CutReader;
import io.tidemark.cut.Wish;
import io.tidemark.plan.Plan;
import io.tidemark.plan.Range;
import io.tidemark.testing.RedisServer;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** A topic of thousands of partitions: more fields than one command of a script takes. */
class ManyPartitionsIT {
    private static final int PARTITIONS = 4_100;

    @TempDir
    Path folder;

    @Test
    void allAreInitialisedCountedToldAndRead() {
        try (RedisServer server = RedisServer.start(folder, "appendonly no");
                RedisStore store = new RedisStore(server.address(), Sample.config(), "writer-1");
                RedisConnection redis = new RedisConnection(server.address());
                Jedis jedis = new Jedis("127.0.0.1", server.port())) {
            jedis.auth(server.password());
            SortedMap<Integer, Long> ones = new TreeMap<>();
            IntStream.range(0, PARTITIONS).forEach(partition -> ones.put(partition, 1L));

            store.initialise(Sample.starts(new long[PARTITIONS]), Sample.TOPIC_ID, Sample.STORE);
            for (int first = 0; first < PARTITIONS; first += Plan.MOST_RANGES) {
                assertThat(store.commit(Sample.tally(
                                IntStream.range(first, Math.min(PARTITIONS, first + Plan.MOST_RANGES))
                                        .mapToObj(partition -> new Range(partition, 0, 1))
                                        .toArray(Range[]::new))))
                        .isInstanceOf(CommitResult.Applied.class);
            }

            assertThat(jedis.info("commandstats")).contains("cmdstat_publish:calls=5,");
            assertThat(store.marks().orElseThrow().next()).isEqualTo(ones);
            assertThat(store.marks().orElseThrow().start()).hasSize(PARTITIONS).containsValue(0L);
            assertThat(new CutReader(redis, text -> Sample.config())
                            .read("wiki", (config, now) -> Wish.totals(List.of()))
                            .cut()
                            .offsets())
                    .isEqualTo(ones);
            assertThat(new SnapshotReader(redis, "wiki")
                            .read(text -> Sample.config())
                            .base()
                            .marks()
                            .next())
                    .isEqualTo(ones);
        }
    }
}
