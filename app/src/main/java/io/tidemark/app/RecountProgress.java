package io.tidemark.app;

import io.tidemark.app.show.Numbers;
import io.tidemark.app.show.Terminal;
import io.tidemark.verify.Progress;
import java.io.PrintStream;
import java.time.Duration;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Shows how far counting again is: a bar on a terminal, else a line every few seconds. */
final class RecountProgress implements Progress, AutoCloseable {
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(5);
    private static final int WIDTH = 78;
    private static final int TICK_MS = 250;

    private final PrintStream out;
    private final boolean onTerminal;
    private final String task;
    private ProgressBar bar;
    private long lastLine = System.nanoTime();

    /** @param task what goes on: {@code Counting again} */
    RecountProgress(PrintStream out, boolean onTerminal, String task) {
        this.out = out;
        this.task = task;
        this.onTerminal = onTerminal;
    }

    @Override
    public synchronized void at(long read, long all) {
        if (onTerminal) {
            if (bar == null) {
                bar = bar(all);
            }
            bar.maxHint(all);
            bar.stepTo(read);
        } else if (System.nanoTime() - lastLine > BETWEEN_LINES.toNanos()) {
            lastLine = System.nanoTime();
            out.println(task + ": " + Numbers.grouped(read) + " of " + Numbers.grouped(all) + " records, "
                    + Numbers.share(read, all));
        }
    }

    private ProgressBar bar(long all) {
        return new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(all)
                .setStyle(ProgressBarStyle.ASCII)
                .showSpeed()
                .setUpdateIntervalMillis(TICK_MS)
                .setConsumer(new DelegatingProgressBarConsumer(this::draw, WIDTH))
                .build();
    }

    private void draw(String text) {
        out.print("\r" + Terminal.harmless(text) + "\u001b[K");
        out.flush();
    }

    @Override
    public synchronized void close() {
        if (bar != null) {
            bar.close();
            out.print("\r\u001b[K");
            out.flush();
        }
    }
}
