package io.tidemark.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** Makes records of answers, and exceptions of answers that are errors. */
final class AnswerReader {
    private static final ObjectMapper JSON = new ObjectMapper();

    private AnswerReader() {}

    /** @throws TidemarkClientException when the answer is an error */
    static JsonNode read(String json) {
        JsonNode answer;
        try {
            answer = JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new StrayAnswerException("the answer is no JSON", e);
        }
        JsonNode error = answer.get("error");
        if (error == null) {
            return answer;
        }
        String code = error.path("code").asText();
        String message = error.path("message").asText();
        throw switch (code) {
            case "not-yet" -> {
                JsonNode cut = error.has("cut") ? error.get("cut") : answer.get("cut");
                yield new NotYetException(message, cut == null ? null : cut(cut));
            }
            case "store-unavailable", "not-initialised", "inconsistent", "internal" ->
                new CountsUnavailableException(code, message);
            default -> new QuestionRejectedException(code, message, texts(error.path("known")));
        };
    }

    static Counts counts(String json) {
        JsonNode answer = read(json);
        return new Counts(
                answer.path("stream").asText(),
                cut(answer.path("cut")),
                accounts(answer.path("accounts")),
                map(answer.path("counts"), dimension -> map(dimension, JsonNode::asLong)),
                map(answer.path("labels"), JsonNode::asLong),
                json);
    }

    static Status status(String json) {
        JsonNode answer = read(json);
        return new Status(
                answer.path("stream").asText(),
                cut(answer.path("cut")),
                accounts(answer.path("accounts")),
                answer.path("state").asText(),
                answer.path("why").asText(),
                map(answer.path("rejected"), JsonNode::asLong),
                answer.path("lag").isNumber() ? answer.path("lag").asLong() : null,
                json);
    }

    static Trend trend(String json) {
        JsonNode answer = read(json);
        JsonNode trend = answer.path("trend");
        return new Trend(
                answer.path("stream").asText(),
                cut(answer.path("cut")),
                trend.path("step").asText(),
                list(trend.path("buckets"), AnswerReader::time),
                texts(trend.path("states")),
                list(trend.path("events"), AnswerReader::number),
                map(trend.path("series"), dimension -> map(dimension, all -> list(all, AnswerReader::number))),
                map(trend.path("labels"), all -> list(all, AnswerReader::number)),
                trend.path("exact").asBoolean(),
                json);
    }

    static Top top(String json) {
        JsonNode answer = read(json);
        JsonNode top = answer.path("top");
        return new Top(
                answer.path("stream").asText(),
                cut(answer.path("cut")),
                top.path("of").asText(),
                time(top.path("from")),
                time(top.path("to")),
                top.path("sum").asLong(),
                top.path("exact").asBoolean(),
                list(
                        top.path("categories"),
                        category -> new Top.Category(
                                category.path("value").asText(),
                                category.path("count").asLong(),
                                category.path("share").asDouble())),
                map(top.path("reserved"), JsonNode::asLong),
                json);
    }

    private static Cut cut(JsonNode cut) {
        return new Cut(
                offsets(cut.path("start")),
                offsets(cut.path("offsets")),
                cut.path("version").asLong(),
                time(cut.path("asOf")),
                time(cut.path("committedAt")),
                time(cut.path("readAt")));
    }

    private static Accounts accounts(JsonNode accounts) {
        return new Accounts(
                accounts.path("records").asLong(),
                accounts.path("counted").asLong(),
                accounts.path("rejected").asLong(),
                accounts.path("filtered").asLong(),
                accounts.path("late").asLong());
    }

    private static Map<Integer, Long> offsets(JsonNode byPartition) {
        Map<Integer, Long> offsets = new TreeMap<>();
        byPartition
                .properties()
                .forEach(field -> offsets.put(
                        Integer.valueOf(field.getKey()), field.getValue().asLong()));
        return offsets;
    }

    private static Instant time(JsonNode text) {
        return text.isTextual() ? Instant.parse(text.textValue()) : null;
    }

    private static Long number(JsonNode number) {
        return number.isNumber() ? number.asLong() : null;
    }

    private static List<String> texts(JsonNode array) {
        return list(array, JsonNode::asText);
    }

    private static <T> List<T> list(JsonNode array, Function<JsonNode, T> each) {
        List<T> list = new ArrayList<>(array.size());
        array.forEach(element -> list.add(each.apply(element)));
        return java.util.Collections.unmodifiableList(list);
    }

    /** In the order of the answer. */
    private static <T> Map<String, T> map(JsonNode object, Function<JsonNode, T> each) {
        Map<String, T> map = new LinkedHashMap<>();
        object.properties().forEach(field -> map.put(field.getKey(), each.apply(field.getValue())));
        return java.util.Collections.unmodifiableMap(map);
    }
}
