package io.tidemark.app.feed;

import io.tidemark.app.show.Numbers;
import io.tidemark.app.show.Terminal;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Shows how far a feed is: a bar on a terminal, else a line every few seconds; and says when the broker is away. */
final class FeedProgress implements AutoCloseable {
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(5);
    private static final Duration AWAY = Duration.ofSeconds(3);
    private static final Duration TICK = Duration.ofMillis(250);
    private static final int WIDTH = 78;

    private final LinesFeed lines;
    private final Feed feed;
    private final PrintStream out;
    private final ProgressBar bar;
    private final ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "progress");
        thread.setDaemon(true);
        return thread;
    });
    private long lastIn = -1;
    private long lastChange = System.nanoTime();
    private long lastLine = System.nanoTime();
    private boolean saidAway;

    FeedProgress(LinesFeed lines, Feed feed, PrintStream out, boolean onTerminal) {
        this.lines = lines;
        this.feed = feed;
        this.out = out;
        this.bar = onTerminal ? bar() : null;
        ticker.scheduleAtFixedRate(this::tick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
    }

    private ProgressBar bar() {
        return new ProgressBarBuilder()
                .setTaskName("Sending")
                .setInitialMax(lines.size())
                .setStyle(ProgressBarStyle.ASCII)
                .setUnit(" MiB", 1 << 20)
                .setUpdateIntervalMillis((int) TICK.toMillis())
                .setConsumer(new DelegatingProgressBarConsumer(this::draw, WIDTH))
                .build();
    }

    private void draw(String text) {
        out.print("\r" + Terminal.harmless(text) + "\u001b[K");
        out.flush();
    }

    private void tick() {
        long in = feed.in();
        long now = System.nanoTime();
        if (in != lastIn || feed.sent() == in) {
            lastIn = in;
            lastChange = now;
            saidAway = false;
        }
        boolean away = now - lastChange > AWAY.toNanos();
        if (bar != null) {
            bar.stepTo(lines.bytesRead());
            bar.setExtraMessage(" " + Numbers.grouped(in) + " lines in" + (away ? ", waiting for the broker" : ""));
        } else if (away && !saidAway) {
            out.println("Waiting for the broker; " + Numbers.grouped(in) + " lines are in.");
            saidAway = true;
        } else if (now - lastLine > BETWEEN_LINES.toNanos()) {
            out.println(Numbers.grouped(in) + " lines in" + share());
            lastLine = now;
        }
    }

    private String share() {
        String share = Numbers.share(lines.bytesRead(), Math.max(0, lines.size()));
        return share.isEmpty() ? "" : ", " + share + " read";
    }

    @Override
    public void close() {
        ticker.shutdownNow();
        if (bar != null) {
            bar.stepTo(lines.bytesRead());
            bar.close();
            out.print("\r\u001b[K");
            out.flush();
        }
    }
}
