package io.tidemark.plan;

import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
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

    /**
     * Whether the broker gives records their timestamps when it takes them, and not their producers; asked after {@link
     * #compacted}. False where nobody says.
     */
    default boolean brokerTimes() {
        return false;
    }

    /** The offset of the first record that is kept, by partition, for all partitions of the topic. */
    SortedMap<Integer, Long> firstOffsets();

    /** One past the last readable offset (the last stable offset under {@code read_committed}), by partition. */
    SortedMap<Integer, Long> endOffsets();

    /**
     * One past the last offset that was written, by partition, whether it is readable or not: asked before {@link
     * #endOffsets}, it is larger exactly where an open transaction holds back what follows it. Empty where nobody says.
     */
    default SortedMap<Integer, Long> writtenOffsets() {
        return Collections.emptySortedMap();
    }

    /**
     * Reads exactly these ranges: each from its first offset to its end, gaps included. Where the plan knows the leader
     * epoch of the record before a range, a log that was truncated below it is noticed.
     *
     * @param plan the plan that the chunks will name
     * @param ranges some of the plan's ranges, of a partition each
     * @param maxRecords of one chunk, at least 1
     * @param timeout for all of it
     * @param chunks receives chunks, those of a range in order, together covering it with no gap and no overlap; at
     *     least one of each range. After an exception they are worth nothing, and no range is covered to its end
     * @throws io.tidemark.stream.RefusedException {@code records-lost}, {@code log-truncated}, {@code topic-recreated}
     */
    void read(Plan plan, Collection<Range> ranges, int maxRecords, Duration timeout, Consumer<Chunk> chunks);

    /**
     * Waits until a partition has something at or beyond the given positions.
     *
     * @return the positions, moved on to beyond what was seen; the same after the timeout
     */
    SortedMap<Integer, Long> awaitRecords(SortedMap<Integer, Long> positions, Duration timeout);

    @Override
    void close();
}
