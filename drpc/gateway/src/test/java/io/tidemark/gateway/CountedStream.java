package io.tidemark.gateway;

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
import io.tidemark.stream.BundledStreams;
import io.tidemark.stream.StreamConfig;
import io.tidemark.tally.ChunkCounter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;

/** The bundled stream with one partition, counted into a real Redis as the topology does it, record by record. */
final class CountedStream implements AutoCloseable {
    private static final String TOPIC_ID = "topic-id-1";
    private static final String STORE = "store-1";

    private final StreamConfig config = BundledStreams.wikipedia();
    private final RedisStore store;
    private long end;

    CountedStream(RedisAddress redis) {
        store = new RedisStore(redis, config, "writer-1");
        store.initialise(new TreeMap<>(Map.of(0, 0L)), TOPIC_ID, STORE);
        report();
    }

    /** One commit of these records. */
    void count(String... records) {
        count(List.of(records));
    }

    synchronized void count(List<String> records) {
        Range range = new Range(0, end, end + records.size());
        Plan plan = new Plan(
                config.name(),
                TOPIC_ID,
                config.fingerprint(),
                STORE,
                new TreeMap<>(Map.of(0, 0L)),
                new TreeMap<>(Map.of(0, range)),
                new TreeMap<>());
        long[] timestamps = new long[records.size()];
        Arrays.fill(timestamps, System.currentTimeMillis());
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

    /** The next offset to count. */
    synchronized long end() {
        return end;
    }

    /** What a coordinator tells about once a second. */
    void report() {
        store.report(new Health("writer-1", new TreeMap<>(Map.of(0, 0L)), new TreeMap<>(Map.of(0, end)), null));
    }

    /** Starts over with no counts. */
    void startOver() {
        store.reset();
        end = 0;
        store.initialise(new TreeMap<>(Map.of(0, 0L)), TOPIC_ID, STORE);
    }

    static String edit(String user, boolean bot) {
        return edit(user, bot, "enwiki", "Sample page");
    }

    /** @param title JSON-escaped */
    static String edit(String user, boolean bot, String wiki, String title) {
        return "{\"type\":\"edit\",\"namespace\":0,\"title\":\"" + title + "\",\"user\":\"" + user + "\",\"bot\":" + bot
                + ",\"wiki\":\"" + wiki + "\"}";
    }

    @Override
    public void close() {
        store.close();
    }
}
