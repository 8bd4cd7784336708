package io.tidemark.query;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.query.Question.Section;
import io.tidemark.query.Question.TopAsked;
import io.tidemark.query.Question.TrendAsked;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Reads a question: words ({@code bot "namespace:User talk" stream=wiki}) or JSON ({@code {"stream": "wiki", "counts":
 * ["bot"], "top": {"of": "page"}}}). docs/questions.md has the grammar.
 */
final class QuestionReader {
    /** A question longer than this is none. */
    private static final int MOST_CHARACTERS = 100_000;

    /** Trends or tops of one question. */
    private static final int MOST_ITEMS = 50;

    private static final int DEFAULT_TOP = 10;
    private static final int MOST_TOP = 1_000;
    private static final int FORMAT = 1;

    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private static final List<String> FIELDS =
            List.of("stream", "counts", "trend", "top", "status", "zone", "atLeast", "format");

    private static final Set<String> OF_ALL = Set.of("stream", "zone", "atLeast");

    private QuestionReader() {}

    /**
     * @param arguments null is as good as empty
     * @param function {@code counts}, {@code trend}, {@code top}, {@code status} or {@code ask}
     */
    static Question read(String function, String arguments) {
        String text = arguments == null ? "" : arguments.strip();
        if (text.length() > MOST_CHARACTERS) {
            throw QueryException.badRequest(
                    "the question has " + text.length() + " characters; at most " + MOST_CHARACTERS + " are read");
        }
        return text.startsWith("{") ? ofJson(function, text) : ofWords(function, text);
    }

    private static Question ofJson(String function, String text) {
        Map<String, JsonNode> fields = given("a question", tree(text), FIELDS);
        List<String> counts = null;
        Section<TrendAsked> trends = null;
        Section<TopAsked> tops = null;
        boolean status = false;
        String stream = null;
        ZoneId zone = ZoneOffset.UTC;
        SortedMap<Integer, Long> atLeast = new TreeMap<>();
        for (Map.Entry<String, JsonNode> field : fields.entrySet()) {
            JsonNode value = field.getValue();
            switch (field.getKey()) {
                case "format" -> checkFormat(value);
                case "stream" -> stream = text("stream", value);
                case "counts" -> counts = texts("counts", value);
                case "trend" -> trends = section(value, QuestionReader::trend);
                case "top" -> tops = section(value, QuestionReader::top);
                case "status" -> status = flag("status", value);
                case "zone" -> zone = zone(text("zone", value));
                case "atLeast" -> atLeast = offsets(value);
                default -> throw new IllegalStateException(field.getKey() + " is not read");
            }
        }
        if (counts == null && trends == null && tops == null && !status) {
            switch (function) {
                case "counts" -> counts = List.of();
                case "status" -> status = true;
                case "trend" -> trends = new Section<>(List.of(new TrendAsked(List.of(), null, null, null)), false);
                case "top" -> throw QueryException.badRequest("top of what? {\"top\": {\"of\": \"page\"}}");
                default ->
                    throw QueryException.badRequest(
                            "nothing is asked for: give counts, trend, top or status, as in {\"counts\": [\"bot\"]}");
            }
        }
        return new Question(stream, counts, trends, tops, status, zone, atLeast);
    }

    private static JsonNode tree(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw QueryException.badRequest("the question is not JSON: " + e.getOriginalMessage());
        }
    }

    private static void checkFormat(JsonNode value) {
        if (!value.isInt() || value.intValue() != FORMAT) {
            throw QueryException.badRequest("questions of format " + value + " are not understood, only " + FORMAT);
        }
    }

    private static <T> Section<T> section(JsonNode value, Function<JsonNode, T> item) {
        if (!value.isArray()) {
            return new Section<>(List.of(item.apply(value)), false);
        }
        if (value.size() > MOST_ITEMS) {
            throw QueryException.badRequest(
                    value.size() + " trends or tops in one question; at most " + MOST_ITEMS + " are answered");
        }
        List<T> items = new ArrayList<>();
        value.forEach(each -> items.add(item.apply(each)));
        return new Section<>(items, true);
    }

    private static TrendAsked trend(JsonNode node) {
        Map<String, JsonNode> fields = given("trend", node, List.of("of", "from", "to", "step"));
        JsonNode of = fields.get("of");
        List<String> words = of == null ? List.of() : of.isTextual() ? List.of(text("of", of)) : texts("of", of);
        return new TrendAsked(words, textOrNull(fields, "from"), textOrNull(fields, "to"), textOrNull(fields, "step"));
    }

    private static TopAsked top(JsonNode node) {
        Map<String, JsonNode> fields = given("top", node, List.of("of", "n", "from", "to", "total"));
        JsonNode n = fields.get("n");
        if (n != null && !(n.isIntegralNumber() && n.canConvertToInt())) {
            throw QueryException.badRequest("\"n\" is " + n + ": expected a number from 1 to " + MOST_TOP);
        }
        return top(
                textOrNull(fields, "of"),
                n == null ? DEFAULT_TOP : n.intValue(),
                textOrNull(fields, "from"),
                textOrNull(fields, "to"),
                fields.containsKey("total") && flag("total", fields.get("total")));
    }

    private static TopAsked top(String of, int n, String from, String to, boolean total) {
        if (of == null) {
            throw QueryException.badRequest("top of what? Name a dimension");
        }
        if (n < 1 || n > MOST_TOP) {
            throw QueryException.badRequest("\"n\" is " + n + ": expected a number from 1 to " + MOST_TOP);
        }
        if (total && (from != null || to != null)) {
            throw QueryException.badRequest("top in total has no period: leave from and to out, or total");
        }
        return new TopAsked(of, n, from, to, total);
    }

    private static Map<String, JsonNode> fields(String what, JsonNode node) {
        if (!node.isObject()) {
            throw QueryException.badRequest(what + " is " + node + ": expected an object");
        }
        Map<String, JsonNode> fields = new LinkedHashMap<>();
        node.properties().forEach(e -> fields.put(e.getKey(), e.getValue()));
        return fields;
    }

    /** The fields of an object that are there: one that is null is as absent. */
    private static Map<String, JsonNode> given(String what, JsonNode node, List<String> known) {
        Map<String, JsonNode> fields = fields(what, node);
        for (String field : fields.keySet()) {
            if (!known.contains(field)) {
                throw new QueryException("bad-request", what + " has no field \"" + field + "\"", known);
            }
        }
        fields.values().removeIf(JsonNode::isNull);
        return fields;
    }

    private static String text(String field, JsonNode value) {
        if (!value.isTextual()) {
            throw QueryException.badRequest("\"" + field + "\" is " + value + ": expected a text");
        }
        return value.textValue();
    }

    private static String textOrNull(Map<String, JsonNode> fields, String field) {
        JsonNode value = fields.get(field);
        return value == null ? null : text(field, value);
    }

    private static boolean flag(String field, JsonNode value) {
        if (!value.isBoolean()) {
            throw QueryException.badRequest("\"" + field + "\" is " + value + ": expected true or false");
        }
        return value.booleanValue();
    }

    private static List<String> texts(String field, JsonNode value) {
        if (!value.isArray()) {
            throw QueryException.badRequest(
                    "\"" + field + "\" is " + value + ": expected a list of texts like [\"actor:bot\"]");
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode word : value) {
            if (!word.isTextual() || word.textValue().isEmpty()) {
                throw QueryException.badRequest(
                        "\"" + field + "\" holds " + word + ": expected texts like \"actor:bot\"");
            }
            texts.add(word.textValue());
        }
        return texts;
    }

    private static SortedMap<Integer, Long> offsets(JsonNode value) {
        SortedMap<Integer, Long> offsets = new TreeMap<>();
        fields("\"atLeast\"", value).forEach((partition, offset) -> {
            if (!offset.isIntegralNumber() || !offset.canConvertToLong()) {
                throw QueryException.badRequest("\"atLeast\" is " + value + ": expected offsets, as in {\"0\": 5121}");
            }
            put(offsets, partition(partition), offset(Long.toString(offset.longValue())));
        });
        return offsets;
    }

    private static void put(SortedMap<Integer, Long> offsets, int partition, long offset) {
        if (offsets.put(partition, offset) != null) {
            throw QueryException.badRequest("\"atLeast\" names partition " + partition + " twice");
        }
    }

    private static int partition(String text) {
        if (!text.matches("\\d{1,9}")) {
            throw QueryException.badRequest("\"atLeast\" names partition \"" + text + "\": expected a number");
        }
        return Integer.parseInt(text);
    }

    private static long offset(String text) {
        if (!text.matches("\\d{1,18}")) {
            throw QueryException.badRequest("\"atLeast\" has the offset \"" + text + "\": expected a number");
        }
        return Long.parseLong(text);
    }

    private static ZoneId zone(String name) {
        try {
            return ZoneId.of(name);
        } catch (DateTimeException e) {
            throw QueryException.badRequest(
                    "there is no time zone \"" + name + "\": expected UTC, Europe/Berlin, +02:00 and the like");
        }
    }

    private static Question ofWords(String function, String text) {
        Set<String> options = switch (function) {
            case "trend" -> Set.of("from", "to", "step");
            case "top" -> Set.of("n", "from", "to");
            case "ask" ->
                throw QueryException.badRequest(
                        "ask takes JSON, as in {\"counts\": [\"bot\"], \"top\": {\"of\": \"page\"}}");
            default -> Set.of();
        };
        List<String> words = new ArrayList<>();
        Map<String, String> said = new LinkedHashMap<>();
        for (String word : Words.split(text)) {
            int equals = word.indexOf('=');
            String name = equals < 0 ? "" : word.substring(0, equals);
            if (!options.contains(name) && !OF_ALL.contains(name)) {
                words.add(word);
            } else if (said.putIfAbsent(name, word.substring(equals + 1)) != null) {
                throw QueryException.badRequest(
                        name.equals("stream")
                                ? "two streams in one question: " + said.get(name) + " and "
                                        + word.substring(equals + 1) + "; ask one after the other"
                                : "two times " + name + "= in one question");
            }
        }
        return new Question(
                said.get("stream"),
                function.equals("counts") ? words : null,
                function.equals("trend")
                        ? new Section<>(
                                List.of(new TrendAsked(words, said.get("from"), said.get("to"), said.get("step"))),
                                false)
                        : null,
                function.equals("top") ? new Section<>(List.of(top(words, said)), false) : null,
                function.equals("status") && noWords(words),
                said.containsKey("zone") ? zone(said.get("zone")) : ZoneOffset.UTC,
                offsets(said.get("atLeast")));
    }

    private static boolean noWords(List<String> words) {
        if (!words.isEmpty()) {
            throw QueryException.badRequest("status takes no words but stream=NAME, got: " + words);
        }
        return true;
    }

    private static TopAsked top(List<String> words, Map<String, String> said) {
        boolean total = words.contains("total");
        List<String> of = words.stream().filter(word -> !word.equals("total")).toList();
        if (of.size() != 1) {
            throw QueryException.badRequest("top takes one dimension, as in: top page n=20 from=-24h, got: " + of);
        }
        String n = said.getOrDefault("n", Integer.toString(DEFAULT_TOP));
        if (!n.matches("\\d{1,9}")) {
            throw QueryException.badRequest("\"n\" is " + n + ": expected a number from 1 to " + MOST_TOP);
        }
        return top(of.get(0), Integer.parseInt(n), said.get("from"), said.get("to"), total);
    }

    private static SortedMap<Integer, Long> offsets(String text) {
        SortedMap<Integer, Long> offsets = new TreeMap<>();
        if (text != null) {
            for (String each : text.split(",")) {
                int colon = each.indexOf(':');
                if (colon < 0) {
                    throw QueryException.badRequest("atLeast=" + text + ": expected atLeast=PARTITION:OFFSET,...");
                }
                put(offsets, partition(each.substring(0, colon)), offset(each.substring(colon + 1)));
            }
        }
        return offsets;
    }
}
