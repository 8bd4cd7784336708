package io.tidemark.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.UnixOperatingSystemMXBean;
import io.tidemark.testing.RedisServer;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Thousands of readers on one machine, both ends of each in this JVM. */
class ManyReadersIT {
    private static final int WANTED = 2_000;

    @TempDir
    Path folder;

    /** Each reader is two open files here; the rest of the JVM needs some too. */
    private static int possible() {
        long files = ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? system.getMaxFileDescriptorCount()
                : 1_024;
        int readers = (int) Math.min(WANTED, (files - 400) / 3);
        if (readers < WANTED) {
            System.err.println("ATTENTION: only " + readers + " of " + WANTED
                    + " readers are tested, because a process may" + " open " + files + " files here (ulimit -n)");
        }
        return readers;
    }

    @Test
    void eachIsToldOfACommitAndComesBackAtItsOwnTime() throws Exception {
        int count = possible();
        ExecutorService connecting = Executors.newFixedThreadPool(16);
        List<LookOn> readers = new CopyOnWriteArrayList<>();
        try (RedisServer redis = RedisServer.start(folder);
                CountedStream stream = new CountedStream(redis.address());
                Gateway gateway = Gateway.start(GatewayOptions.of(redis.address())
                        .withBind("127.0.0.1", 0)
                        .withRate(0))) {
            stream.count(CountedStream.edit("SampleBot", true));
            HttpClient http = HttpClient.newHttpClient();
            URI uri = URI.create(gateway.url().replace("http", "ws") + "live");
            List<? extends Future<?>> connections = IntStream.range(0, count)
                    .mapToObj(i -> connecting.submit(() -> readers.add(new LookOn(http, uri))))
                    .toList();
            for (Future<?> connection : connections) {
                connection.get();
            }
            await().atMost(LookOn.SOON).until(() -> readers.stream().noneMatch(reader -> reader.messages.isEmpty()));

            long began = System.nanoTime();
            stream.count(CountedStream.edit("SampleBot", true));
            await().atMost(LookOn.SOON)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> readers.stream().allMatch(reader -> reader.count("actor", "bot") == 2));
            System.out.println(
                    count + " readers were told of a commit within " + (System.nanoTime() - began) / 1_000_000 + " ms");

            assertThat(readers.stream()
                            .mapToInt(reader ->
                                    reader.messages.get(0).path("retryMillis").asInt())
                            .filter(millis -> millis <= 1_000)
                            .count())
                    .isLessThan(count / 3);
        } finally {
            readers.forEach(LookOn::close);
            connecting.shutdownNow();
        }
    }
}
