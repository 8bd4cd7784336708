package io.tidemark.bench.compare;

import io.tidemark.bench.Jvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A worker's process. When it ends by itself it is started again, as Storm's supervisor does. Used by one thread. */
final class Worker {
    private final Path log;
    private final String[] arguments;
    private Process process;
    private int lives;
    private volatile boolean killed;

    Worker(Path log, String... arguments) throws IOException {
        this.log = log;
        this.arguments = arguments;
        live();
    }

    private synchronized void live() throws IOException {
        if (killed) {
            return;
        }
        lives++;
        Path file = log.resolveSibling(log.getFileName() + "-" + lives + ".log");
        process = Jvm.start(
                file,
                List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-Xshare:auto"),
                WorkerMain.class.getName(),
                arguments);
        process.onExit().thenRun(() -> {
            try {
                live();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** How often it has died by itself. */
    synchronized int deaths() {
        return lives - 1;
    }

    /** Whether its topology has been submitted. */
    synchronized boolean isReady() {
        Path file = log.resolveSibling(log.getFileName() + "-" + lives + ".log");
        try {
            return Files.exists(file) && Files.readString(file).contains(WorkerMain.READY);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** SIGKILL, and nobody starts it again. */
    void kill() {
        Process mine;
        synchronized (this) {
            killed = true;
            mine = process;
        }
        mine.destroyForcibly();
        mine.onExit().join();
    }
}
