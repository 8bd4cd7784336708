package io.tidemark.app.service;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which processes a service has started, kept in a file with their start times, so that the next service on the folder
 * ends those that are left over. A process id that the system has given to somebody else meanwhile is told by its
 * start time. Thread-safe.
 */
public final class ProcessNotes {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessNotes.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    /** The system's start times are whole seconds of its boot time plus ticks: they may differ a little when asked again. */
    private static final Duration SAME_START = Duration.ofSeconds(2);

    /** A process that was started. @param started in Unix milliseconds */
    record Note(String name, long pid, long started) {}

    private final Path file;
    private final List<Note> notes = new ArrayList<>();

    public ProcessNotes(Path file) {
        this.file = file;
    }

    synchronized void add(String name, ProcessHandle process) {
        notes.removeIf(note -> note.pid() == process.pid());
        notes.add(new Note(
                name,
                process.pid(),
                process.info().startInstant().map(Instant::toEpochMilli).orElse(0L)));
        write();
    }

    synchronized void remove(long pid) {
        if (notes.removeIf(note -> note.pid() == pid)) {
            write();
        }
    }

    synchronized List<Note> all() {
        return List.copyOf(notes);
    }

    private void write() {
        try {
            DataFolder.writeAtomically(
                    file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(notes) + "\n");
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Ends what an earlier service left over: asked to end, then made to. Returns when none of them lives.
     *
     * @return the names of those that were ended
     */
    public List<String> endLeftOvers() {
        List<String> ended = new ArrayList<>();
        List<ProcessHandle> leftOver = new ArrayList<>();
        for (Note note : read()) {
            find(note).ifPresent(process -> {
                LOG.warn("ending {} (process {}), left over from an earlier service", note.name(), note.pid());
                process.destroy();
                leftOver.add(process);
                ended.add(note.name());
            });
        }
        for (ProcessHandle process : leftOver) {
            if (!hasEnded(process, Duration.ofSeconds(3))) {
                process.destroyForcibly();
                hasEnded(process, Duration.ofSeconds(5));
            }
        }
        synchronized (this) {
            notes.clear();
            write();
        }
        return ended;
    }

    /** The process that another service has noted under a name and that still runs. */
    public Optional<ProcessHandle> find(String name) {
        return read().stream()
                .filter(note -> note.name().equals(name))
                .flatMap(note -> find(note).stream())
                .findFirst();
    }

    private List<Note> read() {
        try {
            return JSON.readValue(Files.readString(file), new TypeReference<List<Note>>() {});
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (JsonProcessingException e) {
            LOG.warn("{} cannot be understood; left-over processes, if any, are not ended", file, e);
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private static Optional<ProcessHandle> find(Note note) {
        return ProcessHandle.of(note.pid())
                .filter(process -> process.info()
                        .startInstant()
                        .filter(start -> Duration.between(Instant.ofEpochMilli(note.started()), start)
                                        .abs()
                                        .compareTo(SAME_START)
                                <= 0)
                        .isPresent());
    }

    /** Waits until a process has ended. @return false when it lives on after the time-out */
    public static boolean hasEnded(ProcessHandle process, Duration timeout) {
        try {
            process.onExit().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return !process.isAlive();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return !process.isAlive();
        } catch (java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException("waiting for process " + process.pid() + " failed", e);
        }
    }
}
