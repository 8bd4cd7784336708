package io.tidemark.oracle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/** Compares an answer to {@code counts} with the recount at the cut that it states. Thread-safe. */
public final class AnswerCheck {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, String[]> LABELS = Map.of(
            "bot", new String[] {"actor", "bot"},
            "human", new String[] {"actor", "human"},
            "g3_Anon", new String[] {"login", "anonymous"},
            "g3_LoggedIN", new String[] {"login", "loggedin"});

    private final Recount recount;

    public AnswerCheck(Recount recount) {
        this.recount = recount;
    }

    /** Whether it is an error, of whatever kind. */
    public static boolean isError(String answer) {
        return parse(answer).has("error");
    }

    /** The offsets that an answer states, or an empty map. */
    public static Map<Integer, Long> offsets(String answer) {
        return offsets(parse(answer).at("/cut/offsets"));
    }

    /**
     * What is wrong with an answer.
     *
     * @param query what was asked: words, each an alias or {@code dimension:category}; empty for everything
     */
    public Differences check(String query, String answer) {
        Differences differences = new Differences();
        JsonNode json = parse(answer);
        if (json.has("error")) {
            differences.add("an error: " + json.get("error"));
            return differences;
        }
        differences.compare("stream", WikipediaStream.NAME, json.path("stream").asText(null));
        differences.compare("query", query, json.path("query").asText(null));
        JsonNode cut = json.path("cut");
        ExpectedCut expected = recount.cut(offsets(cut.path("start")), offsets(cut.path("offsets")));
        String asOf = cut.path("asOf").asText(null);
        if (expected.asOf() != Long.MIN_VALUE) {
            differences.compare(
                    "asOf",
                    expected.asOf(),
                    asOf == null ? null : Instant.parse(asOf).toEpochMilli());
        }
        differences.compareCounts("accounts", expected.accounts(), counts(json.path("accounts")));
        for (String dimension : WikipediaStream.TOTALS) {
            if (asked(query, dimension)) {
                differences.compareCounts(
                        dimension, expected.totals().get(dimension), counts(json.at("/counts/" + dimension)));
                sums(differences, dimension, json);
            } else if (json.at("/counts/" + dimension).isObject()) {
                differences.compareCounts(
                        dimension, expected.totals().get(dimension), counts(json.at("/counts/" + dimension)));
            }
        }
        labels(differences, query, json.path("labels"), expected);
        return differences;
    }

    private static void sums(Differences differences, String dimension, JsonNode json) {
        long sum = counts(json.at("/counts/" + dimension)).values().stream()
                .mapToLong(Long::longValue)
                .sum();
        differences.compare("sum of " + dimension, json.at("/accounts/counted").asLong(-1), sum);
    }

    private static boolean asked(String query, String dimension) {
        if (query.isBlank()) {
            return true;
        }
        for (String word : query.split(" ")) {
            String[] category = category(word);
            if (category != null && category[0].equals(dimension)) {
                return true;
            }
        }
        return false;
    }

    private static String[] category(String word) {
        if (LABELS.containsKey(word)) {
            return LABELS.get(word);
        }
        if (word.startsWith("g2_")) {
            return new String[] {"action", word.substring(3)};
        }
        return word.contains(":") ? word.split(":", 2) : new String[] {word, null};
    }

    private static void labels(Differences differences, String query, JsonNode labels, ExpectedCut expected) {
        if (query.isBlank()) {
            counts(labels).forEach((word, n) -> label(differences, word, n, expected));
            LABELS.keySet()
                    .forEach(word -> label(differences, word, labels.path(word).asLong(0), expected));
            return;
        }
        for (String word : query.split(" ")) {
            if (category(word)[1] != null) {
                label(differences, word, labels.path(word).asLong(-1), expected);
            }
        }
    }

    private static void label(Differences differences, String word, long found, ExpectedCut expected) {
        String[] category = category(word);
        differences.compare(
                "label " + word,
                expected.totals().getOrDefault(category[0], Map.of()).getOrDefault(category[1], 0L),
                found);
    }

    private static Map<String, Long> counts(JsonNode object) {
        Map<String, Long> counts = new TreeMap<>();
        object.properties().forEach(e -> counts.put(e.getKey(), e.getValue().asLong(-1)));
        return counts;
    }

    private static Map<Integer, Long> offsets(JsonNode object) {
        Map<Integer, Long> offsets = new TreeMap<>();
        counts(object).forEach((partition, offset) -> offsets.put(Integer.valueOf(partition), offset));
        return offsets;
    }

    private static JsonNode parse(String answer) {
        try {
            return JSON.readTree(answer);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("an answer that is no JSON: " + answer, e);
        }
    }
}
