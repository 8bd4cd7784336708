package io.tidemark.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.testing.RedisServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
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

    /** What the system keeps for a connection whose other side does not read is some megabytes. */
    private static final long MORE_THAN_BUFFERS = 100L << 20;

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

    @Test
    void aReaderThatOnlyAsksWhetherWeLiveIsNotListenedToOnceItDoesNotReadTheAnswers() throws Exception {
        byte[] pings = pings(500);
        try (Gateway gateway = gateway(Duration.ofMinutes(10));
                SocketChannel asking = SocketChannel.open()) {
            asking.setOption(StandardSocketOptions.SO_RCVBUF, 4_096);
            asking.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), gateway.port()));
            asking.write(ByteBuffer.wrap(("GET /live HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                            + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII)));
            asking.read(ByteBuffer.allocate(64));
            asking.configureBlocking(false);
            long taken = 0;
            ByteBuffer rest = ByteBuffer.wrap(pings);
            try (Selector selector = Selector.open()) {
                asking.register(selector, SelectionKey.OP_WRITE);
                // Nothing is taken for a second: what the system buffers is full, and the gateway reads no more.
                while (taken < MORE_THAN_BUFFERS && selector.select(1_000) > 0) {
                    selector.selectedKeys().clear();
                    taken += asking.write(rest);
                    rest = rest.hasRemaining() ? rest : ByteBuffer.wrap(pings);
                }
            }
            assertThat(taken).as("bytes of pings").isLessThan(MORE_THAN_BUFFERS);
        }
    }

    /** Frames with 125 bytes each, masked with zeros. */
    private static byte[] pings(int count) {
        ByteBuffer frames = ByteBuffer.allocate(count * 131);
        for (int i = 0; i < count; i++) {
            frames.put((byte) 0x89).put((byte) (0x80 | 125)).putInt(0).put(new byte[125]);
        }
        return frames.array();
    }
}
