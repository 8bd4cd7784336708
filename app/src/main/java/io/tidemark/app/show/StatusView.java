package io.tidemark.app.show;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import com.github.freva.asciitable.HorizontalAlign;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** An answer to {@code status} as lines. */
public final class StatusView {
    private static final Set<String> WELL = Set.of("running", "idle");

    private StatusView() {}

    /** Whether the stream counts, or would if there were something to count. */
    public static boolean isWell(Answer answer) {
        return WELL.contains(answer.tree().path("state").asText());
    }

    private record Partition(String number, long start, long mark, JsonNode end, JsonNode lag) {}

    public static List<String> lines(Answer answer) {
        JsonNode tree = answer.tree();
        List<String> lines = new ArrayList<>();
        lines.add("Stream " + Terminal.harmless(answer.stream()) + ": "
                + tree.path("state").asText("unknown") + ", "
                + Terminal.harmless(tree.path("why").asText("")));
        lines.add("");
        answer.answeredBy().ifPresent(stream -> lines.add(line("answered", "by stream " + Terminal.harmless(stream))));
        lines.add(line("counted", CountsView.accounts(answer)));
        lines.add(line("cut", CountsView.freshness(answer)));
        rejected(tree).ifPresent(lines::add);
        lines.add(line("lag", lag(tree)));
        if (tree.path("ratePerSecond").isNumber()) {
            lines.add(line("rate", tree.path("ratePerSecond").asText() + " events a second in the last minute"));
        }
        if (tree.hasNonNull("shards")) {
            lines.add(line("shards", tree.path("shards").asText() + ", added up"));
        }
        lines.add(line("writer", Terminal.harmless(tree.path("writer").asText("none yet"))));
        if (tree.hasNonNull("otherWriter")) {
            lines.add(line(
                    "2nd writer",
                    Terminal.harmless(tree.path("otherWriter").path("writer").asText()) + ", last seen "
                            + tree.path("otherWriter").path("at").asText()
                            + ": counts stay exact, but the two quarrel; stop one of them"));
        }
        open(tree).ifPresent(lines::add);
        skipped(tree).ifPresent(lines::add);
        if (tree.hasNonNull("capped")) {
            lines.add(line(
                    "capped",
                    Terminal.harmless(tree.path("capped").asText())
                            + " had no room for a new category: it is counted as (other); raise the dimension's cap"));
        }
        away(tree).ifPresent(lines::add);
        memory(tree.path("redis")).ifPresent(lines::add);
        disk(tree.path("disk")).ifPresent(lines::add);
        lines.add("");
        lines.addAll(partitions(tree));
        return lines;
    }

    private static String lag(JsonNode tree) {
        if (!tree.path("lag").isNumber()) {
            return "not known";
        }
        long seconds = tree.path("lagSeconds").asLong();
        return Numbers.grouped(tree.path("lag").asLong()) + " records"
                + (seconds == 0 ? "" : ", " + Numbers.duration(Duration.ofSeconds(seconds)));
    }

    private static Optional<String> open(JsonNode tree) {
        List<String> partitions = new ArrayList<>();
        tree.path("open")
                .properties()
                .forEach(each -> partitions.add(each.getKey() + " up to "
                        + Numbers.grouped(each.getValue().asLong())));
        return partitions.isEmpty()
                ? Optional.empty()
                : Optional.of(line(
                        "open",
                        "a transaction holds back what was written to partition " + String.join(", ", partitions)));
    }

    private static Optional<String> skipped(JsonNode tree) {
        List<String> ranges = new ArrayList<>();
        tree.path("cut")
                .path("skipped")
                .forEach(range ->
                        ranges.add("partition " + range.path("partition").asInt() + " from "
                                + Numbers.grouped(range.path("first").asLong()) + " to "
                                + Numbers.grouped(range.path("end").asLong() - 1)));
        return ranges.isEmpty()
                ? Optional.empty()
                : Optional.of(line("skipped", String.join(", ", ranges) + ": never counted"));
    }

    private static Optional<String> away(JsonNode tree) {
        List<String> away = new ArrayList<>();
        tree.path("components").properties().forEach(each -> {
            if (each.getValue().asText().equals("away")) {
                away.add(Terminal.harmless(each.getKey()));
            }
        });
        return away.isEmpty() ? Optional.empty() : Optional.of(line("away", String.join(", ", away)));
    }

    private static Optional<String> rejected(JsonNode tree) {
        List<String> reasons = new ArrayList<>();
        tree.path("rejected")
                .properties()
                .forEach(reason -> reasons.add(Terminal.harmless(reason.getKey()) + " "
                        + Numbers.grouped(reason.getValue().asLong())));
        return reasons.isEmpty() ? Optional.empty() : Optional.of(line("rejected", String.join(", ", reasons)));
    }

    private static Optional<String> memory(JsonNode redis) {
        if (!redis.isObject()) {
            return Optional.empty();
        }
        long most = redis.path("maxBytes").asLong();
        return Optional.of(line(
                "memory",
                Numbers.bytes(redis.path("usedBytes").asLong()) + " in Redis"
                        + (most == 0 ? "" : " of " + Numbers.bytes(most))));
    }

    private static Optional<String> disk(JsonNode disk) {
        if (!disk.isObject()) {
            return Optional.empty();
        }
        return Optional.of(line(
                "disk",
                Numbers.bytes(disk.path("eventBytes").asLong()) + " events, "
                        + Numbers.bytes(disk.path("countBytes").asLong()) + " counts, "
                        + Numbers.bytes(disk.path("logBytes").asLong()) + " logs, in "
                        + Terminal.harmless(disk.path("folder").asText())));
    }

    private static List<String> partitions(JsonNode tree) {
        List<Partition> partitions = new ArrayList<>();
        tree.path("cut").path("offsets").properties().forEach(entry -> {
            String number = entry.getKey();
            partitions.add(new Partition(
                    number,
                    tree.path("cut").path("start").path(number).asLong(),
                    entry.getValue().asLong(),
                    tree.path("end").path(number),
                    tree.path("lags").path(number)));
        });
        List<ColumnData<Partition>> columns = List.of(
                column("Partition").with(Partition::number),
                column("Start").with(p -> Numbers.grouped(p.start())),
                column("Mark").with(p -> Numbers.grouped(p.mark())),
                column("End").with(p -> known(p.end())),
                column("Lag").with(p -> known(p.lag())));
        return CountsView.table(partitions, columns);
    }

    private static String known(JsonNode number) {
        return number.isNumber() ? Numbers.grouped(number.asLong()) : "?";
    }

    private static Column column(String header) {
        return new Column().header(header).headerAlign(HorizontalAlign.RIGHT).dataAlign(HorizontalAlign.RIGHT);
    }

    private static String line(String name, String text) {
        return "  " + name + " ".repeat(Math.max(1, 11 - name.length())) + text;
    }
}
