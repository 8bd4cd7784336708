package io.tidemark.plan;

import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The plans that were made and may not have been committed yet, each beginning where the one before it ends. What it
 * says is a belief that only holds while the marks stand at one of its boundaries. Not thread-safe.
 */
final class InFlight {
    private final TreeMap<Long, Plan> plans = new TreeMap<>();
    private String storeId = "";
    private SortedMap<Integer, Long> base = new TreeMap<>();

    /** Forgets the plan of this transaction and of all behind it: they are planned anew. @return the plan it had */
    Optional<Plan> supersede(long transaction) {
        Plan had = plans.get(transaction);
        plans.tailMap(transaction, true).clear();
        return Optional.ofNullable(had);
    }

    /** A transaction was committed, and so were those before it. */
    void succeeded(long transaction) {
        while (!plans.isEmpty() && plans.firstKey() <= transaction) {
            base = after(base, plans.pollFirstEntry().getValue());
        }
    }

    /**
     * Where the plan of a transaction has to begin: at the end of the one before it, if that is in flight and the marks
     * stand at a boundary of the chain; else at the marks, and everything is forgotten.
     */
    SortedMap<Integer, Long> baseOf(long transaction, Marks marks) {
        if (!plans.isEmpty() && plans.lastKey() == transaction - 1 && storeId.equals(marks.storeId())) {
            SortedMap<Integer, Long> boundary = base;
            for (Plan plan : plans.values()) {
                if (same(boundary, marks.next())) {
                    return end();
                }
                boundary = after(boundary, plan);
            }
            if (same(boundary, marks.next())) {
                return end();
            }
        }
        restart(marks.storeId(), marks.next());
        return base;
    }

    /** Forgets all and begins anew at these positions. */
    void restart(String newStoreId, SortedMap<Integer, Long> positions) {
        plans.clear();
        storeId = newStoreId;
        base = new TreeMap<>(positions);
    }

    void add(long transaction, Plan plan) {
        plans.put(transaction, plan);
    }

    /** Where the last plan ends. */
    SortedMap<Integer, Long> end() {
        SortedMap<Integer, Long> end = base;
        for (Plan plan : plans.values()) {
            end = after(end, plan);
        }
        return end;
    }

    private static SortedMap<Integer, Long> after(SortedMap<Integer, Long> positions, Plan plan) {
        SortedMap<Integer, Long> after = new TreeMap<>(positions);
        plan.ranges().forEach((partition, range) -> after.put(partition, range.end()));
        return after;
    }

    /** A partition without a position stands at 0. */
    private static boolean same(SortedMap<Integer, Long> some, SortedMap<Integer, Long> others) {
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
