package io.tidemark.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.query.Answers;
import io.tidemark.testing.RedisServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests to a gateway on a real Redis. */
class GatewayIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    static Path folder;

    private static RedisServer redis;
    private static CountedStream stream;
    private static Gateway gateway;

    @BeforeAll
    static void start() {
        redis = RedisServer.start(folder);
        stream = new CountedStream(redis.address());
        stream.count(
                CountedStream.edit("Sample User", false),
                CountedStream.edit("SampleBot", true),
                CountedStream.edit("192.0.2.1", false, "dewiki", "Other page"),
                "no JSON");
        gateway = Gateway.start(GatewayOptions.of(redis.address())
                .withBind("127.0.0.1", 0)
                .withOrigins(List.of("https://counts.example.org")));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        stream.close();
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

    private static String withoutReadAt(String answer) {
        return answer.replaceAll("\"readAt\":\"[^\"]*\"", "\"readAt\":TIME");
    }

    @ParameterizedTest
    @CsvSource({
        "/api/counts, counts, ''",
        "/api/counts?q=bot+g3_Anon, counts, bot g3_Anon",
        "/api/counts?stream=wiki&q=bot, counts, stream=wiki bot",
        "/api/counts?q=%22namespace%3AUser%20talk%22, counts, \"\"\"namespace:User talk\"\"\"",
        "/api/status?stream=wiki, status, stream=wiki"
    })
    void answersAreTheCoresByteForByte(String path, String function, String arguments) throws Exception {
        String words = arguments.replace("\"\"\"", "\"").replace("\"\"", "\"");
        try (Answers answers = new Answers(redis.address())) {
            HttpResponse<String> answer = get(path);

            assertThat(answer.statusCode()).isEqualTo(200);
            if (function.equals("counts")) {
                assertThat(withoutReadAt(answer.body())).isEqualTo(withoutReadAt(answers.counts(words)));
            } else {
                assertThat(JSON.readTree(answer.body()).path("accounts"))
                        .isEqualTo(JSON.readTree(answers.status(words)).path("accounts"));
            }
            assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json; charset=utf-8");
            assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store");
        }
    }

    @Test
    void aPostedQuestionIsAskedAsItIs() throws Exception {
        String question = "{\"stream\":\"wiki\",\"counts\":[\"bot\"]}";

        HttpResponse<String> answer = send(request("/api/counts").POST(HttpRequest.BodyPublishers.ofString(question)));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(JSON.readTree(answer.body()).path("query").asText()).isEqualTo(question);
        assertThat(JSON.readTree(answer.body()).path("labels").path("bot").asLong())
                .isEqualTo(1);
    }

    @Test
    void everyPathOfTheDescriptionAnswers() throws Exception {
        JsonNode description = JSON.readTree(get("/openapi.json").body());

        assertThat(description.path("paths").size()).isGreaterThan(10);
        for (Map.Entry<String, JsonNode> path : description.path("paths").properties()) {
            for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
                HttpRequest.Builder request = request(path.getKey());
                if (method.getKey().equals("post")) {
                    request.POST(HttpRequest.BodyPublishers.ofString("{\"stream\":\"wiki\"}"));
                }
                HttpResponse<String> answer = send(request);

                assertThat(answer.statusCode())
                        .as(method.getKey() + " " + path.getKey() + " " + answer.body())
                        .isIn(path.getKey().equals("/live") ? List.of(426) : List.of(200, 400));
                assertThat(method.getValue().path("responses").has(Integer.toString(answer.statusCode())))
                        .as(method.getKey() + " " + path.getKey() + " says " + answer.statusCode())
                        .isTrue();
            }
        }
    }

    @Test
    void aCutThatIsNotThereYetIsWaitedFor() throws Exception {
        String path = "/api/counts?q=bot&atLeast=0:" + (stream.end() + 1);
        HttpResponse<String> notYet = get(path);
        assertThat(notYet.statusCode()).isEqualTo(409);
        assertThat(JSON.readTree(notYet.body()).path("error").path("code").asText())
                .isEqualTo("not-yet");

        CompletableFuture<HttpResponse<String>> waiting =
                HTTP.sendAsync(request(path + "&wait=10s").build(), HttpResponse.BodyHandlers.ofString());
        stream.count(CountedStream.edit("Sample User", false));

        HttpResponse<String> answer = waiting.get();
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(JSON.readTree(answer.body())
                        .path("cut")
                        .path("offsets")
                        .path("0")
                        .asLong())
                .isEqualTo(stream.end());
        assertThat(get(path.replaceFirst("0:\\d+", "0:9999999") + "&wait=50ms").statusCode())
                .isEqualTo(409);
    }

    @Test
    void trendsAndTopListsAreAnswered() throws Exception {
        JsonNode trend =
                JSON.readTree(get("/api/trend?of=actor&from=-1h&step=minute").body());
        JsonNode top = JSON.readTree(get("/api/top?of=page&n=1").body());
        JsonNode both = JSON.readTree(send(request("/api/ask")
                        .POST(HttpRequest.BodyPublishers.ofString(
                                "{\"counts\": [\"bot\"], \"top\": {\"of\": \"page\"}}")))
                .body());

        assertThat(trend.path("trend").path("series").path("actor").path("bot")).hasSizeGreaterThanOrEqualTo(60);
        assertThat(top.path("top").path("categories").get(0).path("value").asText())
                .isEqualTo("Sample page");
        assertThat(both.path("labels").path("bot").asLong()).isEqualTo(1);
        assertThat(both.path("top").path("categories")).hasSize(2);
    }

    @Test
    void streamsAreDescribedFromTheStoredConfiguration() throws Exception {
        JsonNode streams = JSON.readTree(get("/api/streams").body()).path("streams");

        assertThat(streams).hasSize(1);
        assertThat(streams.get(0).path("name").asText()).isEqualTo("wiki");
        assertThat(streams.get(0).path("dimensions").findValuesAsText("name"))
                .containsExactly("action", "kind", "actor", "login", "namespace", "wiki", "user", "page");
        assertThat(streams.get(0).path("dimensions").get(7).toString())
                .isEqualTo("{\"name\":\"page\",\"ranked\":true,\"total\":false,\"buckets\":[\"hour\"],\"cap\":100000}");
        assertThat(streams.get(0).path("aliases").path("bot").asText()).isEqualTo("actor:bot");
    }

    @Test
    void everyResponseIsSecured() throws Exception {
        for (String path : List.of("/", "/api/counts", "/nothing", "/health")) {
            Map<String, List<String>> headers = get(path).headers().map();

            assertThat(headers.get("Content-Security-Policy").get(0))
                    .contains("default-src 'self'", "frame-ancestors 'none'")
                    .doesNotContain("unsafe");
            assertThat(headers.get("X-Content-Type-Options")).containsExactly("nosniff");
            assertThat(headers.get("Referrer-Policy")).containsExactly("no-referrer");
            assertThat(headers).doesNotContainKeys("Server", "X-Powered-By");
        }
    }

    @Test
    void thePageIsKeptUntilItChanges() throws Exception {
        HttpResponse<String> first = get("/");
        String etag = first.headers().firstValue("ETag").orElseThrow();
        HttpResponse<String> again = send(request("/").header("If-None-Match", etag));

        assertThat(first.headers().firstValue("Content-Type")).hasValue("text/html; charset=utf-8");
        assertThat(first.headers().firstValue("Cache-Control")).hasValue("no-cache");
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
    }

    @Test
    void largeAnswersAreCompressedForWhoWantsIt() throws Exception {
        HttpResponse<byte[]> answer = HTTP.send(
                request("/openapi.json")
                        .header("Accept-Encoding", "br, gzip;q=0.8")
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
        HttpResponse<byte[]> plain = HTTP.send(
                request("/openapi.json").header("Accept-Encoding", "gzip;q=0").build(),
                HttpResponse.BodyHandlers.ofByteArray());

        assertThat(answer.headers().firstValue("Content-Encoding")).hasValue("gzip");
        assertThat(answer.headers().firstValue("Vary").orElse("")).contains("Accept-Encoding");
        assertThat(new GZIPInputStream(new ByteArrayInputStream(answer.body())).readAllBytes())
                .isEqualTo(plain.body());
    }

    @Test
    void onlyPagesThatMayDoReadElsewhere() throws Exception {
        HttpResponse<String> allowed = send(request("/api/counts").header("Origin", "https://counts.example.org"));
        HttpResponse<String> other = send(request("/api/counts").header("Origin", "https://evil.example.com"));

        assertThat(allowed.headers().firstValue("Access-Control-Allow-Origin")).hasValue("https://counts.example.org");
        assertThat(other.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
    }

    @Test
    void healthNamesItsParts() throws Exception {
        stream.report();
        await().atMost(LookOn.SOON).until(() -> get("/health").body().contains("\"commits\":{\"status\":\"up\"}"));
        HttpResponse<String> health = get("/health");

        assertThat(health.statusCode()).isEqualTo(200);
        assertThat(JSON.readTree(health.body())
                        .path("components")
                        .path("redis")
                        .path("status")
                        .asText())
                .isEqualTo("up");
        assertThat(JSON.readTree(health.body())
                        .path("components")
                        .path("streams")
                        .path("wiki")
                        .path("state")
                        .asText())
                .isIn("running", "idle", "no-coordinator");
    }

    @Test
    void redisAwayIsAnErrorNeverZeros() throws Exception {
        try (RedisServer other = RedisServer.start(folder.resolve("other"));
                CountedStream counted = new CountedStream(other.address());
                Gateway away = Gateway.start(GatewayOptions.of(other.address()).withBind("127.0.0.1", 0))) {
            counted.count(CountedStream.edit("Sample User", false));
            URI counts = URI.create(away.url() + "api/counts?stream=wiki");
            assertThat(body(counts)).contains("\"human\":1");

            assertThat(body(URI.create(away.url() + "metrics"))).contains("tidemark_version{stream=\"wiki\"} 1.0");

            other.stop();
            for (String path : List.of("api/counts?stream=wiki", "api/status", "api/streams", "health")) {
                HttpResponse<String> answer = HTTP.send(
                        HttpRequest.newBuilder(URI.create(away.url() + path)).build(),
                        HttpResponse.BodyHandlers.ofString());
                assertThat(answer.statusCode()).as(path).isEqualTo(503);
                assertThat(answer.body()).doesNotContain("\"counts\"", password(other));
            }
            assertThat(body(URI.create(away.url() + "metrics")))
                    .contains("tidemark_redis_up 0.0", "tidemark_version{stream=\"wiki\"} NaN");

            other.start();
            await().atMost(LookOn.SOON).until(() -> body(counts).contains("\"human\":1"));
        }
    }

    private static String password(RedisServer server) {
        return server.password();
    }

    private static String body(URI uri) throws IOException, InterruptedException {
        return HTTP.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
