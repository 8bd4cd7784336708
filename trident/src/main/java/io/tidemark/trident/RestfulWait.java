package io.tidemark.trident;

import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.storm.policy.IWaitStrategy;

/**
 * How an executor waits for its next tuple: attentive for a second after the last one, then at rest. Storm's own strategy
 * keeps a pace of one millisecond for ever, which with a dozen executors is most of what a stream at rest costs. Each
 * step from plan to commit is an executor of its own, so the first event after a rest is counted some milliseconds later
 * than the next ones. Without state of its own; used by several threads.
 */
public final class RestfulWait implements IWaitStrategy {
    /** So often the queue is looked at again at once, then after a moment. */
    private static final int AT_ONCE = 2;

    private static final int SOON = 20;
    private static final long MOMENT_NANOS = 50_000;

    private static final long ATTENTIVE_NANOS = 1_000_000;

    /** Pauses of a millisecond that make up about a second. */
    private static final int ATTENTIVE = SOON + 900;

    private static final long REST_NANOS = 5_000_000;

    @Override
    public void prepare(Map<String, Object> stormConfig, WaitSituation situation) {
        // The same in each.
    }

    @Override
    public int idle(int idleCounter) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("told to end while waiting");
        }
        if (idleCounter >= AT_ONCE) {
            LockSupport.parkNanos(pause(idleCounter));
        }
        return Math.min(idleCounter + 1, ATTENTIVE);
    }

    /** How long to wait, in nanoseconds, after so many waits without a tuple. */
    static long pause(int idleCounter) {
        if (idleCounter < AT_ONCE) {
            return 0;
        }
        return idleCounter < SOON ? MOMENT_NANOS : idleCounter < ATTENTIVE ? ATTENTIVE_NANOS : REST_NANOS;
    }
}
