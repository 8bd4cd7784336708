package io.tidemark.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.commit.CommitResult;
import io.tidemark.commit.Health;
import io.tidemark.commit.RedisAddress;
import io.tidemark.commit.RedisStore;
import io.tidemark.commit.Store;
import io.tidemark.event.ChunkParser;
import io.tidemark.plan.Chunk;
import io.tidemark.plan.Epochs;
import io.tidemark.plan.Plan;
import io.tidemark.plan.Range;
import io.tidemark.stream.Refusal;
import io.tidemark.stream.StreamConfig;
import io.tidemark.tally.ChunkCounter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;

/**
 * Records of one partition for each shard of the stream, counted into a real Redis as the topology does it, without Kafka and
 * Storm. May be used by several threads.
 */
public final class CountedRecords implements AutoCloseable {
    private static final String TOPIC_ID = "topic-id-1";
    private static final String STORE = "store-1";

    private final StreamConfig config;
    private final Store store;
    private final SortedMap<Integer, Long> starts = new TreeMap<>();
    private final SortedMap<Integer, Long> ends = new TreeMap<>();
    private volatile String storeId;

    public CountedRecords(RedisAddress redis, StreamConfig config) {
        this.config = config;
        store = RedisStore.open(redis, config, "writer-1");
        for (int partition = 0; partition < config.shards(); partition++) {
            starts.put(partition, 0L);
        }
        initialise();
        report(null);
    }

    private void initialise() {
        String wanted = store.startedOverAs().orElse(STORE);
        storeId = store.initialise(starts, TOPIC_ID, wanted).storeId();
        ends.putAll(starts);
    }

    /** One commit of these records of partition 0, all with one timestamp. */
    public void count(Instant at, List<String> records) {
        count(0, at, records);
    }

    /** One commit of these records of a partition, all with one timestamp. */
    public synchronized void count(int partition, Instant at, List<String> records) {
        long end = ends.get(partition);
        Range range = new Range(partition, end, end + records.size());
        Plan plan = new Plan(
                config.name(),
                TOPIC_ID,
                config.fingerprint(),
                storeId,
                starts,
                new TreeMap<>(Map.of(partition, range)),
                new TreeMap<>());
        long[] timestamps = new long[records.size()];
        Arrays.fill(timestamps, at.toEpochMilli());
        Chunk chunk = new Chunk(
                plan,
                range,
                new Epochs(1, 1),
                records.size(),
                LongStream.range(end, range.end()).toArray(),
                timestamps,
                records.stream().map(r -> r.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new));
        CommitResult result = store.commit(new ChunkCounter(config).count(new ChunkParser(config).parse(chunk)));
        assertThat(result).isInstanceOf(CommitResult.Applied.class);
        ends.put(partition, range.end());
    }

    /** What a coordinator tells about once a second. @param refusal why it counts no more; null when it does */
    public synchronized void report(Refusal refusal) {
        store.report(new Health("writer-1", starts, new TreeMap<>(ends), refusal));
    }

    /** The next offset of partition 0 to count. */
    public synchronized long end() {
        return ends.get(0);
    }

    /** Starts over with no counts. */
    public synchronized void startOver() {
        store.reset();
        initialise();
    }

    @Override
    public void close() {
        store.close();
    }
}
