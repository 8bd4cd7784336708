package io.tidemark.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.testing.RedisServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** Many open pages that ask the same, on a real Redis, which tells how often it was read. */
class SharedAnswersIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final int PAGES = 50;
    private static final int COMMITS = 3;

    /** As an open page asks. */
    private static final String QUESTION = "{\"stream\":\"wiki\",\"trend\":{\"from\":\"-1h\",\"step\":\"minute\"},"
            + "\"top\":[{\"of\":\"page\",\"n\":10},{\"of\":\"user\",\"n\":10}],\"status\":true}";

    @TempDir
    Path folder;

    @Test
    void fiftyPagesCostOneReadingOfEachCut() throws Exception {
        try (RedisServer redis = RedisServer.start(folder);
                CountedStream stream = new CountedStream(redis.address());
                Gateway gateway =
                        Gateway.start(GatewayOptions.of(redis.address()).withBind("127.0.0.1", 0));
                Jedis jedis = new Jedis("127.0.0.1", redis.port())) {
            jedis.auth(redis.password());
            stream.count(CountedStream.edit("Sample User", false));
            HttpRequest request = HttpRequest.newBuilder(URI.create(gateway.url() + "api/ask"))
                    .POST(HttpRequest.BodyPublishers.ofString(QUESTION))
                    .build();
            // The gateway learns the configuration.
            HTTP.send(request, HttpResponse.BodyHandlers.ofString());
            for (int commit = 1; commit <= COMMITS; commit++) {
                stream.count(CountedStream.edit("Sample User", false));
                jedis.configResetStat();
                long began = System.nanoTime();
                List<CompletableFuture<HttpResponse<String>>> asked = new ArrayList<>();
                for (int i = 0; i < PAGES; i++) {
                    asked.add(HTTP.sendAsync(request, HttpResponse.BodyHandlers.ofString()));
                }
                for (CompletableFuture<HttpResponse<String>> each : asked) {
                    JsonNode answer = JSON.readTree(each.get().body());
                    assertThat(answer.at("/cut/offsets/0").asLong())
                            .as("the newest cut, in %s", answer)
                            .isEqualTo(stream.end());
                    assertThat(answer.at("/top/0/sum").asLong()).isEqualTo(stream.end());
                }
                long seconds = (System.nanoTime() - began) / 1_000_000_000;
                assertThat(readings(jedis)).isBetween(1L, 1 + seconds);
            }
        }
    }

    /** How often a cut was read: one script for each. */
    private static long readings(Jedis jedis) {
        Matcher calls = Pattern.compile("cmdstat_evalsha:calls=(\\d+)").matcher(jedis.info("commandstats"));
        return calls.find() ? Long.parseLong(calls.group(1)) : 0;
    }
}
