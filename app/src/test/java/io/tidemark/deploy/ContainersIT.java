package io.tidemark.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidemark.oracle.LabelledEvents;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.ComposeContainer;
import org.testcontainers.containers.Container;
import org.testcontainers.containers.ContainerState;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.MountableFile;

/** What only a container engine can show; aborted, loudly, where there is none. */
class ContainersIT {
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final int EVENTS = 500;

    @BeforeEach
    void needsAnEngine() {
        if (!DockerClientFactory.instance().isDockerAvailable()) {
            Tool.abort("the compose file and the topology's jar in real containers: there is no container engine here");
        }
    }

    @Test
    void theComposeFileBuildsStartsAndCounts() throws Exception {
        assertThat(Tool.run(
                                Map.of(),
                                List.of(Repository.DOCKER.resolve("secrets.sh").toString()))
                        .exitCode())
                .isZero();
        try (ComposeContainer compose = new ComposeContainer(
                        Repository.DOCKER.resolve("compose.yaml").toFile())
                .withBuild(true)
                .withStartupTimeout(LONG)
                .withExposedService("gateway", 2546, Wait.forHttp("/health").withStartupTimeout(LONG))) {
            compose.start();
            ContainerState kafka = compose.getContainerByServiceName("kafka").orElseThrow();
            produce(kafka, "kafka:9092", "WikiPediaLogs");
            String gateway =
                    "http://" + compose.getServiceHost("gateway", 2546) + ":" + compose.getServicePort("gateway", 2546);
            await().atMost(LONG)
                    .pollInterval(Duration.ofSeconds(1))
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(get(gateway + "/api/counts?stream=wiki"))
                            .contains("\"records\":" + EVENTS + ","));
            assertThat(get(gateway + "/metrics")).contains("tidemark_stream_up{stream=\"wiki\"} 1.0");
        }
    }

    @Test
    void theTopologysJarRunsOnStormsOwnImage() throws Exception {
        String version = Repository.version();
        Path jar = Repository.ROOT.resolve("trident/target/tidemark-topology-" + version + ".jar");
        assertThat(jar).as("make package builds it").exists();
        Map<String, Object> services =
                Repository.map(Repository.yaml("docker/compose.yaml").get(0).get("services"));
        try (Network network = Network.newNetwork();
                GenericContainer<?> zookeeper = of(services, "zookeeper", network);
                GenericContainer<?> redis = new GenericContainer<>(image(services, "redis"))
                        .withNetwork(network)
                        .withNetworkAliases("redis")
                        .withCommand("redis-server", "--appendonly", "yes", "--maxmemory-policy", "noeviction");
                GenericContainer<?> kafka =
                        of(services, "kafka", network).waitingFor(Wait.forLogMessage(".*Kafka Server started.*", 1));
                GenericContainer<?> nimbus = storm(network, "nimbus", jar);
                GenericContainer<?> drpc = storm(network, "drpc", jar);
                GenericContainer<?> supervisor = storm(network, "supervisor", jar)) {
            for (GenericContainer<?> each : List.of(zookeeper, redis, kafka, nimbus, drpc, supervisor)) {
                each.withStartupTimeout(LONG).start();
            }
            ok(kafka.execInContainer(
                    "/opt/kafka/bin/kafka-topics.sh",
                    "--bootstrap-server=kafka:9092",
                    "--create",
                    "--topic=WikiPediaLogs",
                    "--partitions=2"));
            produce(kafka, "kafka:9092", "WikiPediaLogs");
            await().atMost(LONG)
                    .pollInterval(Duration.ofSeconds(3))
                    .untilAsserted(() -> ok(nimbus.execInContainer(
                            "/opt/tidemark/submit.sh", "--kafka=kafka:9092", "--redis=redis://redis:6379/0")));
            await().atMost(LONG)
                    .pollInterval(Duration.ofSeconds(1))
                    .untilAsserted(() -> assertThat(
                                    redis.execInContainer("redis-cli", "HGET", "tidemark:{wiki}:accounts", "records")
                                            .getStdout()
                                            .strip())
                            .isEqualTo(Integer.toString(EVENTS)));
        }
    }

    @SuppressWarnings("resource") // the caller closes it
    private static GenericContainer<?> storm(Network network, String daemon, Path jar) {
        String image = Repository.text("docker/Dockerfile").replaceFirst("(?s).*\nFROM (storm:\\S+) .*", "$1");
        GenericContainer<?> container = new GenericContainer<>(DockerImageName.parse(image))
                .withNetwork(network)
                .withNetworkAliases(daemon)
                .withCommand("storm", daemon)
                .withCopyFileToContainer(
                        MountableFile.forHostPath(Repository.DOCKER.resolve("storm/storm.yaml"), 0644),
                        "/conf/storm.yaml")
                .withCopyFileToContainer(MountableFile.forHostPath(jar, 0644), "/opt/tidemark/" + jar.getFileName());
        for (String script : List.of("submit.sh", "port-answers.sh", "process-runs.sh")) {
            container.withCopyFileToContainer(
                    MountableFile.forHostPath(
                            Repository.DOCKER.resolve("scripts").resolve(script), 0755),
                    "/opt/tidemark/" + script);
        }
        return container.waitingFor(
                switch (daemon) {
                    case "nimbus" -> Wait.forSuccessfulCommand("/opt/tidemark/port-answers.sh 6627");
                    case "drpc" -> Wait.forSuccessfulCommand("/opt/tidemark/port-answers.sh 3772");
                    default ->
                        Wait.forSuccessfulCommand(
                                "/opt/tidemark/process-runs.sh org.apache.storm.daemon.supervisor.Supervisor");
                });
    }

    @SuppressWarnings("resource") // the caller closes it
    private static GenericContainer<?> of(Map<String, Object> services, String name, Network network) {
        GenericContainer<?> container = new GenericContainer<>(image(services, name))
                .withNetwork(network)
                .withNetworkAliases(name);
        Repository.map(Repository.map(services.get(name)).get("environment"))
                .forEach((variable, value) -> container.withEnv(variable, String.valueOf(value)));
        return container;
    }

    private static DockerImageName image(Map<String, Object> services, String name) {
        return DockerImageName.parse(
                String.valueOf(Repository.map(services.get(name)).get("image")));
    }

    private static void produce(ContainerState kafka, String broker, String topic)
            throws IOException, InterruptedException {
        LabelledEvents events = new LabelledEvents(1, Instant.now(), Duration.ofHours(1), 1_000, 0);
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < EVENTS; i++) {
            lines.append(new String(events.next().bytes(), StandardCharsets.UTF_8).replace('\n', ' '))
                    .append('\n');
        }
        Path file = Files.createTempFile("events", ".ndjson");
        try {
            Files.writeString(file, lines);
            kafka.copyFileToContainer(MountableFile.forHostPath(file, 0644), "/tmp/events.ndjson");
        } finally {
            Files.delete(file);
        }
        ok(kafka.execInContainer(
                "sh",
                "-c",
                "/opt/kafka/bin/kafka-console-producer.sh --bootstrap-server " + broker + " --topic " + topic
                        + " < /tmp/events.ndjson"));
    }

    private static void ok(Container.ExecResult result) {
        assertThat(result.getExitCode()).as("%s", result).isZero();
    }

    private static String get(String url) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
