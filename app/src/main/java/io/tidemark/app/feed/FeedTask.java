package io.tidemark.app.feed;

import io.tidemark.app.CommandFailedException;
import io.tidemark.app.ExitCodes;
import io.tidemark.app.service.Topics;
import io.tidemark.app.show.Numbers;
import io.tidemark.app.show.Terminal;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Sends some sources to a topic, and says what became of them. May be stopped from another thread, which then waits
 * until what is on its way is in, for a bounded time.
 */
public final class FeedTask {
    private static final Duration LINGER = Duration.ofMillis(20);
    private static final Duration TO_FLUSH = Duration.ofSeconds(10);
    /** What a batch of one record needs beside its line, at most. */
    private static final int OVERHEAD = 128;

    private final FeedOrder order;
    private final PrintStream out;
    private final List<Source> sources;
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile boolean stopped;
    private LinesFeed lines;
    private Feed feed;
    private FeedProgress progress;
    private Integer exitCode;

    /**
     * What is to be fed, and how.
     *
     * @param kafka {@code host:port} of a broker
     * @param topic made with four partitions where it is missing
     * @param sources names of files, {@code -} for standard input
     * @param recordTime JSON pointers to the time that becomes the record's; empty for the time of sending
     * @param perSecond most lines a second; 0 for as many as go
     * @param fromLine the first line of the first source that is sent, from 1
     */
    public record FeedOrder(
            String kafka,
            String topic,
            List<String> sources,
            List<String> recordTime,
            double perSecond,
            long fromLine) {}

    /**
     * @param out for progress and the account at the end
     * @throws CommandFailedException when a source is not there; nothing was sent then
     */
    public FeedTask(FeedOrder order, PrintStream out) {
        this.order = order;
        this.out = out;
        this.sources = order.sources().stream().map(Source::of).toList();
    }

    /** Feeds to the end, or until it is stopped. @return the exit code */
    public int run() {
        try {
            int largest = prepareTopic();
            if (stopped) {
                return finish();
            }
            begin(largest);
            lines.run(feed);
            if (!stopped) {
                feed.flush();
            }
            return finish();
        } catch (CommandFailedException e) {
            int code = finish();
            if (stopped) {
                return code;
            }
            throw e;
        } finally {
            done.countDown();
        }
    }

    private synchronized void begin(int largest) {
        RecordTime time = order.recordTime().isEmpty() ? null : new RecordTime(order.recordTime(), Clock.systemUTC());
        lines = new LinesFeed(sources, time, order.perSecond(), order.fromLine(), largest - OVERHEAD);
        feed = new Feed(order.kafka(), order.topic(), largest, LINGER, lines::tooLarge);
        progress = new FeedProgress(lines, feed, out, Terminal.isThereForErrors());
    }

    /** Stops sending, waits for a bounded time until what was sent is in, and says how far it came. */
    public int stop() {
        stopped = true;
        synchronized (this) {
            if (lines != null) {
                lines.stop();
            }
        }
        try {
            // It ends by itself, unless it waits for input that does not come or for a broker that is away.
            done.await(500, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return finish();
    }

    /** Waits for what is on its way and says what became of all; the first one to call does it. */
    private synchronized int finish() {
        if (exitCode == null) {
            if (feed == null) {
                out.println("Nothing was sent.");
                exitCode = ExitCodes.CUT_OFF;
            } else {
                feed.close(TO_FLUSH);
                progress.close();
                exitCode = report();
            }
        }
        return exitCode;
    }

    private int report() {
        long sent = feed.sent();
        long in = feed.in() - lines.blankCount() - lines.tooLargeCount() - lines.passedOver(sent);
        out.println(Numbers.grouped(in) + " lines are in topic " + Terminal.harmless(order.topic())
                + (lines.blankCount() == 0 ? "" : "; " + Numbers.grouped(lines.blankCount()) + " blank ones skipped")
                + ".");
        if (lines.tooLargeCount() > 0) {
            List<String> named = lines.tooLargeLines();
            out.println(Numbers.grouped(lines.tooLargeCount())
                    + " larger than the broker takes (max.message.bytes of the topic), not sent: "
                    + String.join(", ", named) + (named.size() < lines.tooLargeCount() ? ", ..." : "") + ".");
        }
        boolean complete = feed.allInBelow() == sent;
        if (stopped || !complete) {
            out.println("Cut off: " + lines.place(feed.allInBelow()) + " is the first that is not in (--from-line)."
                    + (complete ? "" : " Some behind it may be in already and would be sent twice."));
            return stopped ? ExitCodes.CUT_OFF : ExitCodes.FAILED;
        }
        return lines.tooLargeCount() > 0 ? ExitCodes.FAILED : ExitCodes.OK;
    }

    /** Makes the topic where it is missing, waiting for a broker that is away. @return its largest message in bytes */
    private int prepareTopic() {
        boolean said = false;
        while (true) {
            try (Topics topics = new Topics(order.kafka(), Duration.ofSeconds(5))) {
                if (topics.makeIfMissing(order.topic())) {
                    out.println("Made topic " + Terminal.harmless(order.topic()) + " with " + Topics.PARTITIONS
                            + " partitions.");
                }
                return topics.largestMessage(order.topic());
            } catch (TimeoutException e) {
                if (stopped) {
                    return 0;
                }
                if (!said) {
                    out.println("Waiting for the broker at " + order.kafka() + " (Ctrl-C gives up) ...");
                    said = true;
                }
            } catch (KafkaException e) {
                throw new CommandFailedException(
                        ExitCodes.FAILED,
                        "topic " + order.topic() + " on " + order.kafka() + " cannot be used: " + e.getMessage()
                                + ". Nothing was sent.",
                        e);
            }
        }
    }
}
