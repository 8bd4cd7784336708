package io.tidemark.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.testing.RedisServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the gateway does not answer, it refuses in words, as JSON. */
class RefusedRequestsIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    static Path folder;

    private static RedisServer redis;
    private static Gateway gateway;

    @BeforeAll
    static void start() {
        redis = RedisServer.start(folder);
        try (CountedStream stream = new CountedStream(redis.address())) {
            stream.count(CountedStream.edit("Sample User", false));
        }
        gateway = Gateway.start(GatewayOptions.of(redis.address())
                .withBind("127.0.0.1", 0)
                .withOrigins(List.of("https://counts.example.org")));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        redis.close();
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(gateway.url() + path.substring(1)))
                .timeout(Duration.ofSeconds(60));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(request(path));
    }

    @ParameterizedTest
    @CsvSource({
        "/api/counts?q=planet:mars, 400, unknown-dimension",
        "/api/counts?q=%22, 400, bad-request",
        "/api/counts?stream=orders, 404, unknown-stream",
        "/api/counts?wait=11s, 400, bad-request",
        "/api/counts?wait=soon, 400, bad-request",
        "/api/nothing, 404, not-found",
        "/nothing.html, 404, not-found",
        "/page/index.html, 404, not-found",
        "/../openapi.json%00, 400, ''",
        "/live, 426, upgrade-required",
        "/api/top?of=page&total=banana, 400, bad-request",
        "/api/trend?of=, 400, bad-request",
        "/api/counts?q=%FF, 400, bad-request",
        "/api/counts?wait=%FF, 400, bad-request",
        "/?x=%C3, 400, bad-request"
    })
    void whatCannotBeAnsweredIsAnErrorInJson(String path, int status, String code) throws Exception {
        HttpResponse<String> answer = get(path);

        assertThat(answer.statusCode()).isEqualTo(status);
        JsonNode error = JSON.readTree(answer.body()).path("error");
        assertThat(error.path("message").asText()).isNotEmpty();
        if (!code.isEmpty()) {
            assertThat(error.path("code").asText()).isEqualTo(code);
        }
    }

    @Test
    void methodsAreToldApart() throws Exception {
        HttpResponse<String> deleted = send(request("/api/counts").DELETE());
        HttpResponse<String> posted = send(request("/health").POST(HttpRequest.BodyPublishers.noBody()));
        HttpResponse<String> head = send(request("/api/counts").method("HEAD", HttpRequest.BodyPublishers.noBody()));
        HttpResponse<String> options =
                send(request("/api/counts").method("OPTIONS", HttpRequest.BodyPublishers.noBody()));

        assertThat(deleted.statusCode()).isEqualTo(405);
        assertThat(deleted.headers().firstValue("Allow")).hasValue("GET, HEAD, POST, OPTIONS");
        assertThat(JSON.readTree(deleted.body()).path("error").path("code").asText())
                .isEqualTo("method-not-allowed");
        assertThat(posted.statusCode()).isEqualTo(405);
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.headers().firstValueAsLong("Content-Length").orElse(0)).isPositive();
        assertThat(options.statusCode()).isEqualTo(204);
        assertThat(options.headers().firstValue("Allow")).hasValue("GET, HEAD, POST, OPTIONS");
    }

    @Test
    void aQuestionThatIsTooLargeIsRefused() throws Exception {
        HttpResponse<String> answer =
                send(request("/api/counts").POST(HttpRequest.BodyPublishers.ofString("x".repeat(100_001))));

        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(JSON.readTree(answer.body()).path("error").path("code").asText())
                .isEqualTo("too-large");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/api/top?of=page&total=banana|total=banana: expected true or false",
                "/api/top?of=|of= is empty: expected a dimension, a category or an alias, like of=page",
                "/api/top?of=%FF|the parameters are not UTF-8 in percent-encoding, like %C3%A9"
            })
    void whatWasExpectedIsSaid(String path, String message) throws Exception {
        assertThat(JSON.readTree(get(path).body()).path("error").path("message").asText())
                .isEqualTo(message);
    }

    @Test
    void totalIsAFlag() throws Exception {
        for (String said : List.of("total=true", "total", "total=")) {
            assertThat(get("/api/top?of=actor&" + said).body()).as(said).contains("\"total\":true");
        }
        assertThat(get("/api/top?of=page&total=false").statusCode()).isEqualTo(200);
    }

    @Test
    void aPostedQuestionThatIsNotUtf8IsRefused() throws Exception {
        byte[] question = "{\"counts\":[\"namespace:\u00e9\"]}".getBytes(StandardCharsets.ISO_8859_1);

        HttpResponse<String> answer =
                send(request("/api/counts").POST(HttpRequest.BodyPublishers.ofByteArray(question)));
        HttpResponse<String> badWait = send(
                request("/api/counts?wait=%FF").POST(HttpRequest.BodyPublishers.ofString("{\"counts\":[\"bot\"]}")));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body())
                .isEqualTo("{\"error\":{\"code\":\"bad-request\",\"message\":\"the question is not UTF-8\"}}");
        assertThat(badWait.statusCode()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/live?stream=%FF", "/?stream=%FF", "/live?stream=wiki&wait=%FF"})
    void aHandshakeThatIsNotUtf8IsRefused(String path) throws Exception {
        assertThat(raw("GET " + path
                        + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade, close\r\n"
                        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"))
                .startsWith("HTTP/1.1 400 ")
                .contains("bad-request", "not UTF-8 in percent-encoding");
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example.com", "evil.example.com:2546", "127.0.0.1.evil.example.com"})
    void doesNotAnswerForAForeignNameOfThisMachine(String host) throws Exception {
        assertThat(raw("GET /api/counts HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 421 ")
                .contains("wrong-host");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "localhost:2546", "[::1]:2546", "counts.example.org"})
    void answersForItsOwnNames(String host) throws Exception {
        assertThat(raw("GET /api/counts HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200 ");
    }

    @Test
    void whatIsNoHttpGetsAnErrorThatTellsNothing() throws Exception {
        assertThat(raw("GET / HTTP/1.1\r\nHost: localhost\r\nX: " + "x".repeat(20_000) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 431 ")
                .doesNotContainIgnoringCase("jetty", "exception");
        assertThat(raw("nonsense\r\n\r\n"))
                .startsWith("HTTP/1.1 400 ")
                .doesNotContainIgnoringCase("jetty", "exception");
    }

    private static String raw(String text) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void tooManyRequestsOfOneAddressAreSlowedDown() throws Exception {
        try (Gateway strict = Gateway.start(
                GatewayOptions.of(redis.address()).withBind("127.0.0.1", 0).withRate(1))) {
            URI uri = URI.create(strict.url() + "api/counts");
            List<Integer> statuses = new java.util.ArrayList<>();
            for (int i = 0; i < 5; i++) {
                HttpResponse<String> answer =
                        HTTP.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
                statuses.add(answer.statusCode());
            }

            assertThat(statuses).startsWith(200, 200).contains(429);
            await().atMost(LookOn.SOON)
                    .until(() -> HTTP.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                                    .statusCode()
                            == 200);
        }
    }
}
