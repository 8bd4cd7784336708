package io.tidemark.verify;

/** Hears how far counting again is; called from several threads. */
public interface Progress {
    /** For those who do not want to know. */
    Progress NONE = (read, all) -> {};

    /**
     * More has been counted.
     *
     * @param read offsets so far
     * @param all offsets that there are to count
     */
    void at(long read, long all);
}
