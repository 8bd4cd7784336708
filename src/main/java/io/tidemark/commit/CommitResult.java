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

    /**
     * The marks stood where the tally begins, but what was counted up to there stood in another log than what the tally
     * was read from, or nobody can tell: nothing was changed. Plan again: who reads on from the mark's leader epoch
     * learns whether the log still has it.
     *
     * @param next the mark of a partition for which that is so
     * @param epoch leader epoch of the mark
     * @param before leader epoch of what stood before the tally's first offset; -1 when unknown
     */
    record OtherLog(int partition, long next, int epoch, int before) implements CommitResult {}
}
