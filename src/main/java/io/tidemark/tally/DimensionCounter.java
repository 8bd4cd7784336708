package io.tidemark.tally;

import io.tidemark.stream.Dimension;
import java.util.List;

/**
 * Counts one dimension's categories in the buckets of one chunk: a hash table from bucket and category to a number, so
 * that a chunk whose events are spread over thousands of buckets costs no more than another. Used by one thread.
 */
final class DimensionCounter {
    private static final long ODD = 0x9E3779B97F4A7C15L;

    private final Kept kept;
    private CategoryList categories = new CategoryList();
    private long[] keys = new long[64];
    private int[] counts = new int[64];
    private int[] used = new int[32];
    private int size;

    DimensionCounter(Dimension dimension) {
        kept = Kept.of(dimension);
    }

    Kept kept() {
        return kept;
    }

    CategoryList categories() {
        return categories;
    }

    /** Begins a new list of categories when the old one is large. @return whether it did: all ids are new then */
    boolean refresh() {
        if (!categories.isLarge()) {
            return false;
        }
        categories = new CategoryList();
        return true;
    }

    /** @param bucket index of the bucket in this chunk */
    void add(int bucket, int category) {
        long key = (long) bucket << 32 | category + 1;
        int place = place(key);
        while (keys[place] != key) {
            if (keys[place] == 0) {
                place = begin(key, place);
                break;
            }
            place = place + 1 & keys.length - 1;
        }
        counts[place]++;
    }

    private int place(long key) {
        return (int) (key * ODD >>> 40) & keys.length - 1;
    }

    private int begin(long key, int free) {
        int place = free;
        if (size == used.length) {
            grow();
            place = place(key);
            while (keys[place] != 0) {
                place = place + 1 & keys.length - 1;
            }
        }
        keys[place] = key;
        used[size++] = place;
        return place;
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldCounts = counts;
        int[] oldUsed = used;
        keys = new long[2 * oldKeys.length];
        counts = new int[keys.length];
        used = new int[2 * oldUsed.length];
        for (int i = 0; i < size; i++) {
            long key = oldKeys[oldUsed[i]];
            int place = place(key);
            while (keys[place] != 0) {
                place = place + 1 & keys.length - 1;
            }
            keys[place] = key;
            counts[place] = oldCounts[oldUsed[i]];
            used[i] = place;
        }
    }

    /**
     * Takes the chunk's counts out, and is empty again.
     *
     * @param starts of the buckets by index
     */
    void drainTo(List<Column> columns, long[] starts, int buckets) {
        int[] sizes = new int[buckets];
        for (int i = 0; i < size; i++) {
            sizes[(int) (keys[used[i]] >>> 32)]++;
        }
        Column[] byBucket = new Column[buckets];
        for (int bucket = 0; bucket < buckets; bucket++) {
            if (sizes[bucket] > 0) {
                byBucket[bucket] = new Column(
                        kept,
                        starts[bucket],
                        categories,
                        categories.names(),
                        new int[sizes[bucket]],
                        new long[sizes[bucket]]);
                columns.add(byBucket[bucket]);
            }
        }
        for (int i = 0; i < size; i++) {
            int place = used[i];
            int bucket = (int) (keys[place] >>> 32);
            int at = --sizes[bucket];
            byBucket[bucket].ids()[at] = (int) keys[place] - 1;
            byBucket[bucket].counts()[at] = counts[place];
            keys[place] = 0;
            counts[place] = 0;
        }
        size = 0;
        if (keys.length > 1 << 18) {
            keys = new long[64];
            counts = new int[64];
            used = new int[32];
        }
    }
}
