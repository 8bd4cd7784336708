package io.tidemark.app.feed;

import io.tidemark.app.CommandFailedException;
import io.tidemark.app.demo.DemoEvents;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends invented edits, without end, until it is closed. Thread-safe. */
public final class DemoFeed implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DemoFeed.class);
    private static final Duration LINGER = Duration.ofMillis(5);
    private static final Duration TO_FLUSH = Duration.ofSeconds(2);
    private static final Duration BEFORE_ANOTHER = Duration.ofSeconds(1);
    private static final Duration BEHIND = Duration.ofSeconds(1);
    private static final int LARGEST_MESSAGE = 1 << 20;
    private static final LongConsumer NONE_IS_TOO_LARGE =
            line -> LOG.error("event {} of the demo is too large for the broker", line);

    private final String kafka;
    private final String topic;
    private final DemoEvents events;
    private final Thread sending;
    private volatile boolean closed;
    private volatile Feed feed;

    /**
     * @param kafka {@code host:port} of the broker
     * @param topic must be there
     * @param seed decides what happens in the invented world
     */
    public DemoFeed(String kafka, String topic, long seed) {
        this.kafka = kafka;
        this.topic = topic;
        this.events = new DemoEvents(seed, Clock.systemUTC());
        this.sending = new Thread(this::run, "demo-feed");
        sending.setDaemon(true);
    }

    public void start() {
        sending.start();
    }

    /** Events that are in. */
    public long in() {
        Feed now = feed;
        return now == null ? 0 : now.in();
    }

    private void run() {
        while (!closed) {
            feed = new Feed(kafka, topic, LARGEST_MESSAGE, LINGER, NONE_IS_TOO_LARGE);
            try {
                sendUntilClosed();
            } catch (CommandFailedException e) {
                if (!closed) {
                    LOG.error("the demo feed begins anew in {} s", BEFORE_ANOTHER.toSeconds(), e);
                    feed.close();
                    LockSupport.parkNanos(BEFORE_ANOTHER.toNanos());
                }
            }
        }
    }

    private void sendUntilClosed() {
        long next = System.nanoTime();
        while (!closed) {
            feed.send(events.next(), null);
            next += events.untilNext().toNanos();
            long early = next - System.nanoTime();
            if (early > 0) {
                LockSupport.parkNanos(early);
            } else if (-early > BEHIND.toNanos()) {
                // What was not sent while the broker was away is not made up for.
                next = System.nanoTime();
            }
        }
    }

    /** Sends no more, and waits for a bounded time until what was sent is in. */
    @Override
    public void close() {
        closed = true;
        Feed last = feed;
        if (last != null) {
            last.close(TO_FLUSH);
        }
    }
}
