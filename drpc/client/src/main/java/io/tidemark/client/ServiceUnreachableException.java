package io.tidemark.client;

/** Nobody answers at the address, or the connection broke and could not be opened again. */
public final class ServiceUnreachableException extends TidemarkClientException {
    private static final long serialVersionUID = 1L;

    ServiceUnreachableException(String message, Throwable cause) {
        super(message, cause);
    }
}
