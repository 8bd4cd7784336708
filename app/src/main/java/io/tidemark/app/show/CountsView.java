package io.tidemark.app.show;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import com.github.freva.asciitable.HorizontalAlign;
import com.github.freva.asciitable.OverflowBehaviour;
import io.tidemark.app.show.Answer.Count;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * An answer to {@code counts} as lines. For people: separators, shares, and only the largest categories of a dimension.
 * For programs: every category on a line of its own, numbers in plain digits.
 */
public final class CountsView {
    private static final int WIDEST_NAME = 48;

    private final boolean forPeople;
    private final int most;

    /**
     * @param forPeople whether somebody looks at it
     * @param most categories of a dimension to show
     */
    public CountsView(boolean forPeople, int most) {
        this.forPeople = forPeople;
        this.most = most;
    }

    private record Row(String dimension, String category, String events, String share) {}

    /** The whole answer: how much and how fresh, what was asked for, and the dimensions. */
    public List<String> lines(Answer answer, boolean withLabels) {
        List<String> lines = new ArrayList<>(heading(answer));
        lines.add("");
        if (withLabels && !answer.labels().isEmpty()) {
            lines.addAll(labels(answer));
            lines.add("");
        }
        lines.addAll(dimensions(answer));
        return lines;
    }

    /** Of which stream, how fresh, how much; and that it is refused, where it is. */
    static List<String> heading(Answer answer) {
        List<String> lines = new ArrayList<>(
                List.of("Stream " + Terminal.harmless(answer.stream()) + ", " + freshness(answer), accounts(answer)));
        answer.refusal().ifPresent(why -> lines.add("REFUSED, these counts do not grow: " + Terminal.harmless(why)));
        return lines;
    }

    static String freshness(Answer answer) {
        String asOf = answer.asOf()
                .map(time -> "as of " + Numbers.time(time)
                        + answer.age().map(CountsView::age).orElse(""))
                .orElse("nothing counted yet");
        return asOf + ", version " + Numbers.grouped(answer.version());
    }

    private static String age(Duration age) {
        return " (" + Numbers.duration(age) + " ago)";
    }

    static String accounts(Answer answer) {
        return Numbers.grouped(answer.account("records")) + " records: "
                + Numbers.grouped(answer.account("counted")) + " counted (" + Numbers.grouped(answer.account("late"))
                + " of them late), " + Numbers.grouped(answer.account("rejected")) + " rejected, "
                + Numbers.grouped(answer.account("filtered")) + " filtered";
    }

    private List<String> labels(Answer answer) {
        List<ColumnData<Count>> columns = List.of(
                column("Asked for", HorizontalAlign.LEFT).with(count -> Terminal.harmless(count.category())),
                column("Events", HorizontalAlign.RIGHT).with(count -> number(count.events())));
        return table(answer.labels(), columns);
    }

    private List<String> dimensions(Answer answer) {
        List<Row> rows = new ArrayList<>();
        for (String dimension : answer.dimensions()) {
            rows.addAll(rows(answer, dimension));
        }
        List<ColumnData<Row>> columns = List.of(
                column("Dimension", HorizontalAlign.LEFT).with(Row::dimension),
                column("Category", HorizontalAlign.LEFT).with(Row::category),
                column("Events", HorizontalAlign.RIGHT).with(Row::events),
                column("Share", HorizontalAlign.RIGHT).with(Row::share));
        return table(rows, columns);
    }

    private List<Row> rows(Answer answer, String dimension) {
        List<Count> counts = answer.counts(dimension);
        long sum = counts.stream().mapToLong(Count::events).sum();
        List<Row> rows = new ArrayList<>();
        // One more line than shown would say no less than the line that stands for it.
        int shown = counts.size() <= most + 1 ? counts.size() : most;
        for (Count count : counts.subList(0, shown)) {
            String name = rows.isEmpty() || !forPeople ? dimension : "";
            rows.add(new Row(name, Terminal.harmless(count.category()), number(count.events()), share(count, sum)));
        }
        if (shown < counts.size()) {
            long rest = counts.subList(shown, counts.size()).stream()
                    .mapToLong(Count::events)
                    .sum();
            rows.add(new Row(
                    "", "... and " + (counts.size() - shown) + " more", number(rest), Numbers.share(rest, sum)));
        }
        if (counts.isEmpty()) {
            rows.add(new Row(dimension, "(none yet)", "", ""));
        }
        return rows;
    }

    private String share(Count count, long sum) {
        return Numbers.share(count.events(), sum);
    }

    private String number(long value) {
        return forPeople ? Numbers.grouped(value) : String.format(Locale.ROOT, "%d", value);
    }

    private static Column column(String header, HorizontalAlign align) {
        return new Column()
                .header(header)
                .headerAlign(align)
                .dataAlign(align)
                .maxWidth(WIDEST_NAME, OverflowBehaviour.ELLIPSIS_RIGHT);
    }

    static <T> List<String> table(List<T> rows, List<ColumnData<T>> columns) {
        return AsciiTable.builder()
                .border(AsciiTable.BASIC_ASCII_NO_DATA_SEPARATORS_NO_OUTSIDE_BORDER)
                .lineSeparator("\n")
                .data(rows, columns)
                .asString()
                .lines()
                .map(String::stripTrailing)
                .toList();
    }
}
