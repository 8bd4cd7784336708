package io.tidemark.bench;

import io.tidemark.commit.RedisAddress;
import io.tidemark.testing.RedisServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/** The command behind {@code make bench}: fills the topic once, lets each contender drain it in turn, prints a table. */
public final class Bench {
    private static final String TOPIC = "WikiPediaLogs";
    private static final Duration IDLE = Duration.ofSeconds(10);

    private final Path folder;
    private final int records;
    private final int rounds;
    private Broker broker;

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
        try (Broker running = Broker.start(folder)) {
            broker = running;
            long bytes = Topic.fill(broker.address(), TOPIC, records);
            System.out.printf(
                    Locale.ROOT,
                    "%,d records%s on 4 partitions, %d rounds, each contender in a JVM of its own after one pass to warm up%n",
                    records,
                    bytes < 0 ? " (kept from before)" : " of " + bytes + " bytes",
                    rounds);
            for (int round = 1; round <= rounds; round++) {
                run(results, "raw loop", round, this::raw);
                run(results, "stock Trident parts, four dimensions", round, () -> drain("stock"));
                run(results, "Tidemark, four dimensions", round, () -> drain("four"));
                run(results, "Tidemark, the Wikipedia stream", round, () -> drain("wiki"));
            }
            table(results);
            System.out.printf(
                    "%n%-38s %8s %8s   %s%n", "5,000 records/s, sent to readable", "p50 ms", "p99 ms", "idle CPU");
            live("stock");
            live("four");
        }
    }

    private interface Contender {
        double perSecond() throws IOException, InterruptedException;
    }

    private static void run(Map<String, List<Double>> results, String name, int round, Contender contender)
            throws IOException, InterruptedException {
        double perSecond = contender.perSecond();
        results.computeIfAbsent(name, k -> new ArrayList<>()).add(perSecond);
        System.out.printf(Locale.ROOT, "  round %d  %-38s %,12.0f records/s%n", round, name, perSecond);
    }

    private double raw() throws IOException, InterruptedException {
        return result("raw", RawLoop.class, List.of(), broker.address(), TOPIC, Integer.toString(records));
    }

    private double drain(String what) throws IOException, InterruptedException {
        // With -Dbench.jfr=1 a profile of each contender lies beside its log.
        List<String> options = Boolean.getBoolean("bench.jfr")
                ? List.of("-XX:StartFlightRecording:settings=profile,dumponexit=true,filename=" + folder + "/" + what
                        + ".jfr")
                : List.of();
        try (RedisServer redis = redis()) {
            return result(what, TopologyRun.class, options, arguments(what, TOPIC, redis, records));
        }
    }

    private RedisServer redis() throws IOException {
        return RedisServer.start(Files.createTempDirectory(folder, "redis"));
    }

    private String[] arguments(String what, String topic, RedisServer redis, int toDrain) {
        return new String[] {
            what,
            broker.address(),
            topic,
            Integer.toString(redis.port()),
            redis.passwordFile().toString(),
            Integer.toString(toDrain)
        };
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

    /** The delay of one contender on a topic of its own, and what it costs when nothing comes any more. */
    private void live(String what) throws IOException, InterruptedException, ExecutionException {
        String topic = "live-" + what;
        Topic.create(broker.address(), topic);
        try (RedisServer redis = redis()) {
            RedisAddress address = redis.address();
            Counting counting = what.equals("stock")
                    ? new Stock(broker.address(), topic, address)
                    : Ours.four(broker.address(), topic, address);
            Process process = Jvm.start(
                    folder.resolve("live-" + what + ".log"),
                    List.of("-Xmx1g"),
                    TopologyRun.class.getName(),
                    arguments(what, topic, redis, 0));
            try {
                Live.Delay delay = Live.measure(broker.address(), topic, counting, address);
                Thread.sleep(3_000);
                Duration before = cpu(process);
                Duration brokerBefore = broker.cpu();
                Thread.sleep(IDLE.toMillis());
                double idle = (double) cpu(process).minus(before).toMillis() / IDLE.toMillis();
                double brokerIdle = (double) broker.cpu().minus(brokerBefore).toMillis() / IDLE.toMillis();
                System.out.printf(
                        Locale.ROOT,
                        "%-38s %8.1f %8.1f   %.1f%% of a core (and the broker %.1f%%)%n",
                        what.equals("stock") ? "stock Trident parts, four dimensions" : "Tidemark, four dimensions",
                        delay.p50(),
                        delay.p99(),
                        idle * 100,
                        brokerIdle * 100);
            } finally {
                process.destroyForcibly();
                process.waitFor();
            }
        }
    }

    private static Duration cpu(Process process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    private static void table(Map<String, List<Double>> results) {
        List<Double> raw = results.get("raw loop");
        System.out.printf(
                Locale.ROOT,
                "%n%-38s %12s %8s   %s%n",
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
                    "%-38s %,12.0f %8.2f   %s%n",
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
