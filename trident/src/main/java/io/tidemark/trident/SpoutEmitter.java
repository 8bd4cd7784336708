package io.tidemark.trident;

import io.tidemark.plan.EventLog;
import io.tidemark.plan.LogUnavailableException;
import io.tidemark.plan.Plan;
import io.tidemark.plan.PlanText;
import io.tidemark.plan.Range;
import io.tidemark.stream.RefusedException;
import io.tidemark.stream.StreamConfig;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.storm.trident.operation.TridentCollector;
import org.apache.storm.trident.spout.ITridentSpout;
import org.apache.storm.trident.topology.TransactionAttempt;
import org.apache.storm.tuple.Values;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads exactly a plan, shared among tasks by partition. An exception here would leave the batch hanging until its
 * time-out; so a batch that cannot be read is given a {@link ReadFailure} instead, on which the next step fails it at
 * once.
 */
final class SpoutEmitter implements ITridentSpout.Emitter<Object> {
    private static final Logger LOG = LoggerFactory.getLogger(SpoutEmitter.class);

    /** Of the time that a batch has, so much may go into reading. */
    private static final int SHARE_OF_TIMEOUT = 3;

    private final StreamConfig config;
    private final EventLog log;
    private final StreamSignals signals;
    private final int task;
    private final int tasks;
    private final int chunkRecords;
    private final Duration timeout;

    SpoutEmitter(
            StreamConfig config, EventLog log, TopologySettings settings, StreamSignals signals, int task, int tasks) {
        this.config = config;
        this.log = log;
        this.signals = signals;
        this.task = task;
        this.tasks = tasks;
        this.chunkRecords = settings.chunkRecords();
        this.timeout = settings.messageTimeout().dividedBy(SHARE_OF_TIMEOUT);
    }

    @Override
    public void emitBatch(TransactionAttempt attempt, Object metadata, TridentCollector collector) {
        Plan plan = metadata instanceof String text ? PlanText.read(text).orElse(null) : null;
        if (plan == null) {
            fail(collector, attempt, "no plan: " + metadata);
            return;
        }
        List<Range> mine = plan.ranges().values().stream()
                .filter(range -> range.partition() % tasks == task)
                .toList();
        if (mine.isEmpty()) {
            return;
        }
        Volume volume = new Volume();
        long begun = System.nanoTime();
        try {
            log.read(plan, mine, chunkRecords, timeout, chunk -> {
                volume.add(chunk);
                collector.emit(new Values(chunk));
            });
            signals.read(volume.records(), volume.bytes());
            LOG.debug(
                    "batch {}: read {} records of {} in {} ms",
                    attempt,
                    volume.records(),
                    mine,
                    (System.nanoTime() - begun) / 1_000_000);
        } catch (RefusedException e) {
            signals.refused(e.refusal());
            fail(collector, attempt, e.getMessage());
        } catch (LogUnavailableException | TooLargeException e) {
            signals.read(volume.records(), volume.bytes());
            fail(collector, attempt, e.getMessage());
        } catch (InterruptException e) {
            throw e;
        } catch (RuntimeException e) {
            fail(
                    collector,
                    attempt,
                    signals.broken("stream " + config.name() + ": reading " + mine, e)
                            .toString());
        }
    }

    private void fail(TridentCollector collector, TransactionAttempt attempt, String why) {
        LOG.warn("stream {}: batch {} cannot be read: {}", config.name(), attempt, why);
        collector.emit(new Values(new ReadFailure(why)));
    }

    @Override
    public void success(TransactionAttempt attempt) {
        // Nothing is kept from batch to batch.
    }

    @Override
    public void close() {
        log.close();
    }
}
