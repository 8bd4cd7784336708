package io.tidemark.trident;

import io.tidemark.plan.Chunk;

/**
 * How much of a batch was read. A batch whose records are far larger than expected would fill the memory of the worker:
 * it is broken off, and planned smaller.
 */
final class Volume {
    /** Most bytes of values that one task reads for one batch. */
    static final long MOST_BYTES = 256L << 20;

    private long records;
    private long bytes;

    /** @throws TooLargeException when the chunk makes it too much, unless it is a single record */
    void add(Chunk chunk) {
        for (int i = 0; i < chunk.size(); i++) {
            byte[] value = chunk.value(i);
            bytes += value == null ? 0 : value.length;
        }
        records += chunk.size();
        if (bytes > MOST_BYTES && records > 1) {
            throw new TooLargeException(records + " records have " + bytes + " bytes, more than the " + MOST_BYTES
                    + " that a batch may have");
        }
    }

    long records() {
        return records;
    }

    long bytes() {
        return bytes;
    }
}
