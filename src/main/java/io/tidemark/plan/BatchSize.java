package io.tidemark.plan;

/**
 * How many records a batch may have: few at first, then as many as keep one commit at about {@value #ADDITIONS}
 * additions, since other clients of Redis wait while a commit runs, and what is read for it at about {@value #BYTES}
 * bytes. Not thread-safe.
 */
public final class BatchSize {
    /** What one commit should not exceed by much: some tens of milliseconds of Redis. */
    static final long ADDITIONS = 50_000;

    /** What one batch should not hold in memory by much more than. */
    static final long BYTES = 128L << 20;

    static final long FIRST = 10_000;
    static final long LEAST = 1_000;
    private static final int GROWTH = 4;

    /** As far as it grows while nobody says what commits cost. */
    static final long MOST_UNTOLD = 50_000;

    private final long most;
    private long records;
    private long fittingMemory;
    private boolean told;

    /** @param most records that a batch ever has */
    public BatchSize(long most) {
        this.most = most;
        this.records = Math.min(FIRST, most);
        this.fittingMemory = most;
    }

    /** The cap for the next batch, at least 1. */
    public long records() {
        return Math.min(records, fittingMemory);
    }

    /**
     * A batch was committed.
     *
     * @param counted records in it
     * @param additions that they caused, to as many counts
     */
    public void committed(long counted, long additions) {
        told = true;
        if (counted == 0) {
            return;
        }
        long fitting = additions == 0 ? most : (long) ((double) counted * ADDITIONS / additions);
        records = Math.min(most, Math.max(LEAST, Math.min(fitting, records * GROWTH)));
    }

    /** A batch went well. Counts only where nobody says what commits cost, since that is done in another process. */
    public void succeeded() {
        if (!told) {
            records = Math.min(Math.min(most, MOST_UNTOLD), records * 2);
        }
    }

    /** A batch failed and is planned smaller. @param offsets that it covers now */
    public void failed(long offsets) {
        records = Math.min(records, Math.max(Math.min(LEAST, most), offsets));
    }

    /**
     * A task read records for a batch.
     *
     * @param read how many
     * @param bytes of their values
     */
    public void read(long read, long bytes) {
        if (read > 0) {
            fittingMemory = Math.max(1, Math.min(most, (long) ((double) read * BYTES / Math.max(1, bytes))));
        }
    }
}
