package io.tidemark.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.commit.Health;
import io.tidemark.commit.RedisStore;
import io.tidemark.stream.BundledStreams;
import io.tidemark.stream.StreamConfig;
import io.tidemark.tally.Counting;
import io.tidemark.testing.RedisServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** What Grafana's dashboard reads from Redis, as the user that may only read, is what an answer says. */
class GrafanaDashboardIT {
    private static final Path DASHBOARD = Path.of("../docker/grafana/dashboards/tidemark.json");
    private static final Path LAYOUT = Path.of("../docs/redis-layout.md");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Titles that other tools take for numbers, times or truth values; each is edited once more than the one after it. */
    private static final List<String> PAGES = List.of(
            "1984",
            "007",
            "1e5",
            "2026-04-11",
            "true",
            "null",
            "0x10",
            "-1",
            "Main Page",
            "Talk:1.0",
            "\"quoted\"",
            "12:30");

    private static final Instant NOW = Instant.now();
    private static final Instant EARLIER = NOW.minus(7, ChronoUnit.MINUTES);

    @TempDir
    static Path folder;

    private static RedisServer server;
    private static Jedis reader;
    private static Answers answers;
    private static DashboardCommands dashboard;
    private static Map<String, List<String>> panels;

    @BeforeAll
    static void count() throws IOException {
        server = RedisServer.start(folder);
        try (Jedis owner = new Jedis("127.0.0.1", server.port())) {
            owner.auth(server.password());
            owner.sendCommand(() -> "ACL".getBytes(StandardCharsets.US_ASCII), aclOfReader());
        }
        reader = new Jedis("127.0.0.1", server.port());
        reader.auth("reader", "secret-2");
        answers = new Answers(server.address());
        StreamConfig config = BundledStreams.wikipedia();
        try (RedisStore store = new RedisStore(server.address(), config, "writer-1")) {
            store.initialise(new TreeMap<>(Map.of(0, 0L)), "topic-id", "store-id");
            Counting counting = new Counting(config, NOW.toEpochMilli());
            for (int i = 0; i < PAGES.size(); i++) {
                for (int n = i; n < PAGES.size(); n++) {
                    counting.add(edit(PAGES.get(i), i % 3 == 0, NOW));
                }
            }
            counting.at(EARLIER.toEpochMilli())
                    .add(edit("Earlier", true, EARLIER).replace("Sample User", "Earlier User"), "no event");
            store.commit(counting.tally());
            store.report(new Health("writer-1", new TreeMap<>(Map.of(0, 0L)), new TreeMap<>(Map.of(0, 1_000L)), null));
        }
        dashboard = DashboardCommands.read(DASHBOARD);
        panels = dashboard.panels(Map.of("stream", "wiki", "hour", hour("wiki")));
    }

    @AfterAll
    static void stop() {
        reader.close();
        answers.close();
        server.close();
    }

    @Test
    void theStreamsThatAreOfferedAreThoseThatAreCounted() {
        assertThat(texts(run(dashboard.variable("stream", Map.of())))).containsExactly("wiki");
    }

    @Test
    void theHourIsTheNewestOneThatHasEvents() {
        assertThat(hour("wiki"))
                .isEqualTo(DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH")
                        .withZone(ZoneOffset.UTC)
                        .format(NOW));
    }

    @Test
    void eachPanelShowsWhatAnAnswerSays() throws IOException {
        JsonNode counts = JSON.readTree(answers.counts(""));
        JsonNode status = JSON.readTree(answers.status(""));
        JsonNode accounts = counts.path("accounts");

        assertThat(number("Events counted")).isEqualTo(accounts.path("counted").asLong());
        assertThat(hash("Records")).isEqualTo(numbersAboveZero(accounts));
        assertThat(Instant.ofEpochMilli(number("Newest event")))
                .isEqualTo(counts.path("cut").path("asOf").asText());
        assertThat(number("Version"))
                .isEqualTo(counts.path("cut").path("version").asLong());
        assertThat(panel("Waiting")).isEqualTo(status.path("lag").asLong());
        assertThat(hash("Bots and humans"))
                .isEqualTo(numbers(counts.path("counts").path("actor")));
        assertThat(hash("Accounts")).isEqualTo(numbers(counts.path("counts").path("login")));
        assertThat(hash("What was done"))
                .isEqualTo(numbers(counts.path("counts").path("action")));
        assertThat(hash("Not counted"))
                .isEqualTo(numbers(status.path("rejected")))
                .containsEntry("not-json", 1L);
        assertThat(texts(panel("The coordinator's last report"))).contains("writer", "writer-1");
    }

    @Test
    void titlesStandAsWrittenAndTheirCountsAreNumbers() throws IOException {
        Map<String, Long> expected = new LinkedHashMap<>();
        for (int i = 9; i >= 0; i--) {
            expected.put(PAGES.get(i), (long) PAGES.size() - i);
        }
        assertThat(hash("Pages of the hour")).containsExactlyEntriesOf(expected).isEqualTo(top("page"));
        assertThat(hash("Users of the hour")).containsEntry("Sample User", 78L).isEqualTo(top("user"));
    }

    @Test
    void eachMinuteOfTheLastHourIsALineWithItsTime() throws IOException {
        List<JsonNode> lines = minutes();
        assertThat(lines).hasSize(60);
        JsonNode trend = JSON.readTree(answers.ask(
                        "trend",
                        "{\"trend\": {\"of\": [\"actor\"], \"step\": \"minute\", \"from\": \"" + time(lines.get(0))
                                + "\", \"to\": \"" + time(lines.get(59)).plus(1, ChronoUnit.MINUTES) + "\"}}"))
                .path("trend");

        assertThat(trend.path("buckets")).hasSize(60);
        for (int i = 0; i < lines.size(); i++) {
            JsonNode line = lines.get(i);
            assertThat(time(line)).isEqualTo(trend.path("buckets").get(i).asText());
            for (String value : List.of("bot", "human")) {
                assertThat(line.path(value).asLong(-1))
                        .as(value + " in " + time(line))
                        .isEqualTo(trend.path("series")
                                .path("actor")
                                .path(value)
                                .get(i)
                                .asLong());
            }
        }
        assertThat(lines.stream().mapToLong(line -> line.path("bot").asLong()).sum())
                .isEqualTo(hash("Bots and humans").get("bot"));
    }

    @Test
    void aStreamWithoutEventsGivesNothingAndNoError() throws IOException {
        Map<String, List<String>> empty = dashboard.panels(Map.of("stream", "none-yet", "hour", ""));
        empty.forEach(
                (title, command) -> assertThatCode(() -> run(command)).as(title).doesNotThrowAnyException());
        assertThat(texts(run(empty.get("What was done")))).isEmpty();
    }

    private static String hour(String stream) {
        List<String> hours = new ArrayList<>();
        for (String line : texts(run(dashboard.variable("hour", Map.of("stream", stream))))) {
            Matcher matcher = dashboard.variablePattern("hour").matcher(line);
            if (matcher.find()) {
                hours.add(matcher.group(1));
            }
        }
        assertThat(hours)
                .as("one hour to choose, so that it moves on by itself")
                .hasSize(1);
        return hours.get(0);
    }

    private static String edit(String title, boolean bot, Instant at) throws IOException {
        return "{\"type\":\"edit\",\"title\":" + JSON.writeValueAsString(title) + ",\"user\":\"Sample User\",\"bot\":"
                + bot + ",\"namespace\":0,\"wiki\":\"enwiki\",\"meta\":{\"dt\":\"" + at + "\"}}";
    }

    private static Object panel(String title) {
        return run(panels.get(title));
    }

    private static long number(String title) {
        return Long.parseLong(text(panel(title)));
    }

    /** A panel of names and numbers, in the order in which Redis gives them. */
    private static Map<String, Long> hash(String title) {
        List<String> pairs = texts(panel(title));
        Map<String, Long> hash = new LinkedHashMap<>();
        for (int i = 0; i < pairs.size(); i += 2) {
            hash.put(pairs.get(i), Long.parseLong(pairs.get(i + 1)));
        }
        return hash;
    }

    /** What an answer says of the hour that the dashboard shows. */
    private static Map<String, Long> top(String dimension) throws IOException {
        Instant from = Instant.parse(hour("wiki") + ":00:00Z");
        String top = answers.ask(
                "top",
                "{\"top\": {\"of\": \"" + dimension + "\", \"n\": 10, \"from\": \"" + from + "\", \"to\": \""
                        + from.plus(1, ChronoUnit.HOURS) + "\"}}");
        Map<String, Long> counts = new LinkedHashMap<>();
        JSON.readTree(top)
                .path("top")
                .path("categories")
                .forEach(category -> counts.put(
                        category.path("value").asText(), category.path("count").asLong()));
        return counts;
    }

    private static Instant time(JsonNode line) {
        return Instant.ofEpochMilli(line.path("Time").asLong());
    }

    private static List<JsonNode> minutes() throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : text(panel("Events per minute, by bot and human")).split("\n")) {
            lines.add(JSON.readTree(line));
        }
        return lines;
    }

    private static Map<String, Long> numbers(JsonNode object) {
        Map<String, Long> numbers = new LinkedHashMap<>();
        object.properties()
                .forEach(field -> numbers.put(field.getKey(), field.getValue().asLong()));
        return numbers;
    }

    private static Map<String, Long> numbersAboveZero(JsonNode object) {
        Map<String, Long> numbers = numbers(object);
        numbers.values().removeIf(n -> n == 0);
        return numbers;
    }

    private static Object run(List<String> command) {
        String[] arguments = command.subList(1, command.size()).toArray(String[]::new);
        return reader.sendCommand(() -> command.get(0).getBytes(StandardCharsets.UTF_8), arguments);
    }

    private static List<String> texts(Object reply) {
        return ((List<?>) reply).stream().map(GrafanaDashboardIT::text).toList();
    }

    private static String text(Object bulk) {
        return bulk == null ? "" : new String((byte[]) bulk, StandardCharsets.UTF_8);
    }

    /** As the page on the layout tells operators to make it. */
    private static String[] aclOfReader() throws IOException {
        String line = Files.readAllLines(LAYOUT).stream()
                .filter(l -> l.startsWith("redis-cli ACL SETUSER reader"))
                .findFirst()
                .orElseThrow();
        return line.replace("redis-cli ACL ", "").replace("'", "").split(" ");
    }
}
