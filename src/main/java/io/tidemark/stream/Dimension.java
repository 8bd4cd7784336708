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

    /** Name of the dimension whose sums a program of its own makes. */
    public static final String SUMS = "sums";

    public Dimension {
        Objects.requireNonNull(name, "name");
        buckets = Set.copyOf(buckets);
        if (cap < 1) {
            throw new IllegalArgumentException("cap of dimension " + name + " is " + cap + ", must be at least 1");
        }
    }

    /**
     * The one dimension of a stream whose sums a program of its own makes: any number for any key, kept in total. They
     * are no counts of events, so nothing that is said of dimensions is promised of them.
     */
    static Dimension byProgram() {
        return new Dimension(SUMS, false, false, Set.of(), DEFAULT_CAP);
    }

    /** Whether a program makes its sums: of every other dimension something is kept by the configuration. */
    public boolean isByProgram() {
        return !total && buckets.isEmpty();
    }
}
