package io.tidemark.trident;

import io.tidemark.commit.CommitResult;
import io.tidemark.commit.Store;
import io.tidemark.commit.StoreUnavailableException;
import io.tidemark.plan.Plan;
import io.tidemark.plan.Range;
import io.tidemark.stream.RefusedException;
import io.tidemark.stream.Shard;
import io.tidemark.stream.StreamConfig;
import io.tidemark.tally.MixedLogsException;
import io.tidemark.tally.MixedPlansException;
import io.tidemark.tally.OverlapException;
import io.tidemark.tally.Tally;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.apache.storm.task.IMetricsContext;
import org.apache.storm.topology.FailedException;
import org.apache.storm.topology.ReportedFailedException;
import org.apache.storm.trident.state.State;
import org.apache.storm.trident.state.StateFactory;
import org.apache.storm.trident.state.ValueUpdater;
import org.apache.storm.trident.state.map.MapState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits a batch's tally to the store. It keeps nothing and reads nothing before it writes: the store adds the tally
 * only where the mark is the tally's first offset. Whatever goes wrong fails the batch, and only the batch.
 */
public final class TallyState implements MapState<Tally> {
    private static final Logger LOG = LoggerFactory.getLogger(TallyState.class);

    /** The next plan initialises the stream, or is made for the counts that are there now. */
    private static final Set<String> MENDED_BY_PLANNING = Set.of("not-initialised", "wrong-store");

    private static final Duration SWEEP = Duration.ofMinutes(1);

    /** A failed batch is tried again at once; a store that cannot now is not to be asked a hundred times a second. */
    private static final Duration BREATH = Duration.ofMillis(100);

    private final StreamConfig config;
    private final Store store;
    private final StreamSignals signals;
    private final LongSupplier nanos;
    private final LongConsumer pause;
    private long sweptAt;

    /**
     * @param nanos rising
     * @param pause takes so many nanoseconds
     */
    TallyState(StreamConfig config, Store store, StreamSignals signals, LongSupplier nanos, LongConsumer pause) {
        this.config = config;
        this.store = store;
        this.signals = signals;
        this.nanos = nanos;
        this.pause = pause;
        this.sweptAt = nanos.getAsLong();
    }

    /** Makes the state of one stream. */
    public static final class Factory implements StateFactory {
        private static final long serialVersionUID = 1L;

        private final StreamSource source;
        private final Ports ports;

        public Factory(StreamConfig config, Ports ports) {
            this.source = StreamSource.of(config);
            this.ports = ports;
        }

        @Override
        public State makeState(
                Map<String, Object> stormConfig, IMetricsContext metrics, int partition, int partitions) {
            StreamConfig config = source.config();
            return new TallyState(
                    config,
                    new MeasuredStore(
                            ports.store(config, Writer.name()),
                            new StreamMetrics(metrics, config.name()),
                            InstantSource.system()),
                    StreamSignals.of(stormConfig, config, ports),
                    System::nanoTime,
                    LockSupport::parkNanos);
        }
    }

    /**
     * Commits one tally for each shard, also those behind one that could not be committed.
     *
     * @throws FailedException when the batch must be tried again
     */
    @Override
    @SuppressWarnings("rawtypes") // as Trident declares it
    public List<Tally> multiUpdate(List<List<Object>> shards, List<ValueUpdater> updaters) {
        List<Tally> tallies = new ArrayList<>();
        FailedException failed = null;
        for (ValueUpdater<?> updater : updaters) {
            Tally tally = (Tally) updater.update(null);
            try {
                commit(tally);
            } catch (FailedException e) {
                failed = failed == null ? e : both(failed, e);
            }
            tallies.add(tally);
        }
        if (failed != null) {
            throw failed;
        }
        sweep();
        return tallies;
    }

    /** Beside one that says what must be mended, one that is tried again is no news. */
    private static FailedException both(FailedException first, FailedException next) {
        boolean nextSaysMore = next instanceof ReportedFailedException && !(first instanceof ReportedFailedException);
        FailedException thrown = nextSaysMore ? next : first;
        thrown.addSuppressed(nextSaysMore ? first : next);
        return thrown;
    }

    private void commit(Tally tally) {
        checkCoverage(tally);
        try {
            CommitResult result = store.commit(tally);
            if (result instanceof CommitResult.OutOfStep outOfStep) {
                LOG.info(
                        "stream {}: {} is out of step, the marks are {}",
                        config.name(),
                        tally.covers(),
                        outOfStep.next());
                throw new FailedException("out of step: " + tally.covers() + ", the marks are " + outOfStep.next());
            }
            if (result instanceof CommitResult.OtherLog other) {
                LOG.warn(
                        "stream {}: {} was not read from the log that was counted up to {}: {}",
                        config.name(),
                        tally.covers(),
                        other.next(),
                        other);
                throw new FailedException("maybe of another log: " + tally.covers() + ", " + other);
            }
            signals.committed(tally.accounts().records(), additions(tally));
        } catch (StoreUnavailableException e) {
            LOG.warn("stream {}: {} not committed: {}", config.name(), tally.covers(), e.getMessage());
            pause.accept(BREATH.toNanos());
            throw new FailedException(e);
        } catch (RefusedException e) {
            LOG.error("stream {}: {} refused: {}", config.name(), tally.covers(), e.getMessage());
            if (!MENDED_BY_PLANNING.contains(e.refusal().code())) {
                signals.refused(e.refusal());
            }
            throw new ReportedFailedException(e);
        } catch (FailedException e) {
            throw e;
        } catch (RuntimeException e) {
            throw signals.broken("stream " + config.name() + ": committing " + tally.covers(), e);
        }
    }

    /** Trident was seen to finish a batch with the chunks of two plans. */
    private void checkCoverage(Tally tally) {
        try {
            Plan plan = tally.plan();
            List<Range> covers = tally.covers();
            Shard shard = Shard.of(config, covers.get(0).partition());
            List<Range> planned = List.copyOf(shard.own(plan.ranges()).values());
            if (!covers.equals(planned)) {
                throw new FailedException("the batch covers " + covers + ", its plan is " + planned);
            }
        } catch (MixedPlansException | MixedLogsException | OverlapException e) {
            LOG.warn("stream {}: {}", config.name(), e.getMessage());
            throw new FailedException(e);
        }
    }

    private static long additions(Tally tally) {
        return tally.additions().values().stream().mapToLong(Map::size).sum();
    }

    /** Buckets that are gone are so for every reader already; this only frees their memory. */
    private void sweep() {
        long now = nanos.getAsLong();
        if (now - sweptAt < SWEEP.toNanos()) {
            return;
        }
        sweptAt = now;
        try {
            int gone = store.removeGoneBuckets();
            LOG.debug("stream {}: removed {} buckets", config.name(), gone);
        } catch (StoreUnavailableException | RefusedException e) {
            LOG.warn("stream {}: could not remove old buckets: {}", config.name(), e.getMessage());
        }
    }

    @Override
    public void beginCommit(Long transaction) {
        // Transaction ids decide nothing.
    }

    @Override
    public void commit(Long transaction) {
        // Done by multiUpdate.
    }

    @Override
    public List<Tally> multiGet(List<List<Object>> shards) {
        throw new UnsupportedOperationException("counts are read through Answers, as one cut");
    }

    @Override
    public void multiPut(List<List<Object>> shards, List<Tally> tallies) {
        throw new UnsupportedOperationException("counts are only added to");
    }
}
