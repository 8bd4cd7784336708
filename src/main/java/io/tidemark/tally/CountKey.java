package io.tidemark.tally;

import io.tidemark.stream.BucketSize;
import java.util.Objects;

/**
 * Where a count is kept: a dimension in total, or in one bucket.
 *
 * @param dimension name of the dimension
 * @param size of the bucket; null for the total
 * @param start of the bucket in Unix seconds; 0 for the total
 */
public record CountKey(String dimension, BucketSize size, long start) {
    public CountKey {
        Objects.requireNonNull(dimension, "dimension");
        if (size == null && start != 0) {
            throw new IllegalArgumentException("a total has no start");
        }
        if (size != null && size.startOf(start) != start) {
            throw new IllegalArgumentException(start + " is not the start of a " + size.label());
        }
    }

    public static CountKey total(String dimension) {
        return new CountKey(dimension, null, 0);
    }

    public static CountKey bucket(String dimension, BucketSize size, long start) {
        return new CountKey(dimension, size, start);
    }

    public boolean isTotal() {
        return size == null;
    }

    /** One past the bucket's last second, in Unix seconds. */
    public long end() {
        return size == null ? Long.MAX_VALUE : start + size.seconds();
    }

    /** The key's part behind the stream: {@code total:actor}, {@code minute:actor:2026-11-24T10:05}. */
    @Override
    public String toString() {
        return size == null ? "total:" + dimension : size.label() + ":" + dimension + ":" + size.format(start);
    }
}
