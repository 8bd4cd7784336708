package io.tidemark.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.app.demo.DemoEvents;
import io.tidemark.app.service.ServiceInfo;
import io.tidemark.client.TidemarkClient;
import io.tidemark.client.TidemarkClientException;
import io.tidemark.commit.RedisConnection;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.storm.Config;
import org.apache.storm.utils.DRPCClient;
import org.apache.storm.utils.Utils;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** One real service from its start to its end, used, hurt and stopped as users do it. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ServiceIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LINES = 5_000;
    private static final Duration SOON = Duration.ofSeconds(150);

    @TempDir
    private static Path folder;

    private static ServiceProcess service;
    private static String data;

    @BeforeAll
    static void start() throws Exception {
        Path path = folder.resolve("a folder, with a comma and 'quotes'");
        data = path.toString();
        service = ServiceProcess.start(path, "--retention-bytes", "200MiB");
        service.awaitAnswer();
    }

    @AfterAll
    static void end() {
        if (service != null) {
            service.close();
        }
    }

    private static JsonNode counts(String words) throws IOException {
        try (TidemarkClient client = service.client()) {
            return JSON.readTree(client.counts(words));
        }
    }

    private static void awaitRecords(long records) {
        AtomicReference<String> last = new AtomicReference<>("");
        try {
            await().atMost(SOON).until(() -> {
                try {
                    JsonNode answer = counts("");
                    last.set(answer.toString());
                    return answer.path("accounts").path("records").asLong() == records;
                } catch (TidemarkClientException e) {
                    last.set(e.getMessage());
                    return false;
                }
            });
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("not " + records + " records: " + last.get() + "\n" + service.diagnosis(), e);
        }
    }

    @Test
    @Order(1)
    void saysWhereEverythingRunsAndWhatToTypeNext() {
        ServiceInfo info = service.info();
        assertThat(service.output())
                .contains(
                        info.kafka(),
                        info.drpc(),
                        "http://" + info.http() + "/",
                        data,
                        "WikiPediaLogs",
                        "200.0 MiB",
                        "./tidemark query counts");
        assertThat(info.pid()).isEqualTo(service.handle().pid());
    }

    @Test
    @Order(1)
    @EnabledOnOs(OS.LINUX)
    void listensOnTheLoopbackAddressOnly() throws IOException {
        List<String> addresses = Listening.of(service.children());

        assertThat(addresses).hasSizeGreaterThanOrEqualTo(5).allMatch(Listening::isLoopback);
    }

    @Test
    @Order(1)
    void keepsItsPasswordToItself() throws IOException {
        String password =
                Files.readString(Path.of(service.info().redisPasswordFile())).strip();

        assertThat(Files.getPosixFilePermissions(Path.of(service.info().redisPasswordFile())))
                .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
        assertThat(service.processesOfFolder())
                .noneMatch(process -> process.info().commandLine().orElse("").contains(password));
        for (String part : List.of("service", "kafka", "storm")) {
            assertThat(Files.readString(service.folder().log(part))).doesNotContain(password);
        }
    }

    @Test
    @Order(2)
    void feedsAFileByteForByteAndCountsEachLineOnce() throws Exception {
        DemoEvents events = new DemoEvents(1, Clock.systemUTC());
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < LINES; i++) {
            lines.append(new String(events.next(), StandardCharsets.UTF_8)).append(i % 2 == 0 ? "\n" : "\r\n");
            if (i % 1000 == 0) {
                lines.append("  \t\r\n");
            }
        }
        Path file = folder.resolve("edits.ndjson");
        Files.writeString(file, lines);

        CommandLineRun feed = CommandLineRun.of("feed", "--data", data, file.toString());

        assertThat(feed.err()).contains("5,000 lines are in topic WikiPediaLogs; 5 blank ones skipped.");
        assertThat(feed.exitCode()).isEqualTo(ExitCodes.OK);
        awaitRecords(LINES);
        JsonNode answer = counts("");
        long counted = answer.path("accounts").path("counted").asLong();
        assertThat(answer.path("counts")).hasSize(6).allSatisfy(dimension -> {
            long sum = 0;
            for (JsonNode count : dimension) {
                sum += count.asLong();
            }
            assertThat(sum).isEqualTo(counted);
        });
    }

    @Test
    @Order(3)
    void namesLinesThatAreTooLargeAndSendsTheOthers() throws Exception {
        String large = "x".repeat(2 << 20);

        CommandLineRun feed = CommandLineRun.withInput("{}\n" + large + "\n{}", "feed", "--data", data, "-");

        assertThat(feed.err()).contains("2 lines are in topic WikiPediaLogs.", "not sent: line 2.");
        assertThat(feed.exitCode()).isEqualTo(ExitCodes.FAILED);
        awaitRecords(LINES + 2);
    }

    @Test
    @Order(4)
    void answersOnTheCommandLine() throws Exception {
        CommandLineRun all = CommandLineRun.of("query", "counts", "--data", data);
        CommandLineRun some = CommandLineRun.of("query", "counts", "bot", "human", "--data", data);
        CommandLineRun json = CommandLineRun.of("query", "counts", "namespace:User talk", "--json", "--data", data);
        CommandLineRun status = CommandLineRun.of("status", "--data", data);

        assertThat(all.out()).contains("5,002 records", "action", "namespace", "loggedin");
        assertThat(some.out()).contains("bot", "human", "actor").doesNotContain("loggedin");
        assertThat(JSON.readTree(json.out()).path("labels").properties())
                .extracting(Map.Entry::getKey)
                .containsExactly("namespace:User talk");
        assertThat(status.out()).contains("Stream wiki: ", "lag        0 records", "disk ", data);
        assertThat(List.of(all, some, json, status)).allSatisfy(run -> {
            assertThat(run.exitCode()).isEqualTo(ExitCodes.OK);
            assertThat(run.err()).isEmpty();
        });
    }

    @Test
    @Order(4)
    void answersTrendsAndLargestCategoriesOnTheCommandLine() throws Exception {
        CommandLineRun top = CommandLineRun.of("query", "top", "page", "-n", "3", "--data", data);
        CommandLineRun trend = CommandLineRun.of("query", "trend", "actor", "--from", "-2d", "--data", data);
        CommandLineRun csv = CommandLineRun.of("query", "top", "actor", "total", "--csv", "--data", data);
        CommandLineRun several = CommandLineRun.of(
                "query", "ask", "{\"counts\":[],\"top\":{\"of\":\"actor\",\"total\":true}}", "--data", data);
        CommandLineRun late = CommandLineRun.of(
                "query", "counts", "bot", "--at-least", "0:999999999", "--wait", "0.1", "--data", data);

        assertThat(top.out()).contains("Largest of page from ", "Category", "Share");
        assertThat(trend.out()).contains("(all events)", "actor:bot", "open");
        JsonNode answer = JSON.readTree(several.out());
        long bots = answer.path("counts").path("actor").path("bot").asLong();
        assertThat(csv.out()).contains("place,dimension,category,events,share", ",actor,bot," + bots + ",");
        assertThat(answer.path("top").path("sum"))
                .isEqualTo(answer.path("accounts").path("counted"));
        assertThat(List.of(top, trend, csv, several))
                .allSatisfy(run -> assertThat(run.exitCode()).isEqualTo(ExitCodes.OK));
        assertThat(late.err()).contains("not yet to 999999999 [not-yet]");
        assertThat(late.exitCode()).isEqualTo(ExitCodes.FAILED);
    }

    @Test
    @Order(4)
    void nothingIsSkippedThatIsThereOrCounted() throws Exception {
        CommandLineRun counted = CommandLineRun.of("skip", "wiki", "0", "--yes", "--data", data);
        CommandLineRun beyond = CommandLineRun.of("skip", "wiki", "0", "999999999", "--yes", "--data", data);
        CommandLineRun nowhere = CommandLineRun.of("skip", "wiki", "77", "--yes", "--data", data);

        assertThat(counted.err())
                .contains("partition 0 is counted up to ", "there is nothing to skip up to 0. Nothing was");
        assertThat(beyond.err()).contains("nothing can be skipped up to 999999999. Nothing was changed.");
        assertThat(nowhere.err()).contains("stream wiki has no partition 77; it has [0, 1, 2, 3]");
        assertThat(List.of(counted, beyond, nowhere))
                .allSatisfy(run -> assertThat(run.exitCode()).isEqualTo(ExitCodes.USAGE));
    }

    @Test
    @Order(4)
    void countsTheTopicAgainAndFindsACountThatIsWrong() throws Exception {
        String total = "tidemark:{wiki}:total:actor";
        try (RedisConnection redis = new RedisConnection(service.info().redisAddress())) {
            CommandLineRun right = CommandLineRun.of("verify", "--data", data);
            redis.call(r -> r.hincrBy(total, "bot", 1));
            CommandLineRun wrong = CommandLineRun.of("verify", "--data", data);
            CommandLineRun json = CommandLineRun.of("verify", "--data", data, "--stream", "wiki", "--json");
            redis.call(r -> r.hincrBy(total, "bot", -1));

            assertThat(right.out()).contains("5,002 records counted again", "Every number agrees.");
            assertThat(right.exitCode()).isEqualTo(ExitCodes.OK);
            assertThat(wrong.out()).contains("1 number differs", "total:actor", "+1");
            assertThat(wrong.exitCode()).isEqualTo(ExitCodes.FAILED);
            assertThat(JSON.readTree(json.out()).path("agrees").asBoolean(true)).isFalse();
            assertThat(JSON.readTree(json.out())
                            .path("differences")
                            .path(0)
                            .path("by")
                            .asInt())
                    .isEqualTo(1);
            assertThat(json.exitCode()).isEqualTo(ExitCodes.FAILED);
        }
    }

    @Test
    @Order(4)
    void answersStormsOwnClientWithTheContractsAnswer() throws Exception {
        Map<String, Object> conf = Utils.readDefaultConfig();
        String[] address = service.info().drpc().split(":");
        conf.put(Config.STORM_NIMBUS_RETRY_TIMES, 1);
        try (DRPCClient client = new DRPCClient(conf, address[0], Integer.parseInt(address[1]), 5_000)) {
            JsonNode answer = JSON.readTree(client.execute("counts", "bot g3_Anon"));

            assertThat(answer.path("query").asText()).isEqualTo("bot g3_Anon");
            assertThat(answer.path("counts").properties())
                    .extracting(Map.Entry::getKey)
                    .containsExactlyInAnyOrder("actor", "login");
            assertThat(answer.path("accounts").path("records").asLong()).isEqualTo(LINES + 2);
        }
    }

    @Test
    @Order(4)
    void everyWayOfAskingGivesTheSameNumbers() throws Exception {
        FiveWaysCheck.run(service.info(), data);
    }

    @Test
    @Order(4)
    void readmesExamplesRun() throws Exception {
        long bots = counts("bot").path("labels").path("bot").asLong();

        ReadmeExamplesCheck.run(service.info(), folder, bots);
    }

    @Test
    @Order(4)
    void anErrorAnswerGoesToStandardErrorWithAnExitCode() throws Exception {
        CommandLineRun unknown = CommandLineRun.of("query", "counts", "planet:mars", "--data", data);
        CommandLineRun notJson = CommandLineRun.of("query", "counts", "{\"counts\": [", "--data", data);

        assertThat(unknown.err()).contains("planet", "Known: ", "namespace").doesNotContain("Exception");
        assertThat(notJson.err()).contains("JSON").doesNotContain("Exception");
        assertThat(List.of(unknown, notJson)).allSatisfy(run -> {
            assertThat(run.exitCode()).isEqualTo(ExitCodes.FAILED);
            assertThat(run.out()).isEmpty();
        });
    }

    @Test
    @Order(5)
    void refusesASecondServiceOnTheFolder() throws Exception {
        CommandLineRun second = CommandLineRun.of("run", "--data", data, "--feed", "none");

        assertThat(second.exitCode()).isEqualTo(ExitCodes.REFUSED);
        assertThat(second.err())
                .contains(
                        "a service already runs on the data folder " + data,
                        Long.toString(service.handle().pid()));
    }

    @Test
    @Order(5)
    void refusesAGivenPortThatIsTakenBeforeAnythingStarts() throws Exception {
        Path other = folder.resolve("other");
        try (ServerSocket taken = new ServerSocket(0)) {
            String port = Integer.toString(taken.getLocalPort());

            CommandLineRun run = CommandLineRun.of("run", "--data", other.toString(), "--redis-port", port);

            assertThat(run.exitCode()).isEqualTo(ExitCodes.REFUSED);
            assertThat(run.err()).contains("--redis-port " + port);
            assertThat(other.resolve("kafka")).doesNotExist();
        }
    }

    @Test
    @Order(5)
    void aSecondServiceUsesServersThatAreThereAndShowsWhatItRejects() throws Exception {
        OtherServersCheck.run(folder, service.info().kafka());
    }

    @Test
    @Order(6)
    void healsWhenAChildIsKilled() throws Exception {
        for (String child : List.of("redis-server", "KafkaMain", "StormMain")) {
            ProcessHandle before = service.child(child);
            before.destroyForcibly();
            before.onExit().join();
        }

        CommandLineRun feed = CommandLineRun.withInput("{}\n", "feed", "--data", data, "-");

        assertThat(feed.exitCode()).as(feed.err()).isEqualTo(ExitCodes.OK);
        awaitRecords(LINES + 3);
    }

    @Test
    @Order(7)
    void childrenDieWithTheServiceAndTheNextOneGoesOn() throws Exception {
        List<ProcessHandle> children = service.children();
        service.kill();

        await().atMost(Duration.ofSeconds(10)).until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
        service.startAgain();
        awaitRecords(LINES + 3);
        CommandLineRun feed = CommandLineRun.withInput("{}\n", "feed", "--data", data, "-");
        assertThat(feed.exitCode()).as(feed.err()).isEqualTo(ExitCodes.OK);
        awaitRecords(LINES + 4);
    }

    @Test
    @Order(8)
    void resetCountsTheTopicAgainFromItsBeginning() throws Exception {
        CommandLineRun notAsked = CommandLineRun.of("reset", "--data", data);
        assertThat(notAsked.exitCode()).isEqualTo(ExitCodes.USAGE);
        assertThat(notAsked.err()).contains("--yes");
        assertThat(counts("").path("accounts").path("records").asLong()).isEqualTo(LINES + 4);

        CommandLineRun reset = CommandLineRun.of("reset", "--yes", "--data", data);

        assertThat(reset.exitCode()).as(reset.err()).isEqualTo(ExitCodes.OK);
        awaitRecords(LINES + 4);
        assertThat(counts("").path("cut").path("version").asLong()).isLessThan(10);
    }

    @Test
    @Order(9)
    void stopsInOrderAndLeavesNoProcess() throws Exception {
        List<ProcessHandle> children = service.children();

        int exitCode = service.stop();

        assertThat(exitCode).isEqualTo(ExitCodes.OK);
        assertThat(children).noneMatch(ProcessHandle::isAlive);
        assertThat(service.processesOfFolder()).isEmpty();
        assertThatThrownBy(service::info).isInstanceOf(AssertionError.class);
    }

    @Test
    @Order(10)
    void resetWorksWhileTheServiceIsStopped() throws Exception {
        CommandLineRun reset = CommandLineRun.of("reset", "--yes", "--data", data);

        assertThat(reset.exitCode()).as(reset.err()).isEqualTo(ExitCodes.OK);
        assertThat(service.processesOfFolder()).isEmpty();
    }

    @Test
    @Order(10)
    void aQueryWithoutServiceFailsSoonAndSaysWhatToDo() throws Exception {
        long began = System.nanoTime();

        CommandLineRun query = CommandLineRun.of("query", "counts", "--data", data);
        CommandLineRun elsewhere = CommandLineRun.of("query", "counts", "--drpc", "127.0.0.1:1");

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
        assertThat(query.exitCode()).isEqualTo(ExitCodes.UNREACHABLE);
        assertThat(query.err()).contains("no service runs on the data folder", "./tidemark run");
        assertThat(elsewhere.exitCode()).isEqualTo(ExitCodes.UNREACHABLE);
        assertThat(elsewhere.err()).contains("nothing answers at 127.0.0.1:1");
    }
}
