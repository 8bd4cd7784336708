package io.tidemark.commit;

import static io.tidemark.commit.RedisConnection.bytes;

import io.tidemark.plan.Epochs;
import io.tidemark.plan.Plan;
import io.tidemark.plan.Range;
import io.tidemark.stream.Dimension;
import io.tidemark.stream.Shard;
import io.tidemark.stream.StreamConfig;
import io.tidemark.tally.CountKey;
import io.tidemark.tally.RejectedRecord;
import io.tidemark.tally.Tally;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** A tally as the keys and arguments of the commit script; their order is described there. */
final class CommitArguments {
    private static final Duration PER_ARGUMENT = Duration.ofNanos(20_000);

    private final StreamConfig config;
    private final StreamKeys keyNames;
    private final List<byte[]> keys = new ArrayList<>();
    private final List<byte[]> arguments = new ArrayList<>();

    CommitArguments(Shard shard, Tally tally, String writer) {
        this.config = shard.config();
        this.keyNames = new StreamKeys(shard.name());
        Plan plan = tally.plan();
        List<Range> ranges = tally.covers();
        checkOwn(shard, ranges);
        checkOneRangeEach(ranges);
        SortedMap<Integer, List<RejectedRecord>> rejected = tally.rejected();
        Map<CountKey, Map<String, Long>> additions = withoutNothing(tally.additions());
        Map<String, Long> buckets = bucketsOf(additions);
        Map<String, Long> accounts = positive(tally.accounts().byName());
        Map<String, Long> reasons = positive(tally.reasons());
        SortedMap<Integer, Long> asOf = tally.asOf();

        keys.add(bytes(keyNames.main()));
        keys.add(bytes(keyNames.buckets()));
        rejected.keySet().forEach(p -> keys.add(bytes(keyNames.rejectedAt(p))));

        add(StreamKeys.FORMAT, shard.storeId(plan.storeId()), plan.topicId(), plan.fingerprint(), writer, shard.name());
        add(asOf.values().stream().max(Long::compare).map(CommitArguments::time).orElse(""));
        add(RejectedRecord.KEPT);
        add(ranges.size());
        add(rejected.size());
        add(buckets.size());
        add(additions.size() + (accounts.isEmpty() ? 0 : 1) + (reasons.isEmpty() ? 0 : 1));
        addRanges(ranges, tally.epochs(), asOf);
        addRejected(rejected);
        addBuckets(buckets, additions);
        if (!accounts.isEmpty()) {
            addHash(keyNames.accounts(), "", accounts);
        }
        if (!reasons.isEmpty()) {
            addHash(keyNames.rejected(), "", reasons);
        }
        additions.forEach(this::addCounts);
    }

    /**
     * How long to wait for the answer: a commit takes about a millisecond for a thousand additions, and a machine that is
     * busy twenty times that. Giving up too early costs reading and counting the batch again.
     */
    Duration timeout() {
        return RedisConnection.TIMEOUT.plus(PER_ARGUMENT.multipliedBy(arguments.size()));
    }

    List<byte[]> keys() {
        return keys;
    }

    List<byte[]> arguments() {
        return arguments;
    }

    private void addRanges(List<Range> ranges, SortedMap<Integer, Epochs> epochs, SortedMap<Integer, Long> asOf) {
        for (Range range : ranges) {
            Long seen = asOf.get(range.partition());
            add(range.partition());
            add(range.first());
            add(range.end());
            add(epoch(epochs.get(range.partition()).before()));
            add(epoch(epochs.get(range.partition()).end()));
            add(seen == null ? "" : time(seen));
        }
    }

    private void addRejected(SortedMap<Integer, List<RejectedRecord>> rejected) {
        for (List<RejectedRecord> records : rejected.values()) {
            add(records.size());
            for (RejectedRecord each : records) {
                add(each.offset());
                add(each.reason());
            }
        }
    }

    private void addBuckets(Map<String, Long> buckets, Map<CountKey, Map<String, Long>> additions) {
        Map<String, CountKey> byName = new LinkedHashMap<>();
        additions.keySet().stream().filter(k -> !k.isTotal()).forEach(k -> byName.put(nameOf(k), k));
        buckets.forEach((name, end) -> {
            add(name);
            add(end);
            add(goneAt(byName.get(name)));
        });
    }

    private void addCounts(CountKey key, Map<String, Long> categories) {
        Dimension dimension = config.dimension(key.dimension())
                .orElseThrow(() -> new IllegalArgumentException("stream " + config.name() + " has no dimension "
                        + key.dimension() + ": the tally was made with another configuration"));
        if (dimension.ranked()) {
            addGroup("z", keyNames.count(key), goneAt(key), Integer.toString(dimension.cap()), categories);
        } else {
            addHash(keyNames.count(key), goneAt(key), categories);
        }
    }

    private void addHash(String key, String goneAt, Map<String, Long> additions) {
        addGroup("h", key, goneAt, "", additions);
    }

    private void addGroup(String kind, String key, String goneAt, String cap, Map<String, Long> additions) {
        keys.add(bytes(key));
        long sum = 0;
        for (long n : config.isByProgram() ? List.<Long>of() : additions.values()) {
            sum = Math.addExact(sum, n);
        }
        add(kind, goneAt, cap, Long.toString(sum), Integer.toString(additions.size()));
        additions.forEach((member, n) -> {
            add(member);
            add(n);
        });
    }

    /** When the bucket is gone: past this many Unix milliseconds; empty for a total. */
    private String goneAt(CountKey key) {
        if (key.isTotal()) {
            return "";
        }
        Duration retention = config.retention().get(key.size());
        if (retention == null) {
            throw new IllegalArgumentException("stream " + config.name() + " keeps no buckets of size "
                    + key.size().label() + ": the tally was made with another configuration");
        }
        return Long.toString(goneAt(key.end(), retention));
    }

    /** @param end of the bucket in Unix seconds */
    static long goneAt(long end, Duration retention) {
        return end * 1_000 + retention.toMillis();
    }

    private static Map<String, Long> bucketsOf(Map<CountKey, Map<String, Long>> additions) {
        Map<String, Long> buckets = new TreeMap<>();
        additions.keySet().stream().filter(k -> !k.isTotal()).forEach(k -> buckets.put(nameOf(k), k.end()));
        return buckets;
    }

    private static String nameOf(CountKey key) {
        return key.size().label() + ":" + key.size().format(key.start());
    }

    private Map<CountKey, Map<String, Long>> withoutNothing(Map<CountKey, Map<String, Long>> additions) {
        Map<CountKey, Map<String, Long>> some = new LinkedHashMap<>();
        additions.forEach((key, categories) -> {
            Map<String, Long> added = config.isByProgram() ? withoutZeros(categories) : positive(categories);
            if (!added.isEmpty()) {
                some.put(key, added);
            }
        });
        return some;
    }

    /** Sums of a program may fall. What cannot be taken back, since it has no opposite, is not added. */
    private static Map<String, Long> withoutZeros(Map<String, Long> additions) {
        Map<String, Long> some = new LinkedHashMap<>(additions);
        some.values().removeIf(n -> n == 0);
        some.forEach((key, n) -> {
            if (n == Long.MIN_VALUE) {
                throw new IllegalArgumentException("a tally would add " + n + " to " + key + ", beyond a long's range");
            }
        });
        return some;
    }

    private static Map<String, Long> positive(Map<String, Long> additions) {
        boolean all = true;
        for (Map.Entry<String, Long> each : additions.entrySet()) {
            if (each.getValue() < 0) {
                throw new IllegalArgumentException("a tally would take away " + each);
            }
            all &= each.getValue() > 0;
        }
        if (all) {
            return additions;
        }
        Map<String, Long> positive = new LinkedHashMap<>(additions);
        positive.values().removeIf(n -> n == 0);
        return positive;
    }

    private static void checkOwn(Shard shard, List<Range> ranges) {
        for (Range range : ranges) {
            if (!shard.owns(range.partition())) {
                throw new IllegalArgumentException(range + " does not belong to " + shard);
            }
        }
    }

    private void checkOneRangeEach(List<Range> ranges) {
        if (ranges.size() > Plan.MOST_RANGES) {
            throw new IllegalArgumentException(
                    "a commit of " + ranges.size() + " partitions; at most " + Plan.MOST_RANGES + " can be in one");
        }
        for (int i = 1; i < ranges.size(); i++) {
            if (ranges.get(i).partition() == ranges.get(i - 1).partition()) {
                throw new IllegalArgumentException("stream " + config.name() + ": the tally has a hole between "
                        + ranges.get(i - 1) + " and " + ranges.get(i));
            }
        }
    }

    /** Kafka's -1 for "no timestamp" is as good as none. */
    private static String time(long timestamp) {
        return timestamp < 0 ? "" : Long.toString(timestamp);
    }

    private static String epoch(int epoch) {
        return epoch == Epochs.UNTOLD ? "" : Integer.toString(epoch);
    }

    private void add(long number) {
        arguments.add(bytes(Long.toString(number)));
    }

    private void add(String... texts) {
        for (String text : texts) {
            arguments.add(bytes(text));
        }
    }
}
