package io.tidemark.sim;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.apache.storm.topology.FailedException;
import org.apache.storm.trident.topology.TransactionAttempt;

/**
 * Trident's TridentBoltExecutor, branch by branch as in Storm 2.8.3: it knows of one attempt of each transaction, by
 * numbers that come again, and finishes it when as many tuples came as were said to.
 */
final class BatchExecutor {
    /** The bolt inside. */
    interface Bolt {
        Object newBatch();

        /** @throws FailedException when the batch cannot be right */
        void execute(Batch batch, Object value);

        /** @throws FailedException when the batch cannot be right */
        void finish(Batch batch);
    }

    /** How it reaches the tasks behind it. */
    interface Outside {
        void tuple(TransactionAttempt attempt, Object value, Message.Address to);

        /** The counts of tuples that were sent, which the message's tree waits for. */
        void counts(TransactionAttempt attempt, Map<Message.Address, Integer> sent, Tree tree);
    }

    /** One attempt, as far as it is known. */
    static final class Batch {
        private final TransactionAttempt attempt;
        private final Object state;
        private final Outside outside;
        private final Map<Message.Address, Integer> sent = new HashMap<>();
        private int reports;
        private int expected;
        private int received;
        private boolean failed;
        private boolean commit;
        private boolean turned;
        private Tree delayed;

        private Batch(TransactionAttempt attempt, Object state, Outside outside, boolean commit) {
            this.attempt = attempt;
            this.state = state;
            this.outside = outside;
            this.commit = commit;
        }

        Object state() {
            return state;
        }

        TransactionAttempt attempt() {
            return attempt;
        }

        void emit(Object value, Message.Address to) {
            sent.merge(to, 1, Integer::sum);
            outside.tuple(attempt, value, to);
        }
    }

    private final Bolt bolt;
    private final Outside outside;
    private final int reporters;
    private final boolean commits;
    private final LongSupplier clock;
    private final long timeout;
    private final TreeMap<Long, Batch> batches = new TreeMap<>();
    private long rotatedAt;

    /**
     * @param reporters how many tasks say what they sent; 0 for one that is behind the coordinator
     * @param commits whether a batch is finished only when it is to be committed
     * @param clock milliseconds
     * @param timeout of messages, in milliseconds: a batch is forgotten at the second turn after it began
     */
    BatchExecutor(Bolt bolt, Outside outside, int reporters, boolean commits, LongSupplier clock, long timeout) {
        this.clock = clock;
        this.timeout = timeout;
        this.rotatedAt = clock.getAsLong();
        this.bolt = bolt;
        this.outside = outside;
        this.reporters = reporters;
        this.commits = commits;
    }

    /** Forgets the batches that it has, as after two time-outs. */
    void expire() {
        batches.clear();
    }

    private void rotate() {
        if (clock.getAsLong() - rotatedAt > timeout) {
            rotatedAt = clock.getAsLong();
            batches.values().removeIf(batch -> batch.turned);
            batches.values().forEach(batch -> batch.turned = true);
        }
    }

    void receive(Message message) {
        rotate();
        TransactionAttempt id = message.attempt();
        Batch batch = batches.get(id.getTransactionId());
        if (batch != null) {
            if (id.getAttemptId() > batch.attempt.getAttemptId()) {
                batches.remove(id.getTransactionId());
                batch = null;
            } else if (id.getAttemptId() < batch.attempt.getAttemptId()) {
                return;
            }
        }
        if (batch == null) {
            batch = new Batch(id, bolt.newBatch(), outside, !commits);
            batches.put(id.getTransactionId(), batch);
        }
        switch (message.kind()) {
            case COMMIT -> {
                batch.commit = true;
                checkFinish(batch, message);
            }
            case COUNT -> {
                batch.reports++;
                batch.expected += (Integer) message.value();
                checkFinish(batch, message);
            }
            default -> tuple(batch, message);
        }
    }

    private void tuple(Batch batch, Message message) {
        batch.received++;
        boolean well = true;
        try {
            bolt.execute(batch, message.value());
            if (reporters == 0) {
                well = finish(batch, message.tree());
            }
        } catch (FailedException e) {
            fail(batch);
        }
        if (well) {
            ack(message.tree());
        } else {
            fail(message.tree());
        }
    }

    private void checkFinish(Batch batch, Message message) {
        if (batch.failed) {
            fail(batch);
            fail(message.tree());
            return;
        }
        boolean delayed =
                batch.delayed == null && message.tree() != null && (!commits || message.kind() == Message.Kind.COMMIT);
        if (delayed) {
            batch.delayed = message.tree();
        }
        boolean failed = false;
        if (batch.commit && batch.reports == reporters) {
            if (batch.received == batch.expected) {
                finish(batch, message.tree());
            } else {
                fail(batch);
                fail(message.tree());
                failed = true;
            }
        }
        if (!delayed && !failed) {
            ack(message.tree());
        }
    }

    private boolean finish(Batch batch, Tree tree) {
        boolean well = true;
        try {
            bolt.finish(batch);
            outside.counts(batch.attempt, batch.sent, tree);
            ack(batch.delayed);
            batch.delayed = null;
        } catch (FailedException e) {
            fail(batch);
            well = false;
        }
        batches.remove(batch.attempt.getTransactionId());
        return well;
    }

    private static void fail(Batch batch) {
        batch.failed = true;
        fail(batch.delayed);
        batch.delayed = null;
    }

    private static void ack(Tree tree) {
        if (tree != null) {
            tree.acked();
        }
    }

    private static void fail(Tree tree) {
        if (tree != null) {
            tree.failed();
        }
    }
}
