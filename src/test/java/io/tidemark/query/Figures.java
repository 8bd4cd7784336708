package io.tidemark.query;

import io.tidemark.commit.CommitResult;
import io.tidemark.commit.RedisStore;
import io.tidemark.commit.Sample;
import io.tidemark.plan.Epochs;
import io.tidemark.plan.Plan;
import io.tidemark.plan.Range;
import io.tidemark.stream.BucketSize;
import io.tidemark.stream.BundledStreams;
import io.tidemark.stream.Dimension;
import io.tidemark.stream.StreamConfig;
import io.tidemark.tally.Accounts;
import io.tidemark.tally.CountKey;
import io.tidemark.tally.Tally;
import io.tidemark.testing.RedisServer;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import redis.clients.jedis.Jedis;

/**
 * Measures what RATIONALE.md states: client-side times of real-size commits and of answers, on a real Redis with its
 * append-only file on. Run it with {@code mvn -q test-compile exec:java} or from an IDE; it takes a minute.
 */
public final class Figures {
    private static final PrintStream OUT = System.out;
    private static final int ROUNDS = 21;

    private Figures() {}

    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createTempDirectory("figures");
        try (RedisServer server = RedisServer.start(folder)) {
            StreamConfig whole = BundledStreams.wikipedia();
            StreamConfig small = withoutRanked(whole);
            for (int records : List.of(1_000, 10_000, 100_000, 300_000)) {
                commits(server, "four small dimensions, one minute", small, records, 1);
                commits(server, "four small dimensions, 20 minutes", small, records, 20);
            }
            for (int records : List.of(1_000, 10_000, 30_000)) {
                commits(server, "whole Wikipedia stream, one minute", whole, records, 1);
            }
            answers(server);
        } finally {
            try (var files = Files.walk(folder)) {
                files.sorted(Comparator.reverseOrder()).forEach(f -> f.toFile().delete());
            }
        }
    }

    private static void commits(RedisServer server, String what, StreamConfig config, int records, int minutes) {
        double[] times = new double[ROUNDS];
        long additions = 0;
        try (RedisStore store = new RedisStore(server.address(), config, "figures")) {
            try (Jedis jedis = new Jedis("127.0.0.1", server.port())) {
                jedis.auth(server.password());
                jedis.flushAll();
            }
            store.initialise(Sample.starts(0, 0, 0, 0), "topic-1", "store-1");
            Random random = new Random(records);
            double cpu = 0;
            for (int i = 0; i < ROUNDS; i++) {
                Tally tally = tally(config, random, records, minutes, (long) i * records);
                additions =
                        tally.additions().values().stream().mapToLong(Map::size).sum();
                double cpuBefore = cpuOf(server);
                long started = System.nanoTime();
                CommitResult result = store.commit(tally);
                times[i] = (System.nanoTime() - started) / 1e6;
                cpu += cpuOf(server) - cpuBefore;
                if (!(result instanceof CommitResult.Applied)) {
                    throw new IllegalStateException("not applied: " + result);
                }
            }
            OUT.printf(
                    "commit of %,d records, %s: %,d additions, p50 %.2f ms, max %.2f ms, Redis CPU %.2f ms%n",
                    records,
                    what,
                    additions,
                    median(times),
                    Arrays.stream(times).max().orElse(0),
                    cpu / ROUNDS);
        }
    }

    private static void answers(RedisServer server) {
        try (Answers answers = new Answers(server.address())) {
            for (String query : List.of("", "bot", "bot g3_Anon action:edit")) {
                double[] times = new double[2_000];
                for (int i = 0; i < 4_000; i++) {
                    long started = System.nanoTime();
                    String answer = answers.counts(query);
                    times[i % 2_000] = (System.nanoTime() - started) / 1e6;
                    if (answer.contains("\"error\"")) {
                        throw new IllegalStateException(answer);
                    }
                }
                OUT.printf("counts \"%s\": p50 %.3f ms%n", query, median(times));
            }
        }
    }

    private static Tally tally(StreamConfig config, Random random, int records, int minutes, long first) {
        Map<CountKey, Map<String, Long>> additions = new LinkedHashMap<>();
        for (int i = 0; i < records; i++) {
            long second = Sample.T0 + 60L * random.nextInt(minutes);
            for (Dimension dimension : config.dimensions()) {
                String value = dimension.name() + " " + category(random, dimension.name());
                if (dimension.total()) {
                    add(additions, CountKey.total(dimension.name()), value);
                }
                for (BucketSize size : dimension.buckets()) {
                    add(additions, CountKey.bucket(dimension.name(), size, size.startOf(second)), value);
                }
            }
        }
        Range range = new Range(0, first, first + records);
        Plan plan = new Plan(
                config.name(),
                "topic-1",
                config.fingerprint(),
                "store-1",
                new TreeMap<>(),
                new TreeMap<>(Map.of(0, range)),
                new TreeMap<>());
        return Tally.of(new Tally.Part(
                plan,
                range,
                new Epochs(1, 1),
                Sample.T0 * 1_000,
                new Accounts(records, records, 0, 0, 0),
                Map.of(),
                List.of(),
                additions));
    }

    /** A few values are frequent, as on Wikipedia. */
    private static int category(Random random, String dimension) {
        int many = switch (dimension) {
            case "user" -> 40_000;
            case "page" -> 400_000;
            case "wiki" -> 300;
            case "namespace" -> 25;
            default -> 5;
        };
        double r = random.nextDouble();
        return (int) (many * r * r * r);
    }

    private static void add(Map<CountKey, Map<String, Long>> additions, CountKey key, String value) {
        additions.computeIfAbsent(key, k -> new LinkedHashMap<>()).merge(value, 1L, Long::sum);
    }

    private static StreamConfig withoutRanked(StreamConfig config) {
        return new StreamConfig(
                config.name(),
                config.topic(),
                config.startAt(),
                config.readCommitted(),
                config.compactionMeant(),
                config.shards(),
                config.dimensions().stream()
                        .filter(d ->
                                List.of("action", "actor", "login", "namespace").contains(d.name()))
                        .toList(),
                config.lateness(),
                config.retention(),
                config.rules(),
                config.aliases(),
                config.deployment(),
                config.fingerprint() + "-small",
                config.text());
    }

    /** Milliseconds of its main thread: tells less of what else the machine does. */
    private static double cpuOf(RedisServer server) {
        try (Jedis jedis = new Jedis("127.0.0.1", server.port())) {
            jedis.auth(server.password());
            return jedis.info("cpu")
                            .lines()
                            .filter(l -> l.matches("used_cpu_(sys|user)_main_thread:.*"))
                            .mapToDouble(l -> Double.parseDouble(l.substring(l.indexOf(':') + 1)))
                            .sum()
                    * 1_000;
        }
    }

    private static double median(double[] times) {
        double[] sorted = times.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
