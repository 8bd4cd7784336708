package io.tidemark.trident;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import org.apache.kafka.common.TopicPartition;

/**
 * What the cluster says of a topic. Each question throws {@link io.tidemark.plan.LogUnavailableException} when there is
 * no answer in time, and {@link io.tidemark.stream.RefusedException} {@code topic-missing} when there is no such topic.
 */
interface Topic extends AutoCloseable {
    /** The topic's id, which one created anew under the same name does not share. */
    String id();

    List<TopicPartition> partitions();

    /** One past the last offset that was written, committed or not, by partition; empty where nobody says. */
    default SortedMap<Integer, Long> written() {
        return Collections.emptySortedMap();
    }

    /** Whether records that have a successor with the same key may be deleted. */
    boolean compacted();

    /** Whether the broker gives records their timestamps, as it stood when {@link #compacted} was asked. */
    default boolean brokerTimes() {
        return false;
    }

    @Override
    void close();
}
