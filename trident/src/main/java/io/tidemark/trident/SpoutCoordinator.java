package io.tidemark.trident;

import io.tidemark.commit.Store;
import io.tidemark.commit.StoreUnavailableException;
import io.tidemark.plan.BatchSize;
import io.tidemark.plan.Coordinator;
import io.tidemark.plan.EventLog;
import io.tidemark.plan.LogUnavailableException;
import io.tidemark.plan.Plan;
import io.tidemark.plan.PlanText;
import io.tidemark.stream.RefusedException;
import io.tidemark.stream.StreamConfig;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.storm.topology.FailedException;
import org.apache.storm.topology.ReportedFailedException;
import org.apache.storm.trident.spout.ITridentSpout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The core's coordinator under Trident's rules. Trident makes two of these, maybe in two workers: one is only asked
 * whether it is ready, the other plans; each opens what it needs when it is first asked.
 */
final class SpoutCoordinator implements ITridentSpout.BatchCoordinator<Object> {
    private static final Logger LOG = LoggerFactory.getLogger(SpoutCoordinator.class);

    private final StreamConfig config;
    private final Ports ports;
    private final StreamSignals signals;
    private final BatchSize size;
    private final LongSupplier millis;
    private final RandomGenerator random;
    private final int mostInFlight;
    private Coordinator coordinator;
    private Store store;
    private EventLog log;

    SpoutCoordinator(StreamConfig config, Ports ports, TopologySettings settings, Map<String, Object> stormConfig) {
        this(
                config,
                ports,
                StreamSignals.of(stormConfig, config, ports),
                new BatchSize(settings.batchRecords()),
                () -> System.nanoTime() / 1_000_000,
                new SecureRandom(),
                settings.pending());
    }

    /**
     * @param millis rising
     * @param random for the names of new sets of counts
     */
    SpoutCoordinator(
            StreamConfig config,
            Ports ports,
            StreamSignals signals,
            BatchSize size,
            LongSupplier millis,
            RandomGenerator random) {
        this(config, ports, signals, size, millis, random, Integer.MAX_VALUE);
    }

    private SpoutCoordinator(
            StreamConfig config,
            Ports ports,
            StreamSignals signals,
            BatchSize size,
            LongSupplier millis,
            RandomGenerator random,
            int mostInFlight) {
        this.config = config;
        this.ports = ports;
        this.signals = signals;
        this.size = size;
        this.millis = millis;
        this.random = random;
        this.mostInFlight = mostInFlight;
    }

    /** Answers at once, from what a thread of its own has seen. */
    @Override
    public boolean isReady(long transaction) {
        signals.watch(() -> new Watcher(config, ports, signals.readiness()));
        return signals.readiness().hasRoom(transaction, mostInFlight)
                && signals.readiness().ready(transaction, millis.getAsLong());
    }

    @Override
    public Object initializeTransaction(long transaction, Object before, Object attempted) {
        try {
            long begun = System.nanoTime();
            signals.drainTo(size);
            Plan plan = coordinator().plan(transaction, planIn(before), planIn(attempted));
            signals.readiness().planned(transaction, coordinator().plannedTo());
            LOG.debug(
                    "transaction {}: planned {} in {} ms",
                    transaction,
                    plan.ranges().values(),
                    (System.nanoTime() - begun) / 1_000_000);
            return PlanText.write(plan);
        } catch (StoreUnavailableException | LogUnavailableException e) {
            LOG.warn("stream {}: cannot plan transaction {} now: {}", config.name(), transaction, e.getMessage());
            signals.readiness().notPlanned(millis.getAsLong());
            throw new FailedException(e);
        } catch (RefusedException e) {
            LOG.error("stream {} is refused: {}", config.name(), e.getMessage());
            signals.refused(e.refusal());
            throw new ReportedFailedException(e);
        } catch (InterruptException e) {
            throw e;
        } catch (RuntimeException e) {
            throw signals.broken("stream " + config.name() + ": planning transaction " + transaction, e);
        }
    }

    @Override
    public void success(long transaction) {
        signals.readiness().succeeded(transaction);
        if (coordinator != null) {
            coordinator.succeeded(transaction);
        }
    }

    @Override
    public void close() {
        signals.unwatch();
        if (coordinator != null) {
            log.close();
            store.close();
        }
    }

    private Coordinator coordinator() {
        if (coordinator == null) {
            Store opened = ports.store(config, Writer.name());
            log = ports.log(config);
            store = opened;
            coordinator = new Coordinator(config, store, log, millis, random, size);
        }
        return coordinator;
    }

    /** What lies in ZooKeeper may be of another program. */
    private static Optional<Plan> planIn(Object metadata) {
        return metadata instanceof String text ? PlanText.read(text) : Optional.empty();
    }
}
