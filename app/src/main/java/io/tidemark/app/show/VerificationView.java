package io.tidemark.app.show;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import com.github.freva.asciitable.HorizontalAlign;
import io.tidemark.plan.Range;
import io.tidemark.verify.Difference;
import io.tidemark.verify.Verification;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Collectors;

/** What came of counting again, for people and for programs. */
public final class VerificationView {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_SHOWN = 40;
    private static final int WIDEST_NAME = 40;
    private static final Map<String, String> GROUPS = Map.of(
            "accounts", "accounts",
            "reasons", "reasons of rejection",
            "totals", "totals",
            "buckets", "numbers in buckets",
            "positions", "positions of rejected records",
            "marks", "marks");

    private VerificationView() {}

    /** As lines; of many differences the first. */
    public static List<String> lines(Verification verification) {
        List<String> lines = new ArrayList<>();
        lines.add("Stream " + verification.stream() + ", topic " + Terminal.harmless(verification.topic()) + ": "
                + Numbers.grouped(verification.records()) + " records counted again in "
                + Numbers.duration(verification.took()) + " by " + verification.threads() + " "
                + (verification.threads() == 1 ? "thread" : "threads") + ".");
        lines.add("  cut        version " + Numbers.grouped(verification.version()) + ", read "
                + Numbers.time(verification.readAt()) + "; marks " + offsets(verification.offsets()));
        lines.add("  compared   "
                + List.of("accounts", "reasons", "totals", "buckets", "positions", "marks").stream()
                        .filter(verification.compared()::containsKey)
                        .map(g -> Numbers.grouped(verification.compared().get(g)) + " " + GROUPS.get(g))
                        .collect(Collectors.joining(", ")));
        lines.addAll(unchecked(verification));
        lines.add("");
        if (verification.agrees()) {
            lines.add(
                    verification.isComplete() ? "Every number agrees." : "Every number that could be checked agrees.");
            return lines;
        }
        lines.add((verification.different() == 1
                        ? "1 number differs"
                        : Numbers.grouped(verification.different()) + " numbers differ")
                + " from what the topic says:");
        lines.addAll(differences(verification));
        if (verification.different() > MOST_SHOWN) {
            lines.add("... and " + Numbers.grouped(verification.different() - MOST_SHOWN) + " more: see --json");
        }
        return lines;
    }

    /** As one line of JSON. */
    public static String json(Verification verification) {
        ObjectNode tree = JSON.createObjectNode();
        tree.put("stream", verification.stream());
        tree.put("topic", verification.topic());
        tree.put("agrees", verification.agrees());
        tree.put("complete", verification.isComplete());
        ObjectNode cut = tree.putObject("cut");
        put(cut.putObject("start"), verification.start());
        put(cut.putObject("offsets"), verification.offsets());
        ranges(cut.putArray("skipped"), verification.skipped());
        cut.put("version", verification.version());
        cut.put("readAt", verification.readAt().toString());
        tree.put("records", verification.records());
        ObjectNode compared = tree.putObject("compared");
        verification.compared().forEach(compared::put);
        tree.put("different", verification.different());
        ArrayNode differences = tree.putArray("differences");
        for (Difference each : verification.differences()) {
            ObjectNode difference = differences.addObject();
            difference.put("key", each.key());
            difference.put("name", each.name());
            difference.put("expected", each.expected());
            difference.put("found", each.found());
            if (each.by() != null) {
                difference.put("by", each.by());
            }
        }
        ranges(tree.putArray("lost"), verification.lost());
        tree.put("atLeast", verification.atLeast());
        tree.put("goneBuckets", verification.goneBuckets());
        verification.unknownKeys().forEach(tree.putArray("unknownKeys")::add);
        tree.put("tookMs", verification.took().toMillis());
        tree.put("threads", verification.threads());
        try {
            return JSON.writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> unchecked(Verification verification) {
        List<String> lines = new ArrayList<>();
        for (Range lost : verification.lost()) {
            lines.add("  unchecked  partition " + lost.partition() + ": the records from " + lost.first() + " to "
                    + (lost.end() - 1) + ", which Kafka no longer has");
        }
        if (verification.atLeast() > 0) {
            lines.add("             " + Numbers.grouped(verification.atLeast())
                    + " numbers to which they may have added were only checked for being large enough;");
            lines.add("             buckets of later times were checked in full, records lying in a partition by their"
                    + " time");
        }
        for (Range skipped : verification.skipped()) {
            lines.add("  skipped    partition " + skipped.partition() + ": the records from " + skipped.first() + " to "
                    + (skipped.end() - 1) + ", by an operator");
        }
        if (verification.goneBuckets() > 0) {
            lines.add("  gone       " + Numbers.grouped(verification.goneBuckets())
                    + " buckets, which are kept no longer, were not compared");
        }
        if (!verification.unknownKeys().isEmpty()) {
            lines.add("  unknown    keys in Redis that this version does not know: "
                    + Terminal.harmless(
                            verification.unknownKeys().stream().limit(5).collect(Collectors.joining(", "))));
        }
        return lines;
    }

    private static List<String> differences(Verification verification) {
        List<ColumnData<Difference>> columns = List.of(
                column("Key", HorizontalAlign.LEFT).with(d -> d.key().isEmpty() ? "(stream)" : shown(d.key())),
                column("Name", HorizontalAlign.LEFT).with(d -> shown(d.name())),
                column("Right", HorizontalAlign.RIGHT).with(d -> shown(d.expected())),
                column("In Redis", HorizontalAlign.RIGHT).with(d -> shown(d.found())),
                column("By", HorizontalAlign.RIGHT)
                        .with(d -> d.by() == null ? "" : (d.by() > 0 ? "+" : "") + Numbers.grouped(d.by())));
        return CountsView.table(
                verification.differences().stream().limit(MOST_SHOWN).toList(), columns);
    }

    private static Column column(String header, HorizontalAlign align) {
        return new Column().header(header).headerAlign(align).dataAlign(align);
    }

    private static String shown(String text) {
        String harmless = Terminal.harmless(text);
        return harmless.length() <= WIDEST_NAME ? harmless : harmless.substring(0, WIDEST_NAME - 3) + "...";
    }

    private static String offsets(SortedMap<Integer, Long> offsets) {
        String all = offsets.entrySet().stream()
                .limit(8)
                .map(e -> e.getKey() + ":" + e.getValue())
                .collect(Collectors.joining(" "));
        return offsets.size() > 8 ? all + " ..." : all;
    }

    private static void put(ObjectNode node, SortedMap<Integer, Long> offsets) {
        offsets.forEach((partition, offset) -> node.put(partition.toString(), offset));
    }

    private static void ranges(ArrayNode array, List<Range> ranges) {
        for (Range range : ranges) {
            array.addObject()
                    .put("partition", range.partition())
                    .put("first", range.first())
                    .put("end", range.end());
        }
    }
}
