package io.tidemark.sim;

import io.tidemark.commit.CommitResult;
import io.tidemark.commit.ModelRedis;
import io.tidemark.commit.ModelStore;
import io.tidemark.stream.Shard;
import io.tidemark.stream.StreamConfig;
import io.tidemark.tally.Tally;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** What outlives every process: time, Kafka, Redis, and what is under way to it. */
final class World {
    /** 2026-01-05T10:05:00Z in Unix milliseconds. */
    private static final long BEGIN = 1_767_607_500_000L;

    private final RandomGenerator random;
    private final StreamConfig config;
    private final StreamConfig oldConfig;
    private final ModelRedis redis = new ModelRedis(() -> BEGIN + this.now);
    private final Truth truth;
    private final Map<String, ModelTopic> topics = new HashMap<>();
    private final List<Object> snapshots = new ArrayList<>();
    private final List<Runnable> underWay = new ArrayList<>();
    private final Deque<Runnable> between = new ArrayDeque<>();
    private final Deque<SimStore.Fate> fates = new ArrayDeque<>();
    private final Figures figures;
    private ModelTopic topic;
    private int events;
    private int topologies;
    private long now;
    private long redisAwayUntil;
    private long kafkaAwayUntil;
    private int shortPolls;
    private boolean crawls;
    private boolean faults = true;
    private StringBuilder trace;

    World(RandomGenerator random, int shards, Figures figures, boolean traced) {
        this.random = random;
        this.config = ModelEvent.config(shards);
        this.oldConfig = ModelEvent.oldConfig(shards);
        this.truth = new Truth(this);
        this.figures = figures;
        this.trace = traced ? new StringBuilder() : null;
    }

    RandomGenerator random() {
        return random;
    }

    /** Of the stream. */
    StreamConfig config() {
        return config;
    }

    /** As an older submission had it. */
    StreamConfig oldConfig() {
        return oldConfig;
    }

    Figures figures() {
        return figures;
    }

    Truth truth() {
        return truth;
    }

    ModelRedis redis() {
        return redis;
    }

    int nextNumber() {
        return topologies++;
    }

    // Time

    /** Milliseconds since the schedule began. */
    long now() {
        return now;
    }

    long nanos() {
        return now * 1_000_000;
    }

    /** Unix milliseconds. */
    long time() {
        return BEGIN + now;
    }

    void pass(long millis) {
        now += millis;
    }

    // Kafka

    ModelTopic topic() {
        return topic;
    }

    ModelTopic topic(String id) {
        return topics.get(id);
    }

    /** A topic of the same name in place of the one before. */
    void createTopic(int partitions) {
        topic = new ModelTopic("topic-" + topics.size(), partitions);
        topics.put(topic.id(), topic);
    }

    void produce(int partition, int records) {
        ModelPartition log = topic.partition(partition);
        for (int i = 0; i < records; i++) {
            log.append(ModelEvent.of(partition, events++, time() - random.nextInt(2_000)));
        }
    }

    boolean kafkaIsAway() {
        return now < kafkaAwayUntil;
    }

    void kafkaAwayFor(long millis) {
        kafkaAwayUntil = now + millis;
    }

    void shortPolls(int polls) {
        shortPolls = polls;
    }

    /** From now on brokers give a record at a time: a batch of many cannot be read before its time is over. */
    void crawl() {
        crawls = true;
    }

    boolean crawls() {
        return crawls;
    }

    boolean shortPoll() {
        if (shortPolls > 0) {
            shortPolls--;
            return true;
        }
        return false;
    }

    // Redis

    boolean redisIsAway() {
        return now < redisAwayUntil;
    }

    void redisAwayFor(long millis) {
        redisAwayUntil = now + millis;
    }

    SimStore.Fate fateOfNextCommit() {
        return fates.isEmpty() ? SimStore.Fate.FINE : fates.poll();
    }

    void next(SimStore.Fate fate) {
        fates.add(fate);
    }

    /** A commit that arrives some time, any number of times. */
    void underWay(Runnable commit) {
        underWay.add(commit);
    }

    /** One of what is under way arrives; it may arrive again. */
    void somethingArrives(RandomGenerator chance) {
        if (!underWay.isEmpty()) {
            figures.count("late commits that arrived");
            arrive(underWay.get(chance.nextInt(underWay.size())));
        }
    }

    void nothingIsUnderWay() {
        underWay.clear();
        fates.clear();
    }

    void everythingArrives() {
        underWay.forEach(this::arrive);
    }

    private void arrive(Runnable commit) {
        try {
            commit.run();
        } catch (io.tidemark.stream.RefusedException refused) {
            trace("arrives late: " + refused.refusal().code());
        }
    }

    void committed(Tally tally, CommitResult result) {
        figures.count("commits " + result.getClass().getSimpleName());
        storeChanged(trace == null ? "" : "commit " + tally.covers() + " " + result);
    }

    void storeChanged(String how) {
        truth.check(false);
        if (trace != null) {
            trace(how + " " + truth.marks());
        }
        snapshots.add(redis.snapshot());
    }

    /** Redis comes back with what it once had. */
    void redisComesBackOlder(RandomGenerator chance) {
        if (!snapshots.isEmpty()) {
            int back = chance.nextBoolean() ? 1 + chance.nextInt(3) : chance.nextInt(snapshots.size());
            redis.restore(snapshots.get(Math.max(0, snapshots.size() - 1 - back)));
            truth.check(true);
            trace("redis falls back to " + truth.marks());
        }
    }

    /** One shard comes back with what it once had, the others do not: they are on other nodes. */
    void shardComesBackOlder(RandomGenerator chance) {
        if (!snapshots.isEmpty()) {
            int back = chance.nextBoolean() ? 1 + chance.nextInt(3) : chance.nextInt(snapshots.size());
            String shard = tagOfSome(chance);
            redis.restore(snapshots.get(Math.max(0, snapshots.size() - 1 - back)), shard);
            truth.check(true);
            trace("shard " + shard + " falls back to " + truth.marks());
        }
    }

    void shardLosesEverything(RandomGenerator chance) {
        String shard = tagOfSome(chance);
        redis.contents().keySet().stream().filter(key -> key.contains(shard)).forEach(redis::delete);
        truth.check(true);
        trace("shard " + shard + " is empty");
    }

    private String tagOfSome(RandomGenerator chance) {
        return "{" + new Shard(config, chance.nextInt(config.shards())).name() + "}";
    }

    void redisLosesEverything() {
        List.copyOf(redis.contents().keySet()).forEach(redis::delete);
        truth.check(true);
    }

    /** Somebody starts the stream over, whatever runs. */
    void streamIsReset() {
        ModelStore store = new ModelStore(redis, new Shard(config, 0), "operator");
        store.reset();
        truth.startedOver(store.startedOverAs().orElseThrow());
        snapshots.add(redis.snapshot());
    }

    void redisLosesMarks() {
        redis.contents().keySet().stream().filter(k -> k.endsWith("}")).forEach(redis::delete);
        truth.check(true);
    }

    // Faults

    boolean takesFaults() {
        return faults;
    }

    /** From now on all goes well. */
    void endFaults() {
        faults = false;
        between.clear();
        fates.clear();
        shortPolls = 0;
        kafkaAwayUntil = 0;
        redisAwayUntil = 0;
        for (ModelPartition each : topic.partitions()) {
            if (each.hasOpenTransaction()) {
                each.endTransaction(random.nextBoolean());
            }
        }
    }

    /** Happens while a task waits for an answer from outside. */
    void inTheMidst(Runnable what) {
        between.add(what);
    }

    void between() {
        if (!between.isEmpty() && random.nextInt(3) == 0) {
            between.poll().run();
        }
    }

    void trace(String what) {
        if (trace != null) {
            trace.append("%8d ms  %s%n".formatted(now, what));
        }
    }

    String trace() {
        return trace == null ? "" : trace.toString();
    }
}
