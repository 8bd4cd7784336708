package io.tidemark.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.commit.CommitResult;
import io.tidemark.commit.Health;
import io.tidemark.commit.RedisAddress;
import io.tidemark.commit.RedisStore;
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
import java.util.TreeMap;
import java.util.stream.LongStream;

/**
 * Records of one partition, counted into a real Redis as the topology does it, without Kafka and Storm. May be used by
 * several threads.
 */
public final class CountedRecords implements AutoCloseable {
    private static final String TOPIC_ID = "topic-id-1";
    private static final String STORE = "store-1";

    private final StreamConfig config;
    private final RedisStore store;
    private volatile String storeId;
    private volatile long end;

    public CountedRecords(RedisAddress redis, StreamConfig config) {
        this.config = config;
        store = new RedisStore(redis, config, "writer-1");
        initialise();
        report(null);
    }

    private void initialise() {
        String wanted = store.startedOverAs().orElse(STORE);
        storeId =
                store.initialise(new TreeMap<>(Map.of(0, 0L)), TOPIC_ID, wanted).storeId();
    }

    /** One commit of these records, all with one timestamp. */
    public synchronized void count(Instant at, List<String> records) {
        Range range = new Range(0, end, end + records.size());
        Plan plan = new Plan(
                config.name(),
                TOPIC_ID,
                config.fingerprint(),
                storeId,
                new TreeMap<>(Map.of(0, 0L)),
                new TreeMap<>(Map.of(0, range)),
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
        end = range.end();
    }

    /** What a coordinator tells about once a second. @param refusal why it counts no more; null when it does */
    public void report(Refusal refusal) {
        store.report(new Health("writer-1", new TreeMap<>(Map.of(0, 0L)), new TreeMap<>(Map.of(0, end)), refusal));
    }

    /** The next offset to count. */
    public synchronized long end() {
        return end;
    }

    /** Starts over with no counts. */
    public synchronized void startOver() {
        store.reset();
        end = 0;
        initialise();
    }

    @Override
    public void close() {
        store.close();
    }
}
