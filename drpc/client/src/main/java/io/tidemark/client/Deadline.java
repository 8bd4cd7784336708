package io.tidemark.client;

import java.time.Duration;

/** When a question has taken long enough, whatever is tried meanwhile. */
final class Deadline {
    private final Duration timeout;
    private final long atNanos;

    private Deadline(Duration timeout, long atNanos) {
        this.timeout = timeout;
        this.atNanos = atNanos;
    }

    static Deadline in(Duration timeout) {
        return new Deadline(timeout, System.nanoTime() + timeout.toNanos());
    }

    /** What was given at first. */
    Duration timeout() {
        return timeout;
    }

    /** Milliseconds that are left; 0 when there are none. */
    int leftMillis() {
        long left = (atNanos - System.nanoTime()) / 1_000_000;
        return (int) Math.max(0, Math.min(Integer.MAX_VALUE, left));
    }

    boolean isOver() {
        return leftMillis() == 0;
    }
}
