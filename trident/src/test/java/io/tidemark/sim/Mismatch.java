package io.tidemark.sim;

/** Counts that are not what they promise to be, or a stream that stands still. */
final class Mismatch extends AssertionError {
    private static final long serialVersionUID = 1L;

    Mismatch(String message) {
        super(message);
    }
}
