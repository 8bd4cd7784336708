package io.tidemark.app.show;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.HorizontalAlign;
import com.github.freva.asciitable.OverflowBehaviour;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** An answer to {@code trend} as lines: a small chart of each category for people, a line of each bucket for programs. */
public final class TrendView {
    private static final int WIDEST_NAME = 40;
    private static final int WIDEST_CHART = 60;
    private static final String LEVELS = "▁▂▃▄▅▆▇█";
    private static final char GONE = '·';

    private final boolean forPeople;

    /** @param forPeople whether somebody looks at it */
    public TrendView(boolean forPeople) {
        this.forPeople = forPeople;
    }

    private record Series(String name, List<Long> counts) {
        long sum() {
            return counts.stream()
                    .filter(n -> n != null)
                    .mapToLong(Long::longValue)
                    .sum();
        }

        long most() {
            return counts.stream()
                    .filter(n -> n != null)
                    .mapToLong(Long::longValue)
                    .max()
                    .orElse(0);
        }
    }

    private record Line(String bucket, String state, String category, String events) {}

    public List<String> lines(Answer answer) {
        List<String> lines = new ArrayList<>(CountsView.heading(answer));
        for (JsonNode trend : Answer.each(answer.tree().path("trend"))) {
            lines.add("");
            lines.addAll(forPeople ? chart(trend) : buckets(trend));
        }
        return lines;
    }

    private static List<String> chart(JsonNode trend) {
        List<Series> series = series(trend);
        int width = trend.path("buckets").size();
        int together = (width + WIDEST_CHART - 1) / WIDEST_CHART;
        List<String> lines = new ArrayList<>();
        lines.add("F" + Answer.period(trend).substring(1) + ", " + width + " steps of "
                + trend.path("step").asText() + (together > 1 ? ", " + together + " of them in each column" : "") + "; "
                + states(trend));
        lines.addAll(CountsView.table(
                series,
                List.of(
                        column("Category", HorizontalAlign.LEFT).with(Series::name),
                        column("Events", HorizontalAlign.RIGHT).with(s -> Numbers.grouped(s.sum())),
                        column("Most", HorizontalAlign.RIGHT).with(s -> Numbers.grouped(s.most())),
                        column("", HorizontalAlign.LEFT).with(s -> spark(s.counts(), together)))));
        if (!trend.path("exact").asBoolean(true)) {
            lines.add("Not exact: a cap was reached, and some events stand under (other).");
        }
        return lines;
    }

    /** How many buckets are in which state. */
    private static String states(JsonNode trend) {
        Map<String, Integer> states = new TreeMap<>();
        trend.path("states").forEach(state -> states.merge(state.asText(), 1, Integer::sum));
        return states.entrySet().stream()
                .map(e -> e.getValue() + " " + Terminal.harmless(e.getKey()))
                .collect(Collectors.joining(", "));
    }

    private static List<String> buckets(JsonNode trend) {
        List<Line> lines = new ArrayList<>();
        List<Series> series = series(trend);
        for (int i = 0; i < trend.path("buckets").size(); i++) {
            for (Series each : series) {
                Long count = each.counts().get(i);
                lines.add(new Line(
                        trend.path("buckets").get(i).asText(),
                        trend.path("states").get(i).asText(),
                        each.name(),
                        count == null ? "gone" : Long.toString(count)));
            }
        }
        return CountsView.table(
                lines,
                List.of(
                        column("Bucket", HorizontalAlign.LEFT).with(Line::bucket),
                        column("State", HorizontalAlign.LEFT).with(Line::state),
                        column("Category", HorizontalAlign.LEFT).with(Line::category),
                        column("Events", HorizontalAlign.RIGHT).with(Line::events)));
    }

    /** All events, then the categories of each dimension, the largest first. */
    private static List<Series> series(JsonNode trend) {
        List<Series> series = new ArrayList<>();
        if (trend.path("events").isArray()) {
            series.add(new Series("(all events)", counts(trend.path("events"))));
        }
        trend.path("series").properties().forEach(dimension -> {
            List<Series> categories = new ArrayList<>();
            dimension
                    .getValue()
                    .properties()
                    .forEach(category -> categories.add(new Series(
                            Terminal.harmless(dimension.getKey() + ":" + category.getKey()),
                            counts(category.getValue()))));
            categories.sort(Comparator.comparingLong(Series::sum).reversed().thenComparing(Series::name));
            series.addAll(categories);
        });
        return series;
    }

    private static List<Long> counts(JsonNode array) {
        List<Long> counts = new ArrayList<>();
        array.forEach(n -> counts.add(n.isNull() ? null : n.asLong()));
        return counts;
    }

    /** One sign for so many buckets together; nothing at all is a blank, a bucket that is gone a dot. */
    static String spark(List<Long> counts, int together) {
        List<Long> columns = new ArrayList<>();
        for (int i = 0; i < counts.size(); i += together) {
            List<Long> some = counts.subList(i, Math.min(counts.size(), i + together));
            columns.add(
                    some.contains(null)
                            ? null
                            : Long.valueOf(
                                    some.stream().mapToLong(Long::longValue).sum()));
        }
        long most = columns.stream()
                .filter(n -> n != null)
                .mapToLong(Long::longValue)
                .max()
                .orElse(0);
        StringBuilder line = new StringBuilder();
        for (Long count : columns) {
            if (count == null) {
                line.append(GONE);
            } else if (count == 0) {
                line.append(' ');
            } else {
                line.append(LEVELS.charAt((int) Math.min(LEVELS.length() - 1, count * LEVELS.length() / most)));
            }
        }
        return line.toString();
    }

    private static Column column(String header, HorizontalAlign align) {
        return new Column()
                .header(header)
                .headerAlign(align)
                .dataAlign(align)
                .maxWidth(header.isEmpty() ? WIDEST_CHART + 2 : WIDEST_NAME, OverflowBehaviour.ELLIPSIS_RIGHT);
    }
}
