package io.tidemark.app.show;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.HorizontalAlign;
import io.tidemark.cut.RejectedReader.Position;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Collectors;

/** Rejected records as lines. */
public final class RejectedView {
    private static final ObjectMapper JSON = new ObjectMapper();

    private RejectedView() {}

    /** {@code 12 not-json, 6 not-utf8} */
    public static String reasons(SortedMap<String, Long> reasons) {
        return reasons.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .map(e -> Numbers.grouped(e.getValue()) + " " + Terminal.harmless(e.getKey()))
                .collect(Collectors.joining(", "));
    }

    /** A table for people. */
    public static List<String> table(List<RejectedRecord> records, int mostBytes) {
        String table = AsciiTable.builder()
                .border(AsciiTable.NO_BORDERS)
                .data(
                        records,
                        List.of(
                                column("REASON")
                                        .with(r ->
                                                Terminal.harmless(r.position().reason())),
                                column("TIME").with(RejectedView::time),
                                column("PARTITION")
                                        .dataAlign(HorizontalAlign.RIGHT)
                                        .with(r -> Integer.toString(r.position().partition())),
                                column("OFFSET")
                                        .dataAlign(HorizontalAlign.RIGHT)
                                        .with(r -> Long.toString(r.position().offset())),
                                column("RECORD").maxWidth(Integer.MAX_VALUE).with(r -> r.text(mostBytes))))
                .asString();
        return table.lines().map(String::stripTrailing).collect(Collectors.toCollection(ArrayList::new));
    }

    private static Column column(String header) {
        return new Column().header(header).headerAlign(HorizontalAlign.LEFT).dataAlign(HorizontalAlign.LEFT);
    }

    /** One line for programs that take lines apart: reason, time, partition, offset, record; tabs between them. */
    public static String line(RejectedRecord record, int mostBytes) {
        Position position = record.position();
        return String.join(
                "\t",
                Terminal.harmless(position.reason()),
                time(record),
                Integer.toString(position.partition()),
                Long.toString(position.offset()),
                record.text(mostBytes));
    }

    private static String time(RejectedRecord record) {
        return record.isThere() ? record.time().toString() : "-";
    }

    /** One JSON object on one line; the record's first bytes in Base64 too, since not every record is text. */
    public static String json(String stream, String topic, RejectedRecord record, int mostBytes) {
        ObjectNode node = JSON.createObjectNode()
                .put("stream", stream)
                .put("topic", topic)
                .put("reason", record.position().reason())
                .put("time", record.isThere() ? record.time().toString() : null)
                .put("partition", record.position().partition())
                .put("offset", record.position().offset())
                .put("inKafka", record.isThere());
        byte[] value = record.value();
        if (value == null) {
            return node.putNull("bytes").putNull("text").putNull("base64").toString();
        }
        byte[] first = Arrays.copyOf(value, Math.min(mostBytes, value.length));
        return node.put("bytes", value.length)
                .put("text", value.length == 0 ? "" : record.text(mostBytes))
                .put("base64", Base64.getEncoder().encodeToString(first))
                .toString();
    }
}
