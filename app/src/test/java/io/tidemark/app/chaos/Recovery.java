package io.tidemark.app.chaos;

import java.util.OptionalDouble;

/** How long counting stood still for a fault. Used by one thread. */
final class Recovery {
    /** Something that returns when an event that was sent after its call is in an answer. */
    @FunctionalInterface
    interface GoesOn {
        void await();
    }

    private final GoesOn goesOn;
    private long begun = System.nanoTime();
    private double seconds = -1;

    /** The fault begins now. */
    Recovery(GoesOn goesOn) {
        this.goesOn = goesOn;
    }

    /** What was done until now was preparation and hurt nobody: the fault begins now. */
    void begins() {
        begun = System.nanoTime();
        seconds = -1;
    }

    /** Waits until it goes on. What it took is noted the first time only: a fault may have a second half. */
    void await() {
        goesOn.await();
        if (seconds < 0) {
            seconds = (System.nanoTime() - begun) / 1e9;
        }
    }

    /** Seconds from the begin until an event that was sent after the fault was in an answer; empty before. */
    OptionalDouble seconds() {
        return seconds < 0 ? OptionalDouble.empty() : OptionalDouble.of(seconds);
    }
}
