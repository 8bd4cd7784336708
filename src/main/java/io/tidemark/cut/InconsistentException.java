package io.tidemark.cut;

/** Counts and marks do not agree: a key was lost, restored alone or written by somebody else. Nothing is answered. */
public final class InconsistentException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    InconsistentException(String stream, String message) {
        super("stream " + stream + ": " + message
                + ". Part of what Redis holds was lost or changed by somebody else, so"
                + " no counts are given. Restore Redis from a backup, or start the stream over with: tidemark reset");
    }
}
