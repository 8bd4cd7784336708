package io.tidemark.app.show;

import io.tidemark.app.show.Answer.Count;
import io.tidemark.client.TidemarkClient;
import io.tidemark.client.TidemarkClientException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * The counts of a running service as they grow: a table that is redrawn on a terminal, else a line every few seconds.
 * While no answer comes it says so, and since when the last numbers are shown.
 */
public final class LiveView {
    private static final Duration BETWEEN_TABLES = Duration.ofSeconds(1);
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(5);
    private static final Duration BETWEEN_FIRST_TRIES = Duration.ofMillis(250);
    private static final int BLOCKS_IN_A_ROW = 3;
    private static final int BLOCK_WIDTH = 24;
    private static final int CATEGORIES = 4;
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final TidemarkClient client;
    private final PrintStream out;
    private final boolean redraws;
    private final Redraw redraw;

    private Answer last;
    private Instant lastAt;
    private double perSecond;

    public LiveView(TidemarkClient client, PrintStream out) {
        this.client = client;
        this.out = out;
        this.redraws = Terminal.canRedraw();
        this.redraw = new Redraw(out, redraws);
    }

    /** Shows until told to stop, or until this thread is interrupted. */
    public void showUntil(BooleanSupplier stopping) {
        try {
            while (!stopping.getAsBoolean()) {
                Optional<String> trouble = look();
                if (!stopping.getAsBoolean()) {
                    redraw.show(redraws ? table(trouble) : line(trouble));
                }
                Thread.sleep(pause().toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Duration pause() {
        if (last == null) {
            return BETWEEN_FIRST_TRIES;
        }
        return redraws ? BETWEEN_TABLES : BETWEEN_LINES;
    }

    /** Asks once. @return what is wrong, if anything */
    private Optional<String> look() {
        try {
            Answer answer = Answer.of(client.counts(""));
            if (answer.isError()) {
                return Optional.of(answer.error());
            }
            Instant now = Instant.now();
            if (last != null) {
                double seconds = Duration.between(lastAt, now).toMillis() / 1000.0;
                perSecond = Math.max(0, answer.account("records") - last.account("records")) / Math.max(0.001, seconds);
            }
            last = answer;
            lastAt = now;
            return Optional.empty();
        } catch (TidemarkClientException e) {
            return Optional.of(e.getMessage());
        }
    }

    private List<String> line(Optional<String> trouble) {
        String now = CLOCK.format(Instant.now());
        if (trouble.isPresent()) {
            return last == null ? List.of() : List.of(now + " no answer: " + Terminal.harmless(trouble.get()));
        }
        if (last.refusal().isPresent()) {
            return List.of(now + " refused: " + Terminal.harmless(last.refusal().get()));
        }
        return List.of(now + " counted " + Numbers.grouped(last.account("counted")) + " (" + rate() + "), rejected "
                + Numbers.grouped(last.account("rejected")) + ", filtered " + Numbers.grouped(last.account("filtered"))
                + ", late " + Numbers.grouped(last.account("late"))
                + last.age()
                        .map(age -> ", newest " + Numbers.duration(age) + " old")
                        .orElse(""));
    }

    private String rate() {
        return String.format(Locale.ROOT, "%,.0f/s", perSecond);
    }

    private List<String> table(Optional<String> trouble) {
        List<String> lines = new ArrayList<>();
        if (last == null) {
            lines.add("Waiting for the first answer ...");
            return lines;
        }
        lines.add(bold(Numbers.grouped(last.account("counted")) + " counted") + "   " + rate() + "   "
                + last.age()
                        .map(age -> "newest " + Numbers.duration(age) + " old")
                        .orElse("no event yet"));
        lines.add(Numbers.grouped(last.account("rejected")) + " rejected, "
                + Numbers.grouped(last.account("filtered")) + " filtered, " + Numbers.grouped(last.account("late"))
                + " late; stream " + Terminal.harmless(last.stream()) + ", version "
                + Numbers.grouped(last.version()));
        List<String> dimensions = last.dimensions();
        for (int first = 0; first < dimensions.size(); first += BLOCKS_IN_A_ROW) {
            lines.add("");
            lines.addAll(row(dimensions.subList(first, Math.min(dimensions.size(), first + BLOCKS_IN_A_ROW))));
        }
        lines.add("");
        last.refusal().ifPresent(why -> lines.add("REFUSED, these counts do not grow: " + Terminal.harmless(why)));
        lines.add(trouble.map(what -> "No answer since " + CLOCK.format(lastAt) + ": " + Terminal.harmless(what))
                .orElse(CLOCK.format(lastAt) + "   Ctrl-C stops"));
        return lines;
    }

    private List<String> row(List<String> dimensions) {
        List<List<String>> blocks = dimensions.stream().map(this::block).toList();
        List<String> lines = new ArrayList<>();
        for (int i = 0; i <= CATEGORIES; i++) {
            StringBuilder line = new StringBuilder();
            for (List<String> block : blocks) {
                String cell = i < block.size() ? block.get(i) : "";
                line.append(cell).append(" ".repeat(Math.max(0, BLOCK_WIDTH - cell.length()) + 2));
            }
            String text = line.toString().stripTrailing();
            lines.add(i == 0 ? bold(text) : text);
        }
        return lines;
    }

    private List<String> block(String dimension) {
        List<Count> counts = last.counts(dimension);
        List<String> lines = new ArrayList<>();
        String more = counts.size() > CATEGORIES ? "largest of " + Numbers.grouped(counts.size()) : "";
        lines.add(spread(dimension, more));
        for (Count count : counts.subList(0, Math.min(CATEGORIES, counts.size()))) {
            lines.add(spread(Terminal.harmless(count.category()), Numbers.grouped(count.events())));
        }
        return lines;
    }

    /** Left and right text in the width of a block; the left one gives way. */
    private static String spread(String left, String right) {
        int room = BLOCK_WIDTH - right.length() - 1;
        String name = left.length() <= room ? left : left.substring(0, Math.max(1, room - 2)) + "..";
        return name + " ".repeat(Math.max(1, BLOCK_WIDTH - name.length() - right.length())) + right;
    }

    private static String bold(String text) {
        return Terminal.hasColour() ? "\u001b[1m" + text + "\u001b[0m" : text;
    }
}
