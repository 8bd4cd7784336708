package io.tidemark.cut;

import io.tidemark.stream.BucketSize;
import io.tidemark.stream.StreamConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How far a cut goes in time: what decides whether a bucket can still change.
 *
 * @param asOf largest record timestamp below the mark, of partitions of which a record was counted
 * @param idleAt when a partition last had nothing left to count, by Redis's clock
 * @param partitions that have a mark
 * @param clock buckets whose time was over before this are gone
 * @param brokerTimes whether the broker gives the records of the topic their timestamps
 */
public record Progress(
        SortedMap<Integer, Instant> asOf,
        SortedMap<Integer, Instant> idleAt,
        Set<Integer> partitions,
        Instant clock,
        boolean brokerTimes) {
    /** What a bucket is, the strongest first. */
    public enum BucketState {
        /** Nothing will be added any more. */
        COMPLETE,
        /** Only a producer that held records back changes it. */
        SETTLED,
        /** Events are still added. */
        OPEN,
        /** Its retention is over. */
        GONE
    }

    public Progress {
        asOf = Collections.unmodifiableSortedMap(new TreeMap<>(asOf));
        idleAt = Collections.unmodifiableSortedMap(new TreeMap<>(idleAt));
        partitions = Set.copyOf(partitions);
    }

    /**
     * The weakest state of the buckets of a period.
     *
     * @param from start of the first bucket, in Unix seconds
     * @param to end of the last bucket, in Unix seconds
     */
    public BucketState weakest(StreamConfig config, BucketSize size, long from, long to) {
        BucketState weakest = BucketState.COMPLETE;
        for (long start = from; start < to; start += size.seconds()) {
            BucketState state = state(config, size, start + size.seconds());
            weakest = state.compareTo(weakest) > 0 ? state : weakest;
        }
        return weakest;
    }

    /** @param end of the bucket in Unix seconds */
    public BucketState state(StreamConfig config, BucketSize size, long end) {
        Duration kept = config.retention().get(size);
        if (clock.isAfter(Instant.ofEpochSecond(end).plus(kept))) {
            return BucketState.GONE;
        }
        Instant passed = Instant.ofEpochSecond(end).plus(config.lateness());
        for (int partition : partitions) {
            Instant counted = asOf.get(partition);
            Instant idle = idleAt.get(partition);
            if ((counted == null || !counted.isAfter(passed)) && (idle == null || !idle.isAfter(passed))) {
                return BucketState.OPEN;
            }
        }
        return partitions.isEmpty() ? BucketState.OPEN : brokerTimes ? BucketState.COMPLETE : BucketState.SETTLED;
    }
}
