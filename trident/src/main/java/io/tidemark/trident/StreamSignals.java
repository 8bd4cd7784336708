package io.tidemark.trident;

import io.tidemark.commit.Store;
import io.tidemark.commit.StoreUnavailableException;
import io.tidemark.plan.BatchSize;
import io.tidemark.plan.Readiness;
import io.tidemark.stream.Refusal;
import io.tidemark.stream.RefusedException;
import io.tidemark.stream.StreamConfig;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.storm.Config;
import org.apache.storm.topology.FailedException;
import org.apache.storm.topology.ReportedFailedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the tasks of one stream tell each other inside a worker: Trident has no way back from the state to the
 * coordinator. Nothing that is counted depends on it; where tasks run in different workers they hear less and go by the
 * marks alone, but for refusals, which are told through the store. Thread-safe.
 */
final class StreamSignals {
    private static final Logger LOG = LoggerFactory.getLogger(StreamSignals.class);
    private static final Map<String, StreamSignals> SIGNALS = new ConcurrentHashMap<>();
    private static final int UNREAD = 1_000;

    /** A stream that is refused is tried every few seconds, but by many tasks. */
    private static final Duration TELL_EVERY = Duration.ofSeconds(1);

    private final Readiness readiness = new Readiness();
    private final ConcurrentLinkedQueue<Consumer<BatchSize>> news = new ConcurrentLinkedQueue<>();
    private final LongSupplier nanos;
    private Watcher watcher;
    private Consumer<Refusal> teller = refusal -> {};
    private long toldAt;

    StreamSignals() {
        this(System::nanoTime);
    }

    /** @param nanos rising */
    StreamSignals(LongSupplier nanos) {
        this.nanos = nanos;
        this.toldAt = nanos.getAsLong() - TELL_EVERY.toNanos();
    }

    /** Those of a stream in the topology that the configuration belongs to. */
    static StreamSignals of(Map<String, Object> stormConfig, String stream) {
        return SIGNALS.computeIfAbsent(key(stormConfig, stream), key -> new StreamSignals());
    }

    /** The same; a refusal in a process without the stream's watcher is told to it through the store. */
    static StreamSignals of(Map<String, Object> stormConfig, StreamConfig config, Ports ports) {
        StreamSignals signals = of(stormConfig, config.name());
        signals.tellThrough(() -> ports.store(config, Writer.name()));
        return signals;
    }

    /** @param opening opens the store, which is closed again each time */
    synchronized void tellThrough(Supplier<Store> opening) {
        teller = refusal -> {
            try (Store store = opening.get()) {
                store.tell(refusal);
            } catch (StoreUnavailableException | RefusedException e) {
                LOG.warn("could not tell the coordinator of a refusal: {}", e.getMessage());
            }
        };
    }

    /** Starts the stream's watcher unless it runs. @param make called at most once */
    synchronized void watch(Supplier<Watcher> make) {
        if (watcher == null || !watcher.isRunning()) {
            watcher = make.get();
            watcher.start();
        }
        watcher.asked();
    }

    /** Ends the stream's watcher: Trident tells the coordinator that plans of the end, not the one that is asked. */
    synchronized void unwatch() {
        if (watcher != null) {
            watcher.close();
            watcher = null;
        }
    }

    Readiness readiness() {
        return readiness;
    }

    /** A batch was committed. */
    void committed(long records, long additions) {
        readiness.committed();
        tell(size -> size.committed(records, additions));
    }

    /** A batch was read. */
    void read(long records, long bytes) {
        tell(size -> size.read(records, bytes));
    }

    /** A plan, a read or a commit was refused by name. */
    void refused(Refusal refusal) {
        readiness.refused(refusal);
        tellOthers(refusal);
    }

    /** The watcher looks at the readiness of its own process only. */
    private synchronized void tellOthers(Refusal refusal) {
        boolean watched = watcher != null && watcher.isRunning();
        long now = nanos.getAsLong();
        if (!watched && now - toldAt >= TELL_EVERY.toNanos()) {
            toldAt = now;
            teller.accept(refusal);
        }
    }

    /**
     * Something failed that never should: a fault of the program. The batch fails, the stream says so and is tried again
     * now and then; the worker, and other streams in it, live on.
     *
     * @param what was done, for a person
     * @return to be thrown
     */
    FailedException broken(String what, RuntimeException fault) {
        LOG.error("{} failed", what, fault);
        refused(new Refusal(
                "internal-error",
                what + " failed: " + fault + ". This is a fault of the program; its log has the details."));
        return new ReportedFailedException(fault);
    }

    /** Hands on what was heard since the last time. */
    void drainTo(BatchSize size) {
        for (Consumer<BatchSize> each = news.poll(); each != null; each = news.poll()) {
            each.accept(size);
        }
    }

    private void tell(Consumer<BatchSize> piece) {
        if (news.size() >= UNREAD) {
            news.poll();
        }
        news.add(piece);
    }

    private static String key(Map<String, Object> stormConfig, String stream) {
        return stormConfig.get(Config.STORM_ID) + " " + stream;
    }
}
