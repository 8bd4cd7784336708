package io.tidemark.client;

/** The DRPC server is there, but no answer came in time: the topology may be starting, or be busy. */
public final class AnswerTimedOutException extends TidemarkClientException {
    private static final long serialVersionUID = 1L;

    AnswerTimedOutException(String message, Throwable cause) {
        super(message, cause);
    }
}
