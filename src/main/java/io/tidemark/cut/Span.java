package io.tidemark.cut;

import io.tidemark.stream.BucketSize;
import io.tidemark.stream.Dimension;
import java.util.List;
import java.util.Objects;

/**
 * Buckets of one dimension that are to be read.
 *
 * @param dimension that is kept in buckets of this size
 * @param size of the buckets
 * @param from start of the first bucket, in Unix seconds
 * @param to end of the last bucket, in Unix seconds
 * @param categories to be read; empty for all of them
 */
public record Span(Dimension dimension, BucketSize size, long from, long to, List<String> categories) {
    public Span {
        Objects.requireNonNull(dimension, "dimension");
        categories = List.copyOf(categories);
        if (size.startOf(from) != from || size.startOf(to) != to || from > to) {
            throw new IllegalArgumentException("[" + from + ", " + to + ") are no whole " + size.label() + "s");
        }
    }

    /** How many buckets there may be. */
    public long length() {
        return (to - from) / size.seconds();
    }
}
