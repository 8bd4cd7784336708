package io.tidemark.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The CPU time that this process has used, and each of its threads: what a machine that others use too tells rightly,
 * where the clock does not. A thread that has ended in between is in the process's sum alone. Immutable.
 *
 * @param process nanoseconds
 * @param threads nanoseconds by name; those of one kind, which differ only in their numbers, together
 */
record Cpu(long process, Map<String, Long> threads) {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final double LEAST_SHARE = 0.01;
    private static final Pattern NATIVE = Pattern.compile("(C1|C2|G1|GC|VM) .*");

    /** Linux counts in hundredths of a second. */
    private static final long NANOS_OF_A_TICK = 10_000_000;

    static Cpu now() {
        long process = of(ProcessHandle.current());
        Map<String, Long> threads = new HashMap<>();
        long[] ids = THREADS.getAllThreadIds();
        ThreadInfo[] infos = THREADS.getThreadInfo(ids);
        for (int i = 0; i < ids.length; i++) {
            if (infos[i] != null) {
                threads.merge(kind(infos[i].getThreadName()), THREADS.getThreadCpuTime(ids[i]), Long::sum);
            }
        }
        natives(threads);
        return new Cpu(process, Map.copyOf(threads));
    }

    /** The JVM's own threads, which Java does not list; only where the system shows them as files. */
    private static void natives(Map<String, Long> threads) {
        Path tasks = Path.of("/proc/self/task");
        if (!Files.isDirectory(tasks)) {
            return;
        }
        try (Stream<Path> all = Files.list(tasks)) {
            for (Path task : all.toList()) {
                String line = Files.readString(task.resolve("stat"));
                int behindName = line.lastIndexOf(')');
                String name = line.substring(line.indexOf('(') + 1, behindName);
                if (NATIVE.matcher(name).matches()) {
                    String[] fields = line.substring(behindName + 2).split(" ");
                    long ticks = Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
                    threads.merge("(JVM) " + kind(name), ticks * NANOS_OF_A_TICK, Long::sum);
                }
            }
        } catch (IOException e) {
            // A thread that has ended meanwhile: its time is in the sum.
            threads.putIfAbsent("(JVM)", 0L);
        }
    }

    /** Nanoseconds of another process, or of this one, in steps of some milliseconds. */
    static long of(ProcessHandle process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
    }

    /** Storm calls an executor {@code Thread-21-b-0-count-four-executor[5, 5]}. */
    private static String kind(String thread) {
        return thread.replaceAll("\\[.*]", "").replaceAll("\\d{2,}", "#").replaceAll("-+\\d+(?=-|$)", "-#");
    }

    /** What was used since then. */
    Cpu since(Cpu before) {
        Map<String, Long> used = new HashMap<>();
        threads.forEach((name, time) -> used.put(name, time - before.threads.getOrDefault(name, 0L)));
        return new Cpu(process - before.process, Map.copyOf(used));
    }

    /**
     * The threads that used most, one a line; what is left is threads that have ended, and the
     * JVM's own where the system does not show them.
     *
     * @param divisor records, or nanoseconds of the clock
     */
    List<String> lines(double divisor) {
        List<String> lines = new ArrayList<>();
        long others = process;
        List<Map.Entry<String, Long>> sorted = threads.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .toList();
        for (Map.Entry<String, Long> each : sorted) {
            others -= each.getValue();
            if (each.getValue() > process * LEAST_SHARE) {
                lines.add("%12.4f  %s".formatted(each.getValue() / divisor, each.getKey()));
            }
        }
        lines.add("%12.4f  (threads that have ended, and others)".formatted(others / divisor));
        return lines;
    }
}
