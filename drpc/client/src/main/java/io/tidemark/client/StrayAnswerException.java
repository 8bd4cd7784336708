package io.tidemark.client;

/** An answer came that belongs to another question, or is none. It is thrown away: it must not be taken for this one's. */
public final class StrayAnswerException extends TidemarkClientException {
    private static final long serialVersionUID = 1L;

    StrayAnswerException(String message, Throwable cause) {
        super(message, cause);
    }
}
