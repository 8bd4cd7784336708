package io.tidemark.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.tidemark.plan.Epochs;
import io.tidemark.plan.Marks;
import io.tidemark.plan.Plan;
import io.tidemark.plan.Range;
import io.tidemark.stream.BucketSize;
import io.tidemark.stream.RefusedException;
import io.tidemark.stream.StreamConfig;
import io.tidemark.tally.Accounts;
import io.tidemark.tally.CountKey;
import io.tidemark.tally.RejectedRecord;
import io.tidemark.tally.Tally;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** What the contract's tests have in common: a store to ask, a way behind its back, and the recount that decides. */
abstract class StoreFixture {
    static final String MAIN = "tidemark:{wiki}";

    /** A store on what this test keeps. */
    abstract Store open(StreamConfig config, String writer);

    abstract Backdoor backdoor();

    Store open() {
        return open(Sample.config(), "writer-1");
    }

    Store initialised() {
        Store store = open();
        store.initialise(Sample.starts(0, 0), Sample.TOPIC_ID, Sample.STORE);
        return store;
    }

    /** What the refusal must say to whoever reads it; a model may be silent. */
    void mustSay(RefusedException refusal, String... words) {}

    static RefusedException assertRefused(String code, org.assertj.core.api.ThrowableAssert.ThrowingCallable doing) {
        Throwable thrown = catchThrowable(doing);
        assertThat(thrown).as("expected the refusal %s", code).isInstanceOf(RefusedException.class);
        assertThat(((RefusedException) thrown).refusal().code()).isEqualTo(code);
        assertThat(((RefusedException) thrown).refusal().message()).isNotBlank();
        return (RefusedException) thrown;
    }

    void assertRefusedWithNothingChanged(String code, Store store, Tally tally) {
        SortedMap<String, SortedMap<String, String>> before = backdoor().contents();
        assertRefused(code, () -> store.commit(tally));
        assertThat(backdoor().contents()).isEqualTo(before);
    }

    /** All counts that are kept, without what says whose they are. */
    SortedMap<String, SortedMap<String, String>> counts() {
        SortedMap<String, SortedMap<String, String>> counts = backdoor().contents();
        counts.keySet().removeAll(List.of(MAIN, MAIN + ":buckets", MAIN + ":health", StreamKeys.STREAMS));
        return counts;
    }

    /** What counting each partition from 0 to this offset gives. */
    static SortedMap<String, SortedMap<String, String>> recount(long... ends) {
        Range[] ranges = IntStream.range(0, ends.length)
                .filter(p -> ends[p] > 0)
                .mapToObj(p -> new Range(p, 0, ends[p]))
                .toArray(Range[]::new);
        return ranges.length == 0 ? new TreeMap<>() : recountOf(Sample.tally(ranges));
    }

    static SortedMap<String, SortedMap<String, String>> recountOf(Tally tally) {
        SortedMap<String, SortedMap<String, String>> counts = new TreeMap<>();
        StreamKeys keys = new StreamKeys("wiki");
        Map<String, Long> accounts = new LinkedHashMap<>();
        accounts.put("records", tally.accounts().records());
        accounts.put("counted", tally.accounts().counted());
        accounts.put("rejected", tally.accounts().rejected());
        counts.put(keys.accounts(), text(accounts));
        counts.put(keys.rejected(), text(tally.reasons()));
        tally.additions().forEach((key, categories) -> counts.put(keys.count(key), text(categories)));
        tally.rejected().forEach((partition, records) -> {
            Map<String, Long> positions = new LinkedHashMap<>();
            records.forEach(r -> positions.put(r.offset() + " " + r.reason(), r.offset()));
            counts.put(keys.rejectedAt(partition), text(positions));
        });
        counts.values().removeIf(Map::isEmpty);
        return counts;
    }

    static SortedMap<String, String> text(Map<String, Long> numbers) {
        SortedMap<String, String> text = new TreeMap<>();
        numbers.forEach((name, n) -> {
            if (n != 0 || name.matches("0 .*")) {
                text.put(name, n.toString());
            }
        });
        return text;
    }

    /** The keys that a commit of this writes, or would. */
    static List<String> keysOf(Tally tally, SortedMap<String, SortedMap<String, String>> contents) {
        List<String> keys = new ArrayList<>(recountOf(tally).keySet());
        keys.add(MAIN);
        keys.add(MAIN + ":buckets");
        assertThat(contents).containsKeys(MAIN, MAIN + ":buckets");
        return keys;
    }

    void putBack(SortedMap<String, SortedMap<String, String>> contents) {
        contents.forEach((key, fields) -> {
            boolean sorted = key.contains(":user:") || key.contains(":rejected-at:") || key.endsWith(":buckets");
            if (key.equals(StreamKeys.STREAMS)) {
                return;
            }
            fields.forEach((field, value) -> {
                if (sorted) {
                    backdoor().setScore(key, field, value);
                } else {
                    backdoor().setField(key, field, value);
                }
            });
        });
    }

    static Plan somePlan(Random random, Marks marks) {
        List<Range> ranges = new ArrayList<>();
        for (int p = 0; p < 3; p++) {
            if (random.nextInt(3) > 0) {
                long first = Math.max(0, marks.of(p) + (random.nextInt(4) == 0 ? random.nextInt(5) - 2 : 0));
                ranges.add(new Range(p, first, first + 1 + random.nextInt(20)));
            }
        }
        if (ranges.isEmpty()) {
            ranges.add(new Range(0, marks.of(0), marks.of(0) + 3));
        }
        return Sample.plan(ranges.toArray(Range[]::new));
    }

    static boolean follows(Marks marks, Tally tally) {
        return tally.covers().stream().allMatch(r -> marks.of(r.partition()) == r.first());
    }

    static Tally.Part empty(Plan plan, Range range) {
        return new Tally.Part(
                plan, range, Epochs.UNKNOWN, Long.MIN_VALUE, Accounts.NONE, Map.of(), List.of(), Map.of());
    }

    static void asOfBecomes(Store store, long offset, long asOf) {
        Plan plan = Sample.plan(new Range(0, offset, offset + 10));
        assertThat(store.commit(Tally.of(new Tally.Part(
                        plan,
                        plan.ranges().get(0),
                        Sample.EPOCHS,
                        asOf,
                        Accounts.NONE,
                        Map.of(),
                        List.of(),
                        Map.of()))))
                .isInstanceOf(CommitResult.Applied.class);
    }

    static void commitActors(Store store, long offset, long second, Map<String, Long> actors) {
        Map<CountKey, Map<String, Long>> additions = new LinkedHashMap<>();
        for (BucketSize size : List.of(BucketSize.MINUTE, BucketSize.HOUR)) {
            additions.put(CountKey.bucket("actor", size, size.startOf(second)), actors);
        }
        Plan plan = Sample.plan(new Range(0, offset, offset + 10));
        long n = actors.values().stream().mapToLong(Long::longValue).sum();
        assertThat(store.commit(Tally.of(new Tally.Part(
                        plan,
                        plan.ranges().get(0),
                        Sample.EPOCHS,
                        second * 1_000,
                        new Accounts(n, n, 0, 0, 0),
                        Map.of(),
                        List.of(),
                        additions))))
                .isInstanceOf(CommitResult.Applied.class);
    }

    static CountKey userHour() {
        return CountKey.bucket("user", BucketSize.HOUR, BucketSize.HOUR.startOf(Sample.T0));
    }

    SortedMap<String, String> users() {
        return backdoor().contents().get(MAIN + ":" + userHour());
    }

    static Tally of(long offset, Map<CountKey, Map<String, Long>> additions) {
        Plan plan = Sample.plan(new Range(0, offset, offset + 1));
        return Tally.of(new Tally.Part(
                plan,
                plan.ranges().get(0),
                Sample.EPOCHS,
                Sample.asOf(offset),
                Accounts.NONE,
                Map.of(),
                List.of(),
                additions));
    }

    static void commitUsers(Store store, long offset, Map<String, Long> users) {
        assertThat(store.commit(of(offset, Map.of(userHour(), users)))).isInstanceOf(CommitResult.Applied.class);
    }

    static void commitRejected(Store store, long first, long end) {
        assertThat(store.commit(rejectedTally(first, end))).isInstanceOf(CommitResult.Applied.class);
    }

    static Tally rejectedTally(long first, long end) {
        Plan plan = Sample.plan(new Range(0, first, end));
        List<RejectedRecord> records = new ArrayList<>();
        for (long offset = first; offset < end; offset++) {
            records.add(new RejectedRecord(offset, "not-json"));
        }
        long n = end - first;
        return Tally.of(new Tally.Part(
                plan,
                plan.ranges().get(0),
                Sample.EPOCHS,
                Sample.asOf(0),
                new Accounts(n, 0, n, 0, 0),
                Map.of("not-json", n),
                records.subList(Math.max(0, records.size() - RejectedRecord.KEPT), records.size()),
                Map.of()));
    }

    static String plus(String number, long n) {
        return Long.toString(Long.parseLong(number) + n);
    }
}
