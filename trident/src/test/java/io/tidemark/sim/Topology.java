package io.tidemark.sim;

import io.tidemark.commit.RedisAddress;
import io.tidemark.commit.Store;
import io.tidemark.plan.EventLog;
import io.tidemark.sim.Message.Address;
import io.tidemark.sim.Message.Kind;
import io.tidemark.sim.Message.Part;
import io.tidemark.stream.StreamConfig;
import io.tidemark.trident.Parts;
import io.tidemark.trident.TopologySettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.apache.storm.topology.FailedException;
import org.apache.storm.trident.topology.TransactionAttempt;

/** One topology as it runs: its tasks, the workers that they are in, and the messages between them. */
final class Topology {
    private static final Address MASTER = new Address(Part.MASTER, 0);
    private static final Address COORDINATOR = new Address(Part.COORDINATOR, 0);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final long LOOK_MILLIS = 1_000;
    private static final long LOOK_WHEN_AWAY_MILLIS = 250;

    private final World world;
    private final int number;
    private final StreamConfig config;
    private final ZooKeeper zooKeeper;
    private final Shape shape;
    private final TopologySettings settings;
    private final List<Message> messages = new ArrayList<>();
    private final List<Tree> trees = new ArrayList<>();
    private final Parts[] workers;
    private final BatchExecutor[] emitters;
    private final BatchExecutor[] counters;
    private final BatchExecutor[] states;
    private Master master;
    private Parts.Watching watching;
    private long lookAt;
    private Parts.Coordinating coordinating;
    private TreeMap<Long, Object> plans;

    Topology(World world, StreamConfig config, ZooKeeper zooKeeper, Shape shape) {
        this.world = world;
        this.number = world.nextNumber();
        this.config = config;
        this.zooKeeper = zooKeeper;
        this.shape = shape;
        this.settings = new TopologySettings(
                Map.of("bootstrap.servers", "model:1"),
                new RedisAddress("redis://model:1", null),
                shape.pending(),
                Duration.ofMillis(5),
                TIMEOUT,
                shape.batchRecords(),
                shape.chunkRecords(),
                shape.emitters(),
                shape.counters(),
                TopologySettings.NO_GROUP);
        workers = new Parts[shape.workers()];
        emitters = new BatchExecutor[shape.emitters()];
        counters = new BatchExecutor[shape.counters()];
        states = new BatchExecutor[shape.states()];
        for (int worker = 0; worker < workers.length; worker++) {
            startWorker(worker);
        }
    }

    // Tasks begin

    private int workerOf(Address task) {
        return (task.part().ordinal() + task.index()) % workers.length;
    }

    private List<Address> tasks() {
        List<Address> tasks = new ArrayList<>(List.of(MASTER, COORDINATOR));
        for (int i = 0; i < emitters.length; i++) {
            tasks.add(new Address(Part.EMITTER, i));
        }
        for (int i = 0; i < counters.length; i++) {
            tasks.add(new Address(Part.COUNTER, i));
        }
        for (int i = 0; i < states.length; i++) {
            tasks.add(new Address(Part.STATE, i));
        }
        return tasks;
    }

    private void startWorker(int worker) {
        workers[worker] = new Parts(config, world::nanos);
        if (worker != workerOf(MASTER)) {
            workers[worker].tellThrough(() -> store("task"));
        }
        for (Address task : tasks()) {
            if (workerOf(task) == worker) {
                startTask(task);
            }
        }
    }

    private void startTask(Address task) {
        Parts parts = workers[workerOf(task)];
        int i = task.index();
        switch (task.part()) {
            case MASTER -> {
                trees.clear();
                master = new Master(zooKeeper, shape.pending(), new MasterOutside(parts));
                watching = parts.watch(store("watcher"), log(), log());
                lookAt = world.now();
            }
            case COORDINATOR -> {
                coordinating = parts.coordinator(new Opened(), shape.batchRecords(), world.random());
                plans = zooKeeper.plans();
            }
            case EMITTER ->
                emitters[i] = new BatchExecutor(
                        Bolts.emitter(parts.emitter(log(), settings, i, emitters.length), counters.length, world),
                        new TaskOutside(task, Part.COUNTER, counters.length),
                        0,
                        false,
                        world::now,
                        TIMEOUT.toMillis());
            case COUNTER ->
                counters[i] = new BatchExecutor(
                        Bolts.counter(config, states.length, world),
                        new TaskOutside(task, Part.STATE, states.length),
                        emitters.length,
                        false,
                        world::now,
                        TIMEOUT.toMillis());
            default ->
                states[i] = new BatchExecutor(
                        Bolts.state(config, parts.state(store("state"))),
                        new TaskOutside(task, Part.STATE, 0),
                        counters.length,
                        true,
                        world::now,
                        TIMEOUT.toMillis());
        }
    }

    private Store store(String writer) {
        return SimStore.open(world, config, writer);
    }

    private EventLog log() {
        return Parts.log(config, new TopicInWorld(world), () -> ModelConsumer.on(world), world::nanos);
    }

    private final class Opened implements Parts.Opening {
        @Override
        public Store store() {
            return Topology.this.store("coordinator");
        }

        @Override
        public EventLog log() {
            return Topology.this.log();
        }
    }

    // Tasks end

    /** A task dies and begins again; what it was sent is lost. */
    void crashTask(RandomGenerator chance) {
        List<Address> tasks = tasks();
        Address task = tasks.get(chance.nextInt(tasks.size()));
        messages.removeIf(m -> m.to().equals(task));
        startTask(task);
    }

    /** A worker dies and begins again; what it was sent, and part of what it has sent, is lost. */
    void crashWorker(RandomGenerator chance) {
        int worker = chance.nextInt(workers.length);
        messages.removeIf(m -> workerOf(m.to()) == worker || workerOf(m.from()) == worker && chance.nextBoolean());
        startWorker(worker);
    }

    void expireBatches(RandomGenerator chance) {
        List<BatchExecutor> all = new ArrayList<>(List.of(counters));
        all.addAll(List.of(states));
        all.get(chance.nextInt(all.size())).expire();
    }

    /** What is still on its way when it ends, to be delivered to another. */
    List<Message> messages() {
        return messages;
    }

    ZooKeeper zooKeeper() {
        return zooKeeper;
    }

    Shape shape() {
        return shape;
    }

    // Steps

    boolean isIdle() {
        return messages.isEmpty();
    }

    /** The master's turn, and the watcher's beside it. */
    void turn() {
        if (world.now() >= lookAt) {
            lookAt = world.now() + (watching.look() ? LOOK_MILLIS : LOOK_WHEN_AWAY_MILLIS);
        } else if (workers[workerOf(MASTER)].atRest()) {
            watching.await();
        }
        timeOut();
        master.sync();
    }

    private void timeOut() {
        long oldest = world.now() - TIMEOUT.toMillis();
        for (Tree tree : List.copyOf(trees)) {
            if (tree.since() < oldest && tree.hear()) {
                master.failed(tree.attempt());
            }
        }
        trees.removeIf(Tree::isHeard);
    }

    /** The oldest attempt takes too long. */
    void timeOutOne() {
        trees.removeIf(Tree::isHeard);
        if (!trees.isEmpty() && trees.get(0).hear()) {
            master.failed(trees.get(0).attempt());
        }
    }

    /** Delivers a message, of each channel the first. @return whether there was one */
    boolean deliverOne() {
        if (messages.isEmpty()) {
            return false;
        }
        int begin = world.takesFaults() ? world.random().nextInt(messages.size()) : 0;
        for (int i = 0; i < messages.size(); i++) {
            Message message = messages.get((begin + i) % messages.size());
            Message first = message.isLoose() ? message : firstLike(message);
            if (!first.isLoose() || first.notBefore() <= world.now()) {
                messages.remove(first);
                deliver(first);
                return true;
            }
        }
        return false;
    }

    private Message firstLike(Message message) {
        for (Message each : messages) {
            if (!each.isLoose()
                    && each.from().equals(message.from())
                    && each.to().equals(message.to())) {
                return each;
            }
        }
        throw new IllegalStateException("not on its way: " + message);
    }

    void deliver(Message message) {
        world.trace(this + " " + message);
        switch (message.to().part()) {
            case MASTER -> {
                if (!((Tree) message.value()).hear()) {
                    return;
                }
                if (message.kind() == Kind.ACKED) {
                    master.acked(message.attempt());
                } else {
                    master.failed(message.attempt());
                }
            }
            case COORDINATOR -> coordinate(message);
            case EMITTER -> emitters[message.to().index() % emitters.length].receive(message);
            case COUNTER -> counters[message.to().index() % counters.length].receive(message);
            default -> states[message.to().index() % states.length].receive(message);
        }
    }

    private void send(Message message) {
        if (message.tree() != null) {
            message.tree().sent();
        }
        messages.add(message);
    }

    // Trident's TridentSpoutCoordinator and RotatingTransactionalState

    private void coordinate(Message message) {
        long transaction = message.attempt().getTransactionId();
        if (message.kind() == Kind.SUCCESS) {
            for (Long before : List.copyOf(plans.headMap(transaction).keySet())) {
                plans.remove(before);
                zooKeeper.deletePlan(before);
            }
            coordinating.succeeded(transaction);
            return;
        }
        try {
            Map.Entry<Long, Object> before = plans.lowerEntry(transaction);
            Object plan =
                    coordinating.plan(transaction, before == null ? null : before.getValue(), plans.get(transaction));
            zooKeeper.setPlan(transaction, plan);
            plans.put(transaction, plan);
            world.trace("plan " + message.attempt() + " " + plan);
            for (int i = 0; i < emitters.length; i++) {
                send(new Message(
                        Kind.BATCH,
                        COORDINATOR,
                        new Address(Part.EMITTER, i),
                        message.attempt(),
                        plan,
                        message.tree()));
            }
            if (message.tree() != null) {
                message.tree().acked();
            }
        } catch (FailedException e) {
            world.trace("no plan " + message.attempt() + " " + e.getCause());
            if (message.tree() != null) {
                message.tree().failed();
            }
        }
    }

    private final class MasterOutside implements Master.Outside {
        private final Parts parts;

        private MasterOutside(Parts parts) {
            this.parts = parts;
        }

        @Override
        public boolean ready(long transaction) {
            return parts.ready(transaction);
        }

        @Override
        public void batch(TransactionAttempt attempt) {
            send(new Message(Kind.BATCH, MASTER, COORDINATOR, attempt, null, tree(attempt)));
        }

        @Override
        public void commit(TransactionAttempt attempt) {
            Tree tree = tree(attempt);
            for (int i = 0; i < states.length; i++) {
                send(new Message(Kind.COMMIT, MASTER, new Address(Part.STATE, i), attempt, null, tree));
            }
        }

        @Override
        public void success(TransactionAttempt attempt) {
            world.figures().count("batches");
            send(new Message(Kind.SUCCESS, MASTER, COORDINATOR, attempt, null, null));
        }

        private Tree tree(TransactionAttempt attempt) {
            Master asked = master;
            Tree tree = new Tree(attempt, world.now(), (ended, well) -> {
                if (asked == master) {
                    send(new Message(well ? Kind.ACKED : Kind.FAILED, COORDINATOR, MASTER, attempt, ended, null));
                }
            });
            trees.add(tree);
            return tree;
        }
    }

    private final class TaskOutside implements BatchExecutor.Outside {
        private final Address from;
        private final Part next;
        private final int tasks;

        private TaskOutside(Address from, Part next, int tasks) {
            this.from = from;
            this.next = next;
            this.tasks = tasks;
        }

        @Override
        public void tuple(TransactionAttempt attempt, Object value, Address to) {
            send(new Message(Kind.TUPLE, from, to, attempt, value, null));
        }

        @Override
        public void counts(TransactionAttempt attempt, Map<Address, Integer> sent, Tree tree) {
            for (int i = 0; i < tasks; i++) {
                Address to = new Address(next, i);
                send(new Message(Kind.COUNT, from, to, attempt, sent.getOrDefault(to, 0), tree));
            }
        }
    }

    @Override
    public String toString() {
        return "topology " + number;
    }
}
