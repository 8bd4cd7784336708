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
import java.util.function.ToDoubleFunction;

/** The command behind {@code make bench}: fills the topic once, lets each contender drain it in turn, prints a table. */
public final class Bench {
    private static final String TOPIC = "WikiPediaLogs";
    private static final Duration IDLE = Duration.ofSeconds(10);

    /** Of each contender. The local cluster's ZooKeeper lasts as long as its JVM: it need not wait for the disk. */
    private static final List<String> OPTIONS = List.of("-Xmx1g", "-Dzookeeper.forceSync=no");

    private static final String RAW = "raw";
    private static final String VERIFY = "verify";
    private static final String LIVE = "live-";

    /** What is measured, and what the tables call it. */
    private static final Map<String, String> TITLES = titles();

    private final Path folder;
    private final int records;
    private final int rounds;
    private final List<String> arms;
    private Broker broker;

    private Bench(Path folder, int records, int rounds, List<String> arms) {
        this.folder = folder;
        this.records = records;
        this.rounds = rounds;
        this.arms = arms;
    }

    private static Map<String, String> titles() {
        Map<String, String> titles = new LinkedHashMap<>();
        titles.put(RAW, "raw loop");
        titles.put("stock", "stock Trident parts, four dimensions");
        titles.put("four", "Tidemark, four dimensions");
        titles.put("wiki", "Tidemark, the Wikipedia stream");
        titles.put(VERIFY, "verify, the Wikipedia stream, 1 thread");
        return titles;
    }

    /** @param arguments folder for the data, records, rounds, and which arms: those of the drain, or live-ARM */
    public static void main(String[] arguments) throws IOException, InterruptedException, ExecutionException {
        Path folder = Files.createDirectories(Path.of(arguments[0]).toAbsolutePath());
        new Bench(
                        folder,
                        Integer.parseInt(arguments[1]),
                        Integer.parseInt(arguments[2]),
                        List.of(arguments[3].split(",")))
                .run();
        System.exit(0);
    }

    private void run() throws IOException, InterruptedException, ExecutionException {
        Map<String, List<Cost>> results = new LinkedHashMap<>();
        try (Broker running = Broker.start(folder)) {
            broker = running;
            long bytes = Topic.fill(broker.address(), TOPIC, records);
            System.out.printf(
                    Locale.ROOT,
                    "%,d records%s on 4 partitions, %d rounds, each contender in a JVM of its own after two passes to warm up%n",
                    records,
                    bytes < 0 ? " (kept from before)" : " of " + bytes + " bytes",
                    rounds);
            for (int round = 1; round <= rounds; round++) {
                for (String arm : arms) {
                    if (!arm.startsWith(LIVE)) {
                        run(results, arm, round);
                    }
                }
            }
            if (!results.isEmpty()) {
                table(results);
            }
            if (arms.stream().noneMatch(arm -> arm.startsWith(LIVE))) {
                return;
            }
            System.out.printf(
                    "%n%-38s %8s %8s   %s%n", "5,000 records/s, sent to readable", "p50 ms", "p99 ms", "idle CPU");
            for (String arm : arms) {
                if (arm.startsWith(LIVE)) {
                    live(arm.substring(LIVE.length()));
                }
            }
        }
    }

    private void run(Map<String, List<Cost>> results, String arm, int round) throws IOException, InterruptedException {
        Cost cost = arm.equals(RAW) ? raw() : drain(arm);
        results.computeIfAbsent(arm, k -> new ArrayList<>()).add(cost);
        System.out.printf(
                Locale.ROOT,
                "  round %d  %-38s %,12.0f records/s  %,6.0f ns of CPU a record%n",
                round,
                TITLES.get(arm),
                cost.perSecond(),
                cost.contender());
    }

    private Cost raw() throws IOException, InterruptedException {
        return result(RAW, RawLoop.class, profile(RAW), broker.address(), TOPIC, Integer.toString(records));
    }

    private Cost drain(String what) throws IOException, InterruptedException {
        try (RedisServer redis = redis()) {
            Class<?> main = what.equals(VERIFY) ? VerifyRun.class : TopologyRun.class;
            return result(what, main, profile(what), arguments(what, TOPIC, redis, records));
        }
    }

    /** With -Dbench.jfr=true a profile of each contender lies beside its log. */
    private List<String> profile(String what) {
        return Boolean.getBoolean("bench.jfr")
                ? List.of("-XX:StartFlightRecording:settings=profile,dumponexit=true,filename=" + folder + "/" + what
                        + ".jfr")
                : List.of();
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

    private Cost result(String name, Class<?> main, List<String> options, String... arguments)
            throws IOException, InterruptedException {
        Path log = folder.resolve(name + ".log");
        List<String> all = new ArrayList<>(OPTIONS);
        all.add("-Dbench.broker=" + broker.processId());
        if (System.getProperty("bench.batch") != null) {
            all.add("-Dbench.batch=" + System.getProperty("bench.batch"));
        }
        all.addAll(options);
        int exit = Jvm.start(log, all, main.getName(), arguments).waitFor();
        return Files.readAllLines(log).stream()
                .filter(Cost::isIn)
                .map(Cost::read)
                .findFirst()
                .orElseThrow(() -> new IOException(name + " ended with " + exit + " and no result: " + log));
    }

    /** The delay of one contender on a topic of its own, and what it costs when nothing comes any more. */
    private void live(String what) throws IOException, InterruptedException, ExecutionException {
        String topic = "live-" + what;
        Topic.create(broker.address(), topic);
        try (RedisServer redis = redis()) {
            RedisAddress address = redis.address();
            Counting counting = TopologyRun.counting(what, broker.address(), topic, address);
            Process process = Jvm.start(
                    folder.resolve(LIVE + what + ".log"),
                    OPTIONS,
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
                        TITLES.get(what),
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

    private static void table(Map<String, List<Cost>> results) {
        List<Cost> raw = results.getOrDefault(RAW, List.of());
        System.out.printf(
                Locale.ROOT,
                "%n%-38s %12s %8s   %s%n",
                "",
                "records/s",
                "of raw",
                "ratio of each round to its raw loop");
        results.forEach((arm, all) -> {
            List<Double> ratios = new ArrayList<>();
            for (int i = 0; i < Math.min(all.size(), raw.size()); i++) {
                ratios.add(all.get(i).perSecond() / raw.get(i).perSecond());
            }
            System.out.printf(
                    Locale.ROOT,
                    "%-38s %,12.0f %8.2f   %s%n",
                    TITLES.get(arm),
                    median(all, Cost::perSecond),
                    ratios.isEmpty() ? Double.NaN : median(ratios, ratio -> ratio),
                    String.join(
                            "  ",
                            ratios.stream()
                                    .map(r -> String.format(Locale.ROOT, "%.2f", r))
                                    .toList()));
        });
        System.out.printf(
                "%n%-38s %8s %8s %8s %8s%n", "CPU nanoseconds a record, medians", "itself", "broker", "Redis", "all");
        results.forEach((arm, all) -> System.out.printf(
                Locale.ROOT,
                "%-38s %8.0f %8.0f %8.0f %8.0f%n",
                TITLES.get(arm),
                median(all, Cost::contender),
                median(all, Cost::broker),
                median(all, Cost::redis),
                median(all, Cost::all)));
    }

    private static <T> double median(List<T> values, ToDoubleFunction<T> number) {
        double[] sorted = values.stream().mapToDouble(number).sorted().toArray();
        return sorted[sorted.length / 2];
    }
}
