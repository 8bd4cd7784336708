package io.tidemark.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.stream.BundledStreams;
import io.tidemark.testing.CountedRecords;
import io.tidemark.testing.RedisServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** What the commands of docs/redis-layout.md read, as the user that may only read, is what an answer says. */
class RedisLayoutReadsIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The hour of the page's examples. */
    private static final Instant HOUR = Instant.parse("2026-11-24T10:00:00Z");

    @TempDir
    Path folder;

    private RedisServer server;
    private Jedis reader;
    private Answers answers;

    @BeforeEach
    void count() throws IOException {
        server = RedisServer.start(folder);
        try (CountedRecords records = new CountedRecords(server.address(), BundledStreams.wikipedia());
                Jedis owner = new Jedis("127.0.0.1", server.port())) {
            for (int minute : new int[] {-20, 3, 4, 5}) {
                List<String> edits = new ArrayList<>();
                for (int i = 0; i <= minute + 25; i++) {
                    edits.add(edit(i, i % 3 == 0 ? "bot" : "human"));
                }
                edits.add("no JSON");
                records.count(HOUR.plus(minute, ChronoUnit.MINUTES), edits);
            }
            owner.auth(server.password());
            for (List<String> command : RedisLayoutIT.commands()) {
                if (command.get(0).equals("ACL")) {
                    send(owner, command);
                }
            }
        }
        reader = new Jedis("127.0.0.1", server.port());
        reader.auth("reader", "secret-2");
        answers = new Answers(server.address());
    }

    @AfterEach
    void stop() {
        reader.close();
        answers.close();
        server.close();
    }

    private static String edit(int i, String actor) {
        return "{\"type\":\"" + (i % 4 == 0 ? "new" : "edit") + "\",\"title\":\"Sample page " + i % 5
                + "\",\"user\":\"Sample User " + i % 7 + "\",\"bot\":" + actor.equals("bot")
                + ",\"namespace\":0,\"wiki\":\"enwiki\"}";
    }

    @Test
    void everyCommandReadsWhatAnAnswerSays() throws IOException {
        Set<String> writing = Set.of("ACL", "HSET", "HDEL", "SUBSCRIBE");
        int compared = 0;
        List<List<String>> together = null;
        for (List<String> command : RedisLayoutIT.commands()) {
            if (writing.contains(command.get(0))) {
                continue;
            }
            Object reply = send(reader, command);
            if (command.get(0).equals("MULTI")) {
                together = new ArrayList<>();
            } else if (command.get(0).equals("EXEC")) {
                for (int i = 0; i < together.size(); i++) {
                    compared += compare(together.get(i), ((List<?>) reply).get(i));
                }
                together = null;
            } else if (together != null) {
                together.add(command);
            } else {
                compared += compare(command, reply);
            }
        }
        assertThat(compared).isGreaterThan(15);
    }

    private int compare(List<String> command, Object reply) throws IOException {
        String line = String.join(" ", command);
        String key = command.get(1);
        if (key.endsWith(":buckets")) {
            long from = command.get(0).equals("ZRANGEBYSCORE") ? Long.parseLong(command.get(2)) : 0;
            assertThat(new TreeSet<>(texts(reply)))
                    .as(line)
                    .isEqualTo(buckets(from))
                    .isNotEmpty();
            return 1;
        }
        switch (command.get(0)) {
            case "HGET" ->
                assertThat(text(reply))
                        .as(line)
                        .isEqualTo(answer("counts", "")
                                .at("/counts/" + part(key, 1) + "/" + command.get(2))
                                .asText());
            case "HMGET" ->
                assertThat(texts(reply))
                        .as(line)
                        .isEqualTo(command.subList(2, command.size()).stream()
                                .map(field -> ofCut(answer("counts", "").path("cut"), field))
                                .toList());
            case "HGETALL", "ZREVRANGE" -> assertThat(pairs(reply)).as(line).isEqualTo(hash(key));
            case "ZUNION" -> {
                Map<String, Long> sum = hash(command.get(2));
                hash(command.get(3)).forEach((category, count) -> sum.merge(category, count, Long::sum));
                assertThat(pairs(reply)).as(line).isEqualTo(sum);
            }
            default -> throw new AssertionError("no answer is compared with " + line);
        }
        return 1;
    }

    private static String ofCut(JsonNode cut, String field) {
        String partition = field.replaceFirst(".*:", "");
        return switch (field.replaceFirst(":.*", "")) {
            case "mark" -> cut.path("offsets").path(partition).asText();
            case "start" -> cut.path("start").path(partition).asText();
            case "version" -> cut.path("version").asText();
            case "committed-at" -> cut.path("committedAt").asText();
            default -> throw new AssertionError("an answer does not say " + field);
        };
    }

    /** What an answer says of a key that holds counts: those that are not 0. */
    private Map<String, Long> hash(String key) {
        String dimension = part(key, 1);
        return switch (part(key, 0)) {
            case "accounts" -> numbers(answer("counts", "").path("accounts"));
            case "total" -> numbers(answer("counts", "").path("counts").path(dimension));
            case "minute" -> {
                Instant from = Instant.parse(part(key, 2) + ":00Z");
                JsonNode series = answer("trend", dimension + " step=minute" + period(from, 1, ChronoUnit.MINUTES))
                        .at("/trend/series/" + dimension);
                Map<String, Long> counts = new TreeMap<>();
                series.properties()
                        .forEach(each ->
                                counts.put(each.getKey(), each.getValue().get(0).asLong()));
                counts.values().removeIf(count -> count == 0);
                yield counts;
            }
            case "hour" -> {
                Instant from = Instant.parse(part(key, 2) + ":00:00Z");
                Map<String, Long> counts = new TreeMap<>();
                answer("top", dimension + " n=1000" + period(from, 1, ChronoUnit.HOURS))
                        .at("/top/categories")
                        .forEach(each -> counts.put(
                                each.path("value").asText(), each.path("count").asLong()));
                yield counts;
            }
            default -> throw new AssertionError("no answer is compared with " + key);
        };
    }

    /** Names of the buckets that have events by an answer, of those that end at a time or later. */
    private SortedSet<String> buckets(long end) {
        SortedSet<String> names = new TreeSet<>();
        for (ChronoUnit unit : List.of(ChronoUnit.MINUTES, ChronoUnit.HOURS)) {
            String size = unit == ChronoUnit.MINUTES ? "minute" : "hour";
            JsonNode trend = answer(
                            "trend", "step=" + size + period(HOUR.minus(1, ChronoUnit.HOURS), 2, ChronoUnit.HOURS))
                    .path("trend");
            for (int i = 0; i < trend.path("events").size(); i++) {
                Instant start = Instant.parse(trend.path("buckets").get(i).asText());
                boolean isAsked = start.plus(1, unit).getEpochSecond() >= end;
                if (isAsked && trend.path("events").get(i).asLong() > 0) {
                    names.add(size + ":" + start.toString().substring(0, size.equals("minute") ? 16 : 13));
                }
            }
        }
        return names;
    }

    private static String period(Instant from, int length, ChronoUnit unit) {
        return " from=" + from + " to=" + from.plus(length, unit);
    }

    /** A part of a key behind the stream's name: kind, dimension, bucket; empty where it has none. */
    private static String part(String key, int part) {
        String[] parts = key.replaceFirst("tidemark:\\{wiki}:", "").split(":", 3);
        return part < parts.length ? parts[part] : "";
    }

    private JsonNode answer(String function, String words) {
        try {
            JsonNode answer = JSON.readTree(answers.ask(function, "stream=wiki " + words));
            assertThat(answer.has("error")).as(answer.toString()).isFalse();
            return answer;
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private static Map<String, Long> numbers(JsonNode object) {
        Map<String, Long> numbers = new TreeMap<>();
        object.properties()
                .forEach(each -> numbers.put(each.getKey(), each.getValue().asLong()));
        numbers.values().removeIf(number -> number == 0);
        return numbers;
    }

    private static Map<String, Long> pairs(Object reply) {
        List<String> texts = texts(reply);
        Map<String, Long> pairs = new TreeMap<>();
        for (int i = 0; i < texts.size(); i += 2) {
            pairs.put(texts.get(i), Long.valueOf(texts.get(i + 1)));
        }
        return pairs;
    }

    private static Object send(Jedis jedis, List<String> command) {
        String[] arguments = command.subList(1, command.size()).toArray(String[]::new);
        return jedis.sendCommand(() -> command.get(0).getBytes(StandardCharsets.UTF_8), arguments);
    }

    private static List<String> texts(Object reply) {
        return ((List<?>) reply).stream().map(RedisLayoutReadsIT::text).toList();
    }

    private static String text(Object bulk) {
        return bulk == null ? "" : new String((byte[]) bulk, StandardCharsets.UTF_8);
    }
}
