package io.tidemark.trident;

import io.tidemark.commit.Store;
import io.tidemark.plan.EventLog;
import io.tidemark.plan.LogUnavailableException;
import io.tidemark.plan.Readiness;
import io.tidemark.stream.StreamConfig;
import java.time.Duration;
import java.util.SortedMap;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that knows whether there is something to count: it waits at the log's end in a long poll, so that a stream at
 * rest costs next to nothing and a record is noticed at once, and looks at everything once a second, checks included.
 * What it sees it also writes beside the counts, for those who ask how the stream is.
 */
final class Watcher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Watcher.class);
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration LOOK_WHEN_AWAY = Duration.ofMillis(250);
    private static final Duration CLOSING = Duration.ofSeconds(5);

    /** Nobody has asked for so long: the topology has ended without telling. */
    private static final Duration FORGOTTEN = Duration.ofMinutes(2);

    private final StreamConfig config;
    private final Ports ports;
    private final Readiness readiness;
    private final Thread thread;
    private volatile boolean closed;
    private volatile long askedAt = System.nanoTime();

    Watcher(StreamConfig config, Ports ports, Readiness readiness) {
        this.config = config;
        this.ports = ports;
        this.readiness = readiness;
        this.thread = new Thread(this::run, "watcher-" + config.name());
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Somebody still wants to know. */
    void asked() {
        askedAt = System.nanoTime();
    }

    boolean isRunning() {
        return !isOver();
    }

    private boolean isOver() {
        return closed || System.nanoTime() - askedAt > FORGOTTEN.toNanos();
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(CLOSING.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!isOver()) {
            try (Store store = ports.store(config, Writer.name());
                    EventLog log = ports.log(config);
                    EventLog waiting = ports.watch(config);
                    CommittedOffsets offsets = ports.offsets(config)) {
                watch(new Watch(config, store, log, readiness, offsets), waiting);
            } catch (RuntimeException e) {
                if (!isOver()) {
                    LOG.error("stream {}: watching failed, starting again", config.name(), e);
                    LockSupport.parkNanos(LOOK.toNanos());
                }
            }
        }
    }

    private void watch(Watch watch, EventLog waiting) {
        long lookAt = System.nanoTime();
        while (!isOver()) {
            long now = System.nanoTime();
            if (now - lookAt >= 0) {
                boolean reachable = watch.look();
                lookAt = now + (reachable ? LOOK : LOOK_WHEN_AWAY).toNanos();
            }
            if (awaitRest(lookAt)) {
                await(waiting, Duration.ofNanos(Math.max(1_000_000, lookAt - System.nanoTime())));
            }
            if (!readiness.atRest()) {
                RestingWait.wake();
            }
        }
    }

    private boolean awaitRest(long deadline) {
        try {
            return readiness.awaitRest(Duration.ofNanos(deadline - System.nanoTime()));
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private void await(EventLog waiting, Duration most) {
        SortedMap<Integer, Long> ends = readiness.knownEnds();
        if (ends.isEmpty()) {
            LockSupport.parkNanos(most.toNanos());
            return;
        }
        try {
            readiness.arrived(waiting.awaitRecords(ends, most));
        } catch (LogUnavailableException e) {
            LOG.debug("stream {}: {}", config.name(), e.getMessage());
            LockSupport.parkNanos(LOOK_WHEN_AWAY.toNanos());
        }
    }
}
