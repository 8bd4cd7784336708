package io.tidemark.plan;

/** The log could not be reached or did not answer in time. Trying again is right. */
public final class LogUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public LogUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
