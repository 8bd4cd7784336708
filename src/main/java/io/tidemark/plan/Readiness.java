package io.tidemark.plan;

import io.tidemark.stream.Refusal;
import java.time.Duration;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Whether a new batch is worth its cost, from what was seen, what was planned and what is refused. It decides nothing
 * about counts: a wrong answer costs an empty batch or a moment. Where the planner is in another process, nothing is
 * heard of plans, and what lies beyond the marks is all there is to go by. Thread-safe.
 */
public final class Readiness {
    /** A stream that is refused, or whose store or log is away, is tried again after so many milliseconds. */
    public static final long AGAIN_MILLIS = 3_000;

    /** A batch that could not be planned is not tried again before so many milliseconds: looks come later than that. */
    static final long PAUSE_MILLIS = 100;

    /**
     * After so many looks at marks that stand still, what is in flight is not believed to come any more. A batch may take
     * its whole time-out; looks are a second apart.
     */
    static final int LOST_LOOKS = 30;

    /**
     * A refusal that was not heard again for so many looks gives way to what others are refused now. What is refused here
     * is tried again, and refused again, every {@link #AGAIN_MILLIS}.
     */
    static final int STALE_LOOKS = 15;

    private Lookout.Sight sight;
    private SortedMap<Integer, Long> ends = new TreeMap<>();
    private SortedMap<Integer, Long> plannedTo;
    private long plannedTransaction = Long.MIN_VALUE;
    private long committedTransaction;
    private boolean stuck;
    private int stuckLooks;
    private Refusal refusal;
    private SortedMap<Integer, Long> refusedAt;
    private int looksSinceRefused;
    private Refusal told;
    private long triedAt = Long.MIN_VALUE / 2;
    private long pausedUntil = Long.MIN_VALUE;

    /** A look at store and log. Looks come some hundred milliseconds apart at least. */
    public synchronized void saw(Lookout.Sight now) {
        if (now.log() != null) {
            ends = new TreeMap<>(now.log().ends());
        }
        stuck = sight != null
                && now.marks().isPresent()
                && sight.marks().map(Marks::next).equals(now.marks().map(Marks::next))
                && beyond(now.marks().get().next());
        stuckLooks = stuck ? stuckLooks + 1 : 0;
        if (now.refusal() == null
                && now.log() != null
                && now.marks().isPresent()
                && !beyond(now.marks().get().next())) {
            refusal = null; // all is counted: there is nothing left that could be refused
        }
        if (now.marks().isPresent() && !now.marks().get().next().equals(refusedAt)) {
            refusal = null; // commits go on, in a process that does not say so
        }
        looksSinceRefused++;
        sight = now;
        notifyAll();
    }

    /** The log has grown. @param newEnds by partition, at least */
    public synchronized void arrived(SortedMap<Integer, Long> newEnds) {
        newEnds.forEach((partition, end) -> ends.merge(partition, end, Math::max));
    }

    /** A transaction was planned. @param end where its plan ends */
    public synchronized void planned(long transaction, SortedMap<Integer, Long> end) {
        if (plannedTo == null || transaction <= committedTransaction) {
            committedTransaction = transaction - 1; // the first that is heard of, or numbers begin anew
        }
        plannedTransaction = transaction;
        plannedTo = new TreeMap<>(end);
        notifyAll();
    }

    /** A transaction could not be planned, since store or log did not answer. @param now milliseconds, rising */
    public synchronized void notPlanned(long now) {
        pausedUntil = now + PAUSE_MILLIS;
    }

    /** A transaction was committed, and so were those before it. That this was never said costs some moments. */
    public synchronized void succeeded(long transaction) {
        committedTransaction = Math.max(committedTransaction, transaction);
    }

    /**
     * Whether few enough transactions are in flight for this one to begin, or to be tried again. That a batch takes its
     * time is no reason for more of them.
     *
     * @param most in flight, at least 1
     */
    public synchronized boolean hasRoom(long transaction, int most) {
        return plannedTo == null
                || transaction <= Math.max(plannedTransaction, committedTransaction + most)
                || isCounted(plannedTo)
                || stuckLooks >= LOST_LOOKS;
    }

    /** That nobody heard of a success does no harm: the marks tell. */
    private boolean isCounted(SortedMap<Integer, Long> positions) {
        return sight != null
                && sight.marks()
                        .map(marks -> positions.entrySet().stream()
                                .allMatch(each -> marks.of(each.getKey()) >= each.getValue()))
                        .orElse(false);
    }

    /** The store took a commit. */
    public synchronized void committed() {
        refusal = null;
    }

    /** A plan, a read or a commit was refused by name, which does not show in looks alone. */
    public synchronized void refused(Refusal why) {
        refusal = why;
        looksSinceRefused = 0;
        refusedAt = sight == null ? null : sight.marks().map(Marks::next).orElse(null);
    }

    /** What tasks in other processes were refused, as the store tells it; null when they were not. */
    public synchronized void told(Refusal elsewhere) {
        told = elsewhere;
        if (told != null && looksSinceRefused > STALE_LOOKS) {
            refusal = null; // of a state of things that is over, which no look could tell
        }
    }

    /** Why a plan, a read or a commit was refused, when no commit was taken since; else null. */
    public synchronized Refusal refusal() {
        return refusal != null ? refusal : told;
    }

    /**
     * Whether this transaction should be tried now.
     *
     * @param now milliseconds, rising
     */
    public synchronized boolean ready(long transaction, long now) {
        if (sight == null || now < pausedUntil) {
            return false;
        }
        if (sight.refusal() != null || sight.unreachable() != null || refusal() != null) {
            if (now - triedAt < AGAIN_MILLIS) {
                return false;
            }
            triedAt = now;
            return true;
        }
        if (sight.marks().isEmpty() || stuck || transaction <= plannedTransaction) {
            return true;
        }
        return beyond(position());
    }

    /** Whether all that is known of has been planned: then new records are worth waiting for. */
    public synchronized boolean atRest() {
        return sight != null
                && sight.unreachable() == null
                && sight.marks().isPresent()
                && !stuck
                && !beyond(position());
    }

    /**
     * Waits until all that is known of has been planned, as {@link #atRest} says.
     *
     * @param most how long; at least a millisecond
     * @return whether it is so
     */
    public synchronized boolean awaitRest(Duration most) throws InterruptedException {
        long deadline = System.nanoTime() + Math.max(1_000_000, most.toNanos());
        for (long left = deadline - System.nanoTime(); left > 0 && !atRest(); left = deadline - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return atRest();
    }

    /**
     * Up to where the log is known, by partition: what was planned is known too, so that who waits for more does not
     * crawl through it.
     */
    public synchronized SortedMap<Integer, Long> knownEnds() {
        SortedMap<Integer, Long> known = new TreeMap<>(ends);
        if (plannedTo != null) {
            plannedTo.forEach((partition, end) -> known.merge(partition, end, Math::max));
        }
        return known;
    }

    /** How many offsets of each partition lie beyond the marks, at the last look; empty before the first. */
    public synchronized SortedMap<Integer, Long> lags() {
        SortedMap<Integer, Long> lags = new TreeMap<>();
        if (sight != null && sight.marks().isPresent()) {
            Marks marks = sight.marks().get();
            ends.forEach((partition, end) -> lags.put(partition, Math.max(0, end - marks.of(partition))));
        }
        return lags;
    }

    private SortedMap<Integer, Long> position() {
        return plannedTo != null ? plannedTo : sight.marks().orElseThrow().next();
    }

    private boolean beyond(SortedMap<Integer, Long> positions) {
        for (Map.Entry<Integer, Long> end : ends.entrySet()) {
            if (end.getValue() > positions.getOrDefault(end.getKey(), 0L)) {
                return true;
            }
        }
        return false;
    }
}
