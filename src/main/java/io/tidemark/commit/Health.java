package io.tidemark.commit;

import io.tidemark.stream.Refusal;
import java.util.Collections;
import java.util.SortedMap;

/**
 * What the stream's coordinator saw when it last looked, written beside the counts so that every reader can say how far
 * behind they are and why. It counts nothing.
 *
 * @param writer who wrote it: host, process and a random part
 * @param firstOffsets of the topic, by partition; empty when the topic could not be read
 * @param endOffsets of the topic, by partition; empty when the topic could not be read
 * @param open one past the last offset that was written, of partitions where an open transaction holds back what lies
 *     beyond the end offset
 * @param brokerTimes whether the broker gives the topic's records their timestamps
 * @param refusal why nothing is planned; null when the stream runs
 */
public record Health(
        String writer,
        SortedMap<Integer, Long> firstOffsets,
        SortedMap<Integer, Long> endOffsets,
        SortedMap<Integer, Long> open,
        boolean brokerTimes,
        Refusal refusal) {
    /** Where no transaction is open. */
    public Health(
            String writer,
            SortedMap<Integer, Long> firstOffsets,
            SortedMap<Integer, Long> endOffsets,
            Refusal refusal) {
        this(writer, firstOffsets, endOffsets, Collections.emptySortedMap(), false, refusal);
    }
}
