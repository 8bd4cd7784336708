package io.tidemark.trident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.Timer;
import io.tidemark.commit.RedisConnection;
import io.tidemark.commit.RedisStore;
import io.tidemark.commit.Store;
import io.tidemark.example.RevenueTopology;
import io.tidemark.plan.Chunk;
import io.tidemark.plan.Epochs;
import io.tidemark.plan.Plan;
import io.tidemark.plan.Range;
import io.tidemark.query.Answers;
import io.tidemark.stream.ConfigurationChanges;
import io.tidemark.stream.RefusedException;
import io.tidemark.stream.StreamConfig;
import io.tidemark.stream.StreamConfigReader;
import io.tidemark.testing.RedisServer;
import io.tidemark.verify.Progress;
import io.tidemark.verify.Verifier;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.storm.Config;
import org.apache.storm.LocalCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody else's topology, on a real broker, Redis and Storm: its sums are exact, whatever goes wrong with commits. */
class LibraryIT {
    private static final long SEED = Long.getLong("tidemark.seed", new Random().nextLong());
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int PARTITIONS = 3;

    @TempDir
    static Path folder;

    private static KafkaBroker broker;
    private static RedisServer redis;

    private final Random random = new Random(SEED);
    private final Map<String, Long> expected = new TreeMap<>();
    private final Map<Integer, Long> ends = new TreeMap<>();
    private long rejected;

    @BeforeAll
    static void start() {
        System.out.println("LibraryIT: -Dtidemark.seed=" + SEED);
        broker = KafkaBroker.start(folder.resolve("kafka"));
        redis = RedisServer.start(folder.resolve("redis"));
        broker.createTopic("shop-orders", PARTITIONS);
    }

    @AfterAll
    static void stop() {
        redis.close();
        broker.close();
    }

    @Test
    void sumsOfOnesOwnStayExactWhenCommitsFailAndAreReplayed() throws Exception {
        TopologySettings settings = TopologySettings.of(broker.bootstrapServers(), redis.address())
                .withParallelism(1, 2)
                .withBatches(2, 100, 40);
        Sums sums = RevenueTopology.revenue(settings);
        LocalCluster cluster = new LocalCluster();
        try (KafkaProducer<byte[], byte[]> producer = broker.producer(Map.of());
                Rival rival =
                        new Rival(sums.config(), settings, SEED, chunk -> SumChunk.tally(chunk, this::sameAgain))) {
            send(producer, 2_000);
            FaultyPorts.Faults faults = new FaultyPorts.Faults("library", SEED, rival::commitOne);
            Config config = TidemarkTopology.stormConfig(settings);
            config.put(Config.TOPOLOGY_TESTING_ALWAYS_TRY_SERIALIZE, true);
            config.put(Config.TOPOLOGY_METRICS_REPORTERS, List.of(Map.of("class", CapturingReporter.class.getName())));
            cluster.submitTopology(
                    "revenue",
                    config,
                    RevenueTopology.build(sums.over(new FaultyPorts(Ports.of(settings), "library"))));
            for (int i = 0; i < 10; i++) {
                send(producer, 200);
            }
            awaitExact();
            assertThat(faults.before).as("commits that were replayed").isPositive();
            assertThat(faults.after)
                    .as("commits that were taken, and then replayed")
                    .isPositive();
            stormsMetricsSayWhatHappened(faults, rival);
            prometheusKnowsStormsNames();
            faults.end();
            send(producer, 3);
            awaitExact();
        } finally {
            cluster.close();
        }
        othersKnowThatTheyCannotCountIt(settings, sums);
    }

    /** What the rival committed is not this topology's doing, but the lag that it left is. */
    private void stormsMetricsSayWhatHappened(FaultyPorts.Faults faults, Rival rival) {
        long records = ends.values().stream().mapToLong(end -> end).sum();
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(count("store-unavailable")).isEqualTo(faults.before + faults.after);
            assertThat(count("out-of-step")).isEqualTo(faults.outOfStep);
            assertThat(count("replays")).isPositive();
            assertThat(count("commits")).isPositive();
            assertThat(count("records")).isPositive().isLessThan(records);
            assertThat(count("rejected")).isLessThanOrEqualTo(rejected);
            assertThat(gauge("lag")).isZero();
            for (int partition = 0; partition < PARTITIONS; partition++) {
                assertThat(gauge("lag." + partition)).isZero();
            }
            assertThat(gauge("cut-age-ms")).isBetween(0L, SOON.toMillis());
            for (String phase : List.of("plan", "read", "count", "commit")) {
                assertThat(CapturingReporter.metrics("-tidemark.revenue." + phase).stream()
                                .mapToLong(metric -> ((Timer) metric).getCount())
                                .sum())
                        .as(phase)
                        .isPositive();
            }
        });
        assertThat(rival.applied()).isPositive();
    }

    /** As docker/prometheus/graphite.yml takes them: each by one rule, but for the sum of all lags, which Prometheus makes. */
    private static void prometheusKnowsStormsNames() throws IOException {
        List<String> rules = Files.readString(
                        Path.of("").toAbsolutePath().getParent().resolve("docker/prometheus/graphite.yml"))
                .lines()
                .filter(line -> line.contains("match: '"))
                .map(line -> line.replaceFirst(".*match: '(.*)'", "$1"))
                .toList();
        List<String> names = CapturingReporter.names();
        assertThat(names).hasSizeGreaterThan(10);
        for (String name : names) {
            long taken = rules.stream()
                    .filter(rule -> name.matches(rule)
                            || (name + ".count").matches(rule) && !rule.contains("plan|read")
                            || (name + ".p99").matches(rule))
                    .count();
            assertThat(taken).as(name).isEqualTo(name.endsWith(".lag") ? 0 : 1);
        }
    }

    private static long count(String name) {
        return CapturingReporter.metrics("-tidemark.revenue." + name).stream()
                .mapToLong(metric -> ((Counter) metric).getCount())
                .sum();
    }

    /** Registered by whoever looks first: -1 before that. */
    private static long gauge(String name) {
        return CapturingReporter.metrics("-tidemark.revenue." + name).stream()
                .mapToLong(metric -> (Long) ((Gauge<?>) metric).getValue())
                .findFirst()
                .orElse(-1);
    }

    private void awaitExact() {
        await().atMost(SOON).ignoreExceptions().untilAsserted(() -> {
            Sums.Cut cut = Sums.read(redis.address(), "revenue");
            assertThat(cut.offsets()).isEqualTo(ends);
        });
        assertThat(Sums.read(redis.address(), "revenue").sums()).isEqualTo(expected);
        try (Answers answers = new Answers(redis.address())) {
            long records = ends.values().stream().mapToLong(end -> end).sum();
            assertThat(answers.status("stream=revenue"))
                    .contains("\"records\":" + records + ",\"counted\":" + (records - rejected) + ",\"rejected\":"
                            + rejected);
        }
    }

    private void send(KafkaProducer<byte[], byte[]> producer, int orders) {
        for (int i = 0; i < orders; i++) {
            int partition = random.nextInt(PARTITIONS);
            String country = new String[] {"DE", "FR", "PL"}[random.nextInt(3)];
            long cents = random.nextInt(20) == 0 ? -(1L << 40) : random.nextInt(100_000) - 20_000L;
            String order = random.nextInt(50) == 0 ? "no order at all" : country + " " + cents;
            if (order.startsWith(country)) {
                expected.merge(country, cents, Long::sum);
            } else {
                rejected++;
            }
            ends.merge(partition, 1L, Long::sum);
            producer.send(new ProducerRecord<>("shop-orders", partition, null, order.getBytes(StandardCharsets.UTF_8)));
        }
        producer.flush();
    }

    /** The rival's own copy of what a record adds. */
    private void sameAgain(byte[] order, Sums.Adding adding) {
        String[] words = new String(order, StandardCharsets.UTF_8).split(" ");
        if (words.length == 2) {
            adding.add(words[0], Long.parseLong(words[1]));
        } else {
            adding.reject("no-order");
        }
    }

    private static void othersKnowThatTheyCannotCountIt(TopologySettings settings, Sums sums) {
        try (Verifier verifier = new Verifier(
                redis.address(), StreamConfigReader::stored, config -> new KafkaLog(config, settings.kafka()), 1)) {
            assertThatThrownBy(() -> verifier.verify("revenue", Progress.NONE))
                    .isInstanceOfSatisfying(
                            RefusedException.class,
                            refused -> assertThat(refused.refusal().code()).isEqualTo("added-by-program"));
        }
        assertThatThrownBy(() -> TidemarkTopology.build(List.of(sums.config()), settings, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a topology of its own");
        Sums others = Sums.of("revenue", "shop-orders", "cents by country, version 2", settings, (order, adding) -> {});
        assertThat(ConfigurationChanges.between(sums.config(), others.config()))
                .singleElement()
                .asString()
                .startsWith("dimension sums: rule 1 ");
        assertThat(others.config().fingerprint()).isNotEqualTo(sums.config().fingerprint());
    }

    @Test
    void sumsInTwoShardsAreReadAsOneOrNotAtAll() {
        StreamConfig config = StreamConfigReader.stored("stream: paid\ntopic: paid\nshards: 2\nsums: cents\n");
        SortedMap<Integer, Long> start = new TreeMap<>(Map.of(0, 0L, 1, 0L));
        try (Store store = RedisStore.open(redis.address(), config, "test");
                RedisConnection connection = new RedisConnection(redis.address())) {
            assertThatThrownBy(() -> Sums.read(redis.address(), "paid")).hasMessageContaining("nothing up yet");
            store.initialise(start, "topic-id", "store");
            for (int partition = 0; partition < 2; partition++) {
                Range range = new Range(partition, 0, 1);
                Plan plan = new Plan(
                        "paid",
                        "topic-id",
                        config.fingerprint(),
                        "store",
                        start,
                        new TreeMap<>(Map.of(partition, range)),
                        new TreeMap<>());
                byte[][] order = {("DE " + (5 + partition)).getBytes(StandardCharsets.UTF_8)};
                store.commit(SumChunk.tally(
                        new Chunk(plan, range, Epochs.UNKNOWN, 1, new long[] {0}, new long[] {1}, order),
                        this::sameAgain));
            }
            assertThat(Sums.read(redis.address(), "paid"))
                    .isEqualTo(new Sums.Cut(start, new TreeMap<>(Map.of(0, 1L, 1, 1L)), Map.of("DE", 11L)));
            connection.call(client -> client.srem("tidemark:streams", "paid.1"));
            assertThatThrownBy(() -> Sums.read(redis.address(), "paid")).hasMessageContaining("nothing up yet");
        }
    }

    @Test
    void thePageShowsTheProgramThatIsRunHere() throws Exception {
        Path root = Path.of("").toAbsolutePath().getParent();
        String program =
                Files.readString(root.resolve("trident/src/test/java/io/tidemark/example/RevenueTopology.java"));
        assertThat(Files.readString(root.resolve("docs/library.md"))).contains("```java\n" + program + "```\n");
    }
}
