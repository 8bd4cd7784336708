package io.tidemark.cut;

import io.tidemark.stream.RefusedException;

/** Counts and marks do not agree: a key was lost, restored alone or written by somebody else. Nothing is answered. */
public final class InconsistentException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What says already of which stream it is and what to do. */
    InconsistentException(RefusedException whole) {
        super(whole.refusal().message(), whole);
    }

    InconsistentException(String stream, String message) {
        super("stream " + stream + ": " + message
                + ". Part of what Redis holds was lost or changed by somebody else, so"
                + " no counts are given. Restore Redis from a backup, or start the stream over with: tidemark reset");
    }
}
