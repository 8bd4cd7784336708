package io.tidemark.bench.read;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.client.TidemarkClient;
import io.tidemark.client.TidemarkClientException;
import io.tidemark.commit.RedisAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A service as users start it, and a gateway beside it without a limit of requests; both end with this. */
final class RunningService implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Pattern URL = Pattern.compile("gateway: (http://\\S+)/");

    private final List<Process> processes = new ArrayList<>();
    private final JsonNode info;
    private final String gateway;

    private RunningService(Path data, Path launcher) throws IOException, InterruptedException {
        start(
                launcher,
                data.resolveSibling("service.out"),
                "run",
                "--data",
                data.toString(),
                "--feed",
                "none",
                "--kafka-port",
                "0",
                "--redis-port",
                "0",
                "--drpc-port",
                "0",
                "--http-port",
                "none");
        Path file = data.resolve("service.json");
        await(() -> Files.exists(file));
        info = new ObjectMapper().readTree(Files.readString(file));
        Path out = data.resolveSibling("gateway.out");
        start(launcher, out, "gateway", "--data", data.toString(), "--port", "0", "--requests-per-second", "0");
        await(() -> URL.matcher(Files.readString(out)).find());
        Matcher matcher = URL.matcher(Files.readString(out));
        gateway = matcher.find() ? matcher.group(1) : "";
        try (TidemarkClient client = TidemarkClient.of(drpc(), Duration.ofSeconds(3))) {
            await(() -> answers(client));
        }
    }

    static RunningService start(Path data, Path launcher) throws IOException, InterruptedException {
        return new RunningService(data, launcher);
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    private static boolean answers(TidemarkClient client) {
        try {
            return !client.counts("").contains("\"error\"");
        } catch (TidemarkClientException notYet) {
            return false;
        }
    }

    private static void await(Condition condition) throws IOException, InterruptedException {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > until) {
                throw new IOException("the service did not start within " + PATIENCE);
            }
            Thread.sleep(100);
        }
    }

    private void start(Path launcher, Path out, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        processes.add(process);
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
    }

    String kafka() {
        return info.path("kafka").asText();
    }

    String drpc() {
        return "drpc://" + info.path("drpc").asText();
    }

    String gateway() {
        return gateway;
    }

    RedisAddress redis() {
        return new RedisAddress(
                info.path("redis").asText(), info.path("redisPasswordFile").asText());
    }

    @Override
    public void close() {
        for (int i = processes.size() - 1; i >= 0; i--) {
            processes.get(i).destroy();
            processes.get(i).onExit().join();
        }
    }
}
