package io.tidemark.sim;

import io.tidemark.commit.JoinedMarks;
import io.tidemark.commit.MainHash;
import io.tidemark.commit.StreamKeys;
import io.tidemark.cut.InconsistentException;
import io.tidemark.cut.ModelCut;
import io.tidemark.cut.NotInitialisedException;
import io.tidemark.cut.Reading;
import io.tidemark.plan.Marks;
import io.tidemark.stream.BucketSize;
import io.tidemark.stream.RefusedException;
import io.tidemark.stream.Shard;
import io.tidemark.stream.StreamConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The judge: reads a cut as every reader does, and compares it with a recount of the log at the cut's offsets. Where
 * records were lost after they had been counted, the log that they stood in counts too, but no mixture of the two.
 */
final class Truth {
    /** What is wrong in a bucket stays wrong; so buckets need not be looked at after each commit. */
    private static final int BUCKETS_EVERY = 4;

    private final World world;
    private SortedMap<Integer, Long> last = new TreeMap<>();
    private String startedOverAs;
    private Optional<Marks> marks = Optional.empty();
    private Optional<Marks> remains = Optional.empty();
    private boolean disagree;
    private int compared;

    Truth(World world) {
        this.world = world;
    }

    /** The marks; empty when there are none that are whole. */
    Optional<Marks> marks() {
        return marks;
    }

    /** Marks of those shards that are there, where others are not; these stand at their starts. */
    Optional<Marks> remains() {
        return remains;
    }

    /** Whether shards hold counts of different topics or configurations. */
    boolean shardsDisagree() {
        return disagree;
    }

    private List<Shard> shards() {
        return Shard.of(world.config());
    }

    private static StreamKeys keys(Shard shard) {
        return new StreamKeys(shard.name());
    }

    private void read() {
        marks = Optional.empty();
        remains = Optional.empty();
        disagree = false;
        List<Shard> there = new ArrayList<>();
        List<Marks> found = new ArrayList<>();
        try {
            for (Shard shard : shards()) {
                MainHash.marks(shard.name(), of(keys(shard).main())).ifPresent(each -> {
                    there.add(shard);
                    found.add(each);
                });
            }
            Optional<Marks> joined = found.isEmpty() ? Optional.empty() : Optional.of(JoinedMarks.of(there, found));
            if (found.size() == shards().size()) {
                marks = joined;
            } else {
                remains = joined.map(Truth::atStarts);
            }
        } catch (RefusedException e) {
            disagree = e.refusal().code().equals("shards-disagree");
        }
        if (disagree != (isDifferent("topic-id") || isDifferent("fingerprint"))) {
            throw new Mismatch("shards " + (disagree ? "" : "do not ") + "disagree, with topic id " + field("topic-id")
                    + " and configuration " + field("fingerprint") + " in the first");
        }
    }

    /** Judged by the fields themselves, so that nothing else may ever be refused as a disagreement. */
    private boolean isDifferent(String name) {
        return values(name).distinct().count() > 1;
    }

    private static Marks atStarts(Marks there) {
        SortedMap<Integer, Long> next = new TreeMap<>(there.start());
        next.putAll(there.next());
        return new Marks(
                there.storeId(),
                there.topicId(),
                there.fingerprint(),
                there.start(),
                next,
                there.leaderEpochs(),
                there.frozen(),
                there.version());
    }

    /** Whether a key with marks went alone, so that readers must answer an error. */
    boolean marksAreLost() {
        return shards().stream()
                .map(Truth::keys)
                .anyMatch(keys ->
                        of(keys.main()).isEmpty() && !of(keys.accounts()).isEmpty());
    }

    String refusalThatIsTold() {
        return shards().stream()
                .map(shard -> of(keys(shard).health()).getOrDefault("refusal-code", ""))
                .filter(code -> !code.isEmpty())
                .findFirst()
                .orElse("");
    }

    /** A field that is the same in all shards that are there. */
    private String field(String name) {
        return values(name).findFirst().orElse("");
    }

    private Stream<String> values(String name) {
        return shards().stream()
                .map(shard -> of(keys(shard).main()).getOrDefault(name, ""))
                .filter(value -> !value.isEmpty());
    }

    /** All counts went, as they were meant to; what comes is to have this name, unless Redis loses that. */
    void startedOver(String name) {
        check(true);
        startedOverAs = name;
    }

    /** @param redisLostWrites only then may marks go back */
    void check(boolean redisLostWrites) {
        read();
        startedOverAs = redisLostWrites ? null : startedOverAs;
        if (startedOverAs != null && marks.isPresent() && !marks.get().storeId().equals(startedOverAs)) {
            throw new Mismatch("the stream was started over as " + startedOverAs + ", and counts are " + marks.get());
        }
        SortedMap<Integer, Long> now = new TreeMap<>();
        try {
            Reading reading = ModelCut.read(configOf(), world.redis()::fields, world.time());
            now = reading.cut().offsets();
            if (marks.isEmpty()) {
                throw new Mismatch("readers answer " + now + " where there are no marks of all shards");
            }
            compare(reading, redisLostWrites);
            world.figures().count("cuts checked");
        } catch (NotInitialisedException nothing) {
            if (marks.isPresent()) {
                throw new Mismatch("readers say that nothing has begun, but the marks are " + marks.get());
            }
            world.figures().count("cuts without a stream");
        } catch (InconsistentException e) {
            if (!marksAreLost() && !disagree) {
                throw new Mismatch("readers say: " + e.getMessage());
            }
        }
        if (!redisLostWrites) {
            for (Map.Entry<Integer, Long> before : last.entrySet()) {
                if (now.getOrDefault(before.getKey(), -1L) < before.getValue()) {
                    throw new Mismatch("the marks went from " + last + " to " + now + " though Redis lost nothing");
                }
            }
        }
        last = now;
    }

    /** As {@link #check}, with every bucket. */
    void checkAll() {
        compared = BUCKETS_EVERY - 1;
        check(false);
    }

    private void compare(Reading reading, boolean redisLostWrites) {
        String id = field("topic-id");
        ModelTopic topic = world.topic(id);
        int[] accounts = new int[ModelEvent.COUNTS];
        List<ModelPartition.Entry> counted = new ArrayList<>();
        for (Map.Entry<Integer, Long> mark : reading.cut().offsets().entrySet()) {
            int p = mark.getKey();
            long start = reading.cut().start().get(p);
            long next = mark.getValue();
            int[] found = found(reading, p);
            CountedLog log = logThatGives(topic.partition(p), start, next, found, p);
            if (log == null) {
                throw new Mismatch("partition " + p + " of topic id " + id + ": counts of offsets " + start + " to "
                        + next + " are " + show(found) + ", a recount gives "
                        + recounts(topic.partition(p), start, next));
            }
            int[] recount = log.recount(start, next);
            for (int i = 0; i < accounts.length; i++) {
                accounts[i] += recount[i];
            }
            counted.addAll(log.entries().subList((int) start, (int) next));
        }
        var got = reading.cut().accounts();
        if (got.counted() != accounts[ModelEvent.COUNTED]
                || got.late() != accounts[ModelEvent.LATE]
                || got.filtered() != accounts[ModelEvent.FILTERED]
                || got.rejected() != accounts[ModelEvent.REJECTED]) {
            throw new Mismatch("accounts are " + got + ", a recount gives " + show(accounts));
        }
        if (redisLostWrites || ++compared % BUCKETS_EVERY == 0) {
            shards().forEach(shard -> compareBuckets(
                    shard,
                    counted.stream()
                            .filter(entry -> entry.kind() == ModelPartition.Kind.RECORD)
                            .filter(entry -> shard.owns(entry.event().partition()))
                            .toList()));
        }
    }

    private StreamConfig configOf() {
        return field("fingerprint").equals(world.oldConfig().fingerprint()) ? world.oldConfig() : world.config();
    }

    private int[] found(Reading reading, int partition) {
        int[] found = new int[ModelEvent.COUNTS];
        for (int a = 0; a < ModelEvent.A; a++) {
            found[a] = count(reading, dimensionOf(reading.config(), "a"), ModelEvent.name(partition, a));
        }
        for (int b = 0; b < ModelEvent.B; b++) {
            found[ModelEvent.A + b] = count(reading, dimensionOf(reading.config(), "b"), ModelEvent.name(partition, b));
        }
        return found;
    }

    /** The dimension that counts a field: the other one in the old configuration. */
    private String dimensionOf(StreamConfig config, String field) {
        return config == world.config() ? field : field.equals("a") ? "b" : "a";
    }

    private static int count(Reading reading, String dimension, String category) {
        return reading.counts().get(dimension).getOrDefault(category, 0L).intValue();
    }

    private CountedLog logThatGives(ModelPartition partition, long start, long next, int[] found, int p) {
        List<CountedLog> branches = partition.branches();
        for (int i = branches.size() - 1; i >= 0; i--) {
            CountedLog log = branches.get(i);
            if (log.isReadable(start, next)
                    && same(found, log.recount(start, next))
                    && asOfAgrees(log, start, next, p)
                    && rejectedAgree(log, start, next, p)) {
                return log;
            }
        }
        return null;
    }

    private static boolean same(int[] found, int[] recount) {
        for (int i = 0; i < ModelEvent.COUNTED; i++) {
            if (found[i] != recount[i]) {
                return false;
            }
        }
        return true;
    }

    /** Records that are counted alike in two logs may be of different times. */
    private boolean asOfAgrees(CountedLog log, long start, long next, int p) {
        String asOf = of(keys(Shard.of(world.config(), p)).main()).getOrDefault("as-of:" + p, "");
        OptionalLong latest = log.entries().subList((int) start, (int) next).stream()
                .filter(entry -> entry.kind() == ModelPartition.Kind.RECORD)
                .mapToLong(entry -> entry.event().timestamp())
                .max();
        return asOf.equals(latest.isPresent() ? Long.toString(latest.getAsLong()) : "");
    }

    private boolean rejectedAgree(CountedLog log, long start, long next, int p) {
        SortedMap<String, String> kept = of(keys(Shard.of(world.config(), p)).rejectedAt(p));
        int rejected = 0;
        for (long offset = start; offset < next; offset++) {
            ModelPartition.Entry entry = log.entries().get((int) offset);
            if (entry.kind() == ModelPartition.Kind.RECORD && entry.event().verdict() == ModelEvent.Verdict.REJECTED) {
                rejected++;
                if (!kept.containsKey(offset + " not-json")) {
                    return false;
                }
            }
        }
        return rejected == kept.size();
    }

    private void compareBuckets(Shard shard, List<ModelPartition.Entry> counted) {
        StreamKeys keys = keys(shard);
        StreamConfig config = configOf();
        long clock = Long.parseLong(of(keys.main()).getOrDefault("clock", "0"));
        long asOf = counted.stream()
                .filter(entry -> entry.kind() == ModelPartition.Kind.RECORD)
                .mapToLong(entry -> entry.event().timestamp())
                .max()
                .orElse(0);
        if (clock > asOf) {
            throw new Mismatch("buckets end by " + clock + " though the cut is as of " + asOf);
        }
        Map<String, Long> expected = new HashMap<>();
        for (ModelPartition.Entry entry : counted) {
            if (entry.kind() == ModelPartition.Kind.RECORD && entry.event().isInBuckets()) {
                ModelEvent event = entry.event();
                long minute = BucketSize.MINUTE.startOf(event.time());
                if (!gone(minute, clock)) {
                    String a = ModelEvent.name(event.partition(), event.a());
                    expected.merge(dimensionOf(config, "a") + minute + " " + a, 1L, Long::sum);
                    expected.merge(
                            dimensionOf(config, "b") + minute + " " + ModelEvent.name(event.partition(), event.b()),
                            1L,
                            Long::sum);
                    expected.merge("who" + minute + " " + a, 1L, Long::sum);
                }
            }
        }
        Map<String, Long> actual = new HashMap<>();
        for (Map.Entry<String, String> bucket : of(keys.buckets()).entrySet()) {
            long minute = Long.parseLong(bucket.getValue()) - BucketSize.MINUTE.seconds();
            if (!gone(minute, clock)) {
                for (String dimension : List.of("a", "b", "who")) {
                    of(keys.bucket(dimension, bucket.getKey()))
                            .forEach((category, n) -> actual.put(dimension + minute + " " + category, Long.valueOf(n)));
                }
            }
        }
        if (!actual.equals(expected)) {
            throw new Mismatch("buckets are " + new TreeMap<>(actual) + ", a recount gives " + new TreeMap<>(expected));
        }
    }

    private static boolean gone(long minute, long clock) {
        return clock > (minute + BucketSize.MINUTE.seconds()) * 1_000 + ModelEvent.RETENTION_MILLIS;
    }

    private SortedMap<String, String> of(String key) {
        return world.redis().fields(key);
    }

    private static String recounts(ModelPartition partition, long start, long next) {
        StringBuilder text = new StringBuilder();
        for (CountedLog log : partition.branches()) {
            text.append(text.isEmpty() ? "" : " or before records were lost ")
                    .append(log.isReadable(start, next) ? show(log.recount(start, next)) : "no so many");
        }
        return text.toString();
    }

    private static String show(int[] counts) {
        return java.util.Arrays.toString(counts);
    }
}
