package io.tidemark.tally;

import java.util.Objects;

/** Where a record that was rejected lies in its partition, and the reason by its name in the counts. */
public record RejectedRecord(long offset, String reason) {
    /** So many of the last ones are kept for each partition. */
    public static final int KEPT = 1_000;

    public RejectedRecord {
        Objects.requireNonNull(reason, "reason");
    }
}
