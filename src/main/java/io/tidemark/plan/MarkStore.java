package io.tidemark.plan;

import java.util.Optional;
import java.util.SortedMap;

/** Where the marks are kept, as far as planning needs it. What it throws when it is away, planning passes on. */
public interface MarkStore {
    /** The marks and whose they are; empty when the stream has not been initialised. */
    Optional<Marks> marks();

    /**
     * Writes the start of every partition, unless somebody else has done so before: the first one wins.
     *
     * @param start by partition
     * @param topicId of the topic
     * @param storeId of this set of counts: a new random one, or the running stream's own when its counts were gone
     * @return what stands there now
     */
    Marks initialise(SortedMap<Integer, Long> start, String topicId, String storeId);
}
