package io.tidemark.app.cluster;

import io.tidemark.app.CommandFailedException;
import io.tidemark.app.ExitCodes;
import io.tidemark.app.service.Child;
import io.tidemark.app.service.DataFolder;
import io.tidemark.app.service.ProcessNotes;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The daemons of a cluster by name, in the order in which they are started. One that dies is started again. Thread-safe. */
final class Daemons {
    static final Duration TO_START = Duration.ofSeconds(180);
    static final Duration LOOK = Duration.ofMillis(200);
    private static final Duration TO_STOP = Duration.ofSeconds(7);
    private static final int STARTS_TO_GIVE_UP = 3;

    /** How a daemon is started, and the one that runs. */
    private static final class Daemon {
        private final Supplier<ProcessBuilder> command;
        private final String readySign;
        private CountDownLatch ready = new CountDownLatch(1);
        private Child child;

        Daemon(String readySign, Supplier<ProcessBuilder> command) {
            this.readySign = readySign;
            this.command = command;
        }
    }

    private final DataFolder folder;
    private final ProcessNotes notes;
    private final Map<String, Daemon> all = new LinkedHashMap<>();

    Daemons(DataFolder folder, ProcessNotes notes) {
        this.folder = folder;
        this.notes = notes;
    }

    /** @param readySign what it prints when it is ready; null for those that say it as children do */
    synchronized void add(String name, String readySign, Supplier<ProcessBuilder> command) {
        all.put(name, new Daemon(readySign, command));
    }

    synchronized List<String> names() {
        return List.copyOf(all.keySet());
    }

    /** Empty when it was never started. It changes when the daemon dies. */
    synchronized Optional<ProcessHandle> process(String name) {
        return Optional.ofNullable(all.get(name).child).flatMap(Child::process);
    }

    /** Does not wait for it. */
    synchronized void start(String name) {
        Daemon each = all.get(name);
        each.ready = new CountDownLatch(1);
        CountDownLatch ready = each.ready;
        each.child = new Child(name, each.command, notes, each.readySign, word -> ready.countDown());
        each.child.start();
    }

    /** Until {@link #start} starts it again. Returns when it is gone. */
    void stop(String name) {
        Child child;
        synchronized (this) {
            child = all.get(name).child;
            all.get(name).child = null;
        }
        if (child != null) {
            child.stop(TO_STOP);
        }
    }

    /** @throws CommandFailedException when it is not ready in time */
    void awaitReady(String name) {
        CountDownLatch ready;
        synchronized (this) {
            ready = all.get(name).ready;
        }
        long until = System.nanoTime() + TO_START.toNanos();
        try {
            while (!ready.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                giveUp(name, System.nanoTime() > until);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException(ExitCodes.FAILED, "interrupted while starting", e);
        }
    }

    /** @throws CommandFailedException when it is late, or has died too often; it names the log */
    synchronized void giveUp(String name, boolean isLate) {
        Child child = all.get(name).child;
        if (isLate || child == null || child.starts() > STARTS_TO_GIVE_UP) {
            throw new CommandFailedException(
                    ExitCodes.FAILED,
                    name + (isLate ? " did not start within " + TO_START.toSeconds() + " s" : " ends again and again")
                            + ". The reason should stand in " + folder.log(name) + " or " + folder.log("service"));
        }
    }
}
