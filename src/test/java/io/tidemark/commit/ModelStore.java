package io.tidemark.commit;

import io.tidemark.commit.ModelRedis.Kind;
import io.tidemark.commit.ModelRedis.Value;
import io.tidemark.plan.Epochs;
import io.tidemark.plan.Marks;
import io.tidemark.plan.Plan;
import io.tidemark.plan.Range;
import io.tidemark.stream.BucketSize;
import io.tidemark.stream.Dimension;
import io.tidemark.stream.Refusal;
import io.tidemark.stream.RefusedException;
import io.tidemark.stream.Shard;
import io.tidemark.stream.StreamConfig;
import io.tidemark.tally.CountKey;
import io.tidemark.tally.RejectedRecord;
import io.tidemark.tally.Tally;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The store as a plain model in memory: what {@link RedisStore} promises, without Redis. It is written apart from the
 * scripts, so that one contract suite checks both, and it carries simulations. Used by one thread.
 */
public final class ModelStore implements Store {
    private static final long EXACT = 1L << 53;
    private static final Pattern NUMBER = Pattern.compile("0|[1-9]\\d{0,18}");
    private static final Set<String> RESERVED = Set.of("(unknown)", "(other)", "(too long)");

    private final ModelRedis redis;
    private final Shard shard;
    private final StreamConfig config;
    private final String writer;
    private final StreamKeys keys;
    private final ModelHealth health;
    private final ModelNames names;

    /** Of a stream that has one shard. */
    public ModelStore(ModelRedis redis, StreamConfig config, String writer) {
        this(redis, new Shard(config, 0), writer);
    }

    public ModelStore(ModelRedis redis, Shard shard, String writer) {
        this.redis = redis;
        this.shard = shard;
        this.config = shard.config();
        this.writer = writer;
        this.keys = new StreamKeys(shard.name());
        this.health = new ModelHealth(redis, keys);
        this.names = new ModelNames(redis, config);
    }

    @Override
    public Optional<Marks> marks() {
        Value main = redis.keys().get(keys.main());
        if (main == null) {
            refuseUnless(!names.isKeptOtherwise(), "wrong-configuration");
            return Optional.empty();
        }
        return MainHash.marks(shard.name(), main.fields());
    }

    @Override
    public Optional<String> configuration() {
        Value main = redis.keys().get(keys.main());
        return main == null
                ? Optional.empty()
                : Optional.ofNullable(main.fields().get("configuration"));
    }

    @Override
    public Optional<String> startedOverAs() {
        return health.startedOverAs();
    }

    @Override
    public Marks initialise(SortedMap<Integer, Long> start, String topicId, String storeId) {
        refuseUnless(!names.isKeptOtherwise(), "wrong-configuration");
        redis.setField(StreamKeys.STREAMS, shard.name(), "");
        Value main = redis.keys().get(keys.main());
        if (main != null && main.kind() != Kind.HASH) {
            throw refused("foreign-value");
        }
        if (main == null && !health.startedOverAs().orElse(storeId).equals(storeId)) {
            throw new StoreUnavailableException("stream " + config.name() + " of the model was started over", null);
        }
        if (main == null) {
            boolean leftOver = redis.keys().keySet().stream()
                    .anyMatch(k -> k.startsWith(keys.main() + ":") && !k.equals(keys.health()));
            if (leftOver) {
                throw refused("marks-lost");
            }
            SortedMap<String, String> fields = new TreeMap<>(Map.of(
                    "format",
                    StreamKeys.FORMAT,
                    "store",
                    storeId,
                    "topic",
                    config.topic(),
                    "topic-id",
                    topicId,
                    "fingerprint",
                    config.fingerprint(),
                    "configuration",
                    config.text(),
                    "version",
                    "0",
                    "committed-at",
                    Instant.ofEpochMilli(redis.now()).toString(),
                    "writer",
                    writer));
            start.forEach((partition, offset) -> {
                if (shard.owns(partition)) {
                    fields.put("start:" + partition, offset.toString());
                    fields.put("mark:" + partition, offset.toString());
                } else {
                    fields.put("start-elsewhere:" + partition, offset.toString());
                }
            });
            redis.keys().put(keys.main(), new Value(Kind.HASH, fields));
        } else if (StreamKeys.FORMAT.equals(main.fields().get("format"))
                && config.fingerprint().equals(main.fields().get("fingerprint"))) {
            main.fields().put("configuration", config.text());
        }
        return marks().orElseThrow();
    }

    @Override
    public CommitResult commit(Tally tally) {
        Plan plan = tally.plan();
        List<Range> ranges = tally.covers();
        if (!ranges.stream().map(Range::partition).allMatch(shard::owns)) {
            throw new IllegalArgumentException("a range of another shard");
        }
        if (ranges.stream().map(Range::partition).distinct().count() != ranges.size()) {
            throw new IllegalArgumentException("the tally has a hole");
        }
        Value main = checkedMain(plan);
        SortedMap<Integer, Long> stand = standOf(main.fields(), ranges);
        boolean atFirst = ranges.stream().allMatch(r -> stand.get(r.partition()) == r.first());
        if (!atFirst) {
            boolean atEnd = ranges.stream().allMatch(r -> stand.get(r.partition()) == r.end());
            return atEnd ? new CommitResult.AlreadyApplied() : new CommitResult.OutOfStep(stand);
        }
        for (Range range : ranges) {
            String epoch = main.fields().getOrDefault("epoch:" + range.partition(), "");
            int before = tally.epochs().get(range.partition()).before();
            if (!epoch.isEmpty() && number(epoch) != before) {
                return new CommitResult.OtherLog(
                        range.partition(), range.first(), Math.toIntExact(number(epoch)), before);
            }
        }
        SortedMap<String, Value> changed = new TreeMap<>();
        long version = change(changed, main, tally, ranges);
        redis.keys().putAll(changed);
        return new CommitResult.Applied(version);
    }

    @Override
    public int removeGoneBuckets() {
        Value main = redis.keys().get(keys.main());
        Value buckets = redis.keys().get(keys.buckets());
        if (main == null
                || buckets == null
                || !config.fingerprint().equals(main.fields().get("fingerprint"))
                || main.fields().containsKey("frozen")) {
            return 0;
        }
        long clock = number(main.fields().getOrDefault("clock", "0"));
        int removed = 0;
        for (String bucket : List.copyOf(buckets.fields().keySet())) {
            BucketSize size =
                    BucketSize.valueOf(bucket.substring(0, bucket.indexOf(':')).toUpperCase(java.util.Locale.ROOT));
            if (clock > goneAt(number(buckets.fields().get(bucket)), size)) {
                config.dimensions().forEach(d -> redis.keys().remove(keys.bucket(d.name(), bucket)));
                redis.deleteMember(keys.buckets(), bucket);
                removed++;
            }
        }
        return removed;
    }

    @Override
    public void report(Health said) {
        health.report(said);
    }

    @Override
    public void tell(Refusal refusal) {
        health.tell(refusal);
    }

    @Override
    public Optional<Refusal> told() {
        return health.told();
    }

    /** {@inheritDoc} All shards, and those that the stream was kept in before. */
    @Override
    public void reset() {
        names.startOver();
    }

    @Override
    public void close() {
        // keeps nothing open
    }

    private Value checkedMain(Plan plan) {
        if (!plan.fingerprint().equals(config.fingerprint())) {
            throw refused("wrong-configuration");
        }
        Value main = redis.keys().get(keys.main());
        if (main == null) {
            throw refused("not-initialised");
        }
        if (main.kind() != Kind.HASH) {
            throw refused("foreign-value");
        }
        Map<String, String> fields = main.fields();
        refuseUnless(StreamKeys.FORMAT.equals(fields.get("format")), "unknown-format");
        refuseUnless(fields.getOrDefault("frozen", "").isEmpty(), "frozen");
        refuseUnless(shard.storeId(plan.storeId()).equals(fields.get("store")), "wrong-store");
        refuseUnless(plan.topicId().equals(fields.get("topic-id")), "wrong-topic");
        refuseUnless(plan.fingerprint().equals(fields.get("fingerprint")), "wrong-configuration");
        return main;
    }

    private SortedMap<Integer, Long> standOf(Map<String, String> fields, List<Range> ranges) {
        SortedMap<Integer, Long> stand = new TreeMap<>();
        for (Range range : ranges) {
            String mark = fields.get("mark:" + range.partition());
            String start = fields.get("start:" + range.partition());
            refuseUnless((mark == null) == (start == null), "mark-lost");
            stand.put(range.partition(), mark == null ? 0 : number(mark));
        }
        return stand;
    }

    private long change(SortedMap<String, Value> changed, Value main, Tally tally, List<Range> ranges) {
        SortedMap<String, String> fields = writable(changed, keys.main(), Kind.HASH);
        long asOf = Math.max(
                number(fields.getOrDefault("as-of", "0")),
                tally.asOf().values().stream().max(Long::compare).orElse(0L));
        long clock = Math.max(number(fields.getOrDefault("clock", "0")), Math.min(asOf, redis.now()));
        addAccounts(changed, tally);
        tally.reasons().forEach((reason, n) -> add(writable(changed, keys.rejected(), Kind.HASH), reason, n));
        tally.additions().forEach((key, categories) -> addCounts(changed, clock, key, categories));
        tally.rejected().forEach((partition, records) -> addRejected(changed, partition, records));
        for (Range range : ranges) {
            fields.putIfAbsent("start:" + range.partition(), "0");
            fields.put("mark:" + range.partition(), Long.toString(range.end()));
        }
        tally.epochs().forEach((partition, epochs) -> {
            if (epochs.end() == Epochs.UNTOLD) {
                fields.remove("epoch:" + partition);
            } else {
                fields.put("epoch:" + partition, Integer.toString(epochs.end()));
            }
        });
        tally.asOf()
                .forEach((partition, ms) ->
                        fields.merge("as-of:" + partition, ms.toString(), (a, b) -> number(a) > number(b) ? a : b));
        if (asOf > 0) {
            fields.put("as-of", Long.toString(asOf));
        }
        fields.put("clock", Long.toString(clock));
        fields.put("writer", writer);
        fields.put("committed-at", Instant.ofEpochMilli(redis.now()).toString());
        add(fields, "version", 1);
        return number(fields.get("version"));
    }

    private void addAccounts(SortedMap<String, Value> changed, Tally tally) {
        if (tally.accounts().records() == 0) {
            return;
        }
        SortedMap<String, String> accounts = writable(changed, keys.accounts(), Kind.HASH);
        add(accounts, "records", tally.accounts().records());
        add(accounts, "counted", tally.accounts().counted());
        add(accounts, "rejected", tally.accounts().rejected());
        add(accounts, "filtered", tally.accounts().filtered());
        add(accounts, "late", tally.accounts().late());
    }

    private void addCounts(SortedMap<String, Value> changed, long clock, CountKey key, Map<String, Long> categories) {
        Dimension dimension = config.dimension(key.dimension()).orElseThrow();
        Kind kind = dimension.ranked() ? Kind.SORTED_SET : Kind.HASH;
        SortedMap<String, String> counts = writable(changed, keys.count(key), kind);
        if (!key.isTotal() && clock > goneAt(key.end(), key.size())) {
            if (counts.isEmpty()) {
                changed.remove(keys.count(key));
            }
            return;
        }
        if (!key.isTotal()) {
            writable(changed, keys.buckets(), Kind.SORTED_SET)
                    .put(key.size().label() + ":" + key.size().format(key.start()), Long.toString(key.end()));
        }
        if (dimension.ranked()) {
            refuseUnlessExact(counts, categories);
        }
        categories.forEach((category, n) -> {
            String name = dimension.ranked() ? named(counts, category, dimension.cap()) : category;
            add(counts, name, n);
            if (!name.equals(category)) {
                writable(changed, keys.main(), Kind.HASH).put("capped", key.toString());
            }
        });
    }

    private void refuseUnlessExact(SortedMap<String, String> counts, Map<String, Long> categories) {
        long top = counts.values().stream().mapToLong(this::number).max().orElse(0);
        long sum = categories.values().stream().mapToLong(Long::longValue).sum();
        refuseUnless(top + sum <= EXACT, "overflow");
    }

    private static String named(SortedMap<String, String> counts, String category, int cap) {
        long named = counts.keySet().stream().filter(k -> !RESERVED.contains(k)).count();
        return counts.containsKey(category) || RESERVED.contains(category) || named < cap ? category : "(other)";
    }

    private void addRejected(SortedMap<String, Value> changed, int partition, List<RejectedRecord> records) {
        SortedMap<String, String> kept = writable(changed, keys.rejectedAt(partition), Kind.SORTED_SET);
        records.forEach(r -> kept.put(r.offset() + " " + r.reason(), Long.toString(r.offset())));
        List<String> byOffset = new ArrayList<>(kept.keySet());
        byOffset.sort(Comparator.comparingLong(k -> number(kept.get(k))));
        byOffset.subList(0, Math.max(0, byOffset.size() - RejectedRecord.KEPT)).forEach(kept::remove);
    }

    private SortedMap<String, String> writable(SortedMap<String, Value> changed, String key, Kind kind) {
        Value value = changed.computeIfAbsent(
                key, k -> redis.keys().containsKey(k) ? redis.keys().get(k).copy() : new Value(kind, new TreeMap<>()));
        refuseUnless(value.kind() == kind, "foreign-value");
        return value.fields();
    }

    private void add(SortedMap<String, String> counts, String field, long n) {
        if (n == 0) {
            return;
        }
        long before = number(counts.getOrDefault(field, "0"));
        refuseUnless(before <= Long.MAX_VALUE - n, "overflow");
        counts.put(field, Long.toString(before + n));
    }

    private long goneAt(long end, BucketSize size) {
        return CommitArguments.goneAt(end, config.retention().get(size));
    }

    private long number(String text) {
        refuseUnless(NUMBER.matcher(text).matches(), "foreign-value");
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException tooLarge) {
            throw refused("foreign-value");
        }
    }

    private void refuseUnless(boolean fine, String code) {
        if (!fine) {
            throw refused(code);
        }
    }

    private RefusedException refused(String code) {
        return new RefusedException(code, "stream " + config.name() + " of the model");
    }
}
