package io.tidemark.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.commit.RedisAddress;
import io.tidemark.stream.StreamConfig;
import io.tidemark.stream.StreamConfigReader;
import io.tidemark.testing.CountedRecords;
import io.tidemark.testing.RedisServer;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

/** Readers on WebSockets, on a real Redis. */
class LiveIT {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    Path folder;

    private RedisServer redis;
    private CountedStream stream;
    private Gateway gateway;

    @BeforeEach
    void start() {
        redis = RedisServer.start(folder);
        stream = new CountedStream(redis.address());
        stream.count(CountedStream.edit("Sample User", false), CountedStream.edit("SampleBot", true));
        gateway = Gateway.start(GatewayOptions.of(redis.address())
                .withBind("127.0.0.1", 0)
                .withReaders(12, 12)
                .withQuiet(Duration.ofSeconds(1)));
    }

    @AfterEach
    void stop() {
        gateway.close();
        stream.close();
        redis.close();
    }

    private URI uri(String path) {
        return URI.create(gateway.url().replace("http", "ws") + path.substring(1));
    }

    private LookOn look(String path, String... headers) {
        return new LookOn(HTTP, uri(path), headers);
    }

    @Test
    void aReaderIsToldAllAndThenWhatChanges() {
        try (LookOn reader = look("/live?stream=wiki")) {
            JsonNode full = reader.awaitType("full");
            assertThat(full.path("counts").path("actor").toString()).isEqualTo("{\"bot\":1,\"human\":1}");
            assertThat(full.path("labels").path("bot").asLong()).isEqualTo(1);
            assertThat(full.path("cut").path("offsets").path("0").asLong()).isEqualTo(2);
            assertThat(full.path("retryMillis").asInt()).isBetween(250, 5_000);

            stream.count(CountedStream.edit("Sample User", false));

            JsonNode changes = reader.awaitType("changes");
            assertThat(changes.path("seq").asLong()).isEqualTo(full.path("seq").asLong() + 1);
            assertThat(changes.path("counts").path("actor").toString()).isEqualTo("{\"human\":2}");
            assertThat(changes.path("accounts").path("counted").asLong()).isEqualTo(3);
            assertThat(changes.path("cut").path("offsets").path("0").asLong()).isEqualTo(3);
            assertThat(changes.path("labels").has("bot")).isFalse();
        }
    }

    /** Each shard tells of its own commits, and each number is the sum over both. */
    @Test
    void aStreamInTwoShardsIsToldAsOne() throws Exception {
        StreamConfig orders = StreamConfigReader.stored(
                "stream: orders\ntopic: orders\nshards: 2\ndimensions: {kind: [{field: /kind}]}\n");
        List<String> order = List.of("{\"kind\":\"new\"}");
        try (CountedRecords records = new CountedRecords(redis.address(), orders);
                LookOn reader = look("/live?stream=orders");
                Jedis jedis = new Jedis("127.0.0.1", redis.port())) {
            assertThat(reader.awaitType("full").at("/cut/offsets").toString()).isEqualTo("{\"0\":0,\"1\":0}");
            jedis.auth(redis.password());
            await().atMost(LookOn.SOON)
                    .until(() -> jedis.pubsubNumSub("tidemark:{orders.0}:commits", "tidemark:{orders.1}:commits")
                            .equals(Map.of("tidemark:{orders.0}:commits", 1L, "tidemark:{orders.1}:commits", 1L)));
            records.count(0, Instant.now(), order);
            reader.awaitCount("kind", "new", 1);
            records.count(1, Instant.now(), order);
            reader.awaitCount("kind", "new", 2);
        }
        assertThat(body("metrics"))
                .contains("tidemark_version{stream=\"orders\"} 2.0")
                .doesNotContain("orders.0");
        assertThat(body("api/streams")).contains("\"name\":\"orders\"", "kind").doesNotContain("orders.0");
    }

    @Test
    void theTalksReaderIsToldLabels() {
        try (LookOn reader = look("/")) {
            await().atMost(LookOn.SOON).until(() -> !reader.messages.isEmpty());
            assertThat(reader.messages.get(0).toString())
                    .isEqualTo("{\"g2_edit\":2,\"bot\":1,\"human\":1,\"g3_Anon\":0,\"g3_LoggedIN\":2}");

            stream.count(CountedStream.edit("192.0.2.1", false));

            await().atMost(LookOn.SOON).until(() -> reader.messages.size() == 2);
            assertThat(reader.messages.get(1).toString())
                    .isEqualTo("{\"g2_edit\":3,\"bot\":1,\"human\":2,\"g3_Anon\":1,\"g3_LoggedIN\":2}");
        }
    }

    @Test
    void hundredsOfCommitsAreFewReadsAndTheLastIsTold() {
        try (LookOn reader = look("/live")) {
            reader.awaitType("full");
            long began = System.nanoTime();
            for (int i = 0; i < 300; i++) {
                stream.count(CountedStream.edit("SampleBot", true));
            }
            reader.awaitCount("actor", "bot", 301);
            double seconds = (System.nanoTime() - began) / 1e9;

            assertThat(reader.messages.size()).isLessThan((int) (seconds * 10) + 5);
        }
    }

    @Test
    void aQuietStreamSaysThatItIsThere() {
        try (LookOn reader = look("/live")) {
            JsonNode quiet = reader.awaitType("quiet");

            assertThat(quiet.path("cut").path("offsets").path("0").asLong()).isEqualTo(2);
            assertThat(quiet.path("at").asText()).endsWith("Z");
            assertThat(reader.ofType("full")).hasSize(1);
        }
    }

    @Test
    void aReaderWaitsOutRedisAndIsToldSo() {
        try (LookOn reader = look("/live?stream=wiki")) {
            reader.awaitType("full");
            redis.stop();
            JsonNode down = reader.awaitType("down");
            assertThat(down.path("code").asText()).isEqualTo("store-unavailable");
            assertThat(down.path("message").asText()).isNotEmpty().doesNotContain(redis.password());

            redis.start();
            await().atMost(LookOn.SOON).until(() -> reader.ofType("full").size() == 2);
            stream.count(CountedStream.edit("SampleBot", true));

            reader.awaitCount("actor", "bot", 2);
            assertThat(reader.ofType("full").get(1).has("missed")).isFalse();
        }
    }

    @Test
    void countsThatGoBackAreToldWhole() {
        try (LookOn reader = look("/live")) {
            reader.awaitType("full");
            stream.startOver();
            stream.count(CountedStream.edit("SampleBot", true));

            await().atMost(LookOn.SOON).until(() -> reader.ofType("full").size() >= 2);
            reader.awaitCount("actor", "bot", 1);
            await().atMost(LookOn.SOON).until(() -> reader.count("actor", "human") == 0);
        }
    }

    @Test
    void commitsThatNobodyTellsOfAreFound() throws Exception {
        try (LookOn reader = look("/live");
                Jedis jedis = new Jedis("127.0.0.1", redis.port())) {
            reader.awaitType("full");
            jedis.auth(redis.password());
            // Redis closes the connections of those who may no longer listen.
            jedis.aclSetUser("default", "resetchannels");
            await().atMost(LookOn.SOON).until(() -> health(gateway).contains("\"commits\":{\"status\":\"degraded\""));
            stream.count(CountedStream.edit("SampleBot", true));
            reader.awaitCount("actor", "bot", 2);
            jedis.aclSetUser("default", "allchannels");
        }
    }

    /** As docs/redis-layout.md allows a reader what it needs. */
    @Test
    void aUserThatMayOnlyReadIsTold() throws Exception {
        Path docs = Path.of("").toAbsolutePath();
        while (!Files.exists(docs.resolve("docs/redis-layout.md"))) {
            docs = docs.getParent();
        }
        String[] rule = Files.readAllLines(docs.resolve("docs/redis-layout.md")).stream()
                .filter(line -> line.startsWith("redis-cli ACL SETUSER reader "))
                .findFirst()
                .orElseThrow()
                .replace("'", "")
                .split(" ");
        try (Jedis jedis = new Jedis("127.0.0.1", redis.port())) {
            jedis.auth(redis.password());
            jedis.aclSetUser("reader", Arrays.copyOfRange(rule, 4, rule.length));
        }
        Path password = Files.writeString(folder.resolve("reader-password"), "secret-2");
        RedisAddress address = new RedisAddress("redis://reader@127.0.0.1:" + redis.port(), password.toString());
        try (Gateway reading = Gateway.start(GatewayOptions.of(address).withBind("127.0.0.1", 0));
                LookOn reader =
                        new LookOn(HTTP, URI.create(reading.url().replace("http", "ws") + "live?stream=wiki"))) {
            reader.awaitType("full");
            await().atMost(LookOn.SOON).until(() -> health(reading).contains("\"commits\":{\"status\":\"up\"}"));
            stream.count(CountedStream.edit("SampleBot", true));

            reader.awaitCount("actor", "bot", 2);
        }
    }

    private String body(String path) throws Exception {
        return HTTP.send(
                        HttpRequest.newBuilder(URI.create(gateway.url() + path)).build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static String health(Gateway gateway) throws Exception {
        return HTTP.send(
                        HttpRequest.newBuilder(URI.create(gateway.url() + "health"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    @Test
    void pagesOfOtherSitesMayNotRead() {
        assertThatThrownBy(() -> look("/live", "Origin", "https://evil.example.com"))
                .hasCauseInstanceOf(WebSocketHandshakeException.class)
                .satisfies(e -> assertThat(((WebSocketHandshakeException) e.getCause())
                                .getResponse()
                                .statusCode())
                        .isEqualTo(403));
        try (LookOn same = look("/live", "Origin", gateway.url().replaceFirst("/$", ""))) {
            same.awaitType("full");
        }
    }

    @Test
    void thereAreNoMoreReadersThanThereMayBe() {
        List<LookOn> readers = new ArrayList<>();
        try {
            for (int i = 0; i < 12; i++) {
                readers.add(look("/live"));
            }
            assertThatThrownBy(() -> look("/live")).hasCauseInstanceOf(WebSocketHandshakeException.class);
            readers.remove(0).close();
            await().atMost(LookOn.SOON).ignoreExceptions().until(() -> {
                readers.add(look("/live"));
                return true;
            });
        } finally {
            readers.forEach(LookOn::close);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 99\r\nSec-WebSocket-Key: dGhlIHNhbXBsZQ=="})
    void handshakesThatFailTakeNoReadersPlace(String headers) throws Exception {
        for (int i = 0; i < 20; i++) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
                socket.setSoTimeout(60_000);
                socket.getOutputStream()
                        .write(("GET /live HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                        + headers + "\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
                assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                        .startsWith("HTTP/1.1 4");
            }
        }
        try (LookOn reader = look("/live")) {
            reader.awaitType("full");
        }
    }

    @Test
    void anUnknownStreamIsRefused() {
        assertThatThrownBy(() -> look("/live?stream=orders"))
                .hasCauseInstanceOf(WebSocketHandshakeException.class)
                .satisfies(e -> assertThat(((WebSocketHandshakeException) e.getCause())
                                .getResponse()
                                .statusCode())
                        .isEqualTo(404));
    }

    @Test
    void pingsAreAnsweredAndLongTalkIsNot() {
        try (LookOn reader = look("/live")) {
            reader.awaitType("full");
            reader.socket().sendPing(ByteBuffer.wrap(new byte[] {1, 2, 3})).join();
            reader.socket().sendText("hello", true).join();
            stream.count(CountedStream.edit("SampleBot", true));
            reader.awaitCount("actor", "bot", 2);

            reader.socket().sendText("x".repeat(5_000), true).join();
            await().atMost(LookOn.SOON).until(() -> reader.closeCode == 1009);
        }
    }

    @Test
    void aGatewayThatStopsSaysGoodBye() {
        try (LookOn reader = look("/live")) {
            reader.awaitType("full");

            gateway.close();

            await().atMost(LookOn.SOON).until(() -> reader.closeCode == 1001);
            assertThat(reader.closeReason).isNotEmpty();
        }
    }

    @Test
    void readersAreToldToComeBackAtDifferentTimes() {
        List<LookOn> readers = new ArrayList<>();
        try {
            for (int i = 0; i < 10; i++) {
                readers.add(look("/live"));
            }
            Set<Integer> times = readers.stream()
                    .map(reader -> reader.awaitType("full").path("retryMillis").asInt())
                    .collect(Collectors.toSet());

            assertThat(times).hasSizeGreaterThan(5);
        } finally {
            readers.forEach(LookOn::close);
        }
    }
}
