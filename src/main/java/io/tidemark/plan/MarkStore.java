package io.tidemark.plan;

import java.util.Optional;
import java.util.SortedMap;

/** Where the marks are kept, as far as planning needs it. What it throws when it is away, planning passes on. */
public interface MarkStore {
    /** The marks and whose they are; empty when the stream has not been initialised. */
    Optional<Marks> marks();

    /**
     * What the set of counts is called that the last starting over asked for; empty when the stream was never started
     * over, or the store has forgotten it.
     */
    Optional<String> startedOverAs();

    /**
     * What is left of a stream of which some shards are there and others are not, so that {@link #marks} are empty: the
     * missing ones' partitions stand at their starts, where they would begin again. Empty otherwise.
     */
    default Optional<Marks> remains() {
        return Optional.empty();
    }

    /**
     * Writes the start of every partition, unless somebody else has done so before: the first one wins. Where the stream
     * was started over, only a set of counts of the name that was asked for can begin, so that nobody who remembers the
     * one before begins it again.
     *
     * @param start by partition
     * @param topicId of the topic
     * @param storeId of this set of counts: a new random one, the one that starting over asked for, or the running
     *     stream's own when its counts were gone
     * @return what stands there now
     */
    Marks initialise(SortedMap<Integer, Long> start, String topicId, String storeId);
}
