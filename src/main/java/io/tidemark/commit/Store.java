package io.tidemark.commit;

import io.tidemark.plan.MarkStore;
import io.tidemark.plan.Marks;
import io.tidemark.stream.Refusal;
import io.tidemark.tally.Tally;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Where the counts of one stream and their marks are kept. Every method is one atomic step and may be called from
 * several threads. Each throws {@link StoreUnavailableException} when trying again is right, and
 * {@link io.tidemark.stream.RefusedException} when it is not.
 */
public interface Store extends MarkStore, AutoCloseable {
    /** The marks and whose they are; empty when the stream has not been initialised. */
    @Override
    Optional<Marks> marks();

    /**
     * {@inheritDoc}
     *
     * @throws io.tidemark.stream.RefusedException {@code marks-lost} where there are counts but no marks;
     *     {@code unknown-format}; {@code eviction} where Redis may delete keys by itself
     * @throws StoreUnavailableException also where the stream was started over and this is another set of counts: who
     *     tries again learns which one it has to be
     */
    @Override
    Marks initialise(SortedMap<Integer, Long> start, String topicId, String storeId);

    /** The configuration that the counts were made with, as stored beside them; empty when there is none. */
    Optional<String> configuration();

    /**
     * Compare and add: if every mark is where the tally begins, adds its counts and sets the marks to its ends.
     *
     * @throws io.tidemark.stream.RefusedException {@code not-initialised}, {@code frozen}, {@code wrong-store},
     *     {@code wrong-topic}, {@code wrong-configuration}, {@code mark-lost}, {@code unknown-format}, and
     *     {@code foreign-value} or {@code overflow} when a key holds what cannot be added to; nothing is changed
     */
    CommitResult commit(Tally tally);

    /** Removes buckets that are gone. @return how many */
    int removeGoneBuckets();

    /** Writes what the coordinator saw. */
    void report(Health health);

    /**
     * Says that a task was refused, for the stream's coordinator, which may be in another process. It holds for some
     * seconds, and until the next commit is applied.
     */
    default void tell(Refusal refusal) {
        // Where all tasks are in one process, the coordinator knows.
    }

    /** What a task was refused, as far as it said so and that still holds. */
    default Optional<Refusal> told() {
        return Optional.empty();
    }

    /**
     * Deletes the stream's counts and marks: commits are refused first, then everything goes, the marks last. What is
     * left is the name of the set of counts that is to come, so that a coordinator which still runs does not take the
     * counts for lost and begin them again where they once began.
     */
    void reset();

    @Override
    void close();
}
