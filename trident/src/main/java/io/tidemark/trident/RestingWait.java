package io.tidemark.trident;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.apache.storm.policy.IWaitStrategy;

/**
 * How a thread of Storm waits for its next tuple. Storm's own way spins for some 50 ms after each tuple and looks a
 * thousand times a second for ever after; here the looks become rarer the longer nothing comes, and whoever sees that
 * there will be something to do wakes all threads of the worker, so that a stream at rest costs little and yet begins
 * at once. A thread that nobody wakes (that of another worker) looks a hundred times a second.
 *
 * <p>One instance for each thread.
 */
public final class RestingWait implements IWaitStrategy {
    private static final long REST = TimeUnit.MILLISECONDS.toNanos(10);

    /** Nanoseconds after its last tuple before a thread rests. */
    private static final long AWAKE = TimeUnit.SECONDS.toNanos(1);

    private static final Set<Thread> RESTING = ConcurrentHashMap.newKeySet();
    private static final AtomicInteger ALARMS = new AtomicInteger();

    private final LongSupplier nanos;
    private final long rest;
    private long since;
    private int heard;

    /** For Storm, which makes it by its name. */
    public RestingWait() {
        this(System::nanoTime, REST);
    }

    /**
     * @param nanos rising
     * @param rest nanoseconds between two looks of a thread that has had nothing to do for long
     */
    RestingWait(LongSupplier nanos, long rest) {
        this.nanos = nanos;
        this.rest = rest;
        heard = ALARMS.get();
    }

    @Override
    public void prepare(Map<String, Object> stormConfig, WaitSituation situation) {
        // Nothing to be told.
    }

    /** Wakes all threads of this worker that wait: a batch is about to begin. May be called by any thread. */
    static void wake() {
        ALARMS.incrementAndGet();
        RESTING.forEach(LockSupport::unpark);
    }

    /** @param times 0 after work, else what it returned last */
    @Override
    public int idle(int times) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("told to end while waiting");
        }
        long now = nanos.getAsLong();
        int alarms = ALARMS.get();
        if (times == 0 || alarms != heard) {
            heard = alarms;
            since = now;
        }
        long idle = now - since;
        if (idle < AWAKE) {
            LockSupport.parkNanos(pause(idle));
        } else {
            rest();
        }
        return 1;
    }

    private void rest() {
        RESTING.add(Thread.currentThread());
        try {
            // Whoever wakes counts up first: either it is seen here, or this thread is seen there.
            if (ALARMS.get() == heard) {
                LockSupport.parkNanos(rest);
            }
        } finally {
            RESTING.remove(Thread.currentThread());
        }
    }

    /**
     * How long to wait when nothing has come for so long, both in nanoseconds. The first step fits the time between the
     * tuples of one batch, the second that between batches.
     */
    static long pause(long idle) {
        if (idle < TimeUnit.MILLISECONDS.toNanos(2)) {
            return TimeUnit.MICROSECONDS.toNanos(50);
        }
        return idle < TimeUnit.MILLISECONDS.toNanos(100)
                ? TimeUnit.MICROSECONDS.toNanos(250)
                : TimeUnit.MILLISECONDS.toNanos(1);
    }
}
