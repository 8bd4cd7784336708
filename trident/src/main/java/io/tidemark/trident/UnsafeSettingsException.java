package io.tidemark.trident;

/** The topology was to run with Storm settings under which a lost tuple would stop a stream for ever. */
public final class UnsafeSettingsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnsafeSettingsException(String message) {
        super(message);
    }
}
