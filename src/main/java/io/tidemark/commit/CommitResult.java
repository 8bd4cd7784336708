package io.tidemark.commit;

import java.util.SortedMap;

/** What became of a commit. In each case nothing is half done. */
public sealed interface CommitResult {
    /** Counts and mark have moved. @param version of the new cut */
    record Applied(long version) implements CommitResult {}

    /** Every mark stood at the tally's end: a replay, nothing to do. */
    record AlreadyApplied() implements CommitResult {}

    /** Some mark stood elsewhere: nothing was changed. Plan again. @param next the marks of the tally's partitions */
    record OutOfStep(SortedMap<Integer, Long> next) implements CommitResult {}
}
