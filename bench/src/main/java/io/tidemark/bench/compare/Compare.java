package io.tidemark.bench.compare;

import io.tidemark.bench.Broker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The command behind {@code make compare}: each fault for stock parts and for ours, at the same time and apart from each
 * other; prints a table. Its exit code is 1 when ours was wrong.
 */
public final class Compare {
    private Compare() {}

    /** @param arguments folder for data and logs; numbers of faults from 1 on, or none for all of them */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path folder = Files.createDirectories(Path.of(arguments[0]).toAbsolutePath());
        Path run = Files.createTempDirectory(folder, "run-");
        List<String> wanted = List.of(arguments).subList(1, arguments.length);
        List<String> rows = new ArrayList<>(List.of("| fault | truth | stock | ours |", "|---|---|---|---|"));
        boolean ours = true;
        try (Broker broker = Broker.start(run)) {
            List<Fault> faults = Fault.all();
            for (int i = 0; i < faults.size(); i++) {
                if (!wanted.isEmpty() && !wanted.contains(Integer.toString(i + 1))) {
                    continue;
                }
                Fault fault = faults.get(i);
                String topic = "fault-" + (i + 1);
                CompletableFuture<Tried> stock = tried(true, fault, run.resolve(topic + "-stock"), broker, topic);
                CompletableFuture<Tried> mine = tried(false, fault, run.resolve(topic + "-ours"), broker, topic);
                ours &= mine.join().exact();
                rows.add("| " + fault.name() + " | " + mine.join().truth() + " | "
                        + stock.join().words() + " | " + mine.join().words() + " |");
                System.err.println((i + 1) + " of " + faults.size() + ": " + rows.get(rows.size() - 1));
            }
        }
        System.out.println(String.join("\n", rows));
        System.err.println("Logs: " + run);
        System.exit(ours ? 0 : 1);
    }

    private record Tried(long truth, String words, boolean exact) {}

    private static CompletableFuture<Tried> tried(
            boolean stock, Fault fault, Path folder, Broker broker, String topic) {
        return CompletableFuture.supplyAsync(() -> {
            try (Trial trial = new Trial(
                    stock,
                    fault.variant(),
                    folder,
                    broker.address(),
                    topic + (stock ? "-stock" : "-ours"),
                    fault.partitions())) {
                fault.schedule().run(trial);
                Outcome outcome = trial.outcome();
                return new Tried(outcome.truth(), outcome.inWords(), outcome.exact());
            } catch (Exception e) {
                System.err.println(fault.name() + ", " + (stock ? "stock" : "ours") + ": " + e);
                return new Tried(0, "the schedule could not be run to its end", false);
            }
        });
    }
}
