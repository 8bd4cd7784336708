package io.tidemark.commit;

/**
 * The store did not answer, or answered that it cannot now (loading, out of memory, read-only replica, busy). Whether
 * a commit took effect is unknown; sending it again is safe and right.
 */
public final class StoreUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StoreUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
