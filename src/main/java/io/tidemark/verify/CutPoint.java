package io.tidemark.verify;

import io.tidemark.plan.Marks;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * A moment of the store: what is read together with it covers exactly the records below its marks.
 *
 * @param marks of that moment
 * @param main all fields of the main hash
 * @param readAt Redis's time
 * @param clock by which buckets are gone, in Unix milliseconds
 */
record CutPoint(Marks marks, Map<String, String> main, Instant readAt, long clock) {

    /** The mark of a partition; where it has none yet, nothing of it has been counted. */
    long mark(int partition) {
        return marks.next().getOrDefault(partition, 0L);
    }

    /** Whether a bucket is gone. @param end of the bucket in Unix seconds */
    boolean isGone(long end, Duration retention) {
        return retention == null || clock > end * 1_000 + retention.toMillis();
    }
}
