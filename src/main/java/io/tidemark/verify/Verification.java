package io.tidemark.verify;

import io.tidemark.plan.Range;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What came of counting a stream again. Immutable.
 *
 * @param stream name of the stream
 * @param topic that was read
 * @param start the first offset counted, by partition
 * @param offsets the mark at the cut of totals and accounts, by partition; keys that were read later are compared at
 *     later cuts, each at its own
 * @param version of that cut
 * @param readAt when it was read, by Redis's clock
 * @param records that were read from the topic
 * @param compared how many numbers were compared with what, by {@code accounts}, {@code reasons}, {@code totals},
 *     {@code buckets}, {@code positions} and {@code marks}
 * @param differences those that were found, by key; at most {@value MOST_LISTED}
 * @param different how many there are in all
 * @param lost ranges that the marks say were counted but of which Kafka no longer has the records: what they added
 *     cannot be checked
 * @param atLeast numbers that could only be checked for being large enough, since records in {@code lost} may have
 *     added to them
 * @param skipped ranges that an operator had skipped
 * @param goneBuckets buckets of a dimension that ended or were removed, and were not compared
 * @param unknownKeys keys under the stream's name of which this version knows nothing
 * @param took how long it took
 * @param threads that counted
 */
public record Verification(
        String stream,
        String topic,
        SortedMap<Integer, Long> start,
        SortedMap<Integer, Long> offsets,
        long version,
        Instant readAt,
        long records,
        Map<String, Long> compared,
        List<Difference> differences,
        long different,
        List<Range> lost,
        long atLeast,
        List<Range> skipped,
        long goneBuckets,
        List<String> unknownKeys,
        Duration took,
        int threads) {
    /** More differences than this are counted, not listed. */
    public static final int MOST_LISTED = 1_000;

    public Verification {
        start = Collections.unmodifiableSortedMap(new TreeMap<>(start));
        offsets = Collections.unmodifiableSortedMap(new TreeMap<>(offsets));
        compared = Collections.unmodifiableSortedMap(new TreeMap<>(compared));
        differences = List.copyOf(differences);
        lost = List.copyOf(lost);
        skipped = List.copyOf(skipped);
        unknownKeys = List.copyOf(unknownKeys);
    }

    /** Whether nothing that could be checked is wrong. */
    public boolean agrees() {
        return different == 0;
    }

    /** Whether everything could be checked. */
    public boolean isComplete() {
        return lost.isEmpty();
    }
}
