package io.tidemark.trident;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Timer;
import io.tidemark.plan.Readiness;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.storm.trident.spout.ITridentSpout;

/** A coordinator whose planning is timed, and which shows how far the stream is behind its topic. */
final class MeasuredCoordinator implements ITridentSpout.BatchCoordinator<Object> {
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final ITridentSpout.BatchCoordinator<Object> coordinator;
    private final Readiness readiness;
    private final StreamMetrics metrics;
    private final LongSupplier nanos;
    private final Timer plan;
    private final Counter replays;
    private final Set<Integer> partitions = new HashSet<>();
    private long lookedAt;

    /** @param nanos rising */
    MeasuredCoordinator(
            ITridentSpout.BatchCoordinator<Object> coordinator,
            Readiness readiness,
            StreamMetrics metrics,
            LongSupplier nanos) {
        this.coordinator = coordinator;
        this.readiness = readiness;
        this.metrics = metrics;
        this.nanos = nanos;
        this.plan = metrics.timer(StreamMetrics.PLAN);
        this.replays = metrics.counter(StreamMetrics.REPLAYS);
        this.lookedAt = nanos.getAsLong() - LOOK_NANOS;
    }

    /** Only the one of Trident's two coordinators that is asked this has a watcher beside it that knows the lag. */
    @Override
    public boolean isReady(long transaction) {
        boolean ready = coordinator.isReady(transaction);
        long now = nanos.getAsLong();
        if (now - lookedAt >= LOOK_NANOS) {
            lookedAt = now;
            showLags();
        }
        return ready;
    }

    /** Partitions appear while the stream runs. */
    private void showLags() {
        if (partitions.isEmpty() && !readiness.lags().isEmpty()) {
            metrics.gauge(
                    StreamMetrics.LAG,
                    () -> readiness.lags().values().stream()
                            .mapToLong(lag -> lag)
                            .sum());
        }
        for (int partition : readiness.lags().keySet()) {
            if (partitions.add(partition)) {
                metrics.gauge(
                        StreamMetrics.LAG + "." + partition,
                        () -> readiness.lags().getOrDefault(partition, 0L));
            }
        }
    }

    @Override
    public Object initializeTransaction(long transaction, Object before, Object attempted) {
        if (attempted != null) {
            replays.inc();
        }
        Timer.Context timing = plan.time();
        try {
            return coordinator.initializeTransaction(transaction, before, attempted);
        } finally {
            timing.stop();
        }
    }

    @Override
    public void success(long transaction) {
        coordinator.success(transaction);
    }

    @Override
    public void close() {
        coordinator.close();
    }
}
