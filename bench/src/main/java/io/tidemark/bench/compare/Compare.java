package io.tidemark.bench.compare;

import io.tidemark.bench.Broker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

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
        List<String> rows = new ArrayList<>();
        boolean ours = true;
        try (Broker broker = Broker.start(run)) {
            List<Fault> faults = Fault.all();
            for (int i = 0; i < faults.size(); i++) {
                if (arguments.length > 1
                        && !List.of(arguments).subList(1, arguments.length).contains("" + (i + 1))) {
                    continue;
                }
                Fault fault = faults.get(i);
                String topic = "fault-" + (i + 1);
                CompletableFuture<Outcome> one = tried(true, fault, run.resolve(topic + "-stock"), broker, topic);
                CompletableFuture<Outcome> other = tried(false, fault, run.resolve(topic + "-ours"), broker, topic);
                Outcome stockOutcome = one.join();
                Outcome oursOutcome = other.join();
                ours &= oursOutcome.exact();
                rows.add("| " + fault.name() + " | " + oursOutcome.truth() + " | " + stockOutcome.inWords() + " | "
                        + oursOutcome.inWords() + " |");
                System.out.println(rows.get(rows.size() - 1));
            }
        } catch (CompletionException e) {
            System.err.println("not finished; logs are in " + run);
            throw e;
        }
        System.out.println("\n| fault | truth | stock | ours |\n|---|---|---|---|\n" + String.join("\n", rows));
        System.out.println("\nLogs: " + run);
        System.exit(ours ? 0 : 1);
    }

    private static CompletableFuture<Outcome> tried(
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
                return trial.outcome();
            } catch (Exception e) {
                throw new CompletionException(fault.name() + ", " + (stock ? "stock" : "ours"), e);
            }
        });
    }
}
