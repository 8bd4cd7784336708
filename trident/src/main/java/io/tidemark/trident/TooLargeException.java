package io.tidemark.trident;

/** A batch has more bytes than fit; its next attempt is planned smaller. */
final class TooLargeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooLargeException(String message) {
        super(message);
    }
}
