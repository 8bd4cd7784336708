package io.tidemark.tally;

import io.tidemark.stream.BucketSize;
import io.tidemark.stream.Dimension;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What is kept of a dimension's counts: they are made in the finest bucket, and the others follow from it.
 *
 * @param dimension its name
 * @param total whether counts since the start are kept
 * @param sizes of buckets that are kept, rising
 */
record Kept(String dimension, boolean total, Set<BucketSize> sizes) {
    /** The start of what falls into no bucket: it is late, or no bucket is kept. */
    static final long NO_BUCKET = Long.MIN_VALUE;

    Kept {
        Set<BucketSize> rising = EnumSet.noneOf(BucketSize.class);
        rising.addAll(sizes);
        sizes = rising;
    }

    static Kept of(Dimension dimension) {
        return new Kept(dimension.name(), dimension.total(), dimension.buckets());
    }

    /** What is kept of a count that is kept under one key only. */
    static Kept only(CountKey key) {
        return new Kept(key.dimension(), key.isTotal(), key.isTotal() ? Set.of() : Set.of(key.size()));
    }

    /** The smallest size that is kept; null when none is. */
    BucketSize finest() {
        return sizes.isEmpty() ? null : sizes.iterator().next();
    }

    /** Every key that counts of a finest bucket go to. */
    List<CountKey> keys(long start) {
        List<CountKey> keys = new ArrayList<>();
        if (total) {
            keys.add(CountKey.total(dimension));
        }
        if (start != NO_BUCKET) {
            sizes.forEach(size -> keys.add(CountKey.bucket(dimension, size, size.startOf(start))));
        }
        return keys;
    }
}
