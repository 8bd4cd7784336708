package io.tidemark.gateway.live;

import java.nio.ByteBuffer;
import java.util.function.Function;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.OpCode;
import org.eclipse.jetty.websocket.core.OutgoingEntry;

/**
 * One WebSocket that is told of a stream. At most one message is under way to it at any time; what comes meanwhile is
 * kept as the newest state alone, so a reader that does not read costs one message of memory, however long it lasts.
 * Thread-safe.
 */
abstract class Reader implements FrameHandler {
    private static final int LONGEST_INCOMING = 4_096;

    private final Function<Reader, Readers> joining;
    private final Runnable onClosed;
    private Readers readers;
    private CoreSession session;
    private State newest;
    private boolean underWay;
    private long underWaySince;
    private long pingedAt;
    private boolean awaitsPong;
    private boolean closed;

    /** Bytes of the message that is coming in. */
    private int incoming;

    /** The state that was sent last; 0 for none that still holds. */
    private long lastSeq;

    /**
     * @param joining adds this to its feed, when it is open
     * @param onClosed is run once when it is over, also when it was never open
     */
    Reader(Function<Reader, Readers> joining, Runnable onClosed) {
        this.joining = joining;
        this.onClosed = onClosed;
    }

    /** The message for a state; null when it says nothing new to this reader. */
    abstract ByteBuffer message(State state, long before);

    /** Told now, or as soon as the message that is under way has gone. */
    final synchronized void offer(State state) {
        newest = state;
        if (!underWay) {
            sendNewest();
        }
    }

    /** Says something that may be left out when the reader has no time. */
    final synchronized void mention(byte[] message) {
        if (!underWay && session != null && !closed) {
            send(State.shared(message));
        }
    }

    /** Looks after a reader that does not read, and asks whether it still lives. */
    final synchronized void lookAfter(long now, long stalledNanos, long pingNanos) {
        if (session == null || closed) {
            return;
        }
        boolean stuck = underWay && now - underWaySince > stalledNanos;
        boolean silent = awaitsPong && now - pingedAt > 2 * pingNanos;
        if (stuck || silent) {
            cutOff();
        } else if (!underWay && !awaitsPong && now - pingedAt > pingNanos) {
            awaitsPong = true;
            pingedAt = now;
            session.sendFrame(entry(new Frame(OpCode.PING), Callback.NOOP));
        }
    }

    /** A close frame would wait behind what is stuck: so without one. */
    private void cutOff() {
        closed = true;
        if (readers != null) {
            readers.cutOff(this);
        }
        session.abort();
    }

    final synchronized void close(int code, String reason) {
        if (session != null && !closed) {
            closed = true;
            session.close(code, reason, Callback.NOOP);
        }
    }

    private void sendNewest() {
        if (session == null || newest == null || closed) {
            return;
        }
        State state = newest;
        newest = null;
        ByteBuffer message = message(state, lastSeq);
        if (readers != null && lastSeq > 0 && state.seq() - lastSeq > 1) {
            readers.missed(state.seq() - lastSeq - 1);
        }
        lastSeq = state.isDown() ? 0 : state.seq();
        if (message != null) {
            send(message);
        }
    }

    private void send(ByteBuffer message) {
        underWay = true;
        underWaySince = System.nanoTime();
        session.sendFrame(entry(new Frame(OpCode.TEXT, message), Callback.from(this::sent, this::notSent)));
    }

    private static OutgoingEntry entry(Frame frame, Callback callback) {
        return new OutgoingEntry.Builder(frame, callback).build();
    }

    private synchronized void sent() {
        underWay = false;
        sendNewest();
    }

    private synchronized void notSent(Throwable why) {
        // The connection is gone; onClosed takes the reader out.
        closed = true;
    }

    @Override
    public void onOpen(CoreSession opened, Callback callback) {
        synchronized (this) {
            session = opened;
            pingedAt = System.nanoTime();
        }
        callback.succeeded();
        Readers joined = joining.apply(this);
        boolean isOver;
        synchronized (this) {
            readers = joined;
            isOver = closed;
        }
        if (isOver) {
            joined.closed(this);
        }
        opened.demand();
    }

    @Override
    public void onFrame(Frame frame, Callback callback) {
        CoreSession current;
        synchronized (this) {
            current = session;
            if (frame.getOpCode() == OpCode.PONG) {
                awaitsPong = false;
            }
        }
        if (frame.getOpCode() == OpCode.PING) {
            ByteBuffer payload = ByteBuffer.allocate(frame.getPayloadLength());
            payload.put(frame.getPayload().slice()).flip();
            // Nothing more is read before the answer has gone out: who only asks would fill the memory with answers.
            Callback answered = Callback.from(
                    () -> {
                        callback.succeeded();
                        current.demand();
                    },
                    callback::failed);
            current.sendFrame(entry(new Frame(OpCode.PONG, payload), answered));
            return;
        }
        callback.succeeded();
        if (isTooLong(frame)) {
            close(CloseStatus.MESSAGE_TOO_LARGE, "readers are not listened to");
        }
        current.demand();
    }

    /** One thread at a time reads frames. */
    private boolean isTooLong(Frame frame) {
        if (frame.isDataFrame()) {
            incoming += frame.getPayloadLength();
        }
        boolean isTooLong = incoming > LONGEST_INCOMING;
        if (frame.isDataFrame() && frame.isFin()) {
            incoming = 0;
        }
        return isTooLong;
    }

    @Override
    public void onError(Throwable cause, Callback callback) {
        callback.succeeded();
    }

    @Override
    public void onClosed(CloseStatus status, Callback callback) {
        Readers joined;
        synchronized (this) {
            closed = true;
            newest = null;
            joined = readers;
        }
        if (joined != null) {
            joined.closed(this);
        }
        onClosed.run();
        callback.succeeded();
    }
}
