package io.tidemark.sim;

import java.util.TreeMap;

/** What Trident keeps in ZooKeeper of one spout. */
final class ZooKeeper {
    private Long current;
    private TreeMap<Long, Integer> attempts = new TreeMap<>();
    private TreeMap<Long, Object> plans = new TreeMap<>();

    ZooKeeper copy() {
        ZooKeeper copy = new ZooKeeper();
        copy.set(this);
        return copy;
    }

    /** As it was, or as another one is. */
    void set(ZooKeeper other) {
        current = other.current;
        attempts = new TreeMap<>(other.attempts);
        plans = new TreeMap<>(other.plans);
    }

    Long current() {
        return current;
    }

    void setCurrent(long transaction) {
        current = transaction;
    }

    TreeMap<Long, Integer> attempts() {
        return new TreeMap<>(attempts);
    }

    void setAttempts(TreeMap<Long, Integer> now) {
        attempts = new TreeMap<>(now);
    }

    TreeMap<Long, Object> plans() {
        return new TreeMap<>(plans);
    }

    void setPlan(long transaction, Object plan) {
        plans.put(transaction, plan);
    }

    void deletePlan(long transaction) {
        plans.remove(transaction);
    }
}
