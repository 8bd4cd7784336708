package io.tidemark.plan;

/**
 * How many records a batch may have: few at first, then as many as keep one commit at about {@value #ADDITIONS}
 * additions, since other clients of Redis wait while a commit runs. Not thread-safe.
 */
public final class BatchSize {
    /** What one commit should not exceed by much: some tens of milliseconds of Redis. */
    static final long ADDITIONS = 50_000;

    static final long FIRST = 10_000;
    static final long LEAST = 1_000;
    private static final int GROWTH = 4;

    private final long most;
    private long records;

    /** @param most records that a batch ever has */
    public BatchSize(long most) {
        this.most = most;
        this.records = Math.min(FIRST, most);
    }

    /** The cap for the next batch. */
    public long records() {
        return records;
    }

    /**
     * A batch was committed.
     *
     * @param counted records in it
     * @param additions that they caused, to as many counts
     */
    public void committed(long counted, long additions) {
        if (counted == 0) {
            return;
        }
        long fitting = additions == 0 ? most : (long) ((double) counted * ADDITIONS / additions);
        long grown = Math.min(fitting, records * GROWTH);
        records = Math.min(most, Math.max(LEAST, grown));
    }
}
