package io.tidemark.plan;

import java.time.Duration;
import java.util.SortedMap;
import java.util.function.Consumer;

/**
 * The topic as the core sees it; the one real implementation reads Kafka. An instance is used by one thread at a time.
 * Every method throws {@link LogUnavailableException} when the log cannot be reached in time: a reason to try again,
 * never to go on.
 */
public interface EventLog extends AutoCloseable {
    /**
     * The topic's id.
     *
     * @throws io.tidemark.stream.RefusedException {@code topic-missing} when there is no such topic
     */
    String topicId();

    /** Whether the broker may delete records of the topic that have a successor with the same key. */
    boolean compacted();

    /** The offset of the first record that is kept, by partition, for all partitions of the topic. */
    SortedMap<Integer, Long> firstOffsets();

    /** One past the last readable offset (the last stable offset under {@code read_committed}), by partition. */
    SortedMap<Integer, Long> endOffsets();

    /**
     * Reads exactly a range: from its first offset to its end, gaps included.
     *
     * @param plan the plan that the chunks will name
     * @param range one of the plan's ranges
     * @param leaderEpoch of the record before the range's first, or -1: a log that was truncated below it is noticed
     * @param maxRecords of one chunk, at least 1
     * @param timeout for the whole range
     * @param chunks receives chunks in order, together covering the range with no gap and no overlap; at least one
     * @throws io.tidemark.stream.RefusedException {@code records-lost}, {@code log-truncated}, {@code topic-recreated}
     */
    void read(Plan plan, Range range, int leaderEpoch, int maxRecords, Duration timeout, Consumer<Chunk> chunks);

    /**
     * Waits until a partition has something at or beyond the given positions.
     *
     * @return the positions, moved on to beyond what was seen; the same after the timeout
     */
    SortedMap<Integer, Long> awaitRecords(SortedMap<Integer, Long> positions, Duration timeout);

    @Override
    void close();
}
