package io.tidemark.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.testing.RedisServer;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** Names that users choose: data in answers, nothing at all in metrics. */
class HostileTextIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final List<String> NAMES = List.of(
            "0'+(window.t=1)+'0", "A \"B\" \\ C & <i>x</i>", "<img src=x onerror=\"window.t=1\">", "a\nb", "a\u0000b");
    private static final Pattern SAMPLE = Pattern.compile(
            "[a-zA-Z_:][a-zA-Z0-9_:]*(\\{([a-zA-Z_][a-zA-Z0-9_]*=\"([^\"\\\\\\n]|\\\\[\\\\\"n])*\",?)*\\})? "
                    + "(NaN|[+-]Inf|-?[0-9.]+([eE][+-]?[0-9]+)?)");

    @TempDir
    static Path folder;

    private static RedisServer redis;
    private static CountedStream stream;
    private static Gateway gateway;

    @BeforeAll
    static void start() throws IOException {
        redis = RedisServer.start(folder);
        stream = new CountedStream(redis.address());
        stream.count(NAMES.stream()
                .map(name -> CountedStream.edit(escaped(name), false, escaped(name), escaped(name)))
                .toList());
        stream.count(IntStream.range(0, 10_000)
                .mapToObj(i -> CountedStream.edit("user " + i, false))
                .toList());
        try (Jedis jedis = new Jedis("127.0.0.1", redis.port())) {
            jedis.auth(redis.password());
            jedis.sadd("tidemark:streams", "x\"y\\\nz{}");
        }
        gateway = Gateway.start(GatewayOptions.of(redis.address()).withBind("127.0.0.1", 0));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        stream.close();
        redis.close();
    }

    private static String escaped(String text) {
        String quoted = JSON.valueToTree(text).toString();
        return quoted.substring(1, quoted.length() - 1);
    }

    private static HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return HTTP.send(
                HttpRequest.newBuilder(URI.create(gateway.url() + path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void namesAreDataAsTheyWereWritten() throws Exception {
        JsonNode counts = JSON.readTree(get("api/counts?stream=wiki&q=wiki").body())
                .path("counts")
                .path("wiki");
        for (String name : NAMES) {
            assertThat(counts.path(name).asLong()).as(name).isEqualTo(1);
        }
        String category = "\"wiki:A \\\"B\\\" \\\\ C & <i>x</i>\"";
        JsonNode asked =
                JSON.readTree(get("api/counts?stream=wiki&q=" + URLEncoder.encode(category, StandardCharsets.UTF_8))
                        .body());
        assertThat(asked.path("labels").path("wiki:" + NAMES.get(1)).asLong()).isEqualTo(1);
        try (LookOn reader = new LookOn(HTTP, URI.create(gateway.url().replace("http", "ws") + "live?stream=wiki"))) {
            JsonNode full = reader.awaitType("full");
            for (String name : NAMES) {
                assertThat(full.path("counts").path("wiki").path(name).asLong())
                        .as(name)
                        .isEqualTo(1);
            }
        }
    }

    @Test
    void answersAreNeverTakenForAPage() throws Exception {
        HttpResponse<String> answer = get("api/counts?q=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E");

        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json; charset=utf-8");
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
    }

    @Test
    void metricsNameNoUserAndNoPageAndAreEscaped() throws Exception {
        String metrics = get("metrics").body();

        assertThat(metrics).doesNotContain("window.t", "<i>", "Sample page", "user 1", "onerror");
        assertThat(metrics.lines().filter(line -> !line.startsWith("#")))
                .isNotEmpty()
                .allMatch(line -> SAMPLE.matcher(line).matches());
        assertThat(metrics)
                .contains("stream=\"x\\\"y\\\\\\nz{}\"", "tidemark_lag_records{partition=\"0\",stream=\"wiki\"}")
                .contains("tidemark_records_total{outcome=\"counted\",stream=\"wiki\"} 10005.0");
        assertThat(metrics.lines().count()).isLessThan(400);
    }

    @Test
    void prometheusOwnCheckIsContent() throws Exception {
        Path promtool = Arrays.stream(System.getenv("PATH").split(":"))
                .map(folder -> Path.of(folder, "promtool"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
        if (promtool == null) {
            System.err.println("ATTENTION: /metrics was not checked with promtool, which is not installed here");
            return;
        }
        Process check = new ProcessBuilder(promtool.toString(), "check", "metrics")
                .redirectErrorStream(true)
                .start();
        check.getOutputStream().write(get("metrics").body().getBytes(StandardCharsets.UTF_8));
        check.getOutputStream().close();
        String said = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(check.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(check.exitValue()).as(said).isZero();
    }
}
