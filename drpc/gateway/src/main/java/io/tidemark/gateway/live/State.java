package io.tidemark.gateway.live;

import java.nio.ByteBuffer;

/**
 * The newest that a stream's readers can be told, as bytes that are made once for all of them. Immutable.
 *
 * @param seq rises by one with each state of a feed
 * @param wholeTail a whole message behind its first fields: {@code "seq":7,...}}
 * @param changes the message that says what is new since the state before; null when a whole one is right for everybody
 * @param labels the labels, as one object; null while the stream is down
 * @param labelsChanged whether the labels differ from those of the state before
 * @param down the message of a stream that cannot be read; null when it can
 */
record State(long seq, byte[] wholeTail, byte[] changes, byte[] labels, boolean labelsChanged, byte[] down) {
    static State down(long seq, byte[] message) {
        return new State(seq, null, null, null, false, message);
    }

    boolean isDown() {
        return down != null;
    }

    /** A view of bytes that are shared: its position is its own. */
    static ByteBuffer shared(byte[] bytes) {
        return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }
}
