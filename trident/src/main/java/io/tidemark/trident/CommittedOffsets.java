package io.tidemark.trident;

import java.util.SortedMap;

/**
 * Where people's tools look for how far a stream has counted. Nothing of it is ever read back: what has been counted is
 * what the marks say. Used by one thread.
 */
public interface CommittedOffsets extends AutoCloseable {
    /** Nobody looks. */
    CommittedOffsets NOWHERE = new CommittedOffsets() {
        @Override
        public void tell(SortedMap<Integer, Long> next) {
            // nobody looks
        }

        @Override
        public void close() {
            // nothing is open
        }
    };

    /**
     * Says where the marks stand. Returns at once, and never throws for what the other side says.
     *
     * @param next offset to count, by partition
     */
    void tell(SortedMap<Integer, Long> next);

    @Override
    void close();
}
