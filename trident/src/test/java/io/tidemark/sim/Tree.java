package io.tidemark.sim;

import java.util.function.BiConsumer;
import org.apache.storm.trident.topology.TransactionAttempt;

/** What the acker knows of one emission of the master: how many messages of it are not done yet. */
final class Tree {
    private final TransactionAttempt attempt;
    private final long since;
    private final BiConsumer<Tree, Boolean> ended;
    private int open;
    private boolean over;
    private boolean heard;

    /** @param ended told once, whether all went well */
    Tree(TransactionAttempt attempt, long since, BiConsumer<Tree, Boolean> ended) {
        this.attempt = attempt;
        this.since = since;
        this.ended = ended;
    }

    TransactionAttempt attempt() {
        return attempt;
    }

    long since() {
        return since;
    }

    boolean isHeard() {
        return heard;
    }

    /** The master knows how it ended, or has given it up. @return whether it did not know before */
    boolean hear() {
        boolean first = !heard;
        heard = true;
        return first;
    }

    void sent() {
        open++;
    }

    void acked() {
        open--;
        if (open <= 0) {
            end(true);
        }
    }

    void failed() {
        end(false);
    }

    private void end(boolean well) {
        if (!over) {
            over = true;
            ended.accept(this, well);
        }
    }
}
