package io.tidemark.sim;

import java.util.TreeMap;
import org.apache.storm.trident.topology.TransactionAttempt;

/** Trident's MasterBatchCoordinator, line by line as in Storm 2.8.3, but for its throttle. */
final class Master {
    private enum State {
        PROCESSING,
        PROCESSED,
        COMMITTING
    }

    private static final class Status {
        private final TransactionAttempt attempt;
        private State state = State.PROCESSING;

        private Status(TransactionAttempt attempt) {
            this.attempt = attempt;
        }
    }

    /** How it reaches the rest of its topology. */
    interface Outside {
        boolean ready(long transaction);

        void batch(TransactionAttempt attempt);

        void commit(TransactionAttempt attempt);

        void success(TransactionAttempt attempt);
    }

    private final ZooKeeper zooKeeper;
    private final int pending;
    private final Outside outside;
    private final TreeMap<Long, Status> active = new TreeMap<>();
    private final TreeMap<Long, Integer> attempts;
    private long current;

    Master(ZooKeeper zooKeeper, int pending, Outside outside) {
        this.zooKeeper = zooKeeper;
        this.pending = pending;
        this.outside = outside;
        this.current = zooKeeper.current() == null ? 1 : Math.max(1, zooKeeper.current());
        this.attempts = zooKeeper.attempts();
        attempts.headMap(current).clear();
        attempts.tailMap(current + pending - 1).clear();
    }

    void acked(TransactionAttempt attempt) {
        Status status = active.get(attempt.getTransactionId());
        if (status != null && attempt.equals(status.attempt)) {
            if (status.state == State.PROCESSING) {
                status.state = State.PROCESSED;
            } else if (status.state == State.COMMITTING) {
                active.remove(attempt.getTransactionId());
                attempts.remove(attempt.getTransactionId());
                outside.success(attempt);
                current = attempt.getTransactionId() + 1;
                zooKeeper.setCurrent(current);
            }
            sync();
        }
    }

    void failed(TransactionAttempt attempt) {
        Status stored = active.remove(attempt.getTransactionId());
        if (stored != null && attempt.equals(stored.attempt)) {
            active.tailMap(attempt.getTransactionId()).clear();
            sync();
        }
    }

    void sync() {
        Status maybeCommit = active.get(current);
        if (maybeCommit != null && maybeCommit.state == State.PROCESSED) {
            maybeCommit.state = State.COMMITTING;
            outside.commit(maybeCommit.attempt);
        }
        if (active.size() >= pending) {
            return;
        }
        for (long transaction = current, i = 0; i < pending; i++, transaction++) {
            if (!active.containsKey(transaction) && outside.ready(transaction)) {
                int id = attempts.containsKey(transaction) ? attempts.get(transaction) + 1 : 0;
                attempts.put(transaction, id);
                zooKeeper.setAttempts(attempts);
                TransactionAttempt attempt = new TransactionAttempt(transaction, id);
                active.put(transaction, new Status(attempt));
                outside.batch(attempt);
            }
        }
    }
}
