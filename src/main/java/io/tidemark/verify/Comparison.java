package io.tidemark.verify;

import io.tidemark.plan.Range;
import io.tidemark.stream.Categories;
import io.tidemark.stream.Dimension;
import io.tidemark.tally.CountKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Compares what Redis holds with what counting again gave. Where Kafka has lost records, a number to which one of them
 * may have added can only be checked for being large enough. Used by one thread.
 */
final class Comparison {
    /** An event is at most so much later than its record, by the rules of what counts. */
    private static final long MOST_AHEAD_MS = 3_600_000;

    private final Snapshot snapshot;
    private final Recounted recounted;
    private final Map<String, Long> compared = new TreeMap<>();
    private final List<Difference> differences = new ArrayList<>();
    private final Set<String> bucketsCompared = new HashSet<>();
    private long different;
    private long atLeast;
    private long goneBuckets;

    Comparison(Snapshot snapshot, Recounted recounted) {
        this.snapshot = snapshot;
        this.recounted = recounted;
    }

    long different() {
        return different;
    }

    /** The first of them, by key. */
    List<Difference> differences() {
        return differences.stream()
                .sorted(Comparator.comparing(Difference::key).thenComparing(Difference::name))
                .toList();
    }

    Map<String, Long> compared() {
        return compared;
    }

    long atLeast() {
        return atLeast;
    }

    long goneBuckets() {
        return goneBuckets;
    }

    /** A mark that stands beyond the topic's end was moved, or the log has lost its tail. */
    void compareEnd(int partition, long end) {
        add("marks", 1);
        long mark = snapshot.base().mark(partition);
        if (mark > end) {
            differ(Difference.ofTexts(
                    "", "mark:" + partition, "at most " + end + ", the end of the topic", Long.toString(mark)));
        }
    }

    void compareAll() {
        boolean exact = recounted.lost().isEmpty();
        counts("accounts", snapshot.accounts(), recounted.accounts().byName(), exact);
        counts("reasons", snapshot.reasons(), recounted.reasons(), exact);
        asOf();
        Set<CountKey> keys = new HashSet<>(recounted.counts().keySet());
        keys.addAll(snapshot.counts().keySet());
        keys.forEach(this::count);
        bucketsWithoutCounts();
        Set<Integer> partitions = new TreeSet<>(snapshot.positions().keySet());
        partitions.addAll(snapshot.partitions());
        partitions.forEach(this::positions);
    }

    private void asOf() {
        recounted
                .asOf()
                .forEach((partition, expected) -> asOf(
                        "as-of:" + partition,
                        expected,
                        recounted.lost().stream().noneMatch(r -> r.partition() == partition)));
        recounted.asOf().values().stream()
                .max(Long::compare)
                .ifPresent(latest -> asOf("as-of", latest, recounted.lost().isEmpty()));
    }

    private void asOf(String field, long expected, boolean exact) {
        add("marks", 1);
        String found = snapshot.base().main().getOrDefault(field, "nothing");
        if (!found.equals(Long.toString(expected)) && (exact || !isAtLeast(found, expected))) {
            differ(Difference.ofTexts("", field, Long.toString(expected), found));
        }
    }

    private static boolean isAtLeast(String found, long expected) {
        return isCount(found) && Long.parseLong(found) >= expected;
    }

    private void count(CountKey key) {
        StoredKey stored = snapshot.counts().get(key);
        if (!snapshot.isKept(key)) {
            goneBuckets++;
            return;
        }
        Map<String, Long> expected = new HashMap<>();
        recounted.counts().getOrDefault(key, Map.of()).forEach((category, n) -> expected.put(category, n[0]));
        if (stored == null) {
            stored = new StoredKey(key.toString(), snapshot.base(), "none", false, "", Map.of());
        }
        Dimension dimension = snapshot.config().dimension(key.dimension()).orElseThrow();
        String group = key.isTotal() ? "totals" : "buckets";
        if (!typeFits(stored, dimension.ranked() ? "zset" : "hash")) {
            return;
        }
        boolean exact = isExact(key);
        if (stored.members().containsKey(Categories.OTHER)) {
            capped(group, stored, expected, dimension, exact);
        } else {
            counts(group, stored, expected, exact);
        }
        if (!key.isTotal() && (stored.exists() || !expected.isEmpty())) {
            bucketEnd(key, stored);
        }
    }

    /** Whether no record that Kafka has lost can have added to a count: those older than what it still has. */
    private boolean isExact(CountKey key) {
        for (Range lost : recounted.lost()) {
            long from = recounted.timeFrom(lost.partition(), lost.end());
            if (key.isTotal() || from == Long.MAX_VALUE || key.start() * 1_000 <= from + MOST_AHEAD_MS) {
                return false;
            }
        }
        return true;
    }

    private boolean typeFits(StoredKey stored, String type) {
        if (stored.expires()) {
            differ(Difference.ofTexts(stored.name(), "", "a key that stays", "one that will expire"));
        }
        if (!stored.exists() || stored.type().equals(type)) {
            return true;
        }
        differ(Difference.ofTexts(stored.name(), "", "a " + type, "a " + stored.type()));
        return false;
    }

    /** The categories that are named must be right, the sum too; and no category goes unnamed before the cap. */
    private void capped(
            String group, StoredKey stored, Map<String, Long> expected, Dimension dimension, boolean exact) {
        Map<String, String> named = new HashMap<>(stored.members());
        named.remove(Categories.OTHER);
        Map<String, Long> expectedNamed = new HashMap<>(expected);
        expectedNamed.keySet().retainAll(named.keySet());
        StoredKey namedOnly =
                new StoredKey(stored.name(), stored.cut(), stored.type(), false, stored.bucketEnd(), named);
        counts(group, namedOnly, expectedNamed, exact);
        long names = named.keySet().stream()
                .filter(n -> !Categories.RESERVED.contains(n))
                .count();
        if (names != dimension.cap()) {
            differ(Difference.ofCounts(stored.name(), "(categories that are named)", dimension.cap(), names));
        }
        if (stored.members().values().stream().allMatch(Comparison::isCount)) {
            long sum = stored.members().values().stream()
                    .mapToLong(Long::parseLong)
                    .sum();
            count(
                    group,
                    stored.name(),
                    "(sum)",
                    expected.values().stream().mapToLong(n -> n).sum(),
                    sum,
                    exact);
        }
    }

    private void counts(String group, StoredKey stored, Map<String, Long> expected, boolean exact) {
        if (stored.name().equals("accounts") || stored.name().equals("rejected")) {
            if (!typeFits(stored, "hash")) {
                return;
            }
        }
        if (!stored.exists() && expected.values().stream().anyMatch(n -> n > 0)) {
            add(group, expected.size());
            long sum = expected.values().stream().mapToLong(n -> n).sum();
            differ(new Difference(stored.name(), "", "counts that add up to " + sum, "no such key", -sum));
            return;
        }
        Set<String> names = new TreeSet<>(expected.keySet());
        names.addAll(stored.members().keySet());
        for (String name : names) {
            String found = stored.members().getOrDefault(name, "0");
            if (isCount(found)) {
                count(group, stored.name(), name, expected.getOrDefault(name, 0L), Long.parseLong(found), exact);
            } else {
                add(group, 1);
                differ(Difference.ofTexts(stored.name(), name, Long.toString(expected.getOrDefault(name, 0L)), found));
            }
        }
    }

    private void count(String group, String key, String name, long expected, long found, boolean exact) {
        add(group, 1);
        if (!exact) {
            atLeast++;
        }
        if (found < expected || exact && found > expected) {
            differ(Difference.ofCounts(key, name, expected, found));
        }
    }

    private static boolean isCount(String text) {
        return text.matches("\\d{1,18}");
    }

    /** The list of buckets must name a bucket that has counts, with its end. */
    private void bucketEnd(CountKey key, StoredKey stored) {
        KeyName.Bucket bucket = KeyName.bucketOf(key);
        boolean first = bucketsCompared.add(bucket.name());
        if (first && !stored.bucketEnd().equals(Long.toString(bucket.end()))) {
            String found = stored.bucketEnd().isEmpty() ? "nothing" : stored.bucketEnd();
            differ(Difference.ofTexts("buckets", bucket.name(), Long.toString(bucket.end()), found));
        }
    }

    private void bucketsWithoutCounts() {
        if (!typeFits(snapshot.buckets(), "zset")) {
            return;
        }
        Set<String> counted = new HashSet<>();
        recounted.counts().keySet().stream()
                .filter(key -> !key.isTotal())
                .forEach(key -> counted.add(KeyName.bucketOf(key).name()));
        snapshot.buckets().members().forEach((name, end) -> {
            add("buckets", 1);
            Optional<KeyName.Bucket> ours = KeyName.bucket(name)
                    .filter(b -> snapshot.config().retention().containsKey(b.size()));
            boolean mayBeEmpty = ours.isPresent()
                    && (!recounted.lost().isEmpty()
                            || snapshot.base()
                                    .isGone(
                                            ours.get().end(),
                                            snapshot.config()
                                                    .retention()
                                                    .get(ours.get().size())));
            if (!counted.contains(name) && !mayBeEmpty) {
                differ(Difference.ofTexts("buckets", name, "nothing", end));
            }
        });
    }

    private void positions(int partition) {
        StoredKey stored = snapshot.positions().get(partition);
        NavigableMap<Long, String> expected = recounted.positions(partition);
        if (stored == null) {
            stored = new StoredKey("rejected-at:" + partition, snapshot.base(), "none", false, "", Map.of());
        }
        if (!typeFits(stored, "zset")) {
            return;
        }
        long known = recounted.lost().stream()
                .filter(r -> r.partition() == partition)
                .mapToLong(Range::end)
                .max()
                .orElse(0);
        Set<String> names = new TreeSet<>();
        expected.tailMap(known).forEach((offset, reason) -> names.add(offset + " " + reason));
        Set<String> right = Set.copyOf(names);
        names.addAll(stored.members().keySet());
        for (String name : names) {
            String score = stored.members().get(name);
            String offset = name.split(" ", 2)[0];
            if (isCount(offset) && Long.parseLong(offset) < known) {
                continue;
            }
            add("positions", 1);
            if (!right.contains(name)) {
                differ(Difference.ofTexts(stored.name(), name, "nothing", score));
            } else if (!offset.equals(score)) {
                differ(Difference.ofTexts(stored.name(), name, offset, score == null ? "nothing" : score));
            }
        }
    }

    private void add(String group, long n) {
        compared.merge(group, n, Long::sum);
    }

    private void differ(Difference difference) {
        different++;
        if (differences.size() < Verification.MOST_LISTED) {
            differences.add(difference);
        }
    }
}
