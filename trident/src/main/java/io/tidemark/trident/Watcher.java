package io.tidemark.trident;

import io.tidemark.commit.Health;
import io.tidemark.commit.Store;
import io.tidemark.commit.StoreUnavailableException;
import io.tidemark.plan.EventLog;
import io.tidemark.plan.LogUnavailableException;
import io.tidemark.plan.LogView;
import io.tidemark.plan.Lookout;
import io.tidemark.plan.Readiness;
import io.tidemark.stream.Refusal;
import io.tidemark.stream.RefusedException;
import io.tidemark.stream.StreamConfig;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
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
    private static final Duration BUSY = Duration.ofMillis(5);
    private static final Duration CLOSING = Duration.ofSeconds(5);

    /** Nobody has asked for so long: the topology has ended without telling. */
    private static final Duration FORGOTTEN = Duration.ofMinutes(2);

    private final StreamConfig config;
    private final Ports ports;
    private final Readiness readiness;
    private final Thread thread;
    private volatile boolean closed;
    private volatile long askedAt = System.nanoTime();
    private String said = "";

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
                    EventLog waiting = ports.watch(config)) {
                watch(store, new Lookout(config, log), waiting);
            } catch (RuntimeException e) {
                if (!isOver()) {
                    LOG.error("stream {}: watching failed, starting again", config.name(), e);
                    LockSupport.parkNanos(LOOK.toNanos());
                }
            }
        }
    }

    private void watch(Store store, Lookout lookout, EventLog waiting) {
        long lookAt = System.nanoTime();
        while (!isOver()) {
            long now = System.nanoTime();
            if (now - lookAt >= 0) {
                boolean reachable = look(store, lookout);
                lookAt = now + (reachable ? LOOK : LOOK_WHEN_AWAY).toNanos();
            }
            if (readiness.atRest()) {
                await(waiting, Duration.ofNanos(Math.max(1_000_000, lookAt - System.nanoTime())));
            } else {
                LockSupport.parkNanos(BUSY.toNanos());
            }
        }
    }

    private boolean look(Store store, Lookout lookout) {
        Lookout.Sight sight = sight(store, lookout);
        readiness.saw(sight);
        Refusal refusal = Optional.ofNullable(sight.refusal()).orElse(readiness.commitRefusal());
        say(refusal != null ? "refused: " + refusal.message() : sight.unreachable());
        SortedMap<Integer, Long> none = new TreeMap<>();
        LogView view = sight.log();
        Health health = new Health(
                Writer.name(), view == null ? none : view.first(), view == null ? none : view.ends(), refusal);
        try {
            store.report(health);
        } catch (StoreUnavailableException | RefusedException e) {
            LOG.debug("stream {}: could not say how it is: {}", config.name(), e.getMessage());
        }
        return sight.unreachable() == null;
    }

    private Lookout.Sight sight(Store store, Lookout lookout) {
        try {
            return lookout.look(store.marks());
        } catch (StoreUnavailableException e) {
            return Lookout.Sight.storeAway("Redis: " + e.getMessage());
        } catch (RefusedException e) {
            return new Lookout.Sight(Optional.empty(), null, e.refusal(), null);
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

    /** Each change is said once. */
    private void say(String what) {
        String now = what == null ? "" : what;
        if (!now.equals(said)) {
            said = now;
            if (now.isEmpty()) {
                LOG.info("stream {} goes on", config.name());
            } else {
                LOG.warn("stream {}: {}", config.name(), now);
            }
        }
    }
}
