package io.tidemark.sim;

import io.tidemark.commit.MainHash;
import io.tidemark.commit.StreamKeys;
import io.tidemark.cut.InconsistentException;
import io.tidemark.cut.ModelCut;
import io.tidemark.cut.NotInitialisedException;
import io.tidemark.cut.Reading;
import io.tidemark.plan.Marks;
import io.tidemark.stream.BucketSize;
import io.tidemark.stream.RefusedException;
import io.tidemark.stream.StreamConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The judge: reads a cut as every reader does, and compares it with a recount of the log at the cut's offsets. Where
 * records were lost after they had been counted, the log that they stood in counts too, but no mixture of the two.
 */
final class Truth {
    private static final StreamKeys KEYS = new StreamKeys(ModelEvent.CONFIG.name());

    /** What is wrong in a bucket stays wrong; so buckets need not be looked at after each commit. */
    private static final int BUCKETS_EVERY = 4;

    private final World world;
    private SortedMap<Integer, Long> last = new TreeMap<>();
    private String startedOverAs;
    private Optional<Marks> marks = Optional.empty();
    private int compared;

    Truth(World world) {
        this.world = world;
    }

    /** The marks; empty when there are none that are whole. */
    Optional<Marks> marks() {
        return marks;
    }

    private Optional<Marks> read() {
        try {
            return MainHash.marks(ModelEvent.CONFIG.name(), of(KEYS.main()));
        } catch (RefusedException damaged) {
            return Optional.empty();
        }
    }

    /** Whether the key with the marks went alone, so that readers must answer an error. */
    boolean marksAreLost() {
        return of(KEYS.main()).isEmpty() && !of(KEYS.accounts()).isEmpty();
    }

    String refusalThatIsTold() {
        return of(KEYS.health()).getOrDefault("refusal-code", "");
    }

    /** All counts went, as they were meant to; what comes is to have this name, unless Redis loses that. */
    void startedOver(String name) {
        check(true);
        startedOverAs = name;
    }

    /** @param redisLostWrites only then may marks go back */
    void check(boolean redisLostWrites) {
        marks = read();
        startedOverAs = redisLostWrites ? null : startedOverAs;
        if (startedOverAs != null && marks.isPresent() && !marks.get().storeId().equals(startedOverAs)) {
            throw new Mismatch("the stream was started over as " + startedOverAs + ", and counts are " + marks.get());
        }
        SortedMap<Integer, Long> now = new TreeMap<>();
        try {
            Reading reading = ModelCut.read(configOf(), world.redis()::fields, world.time());
            now = reading.cut().offsets();
            compare(reading, redisLostWrites);
            world.figures().count("cuts checked");
        } catch (NotInitialisedException nothing) {
            world.figures().count("cuts without a stream");
        } catch (InconsistentException e) {
            if (!marksAreLost()) {
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
        String id = of(KEYS.main()).get("topic-id");
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
            compareBuckets(counted);
        }
    }

    private StreamConfig configOf() {
        return ModelEvent.configOf(of(KEYS.main()).getOrDefault("fingerprint", ""));
    }

    private static int[] found(Reading reading, int partition) {
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
    private static String dimensionOf(StreamConfig config, String field) {
        return config == ModelEvent.CONFIG ? field : field.equals("a") ? "b" : "a";
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

    private boolean rejectedAgree(CountedLog log, long start, long next, int p) {
        SortedMap<String, String> kept = of(KEYS.rejectedAt(p));
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

    private void compareBuckets(List<ModelPartition.Entry> counted) {
        StreamConfig config = configOf();
        long clock = Long.parseLong(of(KEYS.main()).getOrDefault("clock", "0"));
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
        for (Map.Entry<String, String> bucket : of(KEYS.buckets()).entrySet()) {
            long minute = Long.parseLong(bucket.getValue()) - BucketSize.MINUTE.seconds();
            if (!gone(minute, clock)) {
                for (String dimension : List.of("a", "b", "who")) {
                    of(KEYS.bucket(dimension, bucket.getKey()))
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
