package io.tidemark.client;

import java.time.Instant;
import java.util.Map;

/**
 * Which part of the topic an answer is of: exactly the records from {@code start} to below {@code offsets}, but for
 * those that an operator has skipped.
 *
 * @param start the first offset counted, by partition
 * @param offsets the next offset to count, by partition
 * @param version rises by one with each commit; when Redis lost writes it falls and is used again
 * @param asOf the largest record timestamp below the offsets; null before the first record
 * @param committedAt when it became true, by Redis's clock; null before the first commit
 * @param readAt when it was read, by Redis's clock
 */
public record Cut(
        Map<Integer, Long> start,
        Map<Integer, Long> offsets,
        long version,
        Instant asOf,
        Instant committedAt,
        Instant readAt) {
    public Cut {
        start = Map.copyOf(start);
        offsets = Map.copyOf(offsets);
    }

    /** Whether the record at this offset is in. */
    public boolean contains(int partition, long offset) {
        return offset < offsets.getOrDefault(partition, 0L) && offset >= start.getOrDefault(partition, 0L);
    }
}
