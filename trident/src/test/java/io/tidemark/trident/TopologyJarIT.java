package io.tidemark.trident;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.commit.RedisStore;
import io.tidemark.commit.Store;
import io.tidemark.stream.StreamConfigReader;
import io.tidemark.testing.RedisServer;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar for {@code storm jar}: what is in it, and what it says when it is run as Storm runs it. */
class TopologyJarIT {
    private static final long MOST_BYTES = 24L << 20;
    private static final Path LIST = Path.of("src/main/resources/io/tidemark/app/cluster/worker-libraries.txt");

    @TempDir
    static Path folder;

    private static KafkaBroker broker;
    private static RedisServer redis;

    private record Ended(int status, String out, String err) {}

    @BeforeAll
    static void start() {
        broker = KafkaBroker.start(folder.resolve("kafka"));
        broker.createTopic("WikiPediaLogs", 2);
        redis = RedisServer.start(folder.resolve("redis"));
    }

    @AfterAll
    static void stop() {
        broker.close();
        redis.close();
    }

    @Test
    void nothingThatStormSuppliesIsInTheJar() throws IOException {
        List<String> names = entries();
        assertThat(names)
                .noneMatch(name -> name.matches("META-INF/[^/]*\\.(SF|RSA|DSA|EC)"))
                .noneMatch(name -> name.startsWith("org/apache/storm/"))
                .noneMatch(name -> name.startsWith("org/slf4j/"))
                .noneMatch(name -> name.startsWith("org/apache/logging/") || name.startsWith("org/apache/log4j/"))
                .noneMatch(name -> name.startsWith("ch/qos/logback/"))
                .noneMatch(name -> name.matches("(.*/)?(defaults|storm)\\.yaml"))
                .noneMatch(name -> name.endsWith("module-info.class"))
                .doesNotContain("META-INF/services/org.slf4j.spi.SLF4JServiceProvider", "log4j2.xml");
    }

    @Test
    void noClassOfTheJarIsOneOfStormsToo() throws IOException {
        Set<String> ours = new HashSet<>(entries());
        for (Path library : workerLibraries()) {
            try (JarFile jar = new JarFile(library.toFile())) {
                assertThat(jar.stream()
                                .map(ZipEntry::getName)
                                .filter(name -> name.endsWith(".class") && !name.startsWith("META-INF/"))
                                .filter(ours::contains))
                        .as("classes that %s has too", library.getFileName())
                        .isEmpty();
            }
        }
    }

    /** Only what others name in their properties, or what is found by its name from native code, keeps its own. */
    @Test
    void librariesThatClustersOftenHaveAreRenamed() throws IOException {
        Set<String> packages = entries().stream()
                .filter(name -> name.endsWith(".class") && !name.startsWith("META-INF/"))
                .map(name -> Arrays.stream(name.split("/")).limit(3).collect(Collectors.joining("/")))
                .collect(Collectors.toSet());
        assertThat(packages)
                .allMatch(name -> name.startsWith("io/tidemark/")
                        || name.startsWith("org/apache/kafka")
                        || name.startsWith("com/github/luben")
                        || name.startsWith("org/xerial/snappy")
                        || name.startsWith("net/jpountz/"));
        assertThat(packages).contains("io/tidemark/shaded");
    }

    @Test
    void servicesAreMergedAndTheirProvidersAreThere() throws IOException {
        List<String> names = entries();
        List<String> services = names.stream()
                .filter(name -> name.matches("META-INF/services/[^/]+"))
                .toList();
        assertThat(services).contains("META-INF/services/org.apache.kafka.common.config.provider.ConfigProvider");
        try (JarFile jar = new JarFile(topologyJar().toFile())) {
            for (String service : services) {
                try (BufferedReader lines = new BufferedReader(
                        new InputStreamReader(jar.getInputStream(jar.getEntry(service)), StandardCharsets.UTF_8))) {
                    lines.lines()
                            .map(line -> line.replaceFirst("#.*", "").strip())
                            .filter(line -> !line.isEmpty())
                            .forEach(provider ->
                                    assertThat(names).as(service).contains(provider.replace('.', '/') + ".class"));
                }
            }
        }
    }

    @Test
    void theSizeIsWatched() throws IOException {
        assertThat(Files.size(topologyJar()))
                .as("every worker's host loads it at each deployment: 20 MB at the time of writing")
                .isBetween(8L << 20, MOST_BYTES);
    }

    @Test
    void aDryRunSaysWhatWouldBeSubmittedAndWhatIsThere() throws Exception {
        Ended ended = stormJar(
                List.of(),
                "--kafka",
                broker.bootstrapServers(),
                "--redis",
                redisUri(),
                "--redis-password-file",
                redis.passwordFile().toString(),
                "--workers",
                "2",
                "--parsers",
                "3",
                "--dry-run");
        assertThat(ended.status()).as(ended.err()).isZero();
        assertThat(ended.out())
                .startsWith("Topology tidemark-wiki\n")
                .contains("answers ", "count-wiki")
                .contains("topology.workers: 2 (default: 1)")
                .contains("topic WikiPediaLogs: 2 partitions", "Redis 7.0.15, append-only file")
                .contains("nothing is counted yet")
                .endsWith("Nothing was submitted (--dry-run).\n");
        assertThat(ended.out() + ended.err()).doesNotContain(redis.password()).doesNotContain("warning");
        assertThat(ended.out().lines().filter(line -> line.startsWith("  ! "))).isEmpty();
    }

    @Test
    void theNumbersMayStandInTheConfigurationAndAnOptionGoesBeforeThem() throws Exception {
        Path config = folder.resolve("numbers.yaml");
        Files.writeString(config, """
                stream: numbers
                topic: WikiPediaLogs
                dimensions: {kind: [{field: /kind}]}
                topology: {workers: 3, parsers: 5, emitters: 2, emit-interval: 20ms}
                """);
        Ended ended = stormJar(
                List.of(),
                "--config",
                config.toString(),
                "--kafka",
                broker.bootstrapServers(),
                "--redis",
                redisUri(),
                "--redis-password-file",
                redis.passwordFile().toString(),
                "--workers",
                "4",
                "--dry-run");
        assertThat(ended.status()).as(ended.err()).isZero();
        assertThat(ended.out())
                .contains("topology.workers: 4 (default: 1)")
                .contains("batch.emit.interval.millis: 20 ")
                .containsPattern("read-numbers-count-numbers +5 executors")
                .containsPattern("spout-tidemark-numbers +2 executors");
    }

    @Test
    void whatWouldKeepAStreamFromBeingCountedIsMarked() throws Exception {
        Path config = folder.resolve("orders.yaml");
        Files.writeString(config, """
                stream: orders
                topic: no-such-topic
                dimensions:
                  state:
                    rules:
                      - field: /state
                """);
        Ended ended = stormJar(
                List.of(),
                "--config",
                config.toString(),
                "--kafka",
                broker.bootstrapServers(),
                "--redis",
                "redis://127.0.0.1:1/0",
                "--dry-run");
        assertThat(ended.status()).as(ended.out() + ended.err()).isEqualTo(1);
        assertThat(ended.out().lines().filter(line -> line.startsWith("  ! ")))
                .hasSize(2)
                .anyMatch(line -> line.contains("topic no-such-topic"))
                .anyMatch(line -> line.contains("Redis"));
        assertThat(ended.out()).endsWith("Mend what is marked with ! first.\n");
    }

    @Test
    void anotherNumberOfShardsIsMarkedAndTheWayToItNamed() throws Exception {
        String text = "stream: paid\ntopic: WikiPediaLogs\ndimensions: {kind: [{field: /kind}]}\n";
        assertThat(marked(text, text + "shards: 2\n"))
                .singleElement()
                .asString()
                .contains("there are counts of it in paid", "tidemark backfill");
        String more = text.replace("paid", "more");
        assertThat(marked(more + "shards: 2\n", more + "shards: 3\n"))
                .hasSize(2)
                .anyMatch(line -> line.contains("were made with another configuration: it would be refused"))
                .anyMatch(line -> line.contains("id topic-id: it was deleted and created anew; it would be refused"));
    }

    /** What is marked where a stream was begun with another configuration, of a topic that is gone. */
    private static List<String> marked(String counted, String wanted) throws Exception {
        try (Store store = RedisStore.open(redis.address(), StreamConfigReader.stored(counted), "test")) {
            store.initialise(new TreeMap<>(Map.of(0, 0L)), "topic-id", "store");
        }
        Ended ended = stormJar(
                List.of(),
                "--config",
                Files.writeString(folder.resolve("wanted.yaml"), wanted).toString(),
                "--kafka",
                broker.bootstrapServers(),
                "--redis",
                redisUri(),
                "--redis-password-file",
                redis.passwordFile().toString(),
                "--dry-run");
        assertThat(ended.status()).as(ended.out() + ended.err()).isEqualTo(1);
        assertThat(ended.out()).doesNotContain("they will be counted again");
        return ended.out().lines().filter(line -> line.startsWith("  ! ")).toList();
    }

    @Test
    void wrongOptionsAreRefusedByName() throws Exception {
        Map<List<String>, String> wrong = Map.of(
                List.of("--redis", redisUri(), "--kafka", "x:1", "--emiters", "2"), "--emitters",
                List.of("--redis", redisUri(), "--kafka", "x:1", "--pending", "17"), "pending is 17",
                List.of("--redis", "redis://:secret@127.0.0.1:1/0", "--kafka", "x:1"), "--redis-password-file",
                List.of("--kafka", "x:1"), "--redis");
        for (Map.Entry<List<String>, String> each : wrong.entrySet()) {
            Ended ended = stormJar(List.of(), each.getKey().toArray(String[]::new));
            assertThat(ended.status()).as("%s: %s", each.getKey(), ended).isEqualTo(2);
            assertThat(ended.err()).contains(each.getValue()).doesNotContain("secret", "\tat ");
        }
    }

    @Test
    void aForeignKafkaClientInExtlibIsNamed() throws Exception {
        Path kafka = Path.of(KafkaConsumer.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        Path foreign = Files.copy(
                kafka, Files.createDirectories(folder.resolve("extlib")).resolve("kafka-clients-foreign.jar"));
        Ended ended = stormJar(
                List.of(foreign),
                "--kafka",
                broker.bootstrapServers(),
                "--redis",
                redisUri(),
                "--redis-password-file",
                redis.passwordFile().toString(),
                "--dry-run");
        assertThat(ended.status()).as(ended.err()).isZero();
        assertThat(ended.err()).contains("warning", foreign.toString());
    }

    private static String redisUri() {
        return "redis://127.0.0.1:" + redis.port() + "/0";
    }

    /** As Storm's script and its supervisors put class paths together. */
    private static Ended stormJar(List<Path> extlib, String... options) throws IOException, InterruptedException {
        String libraries = Stream.of(workerLibraries().stream(), extlib.stream(), Stream.of(topologyJar()))
                .flatMap(paths -> paths)
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
        Path quiet = folder.resolve("quiet.xml");
        Files.writeString(
                quiet, "<Configuration status=\"OFF\"><Loggers><Root level=\"off\"/></Loggers></Configuration>");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dlog4j2.configurationFile=" + quiet,
                "-Dstorm.jar=" + topologyJar(),
                "-cp",
                libraries,
                "io.tidemark.submit.Submit"));
        command.addAll(List.of(options));
        Path out = Files.createTempFile(folder, "out", "");
        Path err = Files.createTempFile(folder, "err", "");
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try {
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).as("it ends").isTrue();
            return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
        } finally {
            process.destroyForcibly();
        }
    }

    private static List<String> entries() throws IOException {
        try (JarFile jar = new JarFile(topologyJar().toFile())) {
            return jar.stream()
                    .filter(entry -> !entry.isDirectory())
                    .map(ZipEntry::getName)
                    .toList();
        }
    }

    private static Path topologyJar() throws IOException {
        try (Stream<Path> files = Files.list(module("trident").resolve("target"))) {
            return files.filter(file -> file.getFileName().toString().matches("tidemark-topology-.*\\.jar"))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("the jar is not built: run the package phase"));
        }
    }

    /** What Storm supplies, from this JVM's class path, but for annotations that no code asks for. */
    private static List<Path> workerLibraries() throws IOException {
        List<Path> found = new ArrayList<>();
        for (String artifact : Files.readAllLines(module("app").resolve(LIST))) {
            if (!artifact.startsWith("#") && !artifact.endsWith(":jspecify")) {
                String[] names = artifact.split(":");
                found.add(Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                        .map(Path::of)
                        .filter(path -> path.getFileName().toString().matches(names[1] + "-[0-9].*\\.jar"))
                        // Where repositories lie by group; two groups have a metrics-core.
                        .filter(path -> path.toString().contains(names[0].replace('.', File.separatorChar)))
                        .findFirst()
                        .orElseThrow(() -> new AssertionError(artifact + " is not on the class path")));
            }
        }
        return found;
    }

    private static Path module(String name) {
        Path here = Path.of("").toAbsolutePath();
        return Files.isDirectory(here.resolve(name)) ? here.resolve(name) : here.resolveSibling(name);
    }
}
