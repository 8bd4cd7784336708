package io.tidemark.app.chaos;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What was done and found so far, by parts. Prints it as it comes, and all of it at the end. Thread-safe. */
final class Ledger {
    private static final int SHOWN = 10;

    /** A kind of fault in one part. */
    private record Kind(String part, String fault) {}

    private final PrintStream out;
    private final long began = System.nanoTime();
    private final Map<Kind, Integer> injected = new LinkedHashMap<>();
    private final Map<Kind, List<Double>> recoveries = new LinkedHashMap<>();
    private final Map<String, String> verdicts = new LinkedHashMap<>();
    private final Map<String, Integer> mismatches = new LinkedHashMap<>();
    private long answers;
    private boolean closed;

    Ledger(PrintStream out) {
        this.out = out;
    }

    /** Prints a line with the time since the begin. */
    synchronized void say(String part, String line) {
        if (!closed) {
            out.printf(Locale.ROOT, "%7.1f s  %s: %s%n", (System.nanoTime() - began) / 1e9, part, line);
            out.flush();
        }
    }

    /** A part was ended from outside. What it says and finds from now on is a consequence of that, and left out. */
    synchronized void interrupted(String part) {
        if (!part.isEmpty()) {
            verdicts.merge(part, "interrupted before its answers were compared", (before, how) -> before + ", " + how);
        }
        closed = true;
    }

    synchronized void injected(String part, String fault) {
        injected.merge(new Kind(part, fault), 1, Integer::sum);
    }

    synchronized void recovered(String part, String fault, double seconds) {
        recoveries
                .computeIfAbsent(new Kind(part, fault), k -> new ArrayList<>())
                .add(seconds);
    }

    /** What a part has done, in one line; the last one stands. */
    synchronized void verdict(String part, String line) {
        verdicts.put(part, line);
    }

    synchronized void checked(long more) {
        answers += more;
    }

    /** Something is wrong. */
    void mismatch(String part, String text) {
        mismatches(part, List.of(text), 1);
    }

    /** @param texts of some or all of them */
    synchronized void mismatches(String part, List<String> texts, int count) {
        if (closed || count == 0) {
            return;
        }
        mismatches.merge(part, count, Integer::sum);
        texts.stream().limit(SHOWN).forEach(text -> say(part, "WRONG: " + text));
    }

    synchronized int mismatches() {
        return mismatches.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** What every part did, the table of faults, and how many answers were checked. */
    synchronized void printSummary() {
        verdicts.forEach((part, line) ->
                out.printf(Locale.ROOT, "  %-10s %s; %s%n", part, line, mismatches(mismatches.getOrDefault(part, 0))));
        if (!injected.isEmpty()) {
            int width = injected.keySet().stream()
                    .mapToInt(kind -> kind.fault().length())
                    .max()
                    .orElseThrow();
            String row = "| %-9s | %-" + width + "s | %5s | %14s | %8s |%n";
            out.println();
            out.printf(Locale.ROOT, row, "part", "fault", "times", "back: median s", "worst s");
            out.printf(Locale.ROOT, "|---|---|---|---|---|%n");
            injected.forEach((kind, times) -> {
                List<Double> seconds = recoveries.getOrDefault(kind, List.of()).stream()
                        .sorted()
                        .toList();
                out.printf(Locale.ROOT, row, kind.part(), kind.fault(), times, median(seconds), worst(seconds));
            });
        }
        out.println();
        out.printf(Locale.ROOT, "%,d answers checked%n", answers);
    }

    static String mismatches(int count) {
        return count == 1 ? "1 mismatch" : count + " mismatches";
    }

    private static String median(List<Double> sorted) {
        return sorted.isEmpty()
                ? ""
                : String.format(
                        Locale.ROOT, "%.1f", (sorted.get((sorted.size() - 1) / 2) + sorted.get(sorted.size() / 2)) / 2);
    }

    private static String worst(List<Double> sorted) {
        return sorted.isEmpty() ? "" : String.format(Locale.ROOT, "%.1f", sorted.get(sorted.size() - 1));
    }
}
