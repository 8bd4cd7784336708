package io.tidemark.sim;

import org.apache.storm.trident.topology.TransactionAttempt;

/** Something on its way from task to task. */
final class Message {
    enum Kind {
        /** From the master: plan and read this attempt. */
        BATCH,
        /** From the master: commit this attempt. */
        COMMIT,
        /** From the master: this attempt is committed. Nobody notices when it is lost. */
        SUCCESS,
        /** A chunk or a tally. */
        TUPLE,
        /** How many tuples a task has sent to another for an attempt. */
        COUNT,
        /** To the master: the tree of an attempt is done, or failed. */
        ACKED,
        FAILED
    }

    /** A task of a topology. */
    record Address(Part part, int index) {}

    /** The kinds of tasks, in the order of the data's way. */
    enum Part {
        MASTER,
        COORDINATOR,
        EMITTER,
        COUNTER,
        STATE
    }

    private final Kind kind;
    private final Address from;
    private final Address to;
    private final TransactionAttempt attempt;
    private final Object value;
    private final Tree tree;
    private long notBefore;
    private boolean loose;

    /** @param tree that waits for it; null for one that nobody waits for */
    Message(Kind kind, Address from, Address to, TransactionAttempt attempt, Object value, Tree tree) {
        this.kind = kind;
        this.from = from;
        this.to = to;
        this.attempt = attempt;
        this.value = value;
        this.tree = tree;
    }

    /** The same once more; no tree waits for it. */
    Message again() {
        return new Message(kind, from, to, attempt, value, null);
    }

    /** With another content. */
    Message with(Object other) {
        return new Message(kind, from, to, attempt, other, tree);
    }

    /** Others of its channel may overtake it. */
    void delay(long until) {
        notBefore = until;
        loose = true;
    }

    boolean isLoose() {
        return loose;
    }

    long notBefore() {
        return notBefore;
    }

    Kind kind() {
        return kind;
    }

    Address from() {
        return from;
    }

    Address to() {
        return to;
    }

    TransactionAttempt attempt() {
        return attempt;
    }

    Object value() {
        return value;
    }

    Tree tree() {
        return tree;
    }

    @Override
    public String toString() {
        return kind + " " + attempt + " " + from.part() + from.index() + "->" + to.part() + to.index();
    }
}
