package io.tidemark.cut;

import io.tidemark.stream.Refusal;
import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the stream's coordinator saw when it last looked, as it stands beside the counts. Times are of Redis's clock.
 *
 * @param writer the coordinator; empty when there has been none
 * @param at when it wrote this; null when there has been none
 * @param first the first offset that the topic keeps, by partition
 * @param ends one past the last readable offset, by partition
 * @param open one past the last offset that was written, of partitions where an open transaction holds back what lies
 *     beyond the end
 * @param behindSince since when there are records beyond marks that do not move; null when there are none
 * @param refusal why nothing is planned; null when the stream runs
 * @param otherWriter a second coordinator that was seen at work; empty when there was none
 * @param otherAt when it was last seen; null when there was none
 */
public record CoordinatorView(
        String writer,
        Instant at,
        SortedMap<Integer, Long> first,
        SortedMap<Integer, Long> ends,
        SortedMap<Integer, Long> open,
        Instant behindSince,
        Refusal refusal,
        String otherWriter,
        Instant otherAt) {
    /** Nothing that could be read. */
    static final CoordinatorView NONE =
            new CoordinatorView("", null, new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), null, null, "", null);

    public CoordinatorView {
        first = Collections.unmodifiableSortedMap(new TreeMap<>(first));
        ends = Collections.unmodifiableSortedMap(new TreeMap<>(ends));
        open = Collections.unmodifiableSortedMap(new TreeMap<>(open));
    }
}
