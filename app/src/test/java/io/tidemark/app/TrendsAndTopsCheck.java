package io.tidemark.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.app.service.ServiceInfo;
import io.tidemark.client.Tidemark;
import io.tidemark.client.Top;
import io.tidemark.commit.RedisConnection;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Asks a quiet service for a trend and for top lists in every way that there is: the same numbers of the same cut. */
final class TrendsAndTopsCheck {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int HOURS = 24;
    private static final int LISTED = 5;

    private TrendsAndTopsCheck() {}

    static void run(ServiceInfo info, String data) throws Exception {
        Instant to = Instant.now().truncatedTo(ChronoUnit.HOURS).plus(1, ChronoUnit.HOURS);
        Instant from = to.minus(HOURS, ChronoUnit.HOURS);
        trends(info, data, from, to);
        tops(info, data, from, to);
        totals(info, data);
    }

    private static void trends(ServiceInfo info, String data, Instant from, Instant to) throws Exception {
        JsonNode answer = JSON.readTree(FiveWaysCheck.overStormsClient(
                info, "trend", "actor g2_edit from=" + from + " to=" + to + " step=hour"));
        JsonNode expected = numbers(answer, "trend");

        assertThat(answer.at("/trend/series/actor/bot")).hasSize(HOURS);
        assertThat(numbers(
                        FiveWaysCheck.overHttp(
                                info, "/api/trend?of=actor&of=g2_edit&step=hour&from=" + from + "&to=" + to),
                        "trend"))
                .isEqualTo(expected);
        assertThat(numbers(
                        CommandLineRun.of(
                                        "query",
                                        "trend",
                                        "actor",
                                        "g2_edit",
                                        "--from",
                                        from.toString(),
                                        "--to",
                                        to.toString(),
                                        "--step",
                                        "hour",
                                        "--json",
                                        "--data",
                                        data)
                                .out(),
                        "trend"))
                .isEqualTo(expected);
        for (String address : List.of("drpc://" + info.drpc(), "http://" + info.http())) {
            try (Tidemark tidemark = Tidemark.connect(address)) {
                assertThat(numbers(
                                tidemark.trend(from.toString(), to.toString(), "hour", "actor", "g2_edit")
                                        .json(),
                                "trend"))
                        .as(address)
                        .isEqualTo(expected);
            }
        }
        Map<String, List<Long>> read = new TreeMap<>();
        try (RedisConnection redis = new RedisConnection(info.redisAddress())) {
            for (String value : List.of("bot", "human")) {
                read.put(
                        value,
                        hours(from).stream()
                                .map(hour -> redis.call(r -> r.hget("tidemark:{wiki}:hour:actor:" + hour, value)))
                                .map(count -> count == null ? 0 : Long.parseLong(count))
                                .toList());
            }
        }
        assertThat(JSON.<JsonNode>valueToTree(read).toString())
                .isEqualTo(answer.at("/trend/series/actor").toString());
    }

    private static void tops(ServiceInfo info, String data, Instant from, Instant to) throws Exception {
        JsonNode answer = JSON.readTree(
                FiveWaysCheck.overStormsClient(info, "top", "page n=" + LISTED + " from=" + from + " to=" + to));
        JsonNode expected = numbers(answer, "top");

        assertThat(answer.at("/top/categories")).hasSize(LISTED);
        assertThat(numbers(
                        FiveWaysCheck.overHttp(info, "/api/top?of=page&n=" + LISTED + "&from=" + from + "&to=" + to),
                        "top"))
                .isEqualTo(expected);
        assertThat(numbers(
                        CommandLineRun.of(
                                        "query",
                                        "top",
                                        "page",
                                        "-n",
                                        "" + LISTED,
                                        "--from",
                                        from.toString(),
                                        "--to",
                                        to.toString(),
                                        "--json",
                                        "--data",
                                        data)
                                .out(),
                        "top"))
                .isEqualTo(expected);
        List<String> listed = new ArrayList<>();
        answer.at("/top/categories")
                .forEach(each -> listed.add(each.path("value").asText() + " " + each.path("count")));
        for (String address : List.of("drpc://" + info.drpc(), "http://" + info.http())) {
            try (Tidemark tidemark = Tidemark.connect(address)) {
                Top top = tidemark.top("page", LISTED, from.toString());
                assertThat(top.categories().stream().map(each -> each.value() + " " + each.count()))
                        .as(address)
                        .isEqualTo(listed);
                assertThat(JSON.readTree(top.json()).at("/cut/offsets")).isEqualTo(answer.at("/cut/offsets"));
            }
        }
        assertThat(largest(info, from)).isEqualTo(listed);
    }

    /** From Redis: the sums of the hours' sets, largest first, ties by the bytes of the value. */
    private static List<String> largest(ServiceInfo info, Instant from) {
        Map<String, Double> sums = new LinkedHashMap<>();
        try (RedisConnection redis = new RedisConnection(info.redisAddress())) {
            for (String hour : hours(from)) {
                redis.call(r -> r.zrangeWithScores("tidemark:{wiki}:hour:page:" + hour, 0, -1))
                        .forEach(page -> sums.merge(page.getElement(), page.getScore(), Double::sum));
            }
        }
        return sums.entrySet().stream()
                .filter(page -> !page.getKey().startsWith("("))
                .sorted(Map.Entry.<String, Double>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(page -> page.getKey().getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned))
                .limit(LISTED)
                .map(page -> page.getKey() + " " + page.getValue().longValue())
                .toList();
    }

    private static List<String> hours(Instant from) {
        return IntStream.range(0, HOURS)
                .mapToObj(i -> from.plus(i, ChronoUnit.HOURS).toString().substring(0, 13))
                .toList();
    }

    /** Since the start: what a WebSocket is told too. */
    private static void totals(ServiceInfo info, String data) throws Exception {
        JsonNode answer = JSON.readTree(FiveWaysCheck.overStormsClient(info, "top", "actor total"));
        JsonNode expected = numbers(answer, "top");
        JsonNode live = JSON.readTree(FiveWaysCheck.firstMessage(info, "/live"));
        JsonNode labels = JSON.readTree(FiveWaysCheck.firstMessage(info, "/"));

        assertThat(numbers(FiveWaysCheck.overHttp(info, "/api/top?of=actor&total=true"), "top"))
                .isEqualTo(expected);
        assertThat(numbers(
                        CommandLineRun.of("query", "top", "actor", "total", "--json", "--data", data)
                                .out(),
                        "top"))
                .isEqualTo(expected);
        assertThat(live.at("/cut/offsets")).isEqualTo(answer.at("/cut/offsets"));
        Map<String, Long> listed = new TreeMap<>();
        answer.at("/top/categories")
                .forEach(each -> listed.put(
                        each.path("value").asText(), each.path("count").asLong()));
        assertThat(listed).isNotEmpty();
        listed.forEach((value, count) -> {
            assertThat(live.at("/counts/actor/" + value).asLong()).isEqualTo(count);
            assertThat(labels.path(value).asLong()).isEqualTo(count);
        });
    }

    private static JsonNode numbers(String answer, String section) throws Exception {
        return numbers(JSON.readTree(answer), section);
    }

    /** What must agree: what was asked for and which records it is of; not what passing time changes. */
    private static JsonNode numbers(JsonNode answer, String section) {
        ObjectNode asked = answer.path(section).deepCopy();
        asked.remove(List.of("states", "state"));
        ObjectNode numbers = JSON.createObjectNode();
        numbers.set("offsets", answer.at("/cut/offsets"));
        numbers.set("version", answer.at("/cut/version"));
        numbers.set(section, asked);
        return numbers;
    }
}
