package io.tidemark.sim;

import io.tidemark.plan.Marks;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * One schedule: a seed, the faults that follow from it, and the steps between them. After every step that touched the
 * store the counts are compared with a recount; then the faults end and everything must be counted, or be refused for
 * a reason that is there.
 */
final class Simulation {
    private static final int MOST_FAULTS = 14;
    private static final int MOST_STEPS = 500;
    private static final int MOST_STEPS_TO_DRAIN = 6_000;
    private static final long MOST_MILLIS_TO_DRAIN = 600_000;
    private static final int STEPS_OF_A_REFUSED_STREAM = 400;

    private final RandomGenerator random;
    private final World world;
    private final List<Fault> faults;
    private final int steps;
    private final Figures figures;
    private final List<Topology> others = new ArrayList<>();
    private Topology live;
    private ZooKeeper zooKeeper = new ZooKeeper();
    private ZooKeeper older = new ZooKeeper();
    private boolean quiet;

    private Simulation(long seed, int shards, List<Fault> faults, Figures figures, boolean traced) {
        this.random = new SplittableRandom(seed);
        this.world = new World(random, shards, figures, traced);
        this.faults = faults;
        this.figures = figures;
        this.steps = 60 + random.nextInt(MOST_STEPS);
        world.createTopic(1 + random.nextInt(4));
        live = new Topology(world, world.config(), zooKeeper, Shape.random(random));
    }

    /** The faults that follow from a seed. */
    static List<Fault> faultsOf(long seed, int shards) {
        return faultsOf(seed, Fault.Kind.of(shards));
    }

    /** The faults that follow from a seed when only some kinds happen. */
    static List<Fault> faultsOf(long seed, Set<Fault.Kind> kinds) {
        SplittableRandom random = new SplittableRandom(~seed);
        int weights = 0;
        for (Fault.Kind kind : kinds) {
            weights += kind.weight();
        }
        List<Fault> faults = new ArrayList<>();
        int count = random.nextInt(MOST_FAULTS + 1);
        for (int i = 0; i < count; i++) {
            int drawn = random.nextInt(weights);
            Fault.Kind kind = null;
            for (Fault.Kind each : kinds) {
                if (kind == null && drawn < each.weight()) {
                    kind = each;
                }
                drawn -= each.weight();
            }
            faults.add(new Fault(random.nextInt(MOST_STEPS), kind, random.nextLong()));
        }
        return faults;
    }

    /**
     * Runs a schedule.
     *
     * @return what happened, when it was to be traced; else nothing
     * @throws Mismatch when a promise was broken
     */
    static String run(long seed, int shards, List<Fault> faults, Figures figures, boolean traced) {
        Simulation simulation = new Simulation(seed, shards, faults, figures, traced);
        try {
            simulation.run();
        } catch (Mismatch e) {
            throw traced ? new Mismatch(e.getMessage() + "\n" + simulation.world.trace()) : e;
        }
        return simulation.world.trace();
    }

    private void run() {
        for (int step = 0; step < steps; step++) {
            for (Fault fault : faults) {
                if (fault.step() == step) {
                    world.trace("FAULT " + fault.kind());
                    figures.count("fault " + fault.kind());
                    happen(fault);
                }
            }
            step();
        }
        world.trace("NO MORE FAULTS");
        world.endFaults();
        others.clear();
        end();
        figures.count("schedules");
    }

    private void step() {
        Topology topology =
                others.isEmpty() || random.nextInt(3) > 0 ? live : others.get(random.nextInt(others.size()));
        int drawn = random.nextInt(20);
        if (drawn == 0) {
            produce();
        } else if (drawn == 1) {
            world.somethingArrives(random);
        } else if (drawn < 6 || !topology.deliverOne()) {
            topology.turn();
            if (topology.isIdle()) {
                world.pass(random.nextInt(400));
            }
        }
        world.pass(random.nextInt(8));
        if (random.nextInt(40) == 0) {
            older = zooKeeper.copy();
        }
    }

    private void produce() {
        int partitions = world.topic().partitions().size();
        for (int p = 0; p < partitions; p++) {
            if (random.nextBoolean() && !(quiet && p > 0)) {
                world.produce(p, 1 + random.nextInt(random.nextInt(12) + 1));
            }
        }
    }

    // The end

    private void end() {
        String refusal = DueRefusal.of(world);
        long until = world.now() + MOST_MILLIS_TO_DRAIN;
        for (int i = 0; refusal.isEmpty() && !drained(); i++) {
            boolean late = i == (world.crawls() ? 4 : 1) * MOST_STEPS_TO_DRAIN || world.now() > until;
            if (late && startMayBeGone()) {
                figures.count("schedules refused: records-lost, since Redis was emptied");
                return;
            }
            if (late) {
                throw new Mismatch("not drained after " + i + " steps: marks "
                        + world.truth().marks() + ", ends " + ends() + ", refusal that is told: '"
                        + world.truth().refusalThatIsTold() + "'");
            }
            quietStep();
            refusal = DueRefusal.of(world);
        }
        if (refusal.isEmpty()) {
            figures.count("schedules drained");
        } else {
            refuse(refusal);
        }
        boolean lost = world.truth().marksAreLost();
        if (!lost) {
            world.everythingArrives();
            world.truth().checkAll();
        }
    }

    /**
     * A running stream whose counts are gone begins at its start again, or not at all; where a shard is left, it says
     * what is due.
     */
    private boolean startMayBeGone() {
        String told = world.truth().refusalThatIsTold();
        return world.truth().marks().isEmpty()
                && world.truth().remains().isEmpty()
                && world.topic().partitions().stream().anyMatch(p -> p.first() > 0)
                && told.equals("records-lost");
    }

    private void quietStep() {
        if (!live.deliverOne() || random.nextInt(5) == 0) {
            live.turn();
            if (live.isIdle()) {
                world.pass(100);
            }
        }
        world.pass(2);
    }

    private void refuse(String refusal) {
        Optional<Marks> before = world.truth().marks();
        boolean fits = false;
        String told = "";
        for (int i = 0; i < STEPS_OF_A_REFUSED_STREAM || !fits && i < MOST_STEPS_TO_DRAIN; i++) {
            quietStep();
            if (!DueRefusal.of(world).equals(refusal)) {
                end(); // what had been read before its records went was counted after all
                return;
            }
            told = world.truth().refusalThatIsTold();
            fits = !told.isEmpty() && refusal.contains(told);
        }
        figures.count("schedules refused: " + refusal);
        if (!fits) {
            throw new Mismatch("the stream should be refused as " + refusal + " at " + before + ", ends " + ends()
                    + ", but it tells '" + told + "'");
        }
    }

    private boolean drained() {
        Optional<Marks> marks = world.truth().marks();
        if (marks.isEmpty()) {
            return false;
        }
        for (int p = 0; p < world.topic().partitions().size(); p++) {
            if (marks.get().of(p) != world.topic().partition(p).stableEnd()) {
                return false;
            }
        }
        return true;
    }

    private String ends() {
        List<Long> ends = new ArrayList<>();
        world.topic().partitions().forEach(p -> ends.add(p.stableEnd()));
        return ends.toString();
    }

    // Faults

    private void happen(Fault fault) {
        RandomGenerator chance = new SplittableRandom(fault.seed());
        switch (fault.kind()) {
            case CRASH_OF_A_TASK -> live.crashTask(chance);
            case CRASH_OF_A_WORKER -> live.crashWorker(chance);
            case CRASH_OF_ALL -> replace(live.shape(), false, false, chance);
            case REBALANCE -> replace(Shape.random(chance), false, true, chance);
            case ZOMBIE -> replace(Shape.random(chance), true, false, chance);
            case ZOMBIE_OF_AN_OLD_CONFIGURATION ->
                others.add(new Topology(world, world.oldConfig(), new ZooKeeper(), Shape.random(chance)));
            case SECOND_TOPOLOGY ->
                others.add(new Topology(world, world.config(), new ZooKeeper(), Shape.random(chance)));
            case MESSAGE_LOST,
                    MESSAGE_DELAYED,
                    MESSAGE_DOUBLED,
                    MESSAGES_OF_A_TASK_DOUBLED,
                    MESSAGE_TO_A_ZOMBIE,
                    SUCCESS_LOST -> MessageFaults.disturb(fault.kind(), world, live, others, chance);
            case MESSAGES_MIXED -> MessageFaults.mix(live, chance);
            case BATCH_STATE_EXPIRED -> live.expireBatches(chance);
            case BATCH_TIMED_OUT -> live.timeOutOne();
            case COMMIT_LOST -> world.next(SimStore.Fate.LOST);
            case COMMIT_ANSWER_LOST -> world.next(SimStore.Fate.ANSWER_LOST);
            case COMMIT_LATE -> world.next(SimStore.Fate.LATE);
            case COMMIT_TWICE -> world.next(SimStore.Fate.TWICE);
            case ZOOKEEPER_LOST -> zooKeeper(new ZooKeeper(), chance);
            case ZOOKEEPER_OLDER -> zooKeeper(older, chance);
            case REDIS_OLDER -> now(chance, () -> world.redisComesBackOlder(chance));
            case SHARD_OLDER -> now(chance, () -> world.shardComesBackOlder(chance));
            case SHARD_EMPTY -> now(chance, () -> world.shardLosesEverything(chance));
            case REDIS_EMPTY -> now(chance, world::redisLosesEverything);
            case REDIS_MARKS_LOST -> now(chance, world::redisLosesMarks);
            case STREAM_RESET -> now(chance, world::streamIsReset);
            case REDIS_AWAY -> now(chance, () -> world.redisAwayFor(chance.nextInt(8_000)));
            case KAFKA_AWAY -> now(chance, () -> world.kafkaAwayFor(chance.nextInt(12_000)));
            case KAFKA_CRAWLS -> {
                world.crawl();
                replace(live.shape().alone(), false, false, chance);
            }
            case KAFKA_SLOW -> world.shortPolls(1 + chance.nextInt(60));
            default -> log(fault.kind(), chance);
        }
    }

    private void log(Fault.Kind kind, RandomGenerator chance) {
        int p = chance.nextInt(world.topic().partitions().size());
        switch (kind) {
            case TRANSACTION -> transaction(p, chance);
            case PARTITION_ADDED -> now(chance, world.topic()::add);
            case RETENTION ->
                now(
                        chance,
                        () -> retain(p, world.truth().marks().map(m -> m.of(p)).orElse(0L)));
            case RETENTION_TOO_SHORT ->
                now(chance, () -> retain(p, world.topic().partition(p).stableEnd()));
            case LEADER_CHANGED ->
                now(chance, () -> {
                    if (p < world.topic().partitions().size()) {
                        world.topic().partition(p).newLeader();
                    }
                });
            case LOG_TRUNCATED -> now(chance, () -> truncate(chance));
            case TOPIC_CREATED_ANEW -> now(chance, () -> createAnew(chance));
            case QUIET_PARTITIONS -> quiet = !quiet;
            default -> world.pass(chance.nextInt(40_000));
        }
    }

    /** At once, or while a task waits for Redis or Kafka. */
    private void now(RandomGenerator chance, Runnable what) {
        if (chance.nextBoolean()) {
            what.run();
        } else {
            world.inTheMidst(what);
        }
    }

    /**
     * All tasks begin anew.
     *
     * @param goesOn whether the old ones do not end
     * @param delivers what was on its way arrives
     */
    private void replace(Shape shape, boolean goesOn, boolean delivers, RandomGenerator chance) {
        Topology before = live;
        live = new Topology(world, world.config(), zooKeeper, world.crawls() ? shape.alone() : shape);
        if (goesOn) {
            others.add(before);
        } else if (delivers || chance.nextBoolean()) {
            int lost = chance.nextInt(4);
            for (Message message : List.copyOf(before.messages())) {
                if (chance.nextInt(3) >= lost && message.to().part().compareTo(Message.Part.COORDINATOR) > 0) {
                    live.deliver(message.again());
                }
            }
        }
    }

    private void zooKeeper(ZooKeeper now, RandomGenerator chance) {
        zooKeeper.set(now);
        if (chance.nextBoolean()) {
            replace(live.shape(), chance.nextInt(3) == 0, false, chance);
        }
    }

    private void transaction(int p, RandomGenerator chance) {
        ModelPartition log = world.topic().partition(p);
        if (log.hasOpenTransaction()) {
            log.endTransaction(chance.nextBoolean());
            return;
        }
        log.beginTransaction();
        world.produce(p, chance.nextInt(6));
        if (chance.nextInt(3) > 0) {
            log.endTransaction(chance.nextBoolean());
        }
    }

    private void retain(int p, long from) {
        if (p < world.topic().partitions().size()) {
            world.topic().partition(p).deleteBefore(from);
        }
    }

    private void truncate(RandomGenerator chance) {
        int p = chance.nextInt(world.topic().partitions().size());
        ModelPartition log = world.topic().partition(p);
        long mark = world.truth().marks().map(m -> m.of(p)).orElse(0L);
        long wanted = List.of(log.first(), mark, log.read()).get(chance.nextInt(3));
        long from = Math.min(Math.max(wanted, log.first()), log.end());
        long end = log.end();
        long offset = from + chance.nextInt((int) (end - from) + 1);
        world.trace("log " + p + " truncated at " + offset + " of " + end);
        log.truncate(offset);
        // Often it has grown beyond where it was before anybody looks.
        world.produce(p, (chance.nextBoolean() ? (int) (end - offset) : 0) + chance.nextInt(8));
    }

    private void createAnew(RandomGenerator chance) {
        world.createTopic(Math.max(1, world.topic().partitions().size() - chance.nextInt(2)));
        for (int p = 0; p < world.topic().partitions().size(); p++) {
            world.produce(p, chance.nextInt(40));
        }
    }
}
