package io.tidemark.client;

/**
 * The service answers, but has no counts to give now: Redis is away, the stream has not counted anything yet, or what
 * Redis holds does not agree. Trying again later is right; the message says what else is.
 */
public final class CountsUnavailableException extends TidemarkClientException {
    private static final long serialVersionUID = 1L;

    private final String code;

    CountsUnavailableException(String code, String message) {
        super(code + ": " + message, null);
        this.code = code;
    }

    /** {@code store-unavailable}, {@code not-initialised}, {@code inconsistent}, {@code internal}. */
    public String code() {
        return code;
    }
}
