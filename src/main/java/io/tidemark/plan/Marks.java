package io.tidemark.plan;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the store says of a stream, read in one step: whose counts these are and up to where they go. Immutable.
 *
 * @param storeId random name of this set of counts; the names of all shards' sets where they differ
 * @param topicId id of the topic that was counted
 * @param fingerprint of the configuration they were counted with
 * @param start the first offset counted, by partition; one shard of several knows those of the others' partitions too
 * @param next the mark: the next offset to count, by partition
 * @param leaderEpochs leader epoch of the last record below the mark, by partition, where known
 * @param frozen why commits are refused for now ({@code restoring}, {@code resetting}); empty when they are not
 * @param version of the cut
 */
public record Marks(
        String storeId,
        String topicId,
        String fingerprint,
        SortedMap<Integer, Long> start,
        SortedMap<Integer, Long> next,
        SortedMap<Integer, Integer> leaderEpochs,
        String frozen,
        long version) {
    public Marks {
        start = Collections.unmodifiableSortedMap(new TreeMap<>(start));
        next = Collections.unmodifiableSortedMap(new TreeMap<>(next));
        leaderEpochs = Collections.unmodifiableSortedMap(new TreeMap<>(leaderEpochs));
    }

    /** The next offset to count of a partition: 0 for one that has appeared since the stream was initialised. */
    public long of(int partition) {
        return next.getOrDefault(partition, 0L);
    }
}
