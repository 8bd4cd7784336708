package io.tidemark.tally;

import io.tidemark.event.ChunkParser;
import io.tidemark.plan.Chunk;
import io.tidemark.plan.Epochs;
import io.tidemark.plan.Plan;
import io.tidemark.plan.Range;
import io.tidemark.stream.StreamConfig;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts records for tests, as one chunk of partition 0 from offset 0 on. */
public final class Counting {
    private final StreamConfig config;
    private final List<byte[]> values = new ArrayList<>();
    private final List<Long> timestamps = new ArrayList<>();
    private long now;

    /** @param now timestamp of the records, in Unix milliseconds */
    public Counting(StreamConfig config, long now) {
        this.config = config;
        this.now = now;
    }

    public Counting at(long timestamp) {
        now = timestamp;
        return this;
    }

    public Counting add(String... records) {
        for (String record : records) {
            add(record.getBytes(StandardCharsets.UTF_8));
        }
        return this;
    }

    public Counting add(byte[] record) {
        values.add(record);
        timestamps.add(now);
        return this;
    }

    public Tally tally() {
        Chunk chunk = chunk();
        return new ChunkCounter(config).count(new ChunkParser(config).parse(chunk));
    }

    public Chunk chunk() {
        Range range = new Range(0, 0, Math.max(1, values.size()));
        Plan plan = new Plan(
                config.name(),
                "topic-id",
                config.fingerprint(),
                "store-id",
                new TreeMap<>(Map.of(0, 0L)),
                new TreeMap<>(Map.of(0, range)),
                new TreeMap<>());
        long[] offsets = new long[values.size()];
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] = i;
        }
        return new Chunk(
                plan,
                range,
                new Epochs(3, 3),
                values.size(),
                offsets,
                timestamps.stream().mapToLong(t -> t).toArray(),
                values.toArray(byte[][]::new));
    }

    /** A dimension's counts since the start. */
    public static Map<String, Long> total(Tally tally, String dimension) {
        return new TreeMap<>(tally.additions().getOrDefault(CountKey.total(dimension), Map.of()));
    }
}
