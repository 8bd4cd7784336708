package io.tidemark.app.service;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A process that the service starts, watches, starts again when it dies, and stops. The child ends by itself when its
 * standard input ends, which the system sees to when the service dies, however it dies. Lines of the child's output
 * that begin with {@code @} are words to the service ({@code @ready}); all others go to the log. Thread-safe.
 */
public final class Child {
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    /** One that has lived so long before it died is started again at once. */
    private static final Duration WELL = Duration.ofSeconds(30);

    private static final Duration TO_VANISH = Duration.ofSeconds(5);

    private final String name;
    private final Supplier<ProcessBuilder> command;
    private final ProcessNotes notes;
    private final String readySign;
    private final Consumer<String> onWord;
    private final Logger log;
    private final Thread watcher;

    private Process process;
    private ProcessHandle inner;
    private boolean stopping;
    private int starts;

    /**
     * @param name for logs and messages: {@code kafka}
     * @param command makes the process anew for each start
     * @param readySign a line that contains it counts as the word {@code ready}; null for children that say it
     * @param onWord receives the child's words without the {@code @}; called on a thread of the child
     */
    public Child(
            String name,
            Supplier<ProcessBuilder> command,
            ProcessNotes notes,
            String readySign,
            Consumer<String> onWord) {
        this.name = name;
        this.command = command;
        this.notes = notes;
        this.readySign = readySign;
        this.onWord = onWord;
        this.log = LoggerFactory.getLogger("tidemark." + name);
        this.watcher = new Thread(this::watch, name + "-watcher");
        watcher.setDaemon(true);
    }

    public String name() {
        return name;
    }

    public void start() {
        watcher.start();
    }

    /** How often it was started. */
    public synchronized int starts() {
        return starts;
    }

    /** The process that runs now, or the last one that ran; empty before the first. */
    public synchronized Optional<ProcessHandle> process() {
        return Optional.ofNullable(inner == null && process != null ? process.toHandle() : inner);
    }

    /** Sends a line to the child's standard input. Does nothing when it is not there: its next start asks again. */
    synchronized void send(String line) {
        if (process == null) {
            return;
        }
        try {
            OutputStream input = process.getOutputStream();
            input.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            input.flush();
        } catch (IOException e) {
            log.info("{} does not take \"{}\": {}", name, line, e.getMessage());
        }
    }

    private void watch() {
        Duration pause = SHORTEST_PAUSE;
        while (true) {
            long began = System.nanoTime();
            try {
                Process started = begin();
                if (started == null) {
                    return;
                }
                int status = started.waitFor();
                ended(started, status);
            } catch (IOException e) {
                log.error("{} cannot be started", name, e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            boolean wasWell = System.nanoTime() - began > WELL.toNanos();
            pause = wasWell ? SHORTEST_PAUSE : pause;
            if (stopsWithin(pause)) {
                return;
            }
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
        }
    }

    private synchronized Process begin() throws IOException {
        if (stopping) {
            return null;
        }
        ProcessBuilder builder = command.get().redirectErrorStream(true);
        process = builder.start();
        starts++;
        notes.add(name, process.toHandle());
        log.info("started {} as process {}", name, process.pid());
        Process reading = process;
        Thread reader = new Thread(() -> read(reading), name + "-output");
        reader.setDaemon(true);
        reader.start();
        return process;
    }

    private void read(Process from) {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(from.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("@pid ")) {
                    noteInner(Long.parseLong(line.substring("@pid ".length())));
                } else if (line.startsWith("@")) {
                    onWord.accept(line.substring(1));
                } else if (!line.isBlank()) {
                    log.info("{}", line);
                    if (readySign != null && line.contains(readySign)) {
                        onWord.accept("ready");
                    }
                }
            }
        } catch (IOException e) {
            log.info("output of {} ended: {}", name, e.getMessage());
        }
    }

    private synchronized void noteInner(long pid) {
        inner = ProcessHandle.of(pid).orElse(null);
        if (inner != null) {
            notes.add(name + " server", inner);
        }
    }

    private void ended(Process ended, int status) throws InterruptedException {
        ProcessHandle innerOfIt;
        synchronized (this) {
            closeInput(ended);
            innerOfIt = inner;
            inner = null;
            if (!stopping) {
                log.warn("{} (process {}) ended with status {}; it is started again", name, ended.pid(), status);
            }
        }
        notes.remove(ended.pid());
        if (innerOfIt != null) {
            if (!ProcessNotes.hasEnded(innerOfIt, TO_VANISH)) {
                innerOfIt.destroyForcibly();
                ProcessNotes.hasEnded(innerOfIt, TO_VANISH);
            }
            notes.remove(innerOfIt.pid());
        }
    }

    private synchronized boolean stopsWithin(Duration pause) {
        long until = System.nanoTime() + pause.toNanos();
        try {
            for (long left = pause.toMillis(); !stopping && left > 0; left = (until - System.nanoTime()) / 1_000_000) {
                wait(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
        return stopping;
    }

    private void closeInput(Process of) {
        try {
            of.getOutputStream().close();
        } catch (IOException e) {
            log.debug("input of {} was closed already", name, e);
        }
    }

    /** Asks the child to stop, waits, and ends it by force when it takes longer. Returns when it is gone. */
    public void stop(Duration patience) {
        Process last;
        ProcessHandle lastInner;
        synchronized (this) {
            stopping = true;
            notifyAll();
            last = process;
            lastInner = inner;
        }
        if (last == null) {
            return;
        }
        send("stop");
        closeInput(last);
        if (!ProcessNotes.hasEnded(last.toHandle(), patience)) {
            log.warn("{} does not stop within {} s; ending it", name, patience.toSeconds());
            if (lastInner != null) {
                lastInner.destroyForcibly();
            }
            last.destroyForcibly();
            ProcessNotes.hasEnded(last.toHandle(), TO_VANISH);
        }
        try {
            watcher.join(TO_VANISH.multipliedBy(2).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
