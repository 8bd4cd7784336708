package io.tidemark.tally;

import io.tidemark.category.RecordRules;
import io.tidemark.category.TimeRules;
import io.tidemark.event.ParsedChunk;
import io.tidemark.event.Reason;
import io.tidemark.stream.BucketSize;
import io.tidemark.stream.StreamConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Counts the records of chunks. An instance is used by one thread at a time; it remembers values and categories, so that
 * the next chunk is counted faster, but nothing that could change a count.
 */
public final class ChunkCounter {
    private final DimensionCounter[] counters;
    /** Where events lie in time: for each dimension, and each once. */
    private final Buckets[] bucketsOf;

    private final Buckets[] bucketsInUse;
    private final Decisions decisions;
    private final TimeRules times;
    private long counted;
    private long filtered;
    private long late;

    public ChunkCounter(StreamConfig config) {
        counters = config.dimensions().stream().map(DimensionCounter::new).toArray(DimensionCounter[]::new);
        decisions = new Decisions(
                new RecordRules(config.rules()), config.rules().fields().size(), List.of(counters));
        times = new TimeRules(config.lateness());
        Map<BucketSize, Buckets> bySize = new HashMap<>();
        bucketsOf = Arrays.stream(counters)
                .map(counter -> bySize.computeIfAbsent(counter.kept().finest(), Buckets::new))
                .toArray(Buckets[]::new);
        bucketsInUse = Arrays.stream(bucketsOf).distinct().toArray(Buckets[]::new);
    }

    /** What counting a chunk gives; never fails for what a record holds. */
    public Tally count(ParsedChunk chunk) {
        begin(chunk);
        Rejections rejections = new Rejections();
        long asOf = Long.MIN_VALUE;
        for (int record = 0; record < chunk.size(); record++) {
            asOf = Math.max(asOf, chunk.timestamp(record));
            Reason reason = count(chunk, record);
            if (reason != null) {
                rejections.add(chunk.offset(record), reason);
            }
        }
        return Tally.of(new Tally.Part(
                chunk.plan(),
                chunk.covers(),
                chunk.epochs(),
                asOf,
                new Accounts(chunk.size(), counted, rejections.count(), filtered, late),
                rejections.byReason(),
                rejections.last(),
                drain()));
    }

    private void begin(ParsedChunk chunk) {
        counted = 0;
        filtered = 0;
        late = 0;
        decisions.begin(chunk);
        for (Buckets buckets : bucketsInUse) {
            buckets.clear();
        }
    }

    /** @return why the record is rejected, or null */
    private Reason count(ParsedChunk chunk, int record) {
        if (chunk.reason(record) != null) {
            return chunk.reason(record);
        }
        Decision decision = decisions.of(chunk, record);
        if (decision.rejected() != null) {
            return decision.rejected();
        }
        if (decision.filtered()) {
            filtered++;
            return null;
        }
        long time = times.effective(chunk.time(record), chunk.timestamp(record));
        if (times.isInFuture(time, chunk.timestamp(record))) {
            return Reason.TIME_IN_FUTURE;
        }
        counted++;
        add(chunk, record, decision.sources(), time, times.isLate(time, chunk.timestamp(record)));
        return null;
    }

    private void add(ParsedChunk chunk, int record, CategorySource[] sources, long time, boolean isLate) {
        late += isLate ? 1 : 0;
        long second = Math.floorDiv(time, 1_000_000L);
        for (Buckets buckets : bucketsInUse) {
            buckets.select(second);
        }
        for (int d = 0; d < sources.length; d++) {
            int bucket = isLate ? 0 : bucketsOf[d].selected();
            counters[d].add(bucket, sources[d].id(chunk, record));
        }
    }

    private Counts drain() {
        List<Column> columns = new ArrayList<>();
        for (int d = 0; d < bucketsOf.length; d++) {
            counters[d].drainTo(columns, bucketsOf[d].starts(), bucketsOf[d].count());
        }
        return new Counts(columns);
    }

    /** Rejected records of one chunk. */
    private static final class Rejections {
        private final Map<String, Long> byReason = new TreeMap<>();
        private final List<RejectedRecord> all = new ArrayList<>();

        void add(long offset, Reason reason) {
            byReason.merge(reason.label(), 1L, Long::sum);
            all.add(new RejectedRecord(offset, reason.label()));
        }

        long count() {
            return all.size();
        }

        Map<String, Long> byReason() {
            return byReason;
        }

        List<RejectedRecord> last() {
            return List.copyOf(all.subList(Math.max(0, all.size() - RejectedRecord.KEPT), all.size()));
        }
    }
}
