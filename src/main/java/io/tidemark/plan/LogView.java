package io.tidemark.plan;

import java.util.Collections;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the log said when it was last looked at. Marks that it is compared with must be older than it. Immutable.
 *
 * @param topicId of the topic
 * @param compacted whether the broker may delete records that have a successor with the same key
 * @param first offset of the first record that is kept, by partition
 * @param ends one past the last readable offset, by partition
 * @param open one past the last offset that was written, of partitions where an open transaction holds back what lies
 *     between; empty where that was not asked
 * @param brokerTimes whether the broker gives records their timestamps; false where that was not asked
 */
public record LogView(
        String topicId,
        boolean compacted,
        SortedMap<Integer, Long> first,
        SortedMap<Integer, Long> ends,
        SortedMap<Integer, Long> open,
        boolean brokerTimes) {
    public LogView {
        Objects.requireNonNull(topicId, "topicId");
        first = Collections.unmodifiableSortedMap(new TreeMap<>(first));
        ends = Collections.unmodifiableSortedMap(new TreeMap<>(ends));
        open = Collections.unmodifiableSortedMap(new TreeMap<>(open));
    }

    public LogView(String topicId, boolean compacted, SortedMap<Integer, Long> first, SortedMap<Integer, Long> ends) {
        this(topicId, compacted, first, ends, new TreeMap<>(), false);
    }

    /**
     * Looks at all of the log, open transactions and whose its timestamps are included.
     *
     * @throws LogUnavailableException when it does not answer
     * @throws io.tidemark.stream.RefusedException {@code topic-missing}
     */
    static LogView wholeOf(EventLog log) {
        SortedMap<Integer, Long> open = new TreeMap<>(log.writtenOffsets());
        LogView view = of(log);
        open.entrySet().removeIf(written -> written.getValue() <= view.ends().getOrDefault(written.getKey(), 0L));
        return new LogView(view.topicId, view.compacted, view.first, view.ends, open, log.brokerTimes());
    }

    /**
     * Looks at the log. The topic's id comes last: offsets that belong to another topic are then seen as such.
     *
     * @throws LogUnavailableException when it does not answer
     * @throws io.tidemark.stream.RefusedException {@code topic-missing}
     */
    public static LogView of(EventLog log) {
        SortedMap<Integer, Long> first = log.firstOffsets();
        SortedMap<Integer, Long> ends = log.endOffsets();
        boolean compacted = log.compacted();
        return new LogView(log.topicId(), compacted, first, ends);
    }
}
