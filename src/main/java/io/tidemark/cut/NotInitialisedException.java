package io.tidemark.cut;

/** There is nothing to read under this name. */
public final class NotInitialisedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotInitialisedException(String stream) {
        super("stream " + stream + " has not counted anything in this Redis yet");
    }
}
