package io.tidemark.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.testing.RedisServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A reader that stops reading, beside others that do not. */
class SlowReaderFaultIT {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final int WIKIS = 400;

    @TempDir
    Path folder;

    private RedisServer redis;
    private CountedStream stream;
    private int commits;

    @BeforeEach
    void start() {
        redis = RedisServer.start(folder);
        stream = new CountedStream(redis.address());
        commit();
    }

    @AfterEach
    void stop() {
        stream.close();
        redis.close();
    }

    /** Changes 400 counts, so that messages are large and buffers full soon. */
    private void commit() {
        commits++;
        stream.count(IntStream.range(0, WIKIS)
                .mapToObj(i -> CountedStream.edit("SampleBot", true, "a wiki with a long name " + i, "Sample page"))
                .toList());
    }

    private Gateway gateway(Duration quiet) {
        return Gateway.start(
                GatewayOptions.of(redis.address()).withBind("127.0.0.1", 0).withQuiet(quiet));
    }

    private static URI live(Gateway gateway) {
        return URI.create(gateway.url().replace("http", "ws") + "live");
    }

    private static String metrics(Gateway gateway) throws IOException, InterruptedException {
        return HTTP.send(
                        HttpRequest.newBuilder(URI.create(gateway.url() + "metrics"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    @Test
    void aReaderThatHasStoppedIsCutOffAndTheOthersGoOn() throws Exception {
        try (Gateway gateway = gateway(Duration.ofSeconds(1));
                RawReader stopped = new RawReader(gateway.port(), "/live")) {
            List<LookOn> others = new ArrayList<>();
            for (int i = 0; i < 19; i++) {
                others.add(new LookOn(HTTP, live(gateway)));
            }
            try {
                others.forEach(reader -> reader.awaitType("full"));
                await().atMost(LookOn.SOON).pollInterval(Duration.ofMillis(50)).until(() -> {
                    commit();
                    return metrics(gateway).contains("tidemark_readers_cut_off_total 1.0");
                });
                for (LookOn reader : others) {
                    reader.awaitCount("actor", "bot", (long) commits * WIKIS);
                    assertThat(reader.closeCode).isZero();
                }
                assertThat(metrics(gateway)).contains("tidemark_readers{path=\"/live\"} 19.0");
            } finally {
                others.forEach(LookOn::close);
            }
            String message = stopped.next();
            while (message != null) {
                message = stopped.next();
            }
        }
    }

    @Test
    void aReaderThatGoesOnGetsTheNewestStateAndNoBacklog() throws Exception {
        ObjectMapper json = new ObjectMapper();
        try (Gateway gateway = gateway(Duration.ofMinutes(10));
                RawReader slow = new RawReader(gateway.port(), "/live")) {
            assertThat(slow.next()).startsWith("{\"type\":\"full\"");
            try (LookOn other = new LookOn(HTTP, live(gateway))) {
                other.awaitType("full");
                for (int i = 0; i < 60; i++) {
                    commit();
                    long bots = (long) commits * WIKIS;
                    other.awaitCount("actor", "bot", bots);
                }
            }
            int messages = 0;
            JsonNode message = json.readTree(slow.next());
            while (!message.path("type").asText().equals("full")) {
                messages++;
                message = json.readTree(slow.next());
            }

            assertThat(message.path("missed").asLong()).isPositive();
            assertThat(message.path("counts").path("actor").path("bot").asLong())
                    .isEqualTo((long) commits * WIKIS);
            assertThat(messages).isLessThan(55);
        }
    }
}
