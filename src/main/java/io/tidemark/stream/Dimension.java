package io.tidemark.stream;

import java.util.Objects;
import java.util.Set;

/**
 * What is kept of one dimension.
 *
 * @param name {@code [a-z][a-z0-9-]{0,31}}
 * @param ranked many categories, kept in sorted sets and capped; otherwise in plain hashes
 * @param total whether its counts since the start are kept
 * @param buckets sizes of the time buckets that are kept
 * @param cap most categories that a bucket (or the total) of a ranked dimension names; further ones are {@code (other)}
 */
public record Dimension(String name, boolean ranked, boolean total, Set<BucketSize> buckets, int cap) {
    public static final int DEFAULT_CAP = 100_000;

    public Dimension {
        Objects.requireNonNull(name, "name");
        buckets = Set.copyOf(buckets);
        if (cap < 1) {
            throw new IllegalArgumentException("cap of dimension " + name + " is " + cap + ", must be at least 1");
        }
    }
}
