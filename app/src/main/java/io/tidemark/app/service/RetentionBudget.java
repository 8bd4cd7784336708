package io.tidemark.app.service;

/**
 * How the bytes that the broker may keep are split among partitions. Kafka removes whole segments, once what remains
 * is still as large as {@code retention.bytes}: a partition holds up to one full segment more, and the one being
 * written. So the limit of a partition is its share less two segments.
 *
 * @param totalBytes for all partitions together
 * @param partitions at least 1
 */
public record RetentionBudget(long totalBytes, int partitions) {
    /** The least that makes sense: four partitions with a few segments of Kafka's least size. */
    static final long LEAST_TOTAL = 64L << 20;

    private static final long LEAST_SEGMENT = 1L << 20;
    private static final long LARGEST_SEGMENT = 64L << 20;

    public RetentionBudget {
        if (partitions < 1 || totalBytes < 1) {
            throw new IllegalArgumentException("not a budget: " + totalBytes + " bytes, " + partitions + " partitions");
        }
    }

    private long share() {
        return totalBytes / partitions;
    }

    /** {@code segment.bytes} */
    long segmentBytes() {
        return Math.max(LEAST_SEGMENT, Math.min(LARGEST_SEGMENT, share() / 8));
    }

    /** {@code retention.bytes} of each partition; at least one segment. */
    long bytesPerPartition() {
        return Math.max(segmentBytes(), share() - 2 * segmentBytes());
    }
}
