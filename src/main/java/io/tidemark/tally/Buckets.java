package io.tidemark.tally;

import io.tidemark.stream.BucketSize;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** The buckets of one size that a chunk's events fall into, each with an index; 0 is no bucket. Used by one thread. */
final class Buckets {
    private final BucketSize size;
    private final Map<Long, Integer> indices = new HashMap<>();
    private long[] starts = {Kept.NO_BUCKET, 0, 0, 0};
    private int count = 1;
    private int last;

    /** @param size of the buckets; null when everything falls into none */
    Buckets(BucketSize size) {
        this.size = size;
    }

    /** Goes to the bucket that holds this Unix second. */
    void select(long second) {
        if (size == null) {
            return;
        }
        long start = size.startOf(second);
        if (last == 0 || starts[last] != start) {
            last = indices.computeIfAbsent(start, this::begin);
        }
    }

    /** The index of the bucket that was selected last. */
    int selected() {
        return last;
    }

    private int begin(long start) {
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, 2 * count);
        }
        starts[count] = start;
        return count++;
    }

    long[] starts() {
        return starts;
    }

    int count() {
        return count;
    }

    void clear() {
        indices.clear();
        count = 1;
        last = 0;
    }
}
