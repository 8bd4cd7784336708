package io.tidemark.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.app.service.ServiceInfo;
import io.tidemark.client.Counts;
import io.tidemark.client.Tidemark;
import io.tidemark.commit.RedisConnection;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.storm.Config;
import org.apache.storm.utils.DRPCClient;
import org.apache.storm.utils.Utils;

/** Asks a quiet service in every way that there is, and finds the same numbers of the same cut. */
final class FiveWaysCheck {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private FiveWaysCheck() {}

    static void run(ServiceInfo info, String data) throws Exception {
        JsonNode answer = JSON.readTree(overStormsClient(info, "counts", ""));
        assertThat(answer.path("counts")).hasSize(6);
        JsonNode expected = numbers(answer);

        assertThat(numbers(JSON.readTree(overHttp(info, "/api/counts")))).isEqualTo(expected);
        assertThat(numbers(JSON.readTree(CommandLineRun.of("query", "counts", "--json", "--data", data)
                        .out())))
                .isEqualTo(expected);
        assertThat(numbers(JSON.readTree(firstMessage(info, "/live")))).isEqualTo(expected);
        assertThat(JSON.readTree(firstMessage(info, "/"))).isEqualTo(answer.path("labels"));
        for (String address : List.of("drpc://" + info.drpc(), "http://" + info.http())) {
            try (Tidemark tidemark = Tidemark.connect(address)) {
                Counts counts = tidemark.counts();
                assertThat(numbers(JSON.readTree(counts.json()))).isEqualTo(expected);
                assertThat(JSON.valueToTree(counts.counts()).toString())
                        .isEqualTo(answer.path("counts").toString());
                assertThat(tidemark.atLeast(counts.cut().offsets(), java.time.Duration.ofSeconds(1))
                                .counts("bot")
                                .labels()
                                .get("bot"))
                        .isEqualTo(answer.path("labels").path("bot").asLong());
            }
        }
        assertThat(fromRedis(info, answer.path("counts")))
                .isEqualTo(answer.path("counts").toString());
        TrendsAndTopsCheck.run(info, data);
    }

    /** What must agree: the counts and which records they are of, not when they were read. */
    private static JsonNode numbers(JsonNode answer) {
        Map<String, JsonNode> numbers = new TreeMap<>();
        numbers.put("offsets", answer.path("cut").path("offsets"));
        numbers.put("version", answer.path("cut").path("version"));
        numbers.put("asOf", answer.path("cut").path("asOf"));
        for (String part : List.of("accounts", "counts", "labels")) {
            numbers.put(part, answer.path(part));
        }
        return JSON.valueToTree(numbers);
    }

    static String overStormsClient(ServiceInfo info, String function, String arguments) throws Exception {
        Map<String, Object> conf = Utils.readDefaultConfig();
        conf.put(Config.STORM_NIMBUS_RETRY_TIMES, 1);
        String[] address = info.drpc().split(":");
        try (DRPCClient client = new DRPCClient(conf, address[0], Integer.parseInt(address[1]), 60_000)) {
            return client.execute(function, arguments);
        }
    }

    static String overHttp(ServiceInfo info, String path) throws IOException, InterruptedException {
        HttpResponse<String> response = HTTP.send(
                HttpRequest.newBuilder(URI.create("http://" + info.http() + path))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return response.body();
    }

    static String firstMessage(ServiceInfo info, String path) throws Exception {
        CompletableFuture<String> first = new CompletableFuture<>();
        StringBuilder text = new StringBuilder();
        WebSocket socket = HTTP.newWebSocketBuilder()
                .buildAsync(URI.create("ws://" + info.http() + path), new WebSocket.Listener() {
                    @Override
                    public CompletionStage<?> onText(WebSocket webSocket, CharSequence part, boolean last) {
                        text.append(part);
                        webSocket.request(1);
                        if (last) {
                            first.complete(text.toString());
                        }
                        return null;
                    }
                })
                .join();
        try {
            return first.get(60, TimeUnit.SECONDS);
        } finally {
            socket.abort();
        }
    }

    private static String fromRedis(ServiceInfo info, JsonNode dimensions) {
        Map<String, Map<String, Long>> counts = new java.util.LinkedHashMap<>();
        try (RedisConnection redis = new RedisConnection(info.redisAddress())) {
            List<String> names = new ArrayList<>();
            dimensions.fieldNames().forEachRemaining(names::add);
            for (String dimension : names) {
                Map<String, Long> categories = new TreeMap<>();
                redis.call(client -> client.hgetAll("tidemark:{wiki}:total:" + dimension))
                        .forEach((category, count) -> categories.put(category, Long.valueOf(count)));
                counts.put(dimension, categories);
            }
        }
        return JSON.valueToTree(counts).toString();
    }
}
