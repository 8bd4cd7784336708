package io.tidemark.client;

/** No answer was got, or one that says no. The message says what was asked, where, and what to do. */
public abstract sealed class TidemarkClientException extends RuntimeException
        permits ServiceUnreachableException,
                ServiceBusyException,
                AnswerTimedOutException,
                StrayAnswerException,
                CountsUnavailableException,
                QuestionRejectedException,
                NotYetException {
    private static final long serialVersionUID = 1L;

    TidemarkClientException(String message, Throwable cause) {
        super(message, cause);
    }
}
