package io.tidemark.commit;

import static io.tidemark.commit.RedisConnection.bytes;
import static io.tidemark.commit.RedisConnection.text;

import io.tidemark.plan.Epochs;
import io.tidemark.plan.Marks;
import io.tidemark.stream.BucketSize;
import io.tidemark.stream.Dimension;
import io.tidemark.stream.Refusal;
import io.tidemark.stream.RefusedException;
import io.tidemark.stream.Shard;
import io.tidemark.stream.StreamConfig;
import io.tidemark.tally.Tally;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.params.ZRangeParams;

/** The store of one shard in Redis, or on a node of a Redis Cluster: each step is one script on one node. May be used by several threads. */
public final class RedisStore implements Store {
    private static final Logger LOG = LoggerFactory.getLogger(RedisStore.class);

    /** Buckets removed by one call, so that no call holds others up for long. */
    private static final int MOST_REMOVED = 200;

    /** A coordinator that has not reported for so long is taken to be dead. */
    static final Duration WRITER_ALIVE = Duration.ofSeconds(10);

    /** What a task was refused holds for so long: a batch that is refused again says so again. */
    static final Duration TOLD_HOLDS = Duration.ofSeconds(15);

    private final Shard shard;
    private final StreamConfig config;
    private final String writer;
    private final StreamKeys keys;
    private final RedisConnection redis;
    private final ShardNames names;
    private final Scripts scripts;
    private final ScriptRefusals refusals;
    private final MemoryPolicy policy;

    /**
     * The store of a stream, whatever number of shards it has. Connects when it is first used.
     *
     * @param writer who writes: host, process and a random part; shown in status
     */
    public static Store open(RedisAddress address, StreamConfig config, String writer) {
        if (config.shards() == 1) {
            return new RedisStore(address, config, writer);
        }
        RedisConnection redis = new RedisConnection(address);
        return new ShardedStore(
                config,
                Shard.of(config).stream()
                        .map(shard -> new RedisStore(redis, shard, writer, Scripts.bundled()))
                        .toList());
    }

    /**
     * The store of a stream that has one shard. Connects when it is first used.
     *
     * @param writer who writes: host, process and a random part; shown in status
     * @throws IllegalArgumentException when it has more
     */
    public RedisStore(RedisAddress address, StreamConfig config, String writer) {
        this(address, config, writer, Scripts.bundled());
    }

    RedisStore(RedisAddress address, StreamConfig config, String writer, Scripts scripts) {
        this(new RedisConnection(address), onlyShardOf(config), writer, scripts);
    }

    /** @param redis closed with this one */
    RedisStore(RedisConnection redis, Shard shard, String writer, Scripts scripts) {
        this.shard = shard;
        this.config = shard.config();
        this.writer = Objects.requireNonNull(writer, "writer");
        this.keys = new StreamKeys(shard.name());
        this.redis = redis;
        this.names = new ShardNames(redis);
        this.scripts = scripts;
        this.refusals = new ScriptRefusals(config);
        this.policy = new MemoryPolicy(redis, config.name(), keys.main());
    }

    private static Shard onlyShardOf(StreamConfig config) {
        if (config.shards() != 1) {
            throw new IllegalArgumentException(
                    "stream " + config.name() + " has " + config.shards() + " shards, each with a store of its own");
        }
        return new Shard(config, 0);
    }

    /**
     * {@inheritDoc}
     *
     * @throws RefusedException {@code eviction} too: looked at every few seconds, since the setting can be changed while
     *     Redis runs; of a cluster, where this shard's keys are
     * @throws StoreUnavailableException also where Redis has become a replica
     */
    @Override
    public Optional<Marks> marks() {
        policy.checkNowAndThen();
        Object reply = redis.eval(scripts.marks(), List.of(bytes(keys.main())), List.of());
        Optional<Marks> marks = MainHash.marks(shard.name(), fieldsOf(reply));
        if (marks.isEmpty()) {
            names.checkNoOthers(config);
        }
        return marks;
    }

    @Override
    public Marks initialise(SortedMap<Integer, Long> start, String topicId, String storeId) {
        checkServer();
        names.claim(shard);
        List<byte[]> wouldHold = new ArrayList<>();
        List.of(keys.main(), keys.health(), keys.accounts(), keys.rejected(), keys.buckets())
                .forEach(k -> wouldHold.add(bytes(k)));
        config.dimensions().stream()
                .filter(Dimension::total)
                .forEach(d -> wouldHold.add(bytes(keys.main() + ":total:" + d.name())));
        leftOver().forEach(k -> wouldHold.add(bytes(k)));
        List<byte[]> arguments = new ArrayList<>();
        List.of(StreamKeys.FORMAT, storeId, config.topic(), topicId, config.fingerprint(), config.text(), writer)
                .forEach(a -> arguments.add(bytes(a)));
        SortedMap<Integer, Long> own = shard.own(start);
        arguments.add(bytes(Integer.toString(own.size())));
        SortedMap<Integer, Long> others = new TreeMap<>(start);
        others.keySet().removeAll(own.keySet());
        for (SortedMap<Integer, Long> some : List.of(own, others)) {
            some.forEach((partition, offset) -> {
                arguments.add(bytes(partition.toString()));
                arguments.add(bytes(offset.toString()));
            });
        }
        List<?> reply = (List<?>) redis.eval(scripts.initialise(), wouldHold, arguments);
        switch (text(reply.get(0))) {
            case "refused" -> throw refusals.of(reply);
            case "started-over" ->
                throw new StoreUnavailableException(
                        "stream " + config.name() + " was started over just now; planning begins anew", null);
            default -> LOG.debug("stream {}: {}", config.name(), text(reply.get(0)));
        }
        return marks().orElseThrow(() -> new StoreUnavailableException(
                "stream " + config.name() + " was initialised and is gone again; somebody empties Redis", null));
    }

    @Override
    public Optional<String> startedOverAs() {
        return "hash".equals(redis.call(client -> client.type(keys.health())))
                ? Optional.ofNullable(redis.call(client -> client.hget(keys.health(), "started-over-as")))
                : Optional.empty();
    }

    @Override
    public CommitResult commit(Tally tally) {
        if (tally.isNothing()) {
            throw new IllegalArgumentException("a commit of nothing");
        }
        String counted = tally.plan().fingerprint();
        if (!counted.equals(config.fingerprint())) {
            throw refusals.otherConfiguration(counted);
        }
        CommitArguments commit = new CommitArguments(shard, tally, writer);
        List<?> reply = (List<?>) redis.eval(scripts.commit(), commit.keys(), commit.arguments(), commit.timeout());
        String result = text(reply.get(0));
        return switch (result) {
            case "applied" -> new CommitResult.Applied(Long.parseLong(text(reply.get(1))));
            case "already-applied" -> new CommitResult.AlreadyApplied();
            case "out-of-step" -> new CommitResult.OutOfStep(marksOf(reply));
            case "other-log" ->
                new CommitResult.OtherLog(
                        Integer.parseInt(text(reply.get(1))),
                        Long.parseLong(text(reply.get(2))),
                        Integer.parseInt(text(reply.get(3))),
                        text(reply.get(4)).isEmpty() ? Epochs.UNTOLD : Integer.parseInt(text(reply.get(4))));
            case "failed" -> throw redis.errorOf(text(reply.get(1)), text(reply.get(2)));
            default -> throw refusals.of(reply);
        };
    }

    @Override
    public int removeGoneBuckets() {
        List<String> gone = goneBuckets();
        int removed = 0;
        for (String bucket : gone) {
            BucketSize size = sizeOf(bucket);
            List<byte[]> names = new ArrayList<>();
            names.add(bytes(keys.main()));
            names.add(bytes(keys.buckets()));
            config.dimensions().stream()
                    .filter(d -> d.buckets().contains(size))
                    .forEach(d -> names.add(bytes(keys.bucket(d.name(), bucket))));
            Double end = redis.call(client -> client.zscore(keys.buckets(), bucket));
            if (end == null) {
                continue;
            }
            long goneAt =
                    CommitArguments.goneAt(end.longValue(), config.retention().get(size));
            List<byte[]> arguments = List.of(
                    bytes(StreamKeys.FORMAT), bytes(config.fingerprint()), bytes(bucket), bytes(Long.toString(goneAt)));
            removed += ((Long) redis.eval(scripts.remove(), names, arguments)).intValue();
        }
        return removed;
    }

    @Override
    public void report(Health health) {
        Refusal refusal = health.refusal();
        boolean isOfAnother = refusal != null && refusal.code().equals(ScriptRefusals.WRONG_CONFIGURATION);
        Set<String> elsewhere = isOfAnother ? names.ofAnotherNumber(config) : Set.of();
        if (elsewhere.isEmpty()) {
            report(health, healthKeys());
            return;
        }
        // Readers ask where the counts are, and not where this configuration would keep them.
        Health refused = new Health(health.writer(), new TreeMap<>(), new TreeMap<>(), refusal);
        elsewhere.forEach(name -> report(refused, healthKeys(new StreamKeys(name))));
    }

    private void report(Health health, List<byte[]> healthKeys) {
        List<byte[]> arguments = new ArrayList<>();
        boolean refused = health.refusal() != null;
        List.of(
                        health.writer(),
                        Json.ofOffsets(health.firstOffsets()),
                        Json.ofOffsets(health.endOffsets()),
                        refused ? health.refusal().code() : "",
                        refused ? health.refusal().message() : "",
                        Long.toString(WRITER_ALIVE.toMillis()),
                        Json.ofOffsets(health.open()),
                        health.endOffsets().isEmpty() ? "" : health.brokerTimes() ? "LogAppendTime" : "CreateTime")
                .forEach(a -> arguments.add(bytes(a)));
        health.endOffsets().forEach((partition, end) -> {
            arguments.add(bytes(partition.toString()));
            arguments.add(bytes(health.open().getOrDefault(partition, end).toString()));
        });
        redis.eval(scripts.report(), healthKeys, arguments);
    }

    @Override
    public void tell(Refusal refusal) {
        redis.eval(scripts.tell(), healthKeys(), List.of(bytes(refusal.code()), bytes(refusal.message())));
    }

    @Override
    public Optional<Refusal> told() {
        List<byte[]> arguments = List.of(bytes(Long.toString(TOLD_HOLDS.toMillis())));
        List<?> reply = (List<?>) redis.eval(scripts.told(), healthKeys(), arguments);
        return reply.isEmpty() ? Optional.empty() : Optional.of(new Refusal(text(reply.get(0)), text(reply.get(1))));
    }

    private List<byte[]> healthKeys() {
        return healthKeys(keys);
    }

    private static List<byte[]> healthKeys(StreamKeys keys) {
        return List.of(bytes(keys.health()), bytes(keys.main()));
    }

    @Override
    public void reset() {
        new StartingOver(redis, config.name(), scripts).startOver();
    }

    @Override
    public Optional<String> configuration() {
        return Optional.ofNullable(redis.call(client -> client.hget(keys.main(), "configuration")));
    }

    /**
     * Asks Redis whether it may delete keys by itself; of a cluster, each master that answers. Where the user may not ask, a
     * warning is logged once.
     *
     * @throws RefusedException {@code eviction} when it may
     */
    public void checkServer() {
        policy.checkAll();
    }

    @Override
    public void close() {
        redis.close();
    }

    /** Some of the keys that a stream of this name has left, also buckets that only a search can find. */
    private List<String> leftOver() {
        List<String> left = new ArrayList<>();
        new OtherKeys(redis, keys).scan(names -> {
            names.stream().filter(k -> !k.equals(keys.health())).forEach(left::add);
            return left.isEmpty();
        });
        return left;
    }

    private List<String> goneBuckets() {
        String clock = redis.call(client -> client.hget(keys.main(), "clock"));
        Optional<Duration> shortest = config.retention().values().stream().min(Duration::compareTo);
        if (clock == null || shortest.isEmpty()) {
            return List.of();
        }
        long now = Long.parseLong(clock);
        double before = Math.floorDiv(now, 1_000L) - shortest.get().toSeconds();
        return redis
                .call(client -> client.zrangeWithScores(
                        keys.buckets(), ZRangeParams.zrangeByScoreParams(Double.NEGATIVE_INFINITY, before)))
                .stream()
                .filter(b -> sizeOf(b.getElement()) != null)
                .filter(b -> config.retention().containsKey(sizeOf(b.getElement())))
                .filter(b -> now
                        > CommitArguments.goneAt(
                                (long) b.getScore(), config.retention().get(sizeOf(b.getElement()))))
                .map(b -> b.getElement())
                .limit(MOST_REMOVED)
                .toList();
    }

    /** Null when it is no bucket of ours. */
    private static BucketSize sizeOf(String bucket) {
        for (BucketSize size : BucketSize.values()) {
            if (bucket.startsWith(size.label() + ":")) {
                return size;
            }
        }
        return null;
    }

    private static SortedMap<Integer, Long> marksOf(List<?> reply) {
        SortedMap<Integer, Long> marks = new TreeMap<>();
        for (int i = 1; i < reply.size(); i += 2) {
            marks.put(Integer.valueOf(text(reply.get(i))), Long.valueOf(text(reply.get(i + 1))));
        }
        return marks;
    }

    private static Map<String, String> fieldsOf(Object reply) {
        List<?> list = (List<?>) reply;
        Map<String, String> fields = new TreeMap<>();
        for (int i = 0; i < list.size(); i += 2) {
            fields.put(text(list.get(i)), text(list.get(i + 1)));
        }
        return fields;
    }
}
