package io.tidemark.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.client.TidemarkClient;
import io.tidemark.client.TidemarkClientException;
import io.tidemark.commit.RedisConnection;
import io.tidemark.commit.StreamAliases;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * A running service gets a changed configuration while events come and readers ask: one more dimension, and two shards
 * instead of one.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BackfillIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Duration SOON = Duration.ofSeconds(120);
    private static final int EVENTS_BEFORE = 20_000;

    @TempDir
    private static Path folder;

    private static ServiceProcess service;
    private static NumberedEvents events;
    private static String data;
    private static Path configuration;
    private static Path changed;

    @BeforeAll
    static void start() throws Exception {
        configuration = Files.writeString(folder.resolve("edits.yaml"), """
                stream: edits
                topic: edits
                dimensions:
                  kind: [{field: /kind}]
                """);
        changed = Files.writeString(folder.resolve("edits-2.yaml"), """
                stream: edits-2
                topic: edits
                shards: 2
                dimensions:
                  kind: [{field: /kind}]
                  size: [{field: /size}]
                """);
        data = folder.resolve("data").toString();
        service = ServiceProcess.start(folder.resolve("data"), "--config", configuration.toString());
        service.awaitAnswer();
        events = new NumberedEvents(service.info().kafka(), "edits");
        events.send(EVENTS_BEFORE);
        awaitCounted();
    }

    @AfterAll
    static void end() {
        if (events != null) {
            events.close();
        }
        if (service != null) {
            service.close();
        }
    }

    @Test
    @Order(1)
    void aConfigurationThatWasChangedInPlaceIsToldToTakeANameOfItsOwn() throws Exception {
        CommandLineRun run = backfill(configuration);
        assertThat(run.exitCode()).isEqualTo(ExitCodes.USAGE);
        assertThat(run.err()).contains("stream: edits-2", "readers go on asking for edits");
        assertThat(aliases()).isEqualTo("{\"streams\":[\"edits\"],\"aliases\":{},\"backfills\":{},\"replaced\":[]}");
    }

    @Test
    @Order(2)
    void readersGoOverToTheChangedStreamWithoutAnErrorAndNoneIsToldLessThanBefore() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        CompletableFuture<Void> load = CompletableFuture.runAsync(() -> {
            while (!over.get()) {
                events.send(20);
                pause();
            }
        });
        try (TidemarkClient client = service.client();
                AskingReader named = new AskingReader(() -> client.counts("stream=edits"));
                AskingReader unnamed = new AskingReader(() -> client.counts(""));
                AskingReader http = new AskingReader(BackfillIT::askOverHttp)) {
            List<AskingReader> readers = List.of(named, unnamed, http);
            await().atMost(SOON).until(() -> readers.stream().allMatch(reader -> reader.answers() > 20));

            CommandLineRun run = backfill(changed);

            assertThat(run.exitCode()).as(run.err() + service.diagnosis()).isEqualTo(ExitCodes.OK);
            assertThat(run.out()).contains("Readers of edits are answered by edits-2 from now on", "tidemark reset");
            await().atMost(SOON).until(() -> readers.stream().allMatch(reader -> reader.ofTheNew() > 50));
            over.set(true);
            load.join();
            assertThat(readers).allSatisfy(reader -> assertThat(reader.wrong()).isEmpty());
        } finally {
            over.set(true);
        }
        String led = "{\"streams\":[\"edits\",\"edits-2\"],\"aliases\":{\"edits\":\"edits-2\"},\"backfills\":{},"
                + "\"replaced\":[\"edits\"]}";
        assertThat(aliases()).isEqualTo(led);
        try (RedisConnection redis = new RedisConnection(service.info().redisAddress())) {
            // As if it had been cut off after the switch.
            new StreamAliases(redis).begin("edits-2", "edits");
        }
        CommandLineRun again = backfill(changed);
        assertThat(again.exitCode()).as(again.err()).isEqualTo(ExitCodes.OK);
        assertThat(aliases()).isEqualTo(led);
    }

    @Test
    @Order(3)
    void everyCommandFollowsTheName() throws Exception {
        CommandLineRun status = CommandLineRun.of("status", "--data", data);
        assertThat(status.exitCode()).as(status.err()).isEqualTo(ExitCodes.OK);
        assertThat(status.out())
                .contains("Stream edits: ", "  answered   by stream edits-2", "  shards     2, added up");
        awaitCounted();
        CommandLineRun verify = CommandLineRun.of("verify", "--data", data);
        assertThat(verify.exitCode()).as(verify.out() + verify.err()).isEqualTo(ExitCodes.OK);
        assertThat(verify.out()).contains("edits-2");
        CommandLineRun rejected = CommandLineRun.of("rejected", "--data", data);
        assertThat(rejected.exitCode()).as(rejected.err()).isEqualTo(ExitCodes.OK);
        CommandLineRun skip = CommandLineRun.of("skip", "--yes", "--data", data, "edits", "0");
        assertThat(skip.exitCode()).isEqualTo(ExitCodes.USAGE);
        assertThat(skip.err()).contains("by its own name");
        CommandLineRun nothing = CommandLineRun.of("skip", "--yes", "--data", data, "edits-2", "1");
        assertThat(nothing.err()).contains("there is nothing to skip");
        CommandLineRun query = CommandLineRun.of("query", "--data", data, "counts", "kind:k0", "--json");
        assertThat(query.exitCode()).as(query.err()).isEqualTo(ExitCodes.OK);
        assertThat(query.out()).contains("\"answeredBy\"", "edits-2");
        CommandLineRun check = CommandLineRun.of("check-config", changed.toString());
        assertThat(check.out()).contains("It is kept in 2 shards, edits-2.0 and so on");
    }

    @Test
    @Order(4)
    void theServiceGoesOnWithItWhenStormStartsAnew() {
        service.child("StormMain").destroyForcibly();
        events.send(1_000);
        awaitCounted();
        assertThat(answer().path("answeredBy").asText()).isEqualTo("edits-2");
    }

    @Test
    @Order(5)
    void theOldStreamIsRemovedByItsOwnNameAndReadersDoNotNotice() throws Exception {
        service.stop();
        CommandLineRun reset = CommandLineRun.of("reset", "--yes", "--data", data, "edits");
        assertThat(reset.exitCode()).as(reset.err()).isEqualTo(ExitCodes.OK);
        assertThat(reset.out()).contains("Readers of edits are answered by stream edits-2, which stays");
        CommandLineRun both = CommandLineRun.of("reset", "--yes", "--data", data, "edits-2");
        assertThat(both.exitCode()).as(both.err()).isEqualTo(ExitCodes.OK);
        assertThat(both.out()).contains("Readers of edits are answered by it: they get an error");
        CommandLineRun nothing = CommandLineRun.of("reset", "--yes", "--data", data, "edits-2");
        assertThat(nothing.exitCode())
                .as("all shards are gone: " + nothing.out())
                .isNotEqualTo(ExitCodes.OK);
    }

    private static CommandLineRun backfill(Path file) throws Exception {
        return CommandLineRun.of("backfill", "--data", data, "--config", file.toString());
    }

    private static String aliases() throws Exception {
        return CommandLineRun.of("aliases", "--json", "--data", data).out().strip();
    }

    private static String askOverHttp() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://" + service.info().http() + "/api/counts?stream=edits"))
                .timeout(SOON)
                .build();
        return HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    private static void awaitCounted() {
        await().atMost(SOON)
                .ignoreExceptionsInstanceOf(TidemarkClientException.class)
                .until(() -> answer().at("/accounts/counted").asLong() == events.sent());
    }

    private static JsonNode answer() {
        try (TidemarkClient client = service.client()) {
            return JSON.readTree(client.counts("stream=edits"));
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
