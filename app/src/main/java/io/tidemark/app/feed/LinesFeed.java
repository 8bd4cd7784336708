package io.tidemark.app.feed;

import io.tidemark.app.CommandFailedException;
import io.tidemark.app.ExitCodes;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Feeds the lines of some sources, one source after the other. Every line has a number over all sources, so that it
 * can be said from which line to go on. One thread runs it; others may ask and stop it.
 */
final class LinesFeed {
    /** Line numbers that are named in messages, at most. */
    static final int MOST_NAMED = 20;

    private final List<Source> sources;
    private final RecordTime recordTime;
    private final double perSecond;
    private final long fromLine;
    private final int largestLine;
    private final AtomicLong bytesRead = new AtomicLong();
    private final List<Long> firstLines = Collections.synchronizedList(new ArrayList<>());
    private final List<Long> tooLarge = Collections.synchronizedList(new ArrayList<>());
    private final AtomicLong blank = new AtomicLong();
    private volatile boolean stopped;
    private long begun;
    private long paced;

    /**
     * @param recordTime what gives a record its timestamp, or null for the time of sending
     * @param perSecond most lines a second; 0 for as many as go
     * @param fromLine the first line of the first source that is sent, from 1
     * @param largestLine longest line in bytes that is worth keeping
     */
    LinesFeed(List<Source> sources, RecordTime recordTime, double perSecond, long fromLine, int largestLine) {
        this.sources = List.copyOf(sources);
        this.recordTime = recordTime;
        this.perSecond = perSecond;
        this.fromLine = fromLine;
        this.largestLine = largestLine;
    }

    /** Sends until the sources end or {@link #stop} is called; does not wait for what is on its way. */
    void run(Feed feed) {
        begun = System.nanoTime();
        for (Source source : sources) {
            if (stopped) {
                return;
            }
            firstLines.add(feed.sent());
            try (InputStream in = source.open(bytesRead)) {
                send(new LineReader(in, largestLine), feed);
            } catch (IOException e) {
                throw new CommandFailedException(
                        ExitCodes.FAILED,
                        source.name() + " cannot be read any further, after line "
                                + (feed.sent() - firstLines.get(firstLines.size() - 1)) + ": " + e.getMessage(),
                        e);
            }
        }
    }

    private void send(LineReader lines, Feed feed) throws IOException {
        while (!stopped) {
            byte[] line = lines.next();
            if (line == null) {
                return;
            }
            if (feed.sent() < fromLine - 1) {
                feed.skip();
            } else if (LineReader.isBlank(line) && lines.length() == line.length) {
                blank.incrementAndGet();
                feed.skip();
            } else if (lines.length() > line.length) {
                tooLarge(feed.sent());
                feed.skip();
            } else {
                pace();
                feed.send(line, recordTime == null ? null : recordTime.of(line));
            }
        }
    }

    private void pace() {
        if (perSecond <= 0) {
            return;
        }
        long due = begun + (long) (paced++ * 1e9 / perSecond);
        for (long early = due - System.nanoTime(); early > 0 && !stopped; early = due - System.nanoTime()) {
            LockSupport.parkNanos(Math.min(early, 100_000_000));
        }
    }

    void stop() {
        stopped = true;
    }

    boolean isStopped() {
        return stopped;
    }

    /** Notes that a line, numbered from 0, is larger than the broker takes. */
    void tooLarge(long line) {
        tooLarge.add(line);
    }

    long tooLargeCount() {
        return tooLarge.size();
    }

    long blankCount() {
        return blank.get();
    }

    /** How many lines were passed over because they came before the line to begin with. */
    long passedOver(long sent) {
        return Math.min(fromLine - 1, sent);
    }

    long bytesRead() {
        return bytesRead.get();
    }

    /** Bytes of all sources; -1 where that is not known. */
    long size() {
        return sources.stream().anyMatch(source -> source.size() < 0)
                ? -1
                : sources.stream().mapToLong(Source::size).sum();
    }

    /** The lines that are larger than the broker takes, as people name them; the first {@value #MOST_NAMED}. */
    List<String> tooLargeLines() {
        return List.copyOf(tooLarge).stream()
                .sorted()
                .limit(MOST_NAMED)
                .map(this::place)
                .toList();
    }

    /** A line, numbered from 0 over all sources, as people name it: {@code line 12}, {@code line 12 of b.ndjson}. */
    String place(long line) {
        int source = 0;
        List<Long> firsts = List.copyOf(firstLines);
        while (source + 1 < firsts.size() && firsts.get(source + 1) <= line) {
            source++;
        }
        long inSource = line - (firsts.isEmpty() ? 0 : firsts.get(source)) + 1;
        return "line " + inSource
                + (sources.size() > 1 ? " of " + sources.get(source).name() : "");
    }
}
