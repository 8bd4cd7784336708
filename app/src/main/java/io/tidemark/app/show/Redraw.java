package io.tidemark.app.show;

import java.io.PrintStream;
import java.util.List;

/** Writes blocks of lines, each over the one before where that can be done, else below it. */
public final class Redraw {
    private static final String UP = "\u001b[%dA";
    private static final String TO_THE_END = "\u001b[J";

    private final PrintStream out;
    private final boolean over;
    private int shown;

    /** @param over whether a block is written over the one before */
    public Redraw(PrintStream out, boolean over) {
        this.out = out;
        this.over = over;
    }

    public void show(List<String> lines) {
        StringBuilder text = new StringBuilder();
        if (over && shown > 0) {
            text.append(String.format(UP, shown)).append('\r').append(TO_THE_END);
        }
        lines.forEach(line -> text.append(line).append('\n'));
        out.print(text);
        out.flush();
        shown = lines.size();
    }
}
