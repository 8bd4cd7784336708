package io.tidemark.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.commit.RedisConnection;
import io.tidemark.commit.StreamAliases;
import io.tidemark.commit.StreamAliases.Led;
import io.tidemark.stream.BundledStreams;
import io.tidemark.stream.StreamConfig;
import io.tidemark.stream.StreamConfigReader;
import io.tidemark.testing.RedisServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A name leads to a stream with one dimension more from some moment on, while somebody looks on. */
class SwitchIT {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private RedisServer redis;
    private RedisConnection connection;
    private StreamAliases aliases;
    private CountedStream old;
    private CountedStream changed;
    private Gateway gateway;

    @BeforeEach
    void start() {
        redis = RedisServer.start(folder);
        connection = new RedisConnection(redis.address());
        aliases = new StreamAliases(connection);
        old = new CountedStream(redis.address());
        old.count(CountedStream.edit("Sample User", false), CountedStream.edit("SampleBot", true));
        aliases.begin("wiki-2", "wiki");
        changed = new CountedStream(redis.address(), withOneMoreDimension());
        gateway = Gateway.start(
                GatewayOptions.of(redis.address()).withBind("127.0.0.1", 0).withQuiet(Duration.ofSeconds(1)));
    }

    private static StreamConfig withOneMoreDimension() {
        return StreamConfigReader.stored(BundledStreams.wikipedia()
                .text()
                .replace("stream: wiki\n", "stream: wiki-2\n")
                .replace("dimensions:\n", "dimensions:\n  extra: [{category: yes}]\n"));
    }

    @AfterEach
    void stop() {
        gateway.close();
        changed.close();
        old.close();
        connection.close();
        redis.close();
    }

    @Test
    void aReaderGetsAllOfTheNewStreamAndThenItsChanges() throws Exception {
        try (LookOn named = look("/live?stream=wiki");
                LookOn unnamed = look("/live")) {
            for (LookOn reader : new LookOn[] {named, unnamed}) {
                JsonNode before = reader.awaitType("full");
                assertThat(before.path("stream").asText()).isEqualTo("wiki");
                assertThat(before.has("answeredBy")).isFalse();
            }
            assertThat(get("/api/streams").at("/streams")).hasSize(1);

            changed.count(CountedStream.edit("Sample User", false), CountedStream.edit("SampleBot", true));
            assertThat(aliases.lead("wiki", "wiki", "wiki-2")).isEqualTo(new Led.Done());

            for (LookOn reader : new LookOn[] {named, unnamed}) {
                await().atMost(LookOn.SOON).until(() -> reader.ofType("full").size() == 2);
                JsonNode after = reader.ofType("full").get(1);
                assertThat(after.path("stream").asText()).isEqualTo("wiki");
                assertThat(after.path("answeredBy").asText()).isEqualTo("wiki-2");
                assertThat(after.at("/counts/extra/yes").asLong()).isEqualTo(2);
            }
            JsonNode streams = get("/api/streams").path("streams");
            assertThat(streams).hasSize(1);
            assertThat(get("/api/counts?stream=wiki").at("/counts/extra/yes").asLong())
                    .isEqualTo(2);

            changed.count(CountedStream.edit("Sample User", false));
            named.awaitCount("extra", "yes", 3);
            assertThat(named.ofType("down")).isEmpty();
        }
    }

    @Test
    void theListSaysWhereANameLeads() throws Exception {
        changed.count(CountedStream.edit("Sample User", false), CountedStream.edit("SampleBot", true));
        assertThat(get("/api/trend?stream=wiki").has("answeredBy")).isFalse();
        aliases.lead("wiki", "wiki", "wiki-2");
        // What several ask for is kept for a while, but not of another stream.
        assertThat(get("/api/trend?stream=wiki").path("answeredBy").asText()).isEqualTo("wiki-2");
        JsonNode stream = get("/api/streams").at("/streams/0");
        assertThat(stream.path("name").asText()).isEqualTo("wiki");
        assertThat(stream.path("answeredBy").asText()).isEqualTo("wiki-2");
        assertThat(stream.path("dimensions").findValuesAsText("name")).contains("extra");
        assertThat(get("/health").at("/components/streams").properties()).hasSize(1);
    }

    private LookOn look(String path) {
        return new LookOn(HTTP, URI.create(gateway.url().replace("http", "ws") + path.substring(1)));
    }

    private JsonNode get(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(gateway.url() + path.substring(1)))
                .timeout(LookOn.SOON)
                .build();
        return JSON.readTree(
                HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body());
    }
}
