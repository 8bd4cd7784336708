package io.tidemark.app.show;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** An answer as CSV (RFC 4180), with a header line; values stand exactly as they were counted. */
public final class Csv {
    private Csv() {}

    /** The section that a function answers with; several of them one after the other. */
    public static List<String> lines(Answer answer, String function) {
        List<String> lines = new ArrayList<>();
        switch (function) {
            case "trend" -> Answer.each(answer.tree().path("trend")).forEach(trend -> trend(trend, lines));
            case "top" -> Answer.each(answer.tree().path("top")).forEach(top -> top(top, lines));
            default -> {
                lines.add("dimension,category,events");
                for (String dimension : answer.dimensions()) {
                    answer.counts(dimension)
                            .forEach(count -> lines.add(line(dimension, count.category(), "" + count.events())));
                }
            }
        }
        return lines;
    }

    private static void trend(JsonNode trend, List<String> lines) {
        lines.add("bucket,state,dimension,category,events");
        for (int i = 0; i < trend.path("buckets").size(); i++) {
            int at = i;
            String bucket = trend.path("buckets").get(i).asText();
            String state = trend.path("states").get(i).asText();
            if (trend.path("events").isArray()) {
                lines.add(
                        line(bucket, state, "", "", number(trend.path("events").get(i))));
            }
            trend.path("series")
                    .properties()
                    .forEach(dimension -> dimension
                            .getValue()
                            .properties()
                            .forEach(category -> lines.add(line(
                                    bucket,
                                    state,
                                    dimension.getKey(),
                                    category.getKey(),
                                    number(category.getValue().get(at))))));
        }
    }

    private static void top(JsonNode top, List<String> lines) {
        lines.add("place,dimension,category,events,share");
        int place = 1;
        for (JsonNode category : top.path("categories")) {
            lines.add(line(
                    "" + place++,
                    top.path("of").asText(),
                    category.path("value").asText(),
                    category.path("count").asText(),
                    category.path("share").isNull()
                            ? ""
                            : category.path("share").asText()));
        }
    }

    private static String number(JsonNode node) {
        return node.isNull() ? "" : node.asText();
    }

    private static String line(String... fields) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < fields.length; i++) {
            String field = fields[i];
            boolean plain = field.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
            line.append(i == 0 ? "" : ",").append(plain ? field : "\"" + field.replace("\"", "\"\"") + "\"");
        }
        return line.toString();
    }
}
