package io.tidemark.app.chaos;

import io.tidemark.oracle.LabelledEvent;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Looks for mistakes by chance, in one part after the other, and sums up what was done and found. Arguments: a folder
 * for data, minutes, names of parts with commas between (nothing: all), and a seed (nothing: a random one). The last
 * line is the number of mismatches; ends with 1 when there was one, and by Ctrl-C with 130 after a summary so far. With
 * {@code -Dtidemark.chaos.wrong=N} each Nth event of the real parts is noted with the label of the one before it, so
 * that the judge has something to find.
 */
public final class Chaos {
    /** A part, and its share of the time beside the others'. */
    private record Shared(Part part, int share) {}

    private final List<Shared> parts;
    private final Ledger ledger;
    private final PrintStream out;
    private final String command;
    private final long seed;
    private volatile Part running;
    private volatile boolean interrupted;

    private Chaos(List<Shared> parts, String command, long seed, PrintStream out) {
        this.parts = parts;
        this.seed = seed;
        this.command = command;
        this.out = out;
        this.ledger = new Ledger(out);
    }

    public static void main(String[] arguments) {
        Path folder = Path.of(arguments[0]).toAbsolutePath();
        double minutes = Double.parseDouble(arguments[1]);
        String names = arguments.length > 2 ? arguments[2] : "";
        long seed = arguments.length > 3 && !arguments[3].isEmpty()
                ? Long.parseLong(arguments[3])
                : new Random().nextInt(Integer.MAX_VALUE);
        Chaos chaos;
        try {
            chaos = of(
                    all(folder, Integer.getInteger("tidemark.chaos.wrong", 0)), names, arguments[1], seed, System.out);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        CountDownLatch over = new CountDownLatch(1);
        Thread interrupting = new Thread(() -> chaos.interrupt(over), "interrupting");
        Runtime.getRuntime().addShutdownHook(interrupting);
        int status = chaos.run(Duration.ofMillis((long) (minutes * 60_000)));
        over.countDown();
        // Where a signal is ending this process already, this stands still, and the status is the signal's.
        System.exit(status);
    }

    private static Map<Part, Integer> all(Path folder, int wrong) {
        UnaryOperator<LabelledEvent> noted = wrong == 0 ? UnaryOperator.identity() : new WrongNotes(wrong);
        Map<Part, Integer> all = new LinkedHashMap<>();
        all.put(new Simulator("io.tidemark.sim.Chaos"), 2);
        all.put(new Campaign("service", folder.resolve("service"), ServiceTarget::new, noted), 3);
        all.put(new Campaign("cluster", folder.resolve("cluster"), ClusterTarget::new, noted), 5);
        return all;
    }

    /**
     * Starts nothing.
     *
     * @param all parts, with their shares of the time
     * @param names of those to run, with commas between; blank for all
     * @throws IllegalArgumentException when there is no such part
     */
    static Chaos of(Map<Part, Integer> all, String names, String minutes, long seed, PrintStream out) {
        String known = all.keySet().stream().map(Part::name).collect(Collectors.joining(","));
        String chosen = names.isBlank() ? known : names;
        List<Shared> parts = new ArrayList<>();
        for (String name : chosen.split(",")) {
            parts.add(all.entrySet().stream()
                    .filter(each -> each.getKey().name().equals(name.strip()))
                    .map(each -> new Shared(each.getKey(), each.getValue()))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "PARTS: there is no part \"" + name.strip() + "\". There are: " + known)));
        }
        String command = "make chaos MINUTES=" + minutes + " SEED=" + seed + " PARTS=" + chosen;
        return new Chaos(parts, command, seed, out);
    }

    /** Runs the parts one after the other, and prints the summary. @return the exit code */
    int run(Duration time) {
        int shares = parts.stream().mapToInt(Shared::share).sum();
        out.println("chaos: " + command);
        for (Shared each : parts) {
            Duration own = time.multipliedBy(each.share()).dividedBy(shares);
            ledger.say(each.part().name(), own.toSeconds() + " s, seed " + seed);
            running = each.part();
            if (interrupted) {
                return 1;
            }
            try {
                each.part().run(own, seed, ledger);
            } catch (InterruptedException | RuntimeException | IOException e) {
                // Where it was interrupted, what it was using is being ended.
                ledger.mismatch(each.part().name(), "it ended with " + e);
            }
        }
        return interrupted ? 1 : sumUp();
    }

    private synchronized int sumUp() {
        out.println();
        out.println("seed " + seed);
        ledger.printSummary();
        int mismatches = ledger.mismatches();
        if (mismatches > 0) {
            out.println("again: " + command + " (a schedule of the simulator is the same again; service and cluster get"
                    + " the same faults, at moments that also hang on the machine)");
        }
        out.println(Ledger.mismatches(mismatches));
        return mismatches == 0 ? 0 : 1;
    }

    /** By a signal: ends what runs, and says what was done so far. */
    void interrupt(CountDownLatch over) {
        if (over.getCount() == 0) {
            return;
        }
        interrupted = true;
        Part part = running;
        ledger.interrupted(part == null ? "" : part.name());
        out.println();
        out.println("interrupted; ending everything that was started");
        try {
            if (part != null) {
                part.end();
            }
        } finally {
            ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
            sumUp();
            out.flush();
        }
    }
}
