package io.tidemark.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidemark.testing.RedisServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** p02: readers behind a proxy that closes what is idle; all of them come back when the gateway does. */
class BehindNginxFaultIT {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final int READERS = 300;
    private static final int TIMES_FASTER = 5;
    private static final int IDLE_SECONDS = 1;
    private static final Duration QUIET = Duration.ofMillis(300);

    @TempDir
    Path folder;

    private final AtomicInteger refused = new AtomicInteger();
    private RedisServer redis;
    private CountedStream stream;

    @BeforeEach
    void start() {
        redis = RedisServer.start(folder.resolve("redis"));
        stream = new CountedStream(redis.address());
        stream.count(CountedStream.edit("SampleBot", true));
    }

    @AfterEach
    void stop() {
        stream.close();
        redis.close();
    }

    private Gateway gateway(int port) {
        return Gateway.start(
                GatewayOptions.of(redis.address()).withBind("127.0.0.1", port).withQuiet(QUIET));
    }

    private static URI live(Nginx nginx) {
        return URI.create("ws://127.0.0.1:" + nginx.port() + "/live?stream=wiki");
    }

    @Test
    void aQuietStreamOutlastsTheProxysIdleTime() throws Exception {
        try (Gateway gateway = gateway(0);
                Nginx nginx = Nginx.start(folder.resolve("nginx"), gateway.port(), IDLE_SECONDS);
                LookOn reader = new LookOn(HTTP, live(nginx));
                LookOn labels = new LookOn(HTTP, URI.create("ws://127.0.0.1:" + nginx.port() + "/"))) {
            long began = System.nanoTime();
            await().atMost(LookOn.SOON)
                    .until(() -> System.nanoTime() - began
                            > 2 * Duration.ofSeconds(IDLE_SECONDS).toNanos());
            assertThat(reader.ofType("quiet")).isNotEmpty();
            stream.count(CountedStream.edit("SampleBot", true));

            reader.awaitCount("actor", "bot", 2);
            await().atMost(LookOn.SOON).until(() -> labels.messages.size() == 2);
            assertThat(reader.ofType("full")).as("one connection").hasSize(1);
        }
    }

    @Test
    void everybodyComesBackAtDifferentTimesAndIsToldTheSame() throws Exception {
        List<LookOn> readers = new CopyOnWriteArrayList<>();
        ExecutorService connecting = Executors.newFixedThreadPool(READERS);
        Gateway gateway = gateway(0);
        int port = gateway.port();
        try (Nginx nginx = Nginx.start(folder.resolve("nginx"), port, IDLE_SECONDS)) {
            for (Future<?> each : IntStream.range(0, READERS)
                    .mapToObj(i -> connecting.submit(() -> readers.add(new LookOn(HTTP, live(nginx)))))
                    .toList()) {
                each.get();
            }
            await().atMost(LookOn.SOON).until(() -> readers.stream().noneMatch(reader -> reader.messages.isEmpty()));
            List<Integer> retryMillis = readers.stream()
                    .map(reader -> reader.messages.get(0).path("retryMillis").asInt())
                    .toList();
            gateway.close();
            await().atMost(LookOn.SOON).until(() -> readers.stream().allMatch(reader -> reader.closeCode == 1001));
            readers.clear();
            stream.count(CountedStream.edit("SampleBot", true));

            List<? extends Future<?>> back = retryMillis.stream()
                    .map(millis -> connecting.submit(() -> readers.add(comeBack(nginx, millis / TIMES_FASTER))))
                    .toList();
            // The first ones are told by the proxy that it is not there, and wait for longer.
            await().atMost(LookOn.SOON).until(() -> refused.get() > 0);
            gateway = gateway(port);
            for (Future<?> each : back) {
                each.get();
            }
            stream.count(CountedStream.edit("SampleBot", true));

            await().atMost(LookOn.SOON)
                    .until(() -> readers.stream().allMatch(reader -> reader.count("actor", "bot") == 3));
            assertThat(metrics(gateway)).contains("tidemark_readers{path=\"/live\"} " + READERS + ".0");
            assertThat(retryMillis.stream().filter(millis -> millis <= 1_000).count())
                    .as("come back within the first second")
                    .isLessThan(READERS / 3);
        } finally {
            readers.forEach(LookOn::close);
            connecting.shutdownNow();
            gateway.close();
        }
    }

    /** As docs/gateway.md asks of programs, but faster. */
    private LookOn comeBack(Nginx nginx, int millis) {
        for (long pause = millis; ; pause *= 2) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(pause));
            try {
                return new LookOn(HTTP, live(nginx));
            } catch (CompletionException notYet) {
                refused.incrementAndGet();
            }
        }
    }

    private static String metrics(Gateway gateway) throws IOException, InterruptedException {
        return HTTP.send(
                        HttpRequest.newBuilder(URI.create(gateway.url() + "metrics"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
