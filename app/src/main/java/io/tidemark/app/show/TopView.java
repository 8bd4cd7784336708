package io.tidemark.app.show;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import com.github.freva.asciitable.HorizontalAlign;
import com.github.freva.asciitable.OverflowBehaviour;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** An answer to {@code top} as lines: with bars for people, plain digits for programs. */
public final class TopView {
    private static final int WIDEST_NAME = 48;
    private static final int BAR = 24;
    private static final String EIGHTHS = " ▏▎▍▌▋▊▉█";

    private final boolean forPeople;

    /** @param forPeople whether somebody looks at it */
    public TopView(boolean forPeople) {
        this.forPeople = forPeople;
    }

    private record Row(String place, String category, String events, String share, String bar) {}

    public List<String> lines(Answer answer) {
        List<String> lines = new ArrayList<>(CountsView.heading(answer));
        for (JsonNode top : Answer.each(answer.tree().path("top"))) {
            lines.add("");
            lines.addAll(lines(top));
        }
        return lines;
    }

    private List<String> lines(JsonNode top) {
        List<String> lines = new ArrayList<>();
        lines.add("Largest of " + Terminal.harmless(top.path("of").asText()) + period(top)
                + (top.path("sum").isNumber()
                        ? ", " + Numbers.grouped(top.path("sum").asLong()) + " events"
                        : ""));
        long most = top.path("categories").path(0).path("count").asLong();
        List<Row> rows = new ArrayList<>();
        for (JsonNode category : top.path("categories")) {
            long count = category.path("count").asLong();
            rows.add(new Row(
                    Integer.toString(rows.size() + 1),
                    Terminal.harmless(category.path("value").asText()),
                    forPeople ? Numbers.grouped(count) : Long.toString(count),
                    category.path("share").isNumber()
                            ? String.format(
                                    Locale.ROOT,
                                    "%.2f%%",
                                    100 * category.path("share").asDouble())
                            : "",
                    bar(count, most)));
        }
        if (rows.isEmpty()) {
            lines.add("(nothing in this period)");
        } else {
            lines.addAll(CountsView.table(rows, columns()));
        }
        top.path("reserved")
                .properties()
                .forEach(e -> lines.add("Beside them: " + Terminal.harmless(e.getKey()) + " "
                        + Numbers.grouped(e.getValue().asLong())));
        if (top.path("unlistedAtMost").asLong() > 0) {
            lines.add("Counts are exact, but a category that is not listed may have up to "
                    + Numbers.grouped(top.path("unlistedAtMost").asLong()) + ": ask for a shorter period.");
        } else if (!top.path("exact").asBoolean(true)) {
            lines.add("Not exact: a cap was reached, and some events stand under (other).");
        }
        return lines;
    }

    private static String period(JsonNode top) {
        if (top.path("total").asBoolean()) {
            return ", since the start";
        }
        return " " + Answer.period(top);
    }

    private List<ColumnData<Row>> columns() {
        List<ColumnData<Row>> columns = new ArrayList<>(List.of(
                column("", HorizontalAlign.RIGHT).with(Row::place),
                column("Category", HorizontalAlign.LEFT).with(Row::category),
                column("Events", HorizontalAlign.RIGHT).with(Row::events),
                column("Share", HorizontalAlign.RIGHT).with(Row::share)));
        if (forPeople) {
            columns.add(column("", HorizontalAlign.LEFT).with(Row::bar));
        }
        return columns;
    }

    private static Column column(String header, HorizontalAlign align) {
        return new Column()
                .header(header)
                .headerAlign(align)
                .dataAlign(align)
                .maxWidth(WIDEST_NAME, OverflowBehaviour.ELLIPSIS_RIGHT);
    }

    static String bar(long count, long most) {
        if (most <= 0) {
            return "";
        }
        int eighths = (int) Math.max(1, Math.round(8.0 * BAR * count / most));
        String rest = eighths % 8 == 0 ? "" : EIGHTHS.substring(eighths % 8, eighths % 8 + 1);
        return "█".repeat(eighths / 8) + rest;
    }
}
