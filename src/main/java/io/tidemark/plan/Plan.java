package io.tidemark.plan;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a batch is: at most one range of each partition, decided before anything is read. Immutable. It says whose it
 * is: a tally made from it counts only in the store, and with the topic and the configuration, that it names.
 *
 * @param stream name of the stream
 * @param topicId id of the Kafka topic, which a topic created anew under the same name does not share
 * @param fingerprint of the configuration that decides what is counted
 * @param storeId random name of the set of counts that it adds to
 * @param start where each partition's counting began: lets a stream that finds Redis empty start again from there
 * @param ranges by partition; empty when there is nothing to count
 * @param leaderEpochs by partition, the leader epoch of the record before {@code first}, where it is known
 */
public record Plan(
        String stream,
        String topicId,
        String fingerprint,
        String storeId,
        SortedMap<Integer, Long> start,
        SortedMap<Integer, Range> ranges,
        SortedMap<Integer, Integer> leaderEpochs) {
    public Plan {
        start = Collections.unmodifiableSortedMap(new TreeMap<>(start));
        ranges = Collections.unmodifiableSortedMap(new TreeMap<>(ranges));
        leaderEpochs = Collections.unmodifiableSortedMap(new TreeMap<>(leaderEpochs));
        for (Map.Entry<Integer, Range> entry : ranges.entrySet()) {
            if (entry.getKey() != entry.getValue().partition()) {
                throw new IllegalArgumentException("range " + entry.getValue() + " under partition " + entry.getKey());
            }
        }
    }

    public boolean isEmpty() {
        return ranges.isEmpty();
    }

    /** How many offsets it covers in all. */
    public long length() {
        return ranges.values().stream().mapToLong(Range::length).sum();
    }
}
