package io.tidemark.app.demo;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * A lively, endless stream of invented edits: several wikis, people and bots at work, anonymous, temporary and hidden
 * users, new pages, logs, category changes, in both formats that the bundled stream reads. Few users and pages are
 * busy, most are seen once. Event times lie up to a few seconds before the clock's. The same seed and the same clock
 * readings give the same bytes.
 *
 * <p><b>Rate.</b> About {@value #MEAN_PER_SECOND} events a second on average, in gentle waves of minutes and in short
 * bursts when a bot works through a list or many people edit one page.
 *
 * <p><b>Not all are counted, on purpose</b>, so that a newcomer sees what becomes of such records: about
 * {@value #BAD_PER_10_000} in 10,000 are bad (cut off, a line of plain text, without an action, a user that is a
 * number) and are rejected by reason; about {@value #CANARIES_PER_10_000} in 10,000 are canaries, the heartbeats of
 * the real stream, and are filtered.
 *
 * <p>Not thread-safe.
 */
public final class DemoEvents {
    /** Events a second, averaged over waves and bursts. */
    public static final int MEAN_PER_SECOND = 50;

    static final int BAD_PER_10_000 = 20;
    static final int CANARIES_PER_10_000 = 10;

    private static final double CALM_PER_SECOND = 45;
    private static final double BURST_PER_SECOND = 120;
    private static final double BURST_STARTS_PER_EVENT = 1.0 / 450;

    private final SplittableRandom random;
    private final Clock clock;
    private final DemoEdits edits;
    private final RecentChangeLines recentChange;
    private final WikimonLines wikimon;

    /** The user and page that a burst turns around, and how many of its events are still to come. */
    private DemoEdit burst;

    private int burstLeft;

    /**
     * @param seed decides what happens
     * @param clock gives the time of sending
     */
    public DemoEvents(long seed, Clock clock) {
        this.clock = Objects.requireNonNull(clock, "clock");
        this.random = new SplittableRandom(seed);
        this.edits = new DemoEdits(random.split());
        this.recentChange = new RecentChangeLines(random.split());
        this.wikimon = new WikimonLines(random.split());
    }

    /** The next line, without a line break. */
    public byte[] next() {
        Instant sent = clock.instant();
        int luck = random.nextInt(10_000);
        if (luck < BAD_PER_10_000) {
            return bytes(bad(sent));
        }
        if (luck < BAD_PER_10_000 + CANARIES_PER_10_000) {
            return bytes(recentChange.canary(sent));
        }
        DemoEdit edit = nextEdit();
        Instant happened = sent.minusMillis(80 + Math.round(Math.pow(random.nextDouble(), 4) * 4_000));
        return bytes(edit.wiki().onWikimon() ? wikimon.line(edit) : recentChange.line(edit, happened));
    }

    /** How long to wait before the next line is sent; random, with the rate of this moment as its mean. */
    public Duration untilNext() {
        double seconds = clock.millis() / 1_000.0;
        double wave = 1 + 0.25 * Math.sin(seconds * 2 * Math.PI / 240) + 0.15 * Math.sin(seconds * 2 * Math.PI / 31);
        double perSecond = burstLeft > 0 ? BURST_PER_SECOND : CALM_PER_SECOND * wave;
        double wait = -Math.log(1 - random.nextDouble()) / perSecond;
        return Duration.ofNanos(Math.round(wait * 1e9));
    }

    private DemoEdit nextEdit() {
        if (burstLeft == 0 && random.nextDouble() < BURST_STARTS_PER_EVENT) {
            burstLeft = 40 + random.nextInt(160);
            burst = edits.next();
        }
        if (burstLeft > 0) {
            burstLeft--;
            if (random.nextInt(3) > 0) {
                return burst.bot() ? edits.bySame(burst) : edits.onSame(burst);
            }
        }
        return edits.next();
    }

    private String bad(Instant sent) {
        DemoEdit edit = edits.next();
        String whole = recentChange.line(edit, sent);
        return switch (random.nextInt(4)) {
            case 0 -> whole.substring(0, whole.length() / 2 + random.nextInt(whole.length() / 3));
            case 1 -> "tick " + sent.getEpochSecond() + " from server";
            case 2 -> whole.replaceFirst("\"type\":\"[a-z]+\",", "");
            default ->
                "{\"action\":\"edit\",\"user\":" + random.nextInt(1_000_000) + ",\"page_title\":\"" + "Lost and found"
                        + "\",\"is_bot\":false}";
        };
    }

    private static byte[] bytes(String line) {
        return line.getBytes(StandardCharsets.UTF_8);
    }
}
