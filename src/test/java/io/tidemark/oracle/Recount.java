package io.tidemark.oracle;

import io.tidemark.oracle.Label.Verdict;
import io.tidemark.oracle.WikipediaStream.Bucket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Counts labelled records again, for any cut: for each partition the records from its start to below its offset. A cut's
 * counts cost some thousand additions however long the topic is; its whole state costs one pass over the records.
 * Thread-safe once built.
 */
public final class Recount {
    private static final int STRIDE = 512;
    private static final List<String> ACCOUNTS = List.of("records", "counted", "rejected", "filtered", "late");

    /** Names of what is summed up: {@code accounts:counted}, {@code rejected:empty}, {@code total:actor:bot}. */
    private final List<String> slots = new ArrayList<>();

    private final Map<String, Integer> slotNumbers = new HashMap<>();
    private final NavigableMap<Integer, Partition> partitions = new TreeMap<>();

    public Recount(Collection<JudgedRecord> records) {
        ACCOUNTS.forEach(account -> slot("accounts:" + account));
        Map<Integer, List<JudgedRecord>> split = records.stream()
                .sorted(Comparator.comparingInt(JudgedRecord::partition).thenComparingLong(JudgedRecord::offset))
                .collect(Collectors.groupingBy(JudgedRecord::partition));
        split.forEach((partition, all) -> partitions.put(partition, new Partition(all)));
        partitions.values().forEach(Partition::sumUp);
    }

    /** One past the last record, by partition. */
    public SortedMap<Integer, Long> ends() {
        SortedMap<Integer, Long> ends = new TreeMap<>();
        partitions.forEach((p, partition) -> ends.put(p, partition.offsets[partition.size - 1] + 1));
        return ends;
    }

    /** What an answer for the records from {@code start} (0 where it says nothing) to below {@code offsets} must say. */
    public ExpectedCut cut(Map<Integer, Long> start, Map<Integer, Long> offsets) {
        long[] sum = new long[slots.size()];
        long asOf = Long.MIN_VALUE;
        for (Map.Entry<Integer, Partition> entry : partitions.entrySet()) {
            int from = entry.getValue().index(start.getOrDefault(entry.getKey(), 0L));
            int to = entry.getValue().index(offsets.getOrDefault(entry.getKey(), 0L));
            if (to > from) {
                entry.getValue().add(sum, to, 1);
                entry.getValue().add(sum, from, -1);
                asOf = Math.max(asOf, entry.getValue().latest(from, to));
            }
        }
        Map<String, Long> accounts = new TreeMap<>();
        Map<String, Long> reasons = new TreeMap<>();
        Map<String, Map<String, Long>> totals = new TreeMap<>();
        WikipediaStream.TOTALS.forEach(dimension -> totals.put(dimension, new TreeMap<>()));
        for (int i = 0; i < sum.length; i++) {
            String[] name = slots.get(i).split(":", 3);
            if (name[0].equals("accounts")) {
                accounts.put(name[1], sum[i]);
            } else if (sum[i] != 0 && name[0].equals("rejected")) {
                reasons.put(name[1], sum[i]);
            } else if (sum[i] != 0) {
                totals.get(name[1]).put(name[2], sum[i]);
            }
        }
        return new ExpectedCut(accounts, reasons, totals, asOf);
    }

    /**
     * What Redis must hold for that cut.
     *
     * @param redisTime Redis's clock in Unix milliseconds: buckets end by it or by the cut's as-of, whichever is earlier
     */
    public ExpectedState state(Map<Integer, Long> start, Map<Integer, Long> offsets, long redisTime) {
        ExpectedCut cut = cut(start, offsets);
        long clock = Math.min(cut.asOf(), redisTime);
        Map<String, Map<String, Long>> buckets = new HashMap<>();
        Map<String, Long> ends = new TreeMap<>();
        Map<Integer, List<String>> rejectedAt = new TreeMap<>();
        partitions.forEach((number, partition) -> {
            List<String> rejected = new ArrayList<>();
            int to = partition.index(offsets.getOrDefault(number, 0L));
            for (int i = partition.index(start.getOrDefault(number, 0L)); i < to; i++) {
                Verdict verdict = partition.verdict(i);
                if (verdict.reason() != null) {
                    rejected.add(partition.offsets[i] + " " + verdict.reason());
                } else if (verdict.counted() && !verdict.late()) {
                    count(verdict, clock, buckets, ends);
                }
            }
            if (!rejected.isEmpty()) {
                rejectedAt.put(
                        number,
                        rejected.subList(
                                Math.max(0, rejected.size() - WikipediaStream.REJECTED_KEPT), rejected.size()));
            }
        });
        return new ExpectedState(cut, buckets, ends, rejectedAt);
    }

    private static void count(
            Verdict verdict, long clock, Map<String, Map<String, Long>> buckets, Map<String, Long> ends) {
        for (Bucket bucket : Bucket.values()) {
            long start = bucket.start(verdict.second());
            if (bucket.gone(start, clock)) {
                continue;
            }
            String name = bucket.name(start);
            ends.put(bucket.label + ":" + name, start + bucket.seconds);
            List<String> dimensions = new ArrayList<>(WikipediaStream.TOTALS);
            if (bucket == Bucket.HOUR) {
                dimensions.addAll(WikipediaStream.RANKED);
            }
            for (String dimension : dimensions) {
                buckets.computeIfAbsent(bucket.label + ":" + dimension + ":" + name, k -> new HashMap<>())
                        .merge(verdict.categories().get(dimension), 1L, Long::sum);
            }
        }
    }

    private int slot(String name) {
        return slotNumbers.computeIfAbsent(name, k -> {
            slots.add(k);
            return slots.size() - 1;
        });
    }

    private int[] slots(Verdict verdict) {
        List<Integer> all = new ArrayList<>();
        all.add(slot("accounts:records"));
        if (verdict.counted()) {
            all.add(slot("accounts:counted"));
            WikipediaStream.TOTALS.forEach(
                    d -> all.add(slot("total:" + d + ":" + verdict.categories().get(d))));
            if (verdict.late()) {
                all.add(slot("accounts:late"));
            }
        } else if (verdict.filtered()) {
            all.add(slot("accounts:filtered"));
        } else {
            all.add(slot("accounts:rejected"));
            all.add(slot("rejected:" + verdict.reason()));
        }
        return all.stream().mapToInt(Integer::intValue).toArray();
    }

    /** The records of one partition, with sums up to every {@value #STRIDE}th of them. */
    private final class Partition {
        private final int size;
        private final long[] offsets;
        private final long[] timestamps;
        private final Label[] labels;
        private final int[][] adds;
        private long[][] sums;
        private long[] latest;

        Partition(List<JudgedRecord> records) {
            size = records.size();
            offsets = records.stream().mapToLong(JudgedRecord::offset).toArray();
            timestamps = records.stream().mapToLong(JudgedRecord::timestamp).toArray();
            labels = records.stream().map(JudgedRecord::label).toArray(Label[]::new);
            adds = new int[size][];
            for (int i = 0; i < size; i++) {
                if (i > 0 && offsets[i] == offsets[i - 1]) {
                    throw new IllegalArgumentException("two records at " + records.get(i));
                }
                adds[i] = slots(verdict(i));
            }
        }

        Verdict verdict(int i) {
            return labels[i].judge(timestamps[i]);
        }

        void sumUp() {
            sums = new long[size / STRIDE + 1][];
            latest = new long[size / STRIDE + 1];
            long[] sum = new long[slots.size()];
            long until = Long.MIN_VALUE;
            for (int i = 0; i <= size; i++) {
                if (i % STRIDE == 0) {
                    sums[i / STRIDE] = sum.clone();
                    latest[i / STRIDE] = until;
                }
                if (i < size) {
                    Arrays.stream(adds[i]).forEach(slot -> sum[slot]++);
                    until = Math.max(until, timestamps[i]);
                }
            }
        }

        /** How many records lie below an offset. */
        int index(long offset) {
            int found = Arrays.binarySearch(offsets, offset);
            return found >= 0 ? found : -found - 1;
        }

        void add(long[] sum, int count, int sign) {
            long[] before = sums[count / STRIDE];
            for (int slot = 0; slot < before.length; slot++) {
                sum[slot] += sign * before[slot];
            }
            for (int i = count / STRIDE * STRIDE; i < count; i++) {
                for (int slot : adds[i]) {
                    sum[slot] += sign;
                }
            }
        }

        /** Largest timestamp of the records with these numbers. */
        long latest(int from, int to) {
            long until = from == 0 ? latest[to / STRIDE] : Long.MIN_VALUE;
            for (int i = from == 0 ? to / STRIDE * STRIDE : from; i < to; i++) {
                until = Math.max(until, timestamps[i]);
            }
            return until;
        }
    }

    /** All categories that were ever expected of a dimension that is kept in total. */
    public List<String> categories(String dimension) {
        String prefix = "total:" + dimension + ":";
        return slots.stream()
                .filter(slot -> slot.startsWith(prefix))
                .map(slot -> slot.substring(prefix.length()))
                .sorted(Collections.reverseOrder())
                .toList();
    }
}
