package io.tidemark.cut;

import io.tidemark.plan.Range;
import io.tidemark.tally.Accounts;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which part of the topic the counts beside it are of: exactly the records from {@code start} to below {@code offsets},
 * but for those that were skipped. Immutable.
 *
 * @param start the first offset counted, by partition
 * @param offsets the next offset to count, by partition
 * @param skipped ranges that an operator has skipped because Kafka had lost them
 * @param version rises by one with each commit; when Redis lost writes it falls and is used again
 * @param asOf the largest record timestamp below the offsets; null before the first record
 * @param committedAt when it became true, by Redis's clock
 * @param readAt when it was read, by Redis's clock
 * @param accounts what became of its records
 */
public record Cut(
        SortedMap<Integer, Long> start,
        SortedMap<Integer, Long> offsets,
        List<Range> skipped,
        long version,
        Instant asOf,
        Instant committedAt,
        Instant readAt,
        Accounts accounts) {
    public Cut {
        start = Collections.unmodifiableSortedMap(new TreeMap<>(start));
        offsets = Collections.unmodifiableSortedMap(new TreeMap<>(offsets));
        skipped = List.copyOf(skipped);
    }
}
