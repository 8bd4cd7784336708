package io.tidemark.trident;

import io.tidemark.commit.CommitResult;
import io.tidemark.commit.Store;
import io.tidemark.commit.StoreUnavailableException;
import io.tidemark.event.ChunkParser;
import io.tidemark.plan.LogUnavailableException;
import io.tidemark.plan.Plan;
import io.tidemark.plan.PlanText;
import io.tidemark.stream.RefusedException;
import io.tidemark.stream.StreamConfig;
import io.tidemark.tally.ChunkCounter;
import io.tidemark.tally.Tally;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.storm.Config;
import org.apache.storm.generated.StormTopology;
import org.apache.storm.metrics2.StormMetricRegistry;
import org.apache.storm.shade.org.apache.zookeeper.KeeperException;
import org.apache.storm.spout.ISpoutOutputCollector;
import org.apache.storm.spout.SpoutOutputCollector;
import org.apache.storm.task.IOutputCollector;
import org.apache.storm.task.OutputCollector;
import org.apache.storm.task.TopologyContext;
import org.apache.storm.topology.BasicOutputCollector;
import org.apache.storm.topology.FailedException;
import org.apache.storm.trident.spout.ITridentSpout;
import org.apache.storm.trident.spout.TridentSpoutCoordinator;
import org.apache.storm.trident.topology.MasterBatchCoordinator;
import org.apache.storm.trident.topology.TransactionAttempt;
import org.apache.storm.tuple.Tuple;
import org.apache.storm.tuple.TupleImpl;
import org.apache.storm.tuple.Values;
import org.apache.storm.utils.Utils;

/**
 * Storm's own {@link MasterBatchCoordinator} and {@link TridentSpoutCoordinator} with the product's spout on a real
 * ZooKeeper, and one task that reads and commits: a topology that one thread drives, so that two of them can live in one
 * JVM though Storm ends the worker when ZooKeeper throws. What ends a worker makes all of it anew here.
 */
final class DrivenTopology implements AutoCloseable {
    private static final Duration TIME = Duration.ofSeconds(10);
    private static final int TASK = 1;

    private final StreamConfig config;
    private final TopologySettings settings;
    private final Ports ports;
    private final Map<String, Object> stormConfig = new HashMap<>(Utils.readDefaultConfig());
    private final Thread thread;
    private final Deque<Said> said = new ArrayDeque<>();
    private final Map<TransactionAttempt, Tally> counted = new HashMap<>();
    private volatile boolean goesOn = true;
    private volatile boolean standsStill;
    private volatile Throwable fault;
    private MasterBatchCoordinator master;
    private TridentSpoutCoordinator planning;
    private Worker worker;
    private final AtomicInteger deaths = new AtomicInteger();
    private final AtomicInteger outOfStep = new AtomicInteger();
    private final AtomicInteger applied = new AtomicInteger();

    /** What the master tells the rest of its topology. */
    private record Said(String stream, TransactionAttempt attempt) {}

    /** What one task keeps open. */
    private record Worker(Store store, KafkaLog log, ChunkParser parser, ChunkCounter counter) {
        Tally count(Plan plan) {
            Tally[] tally = {Tally.NOTHING};
            log.read(plan, plan.ranges().values(), 2_000, TIME, chunk -> {
                tally[0] = tally[0].merge(counter.count(parser.parse(chunk)));
            });
            return tally[0];
        }
    }

    /** @param name of the topology, and of who reports */
    DrivenTopology(String name, StreamConfig config, TopologySettings settings, long zooKeeperPort) {
        this.config = config;
        this.settings = settings;
        this.ports = new NamedPorts(Ports.of(settings), name);
        stormConfig.putAll(TidemarkTopology.stormConfig(settings));
        stormConfig.put(Config.TOPOLOGY_MAX_SPOUT_PENDING, settings.pending());
        stormConfig.put(Config.STORM_CLUSTER_MODE, "distributed");
        stormConfig.put(Config.STORM_ZOOKEEPER_SERVERS, List.of("127.0.0.1"));
        stormConfig.put(Config.STORM_ZOOKEEPER_PORT, zooKeeperPort);
        stormConfig.put(Config.STORM_ID, name);
        thread = new Thread(this::run, name);
    }

    void start() {
        thread.start();
    }

    /** It neither ends nor goes on, as after SIGSTOP, wherever it is. */
    void standStill(boolean still) {
        standsStill = still;
        LockSupport.unpark(thread);
    }

    /** @throws AssertionError when anything failed but what Storm's use of ZooKeeper makes fail */
    void assertNoFault() {
        if (fault != null) {
            throw new AssertionError("the topology " + thread.getName() + " failed", fault);
        }
    }

    int applied() {
        return applied.get();
    }

    @Override
    public String toString() {
        return "%s: %d commits, %d out of step, its worker died %d times"
                .formatted(thread.getName(), applied.get(), outOfStep.get(), deaths.get());
    }

    @Override
    public void close() {
        goesOn = false;
        standStill(false);
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted while a topology ends", e);
        }
    }

    private void run() {
        open();
        while (goesOn && fault == null) {
            if (standsStill) {
                LockSupport.parkNanos(10_000_000);
                continue;
            }
            try {
                turn();
            } catch (RuntimeException e) {
                if (!isOfZooKeeper(e)) {
                    fault = e;
                } else {
                    deaths.incrementAndGet();
                    shut();
                    open();
                }
            }
        }
        shut();
    }

    private static boolean isOfZooKeeper(Throwable e) {
        return e instanceof KeeperException || e.getCause() != null && isOfZooKeeper(e.getCause());
    }

    private void turn() {
        master.nextTuple();
        Said next = said.poll();
        if (next == null) {
            LockSupport.parkNanos(1_000_000);
        } else {
            try {
                hear(next.stream(), next.attempt());
            } catch (FailedException | StoreUnavailableException | LogUnavailableException | RefusedException e) {
                master.fail(next.attempt());
            }
        }
    }

    private void hear(String stream, TransactionAttempt attempt) {
        switch (stream) {
            case MasterBatchCoordinator.BATCH_STREAM_ID -> {
                Plan plan = plan(attempt);
                counted.put(attempt, plan.isEmpty() ? Tally.NOTHING : worker.count(plan));
                master.ack(attempt);
            }
            case MasterBatchCoordinator.COMMIT_STREAM_ID -> {
                commit(counted.remove(attempt));
                master.ack(attempt);
            }
            default -> tell(stream, attempt, new ArrayList<>());
        }
    }

    private Plan plan(TransactionAttempt attempt) {
        List<List<Object>> emitted = new ArrayList<>();
        tell(MasterBatchCoordinator.BATCH_STREAM_ID, attempt, emitted);
        return PlanText.read((String) emitted.get(0).get(1)).orElseThrow();
    }

    private void commit(Tally tally) {
        if (tally.isNothing()) {
            return;
        }
        CommitResult result = worker.store().commit(tally);
        if (result instanceof CommitResult.Applied) {
            applied.incrementAndGet();
        } else if (!(result instanceof CommitResult.AlreadyApplied)) {
            outOfStep.incrementAndGet();
            throw new FailedException("out of step");
        }
    }

    private void tell(String stream, TransactionAttempt attempt, List<List<Object>> emitted) {
        Tuple tuple = new TupleImpl(context(), new Values(attempt), "master", TASK, stream);
        BasicOutputCollector collector = new BasicOutputCollector(new OutputCollector(new Emitted(emitted)));
        collector.setContext(tuple);
        planning.execute(tuple, collector);
    }

    @SuppressWarnings("rawtypes") // as Storm declares it
    private void open() {
        said.clear();
        counted.clear();
        TidemarkSpout spout = new TidemarkSpout(config, settings, ports);
        List<ITridentSpout> spouts = List.of(spout);
        master = new MasterBatchCoordinator(List.of(spout.id()), spouts);
        master.open(stormConfig, context(), new SpoutOutputCollector(new Saying()));
        master.activate();
        planning = new TridentSpoutCoordinator(spout.id(), spout);
        planning.prepare(stormConfig, context());
        worker = new Worker(
                ports.store(config, thread.getName()),
                new KafkaLog(config, settings.kafka()),
                new ChunkParser(config),
                new ChunkCounter(config));
    }

    private void shut() {
        planning.cleanup();
        master.close();
        worker.log().close();
        worker.store().close();
    }

    private TopologyContext context() {
        return new TopologyContext(
                new StormTopology(),
                stormConfig,
                Map.of(TASK, "master"),
                Map.of("master", List.of(TASK)),
                Map.of(),
                Map.of(),
                thread.getName(),
                "",
                "",
                TASK,
                0,
                List.of(TASK),
                new HashMap<>(),
                new HashMap<>(),
                new HashMap<>(),
                new HashMap<>(),
                new AtomicBoolean(),
                new StormMetricRegistry());
    }

    /** What the master emits waits until the thread hears it. */
    private final class Saying implements ISpoutOutputCollector {
        @Override
        public List<Integer> emit(String stream, List<Object> tuple, Object message) {
            said.add(new Said(stream, (TransactionAttempt) tuple.get(0)));
            return List.of(TASK);
        }

        @Override
        public void emitDirect(int task, String stream, List<Object> tuple, Object message) {
            throw new UnsupportedOperationException("a master tells everybody");
        }

        @Override
        public long getPendingCount() {
            return said.size();
        }

        @Override
        public void flush() {
            // Nothing is held back.
        }

        @Override
        public void reportError(Throwable error) {
            fault = error;
        }
    }

    /** What a bolt emits. */
    private record Emitted(List<List<Object>> tuples) implements IOutputCollector {
        @Override
        public List<Integer> emit(String stream, Collection<Tuple> anchors, List<Object> tuple) {
            tuples.add(tuple);
            return List.of(TASK);
        }

        @Override
        public void emitDirect(int task, String stream, Collection<Tuple> anchors, List<Object> tuple) {
            throw new UnsupportedOperationException("plans are for everybody");
        }

        @Override
        public void ack(Tuple input) {
            // One thread hears one after the other.
        }

        @Override
        public void fail(Tuple input) {
            throw new UnsupportedOperationException("a basic bolt throws");
        }

        @Override
        public void resetTimeout(Tuple input) {
            // There is none.
        }

        @Override
        public void flush() {
            // Nothing is held back.
        }

        @Override
        public void reportError(Throwable error) {
            throw new IllegalStateException(error);
        }
    }
}
