package io.tidemark.verify;

import io.tidemark.plan.Range;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

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

    /**
     * Those of a stream's shards as one. Keys are named with the shard's name before them, where there are several.
     *
     * @param parts at least one
     */
    static Verification joined(String stream, List<Verification> parts) {
        Verification last = parts.get(parts.size() - 1);
        if (parts.size() == 1) {
            return last;
        }
        SortedMap<Integer, Long> start = new TreeMap<>();
        SortedMap<Integer, Long> offsets = new TreeMap<>();
        SortedMap<String, Long> compared = new TreeMap<>();
        List<Difference> differences = new ArrayList<>();
        for (Verification part : parts) {
            // It knows the starts of the others' partitions too, as they once were.
            part.offsets.keySet().forEach(partition -> start.put(partition, part.start.get(partition)));
            offsets.putAll(part.offsets);
            part.compared.forEach((what, n) -> compared.merge(what, n, Long::sum));
            part.differences.stream()
                    .map(each -> each.in(part.stream))
                    .limit(MOST_LISTED - differences.size())
                    .forEach(differences::add);
        }
        return new Verification(
                stream,
                last.topic,
                start,
                offsets,
                sum(parts, Verification::version),
                parts.stream().map(Verification::readAt).max(Instant::compareTo).orElseThrow(),
                sum(parts, Verification::records),
                compared,
                differences,
                sum(parts, Verification::different),
                parts.stream().flatMap(part -> part.lost.stream()).sorted().toList(),
                sum(parts, Verification::atLeast),
                parts.stream().flatMap(part -> part.skipped.stream()).sorted().toList(),
                sum(parts, Verification::goneBuckets),
                parts.stream()
                        .flatMap(part -> part.unknownKeys.stream().map(key -> part.stream + ":" + key))
                        .toList(),
                last.took,
                parts.stream().mapToInt(Verification::threads).max().orElseThrow());
    }

    private static long sum(List<Verification> parts, ToLongFunction<Verification> of) {
        return parts.stream().mapToLong(of).sum();
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
