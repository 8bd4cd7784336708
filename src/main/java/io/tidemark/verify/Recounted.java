package io.tidemark.verify;

import io.tidemark.plan.Range;
import io.tidemark.tally.Accounts;
import io.tidemark.tally.CountKey;
import io.tidemark.tally.RejectedRecord;
import io.tidemark.tally.Tally;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What counting again has given so far: of each thing that is kept in Redis, what the records below the cut of that
 * thing add to it. Parts may come in any order. Used by one thread at a time.
 */
final class Recounted {
    private final Snapshot snapshot;
    private final Map<CountKey, Map<String, long[]>> counts = new HashMap<>();
    private final Map<String, Long> reasons = new HashMap<>();
    private final SortedMap<Integer, Long> asOf = new TreeMap<>();
    private final SortedMap<Integer, NavigableMap<Long, String>> positions = new TreeMap<>();
    private final List<Range> lost = new ArrayList<>();
    private final SortedMap<Integer, NavigableMap<Long, Long>> times = new TreeMap<>();
    private Accounts accounts = Accounts.NONE;
    private long records;

    Recounted(Snapshot snapshot) {
        this.snapshot = snapshot;
    }

    /** Adds what a range gives; no cut lies inside it. */
    void add(Range range, Tally tally) {
        int partition = range.partition();
        long end = range.end();
        Accounts more = tally.accounts();
        records += more.records();
        if (end <= snapshot.base().mark(partition)) {
            accounts = accounts.plus(more);
            tally.reasons().forEach((reason, n) -> reasons.merge(reason, n, Long::sum));
            tally.asOf().values().stream()
                    .filter(time -> time >= 0)
                    .forEach(time -> asOf.merge(partition, time, Math::max));
        }
        if (end <= snapshot.cutOfPositions(partition).mark(partition)) {
            tally.rejected()
                    .getOrDefault(partition, List.of())
                    .forEach(each -> position(partition, each.offset(), each.reason()));
        }
        tally.additions().forEach((key, categories) -> {
            if (snapshot.isKept(key) && end <= snapshot.cutOf(key).mark(partition)) {
                Map<String, long[]> into = counts.computeIfAbsent(key, k -> new HashMap<>());
                categories.forEach((category, n) -> into.computeIfAbsent(category, c -> new long[1])[0] += n);
            }
        });
    }

    /** Kafka no longer has these records. */
    void addLost(Range range) {
        lost.add(range);
    }

    /** The timestamp of a record, in Unix milliseconds. */
    void addTime(int partition, long offset, long timestamp) {
        times.computeIfAbsent(partition, p -> new TreeMap<>()).put(offset, timestamp);
    }

    void add(Recounted other) {
        records += other.records;
        accounts = accounts.plus(other.accounts);
        other.reasons.forEach((reason, n) -> reasons.merge(reason, n, Long::sum));
        other.asOf.forEach((p, time) -> asOf.merge(p, time, Math::max));
        other.positions.forEach((p, all) -> all.forEach((offset, reason) -> position(p, offset, reason)));
        lost.addAll(other.lost);
        other.times.forEach((p, all) -> all.forEach((offset, time) -> addTime(p, offset, time)));
        other.counts.forEach((key, categories) -> {
            Map<String, long[]> into = counts.putIfAbsent(key, categories);
            if (into != null) {
                categories.forEach((category, n) -> into.computeIfAbsent(category, c -> new long[1])[0] += n[0]);
            }
        });
    }

    private void position(int partition, long offset, String reason) {
        NavigableMap<Long, String> kept = positions.computeIfAbsent(partition, p -> new TreeMap<>());
        kept.put(offset, reason);
        if (kept.size() > RejectedRecord.KEPT) {
            kept.pollFirstEntry();
        }
    }

    Map<CountKey, Map<String, long[]>> counts() {
        return counts;
    }

    Accounts accounts() {
        return accounts;
    }

    Map<String, Long> reasons() {
        return reasons;
    }

    /** Largest record timestamp in Unix milliseconds, by partition. */
    SortedMap<Integer, Long> asOf() {
        return asOf;
    }

    /** The last rejected records, by partition and offset. */
    NavigableMap<Long, String> positions(int partition) {
        return positions.getOrDefault(partition, new TreeMap<>());
    }

    /** How many records were read. */
    long records() {
        return records;
    }

    /** What Kafka no longer has, in order. */
    List<Range> lost() {
        return lost.stream().sorted().toList();
    }

    /** The timestamp of a record at or soon after an offset; {@link Long#MAX_VALUE} where there was none. */
    long timeFrom(int partition, long offset) {
        Map.Entry<Long, Long> next =
                times.getOrDefault(partition, new TreeMap<>()).ceilingEntry(offset);
        return next == null ? Long.MAX_VALUE : next.getValue();
    }
}
