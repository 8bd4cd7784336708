package io.tidemark.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidemark.commit.Health;
import io.tidemark.commit.RedisStore;
import io.tidemark.stream.BundledStreams;
import io.tidemark.testing.RedisServer;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command as its image has it: without the jars that the Dockerfile leaves out, and only reading its own folder. */
class ImageIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @Test
    void theGatewayOfTheImageBecomesHealthyAndStopsInOrder() throws Exception {
        int port = freePort();
        try (RedisServer redis = RedisServer.start(folder.resolve("redis"))) {
            Process gateway = command(
                    "gateway",
                    "--bind=0.0.0.0",
                    "--port=" + port,
                    "--redis=redis://127.0.0.1:" + redis.port() + "/0",
                    "--redis-password-file=" + redis.passwordFile());
            try {
                String[] check = {
                    Repository.DOCKER.resolve("scripts/http-answers.sh").toString(), Integer.toString(port), "/metrics"
                };
                await().atMost(SOON).until(() -> {
                    assertThat(gateway.isAlive())
                            .as("the gateway runs: %s", said())
                            .isTrue();
                    return Tool.run(Map.of(), List.of(check)).exitCode() == 0;
                });
                everyMetricThatIsNamedIsReallyThere(redis, "http://127.0.0.1:" + port + "/metrics");
            } finally {
                gateway.destroy();
                gateway.waitFor();
            }
            assertThat(said()).contains("gateway: http").doesNotContain(redis.password(), "Exception");
        }
    }

    /** What alerts and board rest on was found in sources; here it is held against what Prometheus is told. */
    private static void everyMetricThatIsNamedIsReallyThere(RedisServer redis, String url) throws Exception {
        try (RedisStore store = new RedisStore(redis.address(), BundledStreams.wikipedia(), "test")) {
            store.initialise(new TreeMap<>(Map.of(0, 0L)), "topic-id", "store");
            store.report(new Health("test", new TreeMap<>(Map.of(0, 0L)), new TreeMap<>(Map.of(0, 5L)), null));
        }
        Set<String> needsMore = Set.of(
                "tidemark_rejected_records_total", // a reason
                "tidemark_lag_seconds", // a record that waits
                "tidemark_newest_record_age_seconds"); // a record
        await().atMost(SOON).untilAsserted(() -> {
            String scraped = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
            Set<String> told = new TreeSet<>();
            scraped.lines()
                    .filter(line -> line.startsWith("tidemark_"))
                    .forEach(line -> told.add(line.replaceFirst("[{ ].*", "")));
            Set<String> named = new TreeSet<>(PrometheusTest.exportedByTheGateway());
            told.removeAll(needsMore);
            told.remove("tidemark_http_requests_seconds_max");
            named.removeAll(needsMore);
            assertThat(told).isEqualTo(named);
        });
    }

    @Test
    void everyCommandIsThere() throws Exception {
        for (String name : List.of("gateway", "status", "query", "verify", "rejected", "reset", "check-config")) {
            Process help = command(name, "--help");
            assertThat(help.waitFor()).as("%s: %s", name, said()).isZero();
        }
    }

    private Process command(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-cp",
                classPathOfTheImage(),
                "io.tidemark.app.Tidemark"));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("said").toFile())
                .start();
    }

    private String said() throws IOException {
        return Files.readString(folder.resolve("said"));
    }

    private static String classPathOfTheImage() {
        List<Pattern> leftOut = new ArrayList<>();
        Matcher removed = Pattern.compile("app/target/lib/([a-z0-9_.-]+-)\\*\\.jar")
                .matcher(Repository.text("docker/Dockerfile"));
        while (removed.find()) {
            leftOut.add(Pattern.compile(Pattern.quote(removed.group(1)) + "[^/]*\\.jar"));
        }
        assertThat(leftOut).hasSizeGreaterThan(3);
        String all = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> kept = Arrays.stream(all.split(File.pathSeparator))
                .filter(entry -> !entry.contains("test-classes") && !entry.contains("-tests.jar"))
                .filter(entry -> leftOut.stream()
                        .noneMatch(pattern -> pattern.matcher(
                                        Path.of(entry).getFileName().toString())
                                .matches()))
                .toList();
        assertThat(all.split(File.pathSeparator).length - kept.size()).isGreaterThan(4);
        return String.join(File.pathSeparator, kept);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
