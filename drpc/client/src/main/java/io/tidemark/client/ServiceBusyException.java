package io.tidemark.client;

/** The gateway answers, but not this question now: too many are asked. Ask again after a second or more. */
public final class ServiceBusyException extends TidemarkClientException {
    private static final long serialVersionUID = 1L;

    ServiceBusyException(String message) {
        super(message, null);
    }
}
