package io.tidemark.app.child;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The worker processes that a supervisor has started. They outlive it, however it ends, so they are found by their
 * command lines, which name the supervisor's folder: no process id is believed that may be somebody else's by now.
 */
public final class Workers {
    private static final Logger LOG = LoggerFactory.getLogger(Workers.class);
    private static final Duration TO_END = Duration.ofSeconds(5);
    private static final int ROUNDS = 3;
    private static final String LOG_WRITER = "\norg.apache.storm.LogWriter\n";

    /**
     * A worker that runs.
     *
     * @param topology id of what it runs, {@code name-number-time}
     * @param port that it listens on
     */
    public record Worker(ProcessHandle process, String topology, int port) {}

    private record Running(ProcessHandle process, String words) {
        Optional<String> property(String name) {
            String sign = "\n-D" + name + "=";
            int at = words.indexOf(sign);
            return at < 0
                    ? Optional.empty()
                    : Optional.of(words.substring(at + sign.length(), words.indexOf('\n', at + 1)));
        }
    }

    private Workers() {}

    /** @param supervisorFolder {@code storm.local.dir} of the supervisor */
    public static List<Worker> of(Path supervisorFolder) {
        return running(supervisorFolder).stream()
                .filter(each -> !each.words().contains(LOG_WRITER))
                .map(each -> new Worker(
                        each.process(),
                        each.property("storm.id").orElse(""),
                        each.property("worker.port").map(Integer::parseInt).orElse(0)))
                .toList();
    }

    /** With the processes that write the workers' logs. */
    public static List<ProcessHandle> processes(Path supervisorFolder) {
        return running(supervisorFolder).stream().map(Running::process).toList();
    }

    /** Ends all of them at once, stopped ones too. Returns when none is left, or cannot be ended. */
    public static void end(Path supervisorFolder) {
        List<ProcessHandle> left = processes(supervisorFolder);
        for (int round = 0; round < ROUNDS && !left.isEmpty(); round++) {
            left.forEach(ProcessHandle::destroyForcibly);
            left.forEach(Workers::awaitEnd);
            left = processes(supervisorFolder);
        }
        if (!left.isEmpty()) {
            LOG.warn("workers of {} cannot be ended: {}", supervisorFolder, left);
        }
    }

    private static void awaitEnd(ProcessHandle process) {
        try {
            process.onExit().get(TO_END.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("process {} does not end", process.pid(), e);
        }
    }

    private static List<Running> running(Path supervisorFolder) {
        String sign = lines("-Dstorm.local.dir=" + supervisorFolder.toAbsolutePath());
        return ProcessHandle.allProcesses()
                .map(process -> new Running(process, lines(commandLine(process))))
                .filter(each -> each.words().contains(sign))
                .toList();
    }

    /** Each word on a line of its own, blanks taken for ends of words: not every system tells them apart. */
    private static String lines(String words) {
        return "\n" + words.replace('\0', '\n').replace(' ', '\n') + "\n";
    }

    private static String commandLine(ProcessHandle process) {
        // Java shortens long command lines on Linux.
        Path file = Path.of("/proc", Long.toString(process.pid()), "cmdline");
        try {
            return Files.exists(file)
                    ? Files.readString(file, StandardCharsets.ISO_8859_1)
                    : process.info().commandLine().orElse("");
        } catch (IOException e) {
            return ""; // it has ended meanwhile, or is not ours
        }
    }
}
