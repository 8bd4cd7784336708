package io.tidemark.app;

import io.tidemark.app.feed.DemoFeed;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What a command has started, ended in order when this process is told to end, by Ctrl-C, SIGTERM, or because its start
 * failed. Ends the process with exit code 0 then, unless the command has found another.
 */
final class UntilStopped {
    private final PrintStream out;
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final List<Runnable> endings;
    private DemoFeed feed;

    /** @param endings what ends all that was started, in this order; a feed ends before */
    UntilStopped(PrintStream out, List<Runnable> endings) {
        this.out = out;
        this.endings = List.copyOf(endings);
        Runtime.getRuntime().addShutdownHook(new Thread(this::stopForGood, "stop"));
    }

    boolean isStopping() {
        return stopping.get();
    }

    /** Starts a feed, which ends before all else does. */
    synchronized void feed(DemoFeed started) {
        if (!stopping.get()) {
            feed = started;
            started.start();
        }
    }

    private void close() {
        synchronized (this) {
            if (feed != null) {
                feed.close();
            }
        }
        endings.forEach(Runnable::run);
        stopped.countDown();
    }

    /** Stops everything that still runs; for a command that goes on to an exit code of its own. */
    void stop() {
        if (stopping.compareAndSet(false, true)) {
            close();
        }
    }

    /** Returns never while it runs. @return the exit code */
    int awaitStopped() throws InterruptedException {
        stopped.await();
        return ExitCodes.OK;
    }

    private void stopForGood() {
        if (!stopping.compareAndSet(false, true)) {
            return;
        }
        out.println("\nStopping ...");
        out.flush();
        close();
        out.println("Stopped. Nothing is lost: the next start goes on from here.");
        out.flush();
        Runtime.getRuntime().halt(ExitCodes.OK);
    }
}
