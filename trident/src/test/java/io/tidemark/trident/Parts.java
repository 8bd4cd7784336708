package io.tidemark.trident;

import io.tidemark.commit.Store;
import io.tidemark.plan.BatchSize;
import io.tidemark.plan.EventLog;
import io.tidemark.stream.StreamConfig;
import io.tidemark.tally.Tally;
import java.util.Collection;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.storm.trident.operation.TridentCollector;
import org.apache.storm.trident.spout.ITridentSpout;
import org.apache.storm.trident.state.ValueUpdater;
import org.apache.storm.trident.topology.TransactionAttempt;

/** The product's parts of one worker, made without Storm and without servers: what a simulation drives step by step. */
public final class Parts {
    private final StreamConfig config;
    private final LongSupplier nanos;
    private final StreamSignals signals;

    /** What a model of Kafka says of its topic. */
    public interface TopicView {
        String id();

        List<TopicPartition> partitions();

        boolean compacted();
    }

    /** @param nanos the simulated clock */
    public Parts(StreamConfig config, LongSupplier nanos) {
        this.config = config;
        this.nanos = nanos;
        this.signals = new StreamSignals(nanos);
    }

    /** For a worker without the watcher, which hears of refusals through the store. */
    public void tellThrough(Supplier<Store> opening) {
        signals.tellThrough(opening);
    }

    /** The real reader of Kafka, on a client that is a model. */
    public static EventLog log(
            StreamConfig config, TopicView topic, Supplier<Consumer<byte[], byte[]>> client, LongSupplier nanos) {
        return new KafkaLog(
                config,
                new Topic() {
                    @Override
                    public String id() {
                        return topic.id();
                    }

                    @Override
                    public List<TopicPartition> partitions() {
                        return topic.partitions();
                    }

                    @Override
                    public boolean compacted() {
                        return topic.compacted();
                    }

                    @Override
                    public void close() {
                        // A model needs no closing.
                    }
                },
                client,
                nanos);
    }

    /** Opens what a task needs. */
    public interface Opening {
        Store store();

        EventLog log();
    }

    public Coordinating coordinator(Opening opening, long mostRecords, RandomGenerator random) {
        @SuppressWarnings("serial")
        Ports ports = new Ports() {
            @Override
            public Store store(StreamConfig stream, String writer) {
                return opening.store();
            }

            @Override
            public EventLog log(StreamConfig stream) {
                return opening.log();
            }

            @Override
            public EventLog watch(StreamConfig stream) {
                return opening.log();
            }
        };
        SpoutCoordinator real = new SpoutCoordinator(
                config, ports, signals, new BatchSize(mostRecords), () -> nanos.getAsLong() / 1_000_000, random);
        return new Coordinating() {
            @Override
            public Object plan(long transaction, Object before, Object attempted) {
                return real.initializeTransaction(transaction, before, attempted);
            }

            @Override
            public void succeeded(long transaction) {
                real.success(transaction);
            }
        };
    }

    /** The coordinator that plans. */
    public interface Coordinating {
        Object plan(long transaction, Object before, Object attempted);

        void succeeded(long transaction);
    }

    /** One task that reads. */
    public interface Emitting {
        void emit(TransactionAttempt attempt, Object metadata, TridentCollector collector);
    }

    public Emitting emitter(EventLog log, TopologySettings settings, int task, int tasks) {
        ITridentSpout.Emitter<Object> real = new SpoutEmitter(config, log, settings, signals, task, tasks);
        return real::emitBatch;
    }

    /** The state. */
    public interface Committing {
        void update(Collection<Tally> tallies);
    }

    @SuppressWarnings("rawtypes") // as Trident declares it
    public Committing state(Store store) {
        TallyState real = new TallyState(config, store, signals, nanos, nobodyWaits -> {});
        return tallies -> real.multiUpdate(
                tallies.stream()
                        .<List<Object>>map(tally -> List.of(config.name()))
                        .toList(),
                tallies.stream().<ValueUpdater>map(Merged::new).toList());
    }

    /** What Trident merged for a shard: nothing is read before it. */
    private record Merged(Tally tally) implements ValueUpdater<Object> {
        @Override
        public Object update(Object stored) {
            return tally;
        }
    }

    /** What the watcher's thread does, without the thread. */
    public interface Watching {
        /** @return whether store and log answered */
        boolean look();

        void await();
    }

    public Watching watch(Store store, EventLog log, EventLog waiting) {
        Watch real = new Watch(config, store, log, signals.readiness(), CommittedOffsets.NOWHERE);
        return new Watching() {
            @Override
            public boolean look() {
                return real.look();
            }

            @Override
            public void await() {
                var ends = signals.readiness().knownEnds();
                if (!ends.isEmpty()) {
                    try {
                        signals.readiness().arrived(waiting.awaitRecords(ends, java.time.Duration.ofMillis(50)));
                    } catch (io.tidemark.plan.LogUnavailableException away) {
                        // As the watcher does: the next look tells.
                    }
                }
            }
        };
    }

    public boolean ready(long transaction) {
        return signals.readiness().ready(transaction, nanos.getAsLong() / 1_000_000);
    }

    public boolean atRest() {
        return signals.readiness().atRest();
    }
}
