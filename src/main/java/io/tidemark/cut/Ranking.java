package io.tidemark.cut;

import io.tidemark.stream.BucketSize;
import io.tidemark.stream.Dimension;
import java.util.List;
import java.util.Objects;

/**
 * The largest categories of a ranked dimension that are to be read.
 *
 * @param size of the buckets that are added up; null for the total
 * @param from start of the first bucket, in Unix seconds; 0 for the total
 * @param to end of the last bucket, in Unix seconds; 0 for the total
 * @param most categories, at least 1
 * @param also categories whose counts are to be read whether they are among the largest or not
 */
public record Ranking(Dimension dimension, BucketSize size, long from, long to, int most, List<String> also) {
    /** The largest alone. */
    public Ranking(Dimension dimension, BucketSize size, long from, long to, int most) {
        this(dimension, size, from, to, most, List.of());
    }

    public Ranking {
        also = List.copyOf(also);
        Objects.requireNonNull(dimension, "dimension");
        if (!dimension.ranked() || most < 1 || size != null && from > to) {
            throw new IllegalArgumentException("not a ranking: " + most + " of " + dimension.name());
        }
    }

    /** In total. */
    public static Ranking total(Dimension dimension, int most) {
        return new Ranking(dimension, null, 0, 0, most);
    }

    /** The same of more categories, and of some by name. */
    Ranking asking(int more, List<String> byName) {
        return new Ranking(dimension, size, from, to, more, byName);
    }
}
