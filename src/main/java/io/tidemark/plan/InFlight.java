package io.tidemark.plan;

import io.tidemark.stream.Shard;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The plans that were made and may not have been committed yet, each beginning where the one before it ends. What it
 * says is a belief that only holds while the marks stand at one of its boundaries, or, since each shard commits its part of
 * a batch by itself, some shards' at one boundary and the others' at the next. Not thread-safe.
 */
final class InFlight {
    private final int shards;
    private final TreeMap<Long, Entry> entries = new TreeMap<>();
    private String storeId = "";
    private SortedMap<Integer, Long> base = new TreeMap<>();
    private boolean again;

    /** @param shards of the stream */
    InFlight(int shards) {
        this.shards = shards;
    }

    /**
     * @param marks as they stood when it was planned
     * @param again whether an attempt before this one had failed alone while the marks stood still
     */
    private record Entry(Plan plan, SortedMap<Integer, Long> marks, boolean again) {}

    /**
     * Forgets the plan of this transaction and of all behind it: they are planned anew. When this one failed alone
     * for the second time while the marks stood still, those before it are not believed in either: they may have been
     * committed and then lost by the store, and nobody would ever send them again.
     *
     * @return the plan it had
     */
    Optional<Plan> supersede(long transaction, Optional<Marks> marks) {
        Entry had = entries.get(transaction);
        entries.tailMap(transaction, true).clear();
        again = had != null
                && marks.isPresent()
                && same(had.marks(), marks.get().next());
        if (again && had.again()) {
            entries.clear();
        }
        return Optional.ofNullable(had).map(Entry::plan);
    }

    /** A transaction was committed, and so were those before it. */
    void succeeded(long transaction) {
        while (!entries.isEmpty() && entries.firstKey() <= transaction) {
            base = after(base, entries.pollFirstEntry().getValue().plan());
        }
    }

    /**
     * Where the plan of a transaction has to begin: at the end of the one before it, if that is in flight and the marks
     * stand at a boundary of the chain, or between two; else at the marks, and everything is forgotten.
     */
    SortedMap<Integer, Long> baseOf(long transaction, Marks marks) {
        if (!entries.isEmpty() && entries.lastKey() == transaction - 1 && storeId.equals(marks.storeId())) {
            SortedMap<Integer, Long> boundary = base;
            for (Entry entry : entries.values()) {
                SortedMap<Integer, Long> next = after(boundary, entry.plan());
                if (eachShardStandsAt(boundary, next, marks.next())) {
                    return end();
                }
                boundary = next;
            }
        }
        restart(marks.storeId(), marks.next());
        return base;
    }

    /** Forgets all and begins anew at these positions. */
    void restart(String newStoreId, SortedMap<Integer, Long> positions) {
        entries.clear();
        storeId = newStoreId;
        base = new TreeMap<>(positions);
    }

    void add(long transaction, Plan plan, Marks marks) {
        entries.put(transaction, new Entry(plan, marks.next(), again));
    }

    /** Where the last plan ends. */
    SortedMap<Integer, Long> end() {
        SortedMap<Integer, Long> end = base;
        for (Entry entry : entries.values()) {
            end = after(end, entry.plan());
        }
        return end;
    }

    private boolean eachShardStandsAt(
            SortedMap<Integer, Long> one, SortedMap<Integer, Long> other, SortedMap<Integer, Long> marks) {
        for (int shard = 0; shard < shards; shard++) {
            SortedMap<Integer, Long> own = of(shard, marks);
            if (!same(of(shard, one), own) && !same(of(shard, other), own)) {
                return false;
            }
        }
        return true;
    }

    private SortedMap<Integer, Long> of(int shard, SortedMap<Integer, Long> positions) {
        if (shards == 1) {
            return positions;
        }
        SortedMap<Integer, Long> own = new TreeMap<>(positions);
        own.keySet().removeIf(partition -> Shard.numberOf(partition, shards) != shard);
        return own;
    }

    private static SortedMap<Integer, Long> after(SortedMap<Integer, Long> positions, Plan plan) {
        SortedMap<Integer, Long> after = new TreeMap<>(positions);
        plan.ranges().forEach((partition, range) -> after.put(partition, range.end()));
        return after;
    }

    /** A partition without a position stands at 0. */
    static boolean same(SortedMap<Integer, Long> some, SortedMap<Integer, Long> others) {
        return covered(some, others) && covered(others, some);
    }

    private static boolean covered(SortedMap<Integer, Long> some, SortedMap<Integer, Long> others) {
        for (Map.Entry<Integer, Long> each : some.entrySet()) {
            if (each.getValue() != others.getOrDefault(each.getKey(), 0L).longValue()) {
                return false;
            }
        }
        return true;
    }
}
