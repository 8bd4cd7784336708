package io.tidemark.bench;

import io.tidemark.testing.RedisServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/** The command behind {@code make bench}: fills the topic once, lets each contender drain it in turn, prints a table. */
public final class Bench {
    private static final String TOPIC = "WikiPediaLogs";

    private final Path folder;
    private final int records;
    private final int rounds;

    private Bench(Path folder, int records, int rounds) {
        this.folder = folder;
        this.records = records;
        this.rounds = rounds;
    }

    /** @param arguments folder for the data, records, rounds */
    public static void main(String[] arguments) throws IOException, InterruptedException, ExecutionException {
        Path folder = Files.createDirectories(Path.of(arguments[0]).toAbsolutePath());
        new Bench(folder, Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2])).run();
        System.exit(0);
    }

    private void run() throws IOException, InterruptedException, ExecutionException {
        Map<String, List<Double>> results = new LinkedHashMap<>();
        try (Broker broker = Broker.start(folder)) {
            long bytes = Topic.fill(broker.address(), TOPIC, records);
            System.out.printf(
                    Locale.ROOT,
                    "%,d records%s on 4 partitions, %d rounds, each contender in a JVM of its own after one pass to warm up%n",
                    records,
                    bytes < 0 ? " (kept from before)" : " of " + bytes + " bytes",
                    rounds);
            for (int round = 1; round <= rounds; round++) {
                run(results, "raw loop", round, () -> raw(broker));
                run(results, "Tidemark, four dimensions", round, () -> ours(broker, "four"));
                run(results, "Tidemark, the Wikipedia stream", round, () -> ours(broker, "all"));
            }
        }
        table(results);
    }

    private interface Contender {
        double perSecond() throws IOException, InterruptedException;
    }

    private static void run(Map<String, List<Double>> results, String name, int round, Contender contender)
            throws IOException, InterruptedException {
        double perSecond = contender.perSecond();
        results.computeIfAbsent(name, k -> new ArrayList<>()).add(perSecond);
        System.out.printf(Locale.ROOT, "  round %d  %-32s %,12.0f records/s%n", round, name, perSecond);
    }

    private double raw(Broker broker) throws IOException, InterruptedException {
        return result("raw", RawLoop.class, List.of(), broker.address(), TOPIC, Integer.toString(records));
    }

    private double ours(Broker broker, String what) throws IOException, InterruptedException {
        try (RedisServer redis = RedisServer.start(Files.createTempDirectory(folder, "redis"))) {
            return result(
                    what,
                    Ours.class,
                    List.of(
                            System.getProperty("bench.jfr", "").isEmpty()
                                    ? "-Dbench=ours"
                                    : "-XX:StartFlightRecording:settings=profile,dumponexit=true,filename=" + folder
                                            + "/" + what + ".jfr"),
                    broker.address(),
                    Integer.toString(records),
                    what,
                    Integer.toString(redis.port()),
                    redis.passwordFile().toString());
        }
    }

    private double result(String name, Class<?> main, List<String> options, String... arguments)
            throws IOException, InterruptedException {
        Path log = folder.resolve(name + ".log");
        List<String> all = new ArrayList<>(List.of("-Xmx1g"));
        all.addAll(options);
        int exit = Jvm.start(log, all, main.getName(), arguments).waitFor();
        return Files.readAllLines(log).stream()
                .filter(line -> line.startsWith("RESULT "))
                .mapToDouble(line -> Double.parseDouble(line.substring(7)))
                .findFirst()
                .orElseThrow(() -> new IOException(name + " ended with " + exit + " and no result: " + log));
    }

    private static void table(Map<String, List<Double>> results) {
        List<Double> raw = results.get("raw loop");
        System.out.printf(
                Locale.ROOT,
                "%n%-32s %12s %8s   %s%n",
                "",
                "records/s",
                "of raw",
                "ratio of each round to its raw loop");
        results.forEach((name, all) -> {
            List<Double> ratios = new ArrayList<>();
            for (int i = 0; i < all.size(); i++) {
                ratios.add(all.get(i) / raw.get(i));
            }
            System.out.printf(
                    Locale.ROOT,
                    "%-32s %,12.0f %8.2f   %s%n",
                    name,
                    median(all),
                    median(ratios),
                    String.join(
                            "  ",
                            ratios.stream()
                                    .map(r -> String.format(Locale.ROOT, "%.2f", r))
                                    .toList()));
        });
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }
}
