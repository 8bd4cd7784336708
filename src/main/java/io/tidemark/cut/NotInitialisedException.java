package io.tidemark.cut;

import io.tidemark.stream.Shard;

/** There is nothing to read under this name. */
public final class NotInitialisedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param name of the stream, or of a shard of one of which there are others */
    NotInitialisedException(String name) {
        super(message(name));
    }

    /** The same for whoever has another error for it. */
    public static String message(String name) {
        String stream = Shard.streamOf(name);
        return stream.equals(name)
                ? "stream " + name + " has not counted anything in this Redis yet"
                : "shard " + name + " of stream " + stream
                        + " is gone; a running topology counts it again from its start";
    }
}
